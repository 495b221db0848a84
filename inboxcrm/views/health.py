"""Whether the program is well: the database answers, and which schema it has."""

from __future__ import annotations

from inboxcrm.store.desk import Desk
from inboxcrm.store.migrate import schema_of


def schema_version(desk: Desk) -> str:
    """The revision of the database's schema. Raises StorageError when the database does not
    answer.
    """
    with desk.database.read() as tx:
        return str(schema_of(tx).current)
