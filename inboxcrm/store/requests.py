"""Requests that were done, with their answers, by idempotency key. A key belongs to the account
that sent it.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import idempotency_key
from inboxcrm.store.upserts import insert_or_ignore

UNDER_WAY = 0
"""The code of a request whose answer is not there yet; only its own transaction ever sees it."""


class StoredAnswer(NamedTuple):
    fingerprint: str
    code: int
    body: bytes


_ANSWER = select(
    idempotency_key.c.fingerprint, idempotency_key.c.http_code, idempotency_key.c.body
).where(idempotency_key.c.key == bindparam("wanted"))


def claim(tx: Tx, key: str, *, account_id: int, fingerprint: str, at: int) -> StoredAnswer | None:
    """None when the key is ours now; else the answer it already has."""
    before = tx.execute(_ANSWER, {"wanted": key}).first()
    if before is not None:
        return StoredAnswer._make(before)
    row = {
        "key": key,
        "account_id": account_id,
        "fingerprint": fingerprint,
        "http_code": UNDER_WAY,
        "body": b"",
        "made_at": at,
    }
    # On PostgreSQL this waits for another transaction that inserted the same key, then leaves its
    # row alone.
    insert_or_ignore(tx, idempotency_key, [row])
    found = StoredAnswer._make(tx.execute(_ANSWER, {"wanted": key}).one())
    return None if found.code == UNDER_WAY else found


def keep_answer(tx: Tx, key: str, *, code: int, body: bytes) -> None:
    tx.execute(
        update(idempotency_key)
        .where(idempotency_key.c.key == key)
        .values(http_code=code, body=body)
    )


def drop_key(tx: Tx, key: str) -> None:
    tx.execute(delete(idempotency_key).where(idempotency_key.c.key == key))


def forget_answers(tx: Tx, *, before: int) -> None:
    """Drops answers older than that (ms)."""
    tx.execute(delete(idempotency_key).where(idempotency_key.c.made_at < before))
