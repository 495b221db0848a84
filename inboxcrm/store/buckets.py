"""What is left of each mailbox's quota, kept so that a restart does not spend it twice."""

from __future__ import annotations

from sqlalchemy import select

from inboxcrm.store.database import Database
from inboxcrm.store.tables import quota_bucket
from inboxcrm.store.upserts import insert_or_replace


class StoredBucket:
    """The bucket of one name: its tokens, and the machine time in seconds they belong to."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name

    def load(self) -> tuple[float, float] | None:
        with self._database.read() as tx:
            row = tx.execute(
                select(quota_bucket.c.tokens, quota_bucket.c.updated_at).where(
                    quota_bucket.c.name == self._name
                )
            ).first()
        return None if row is None else (float(row[0]), row[1] / 1000)

    def save(self, tokens: float, at: float) -> None:
        row = {"name": self._name, "tokens": tokens, "updated_at": int(at * 1000)}
        with self._database.write() as tx:
            insert_or_replace(tx, quota_bucket, [row], "tokens", "updated_at")
