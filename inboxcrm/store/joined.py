"""The same database seen from inside a running transaction: who reads or writes through it joins
that one.

This is how one request and the record that it was done are committed together
(services/idempotency.py): use cases keep opening "their" transaction and need not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from inboxcrm.store.database import Database, Tx


class JoinedDatabase(Database):
    """Commits nothing; a write that fails is taken back to its own beginning, the rest of the
    transaction stands.
    """

    def __init__(self, database: Database, tx: Tx) -> None:
        # Not Database.__init__: that would open connections of its own.
        vars(self).update(vars(database))
        self._tx = tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        yield self._tx

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Tx]:
        del durable  # as the transaction it joins
        with self._tx.begin_nested():
            yield self._tx

    def close(self) -> None:
        """Whoever opened the database closes it."""
