"""The bytes of files that go with mail: kept once under their hash, whichever versions and mails bear them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import kept_file

_CONTENTS = select(kept_file.c.sha256, kept_file.c.content).where(
    within(kept_file.c.sha256, "keys")
)


def keep_file(tx: Tx, sha256: str, content: bytes, *, at: int) -> None:
    """What is kept already stays. Bytes go as a value of their own, not in the arrays that many rows go in."""
    made = sqlite_insert if tx.dialect.name == "sqlite" else postgresql_insert
    row = {"sha256": sha256, "size": len(content), "content": content, "made_at": at}
    tx.execute(made(kept_file).on_conflict_do_nothing(), row)


def contents_of(tx: Tx, keys: Collection[str]) -> dict[str, bytes]:
    return {row[0]: bytes(row[1]) for row in tx.execute(_CONTENTS, {"keys": list(keys)})}
