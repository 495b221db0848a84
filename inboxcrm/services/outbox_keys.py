"""The secret of the installation that keys of mails are made with: made once, the same for every process."""

from __future__ import annotations

from inboxcrm.store.desk import Desk
from inboxcrm.store.settings import stored_secret

_NAME = "outbox_key"


def outbox_secret(desk: Desk) -> bytes:
    """Asked for outside of transactions: the first time it is written down."""
    return stored_secret(desk.database, _NAME)
