"""Whom nothing may be sent. Entries outlive leads; the first reason stands."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import suppression
from inboxcrm.store.upserts import insert_or_ignore


class SuppressionRow(NamedTuple):
    scope: str
    subject: str
    reason: str
    source: str
    first_at: int


def suppress(
    tx: Tx, *, scope: str, subject: str, reason: str, source: str, account_id: int | None, at: int
) -> bool:
    """False where it stood already. One that was taken off before stands again."""
    row = {
        "scope": scope,
        "subject": subject,
        "reason": reason,
        "source": source,
        "account_id": account_id,
        "first_at": at,
    }
    this = (suppression.c.scope == scope, suppression.c.subject == subject)
    before = tx.execute(select(suppression.c.removed_at).where(*this)).first()
    insert_or_ignore(tx, suppression, [row])
    if before is not None and before[0] is not None:
        tx.execute(update(suppression).where(*this).values(removed_at=None, **row))
    return before is None or before[0] is not None


def release(tx: Tx, *, scope: str, subject: str, at: int) -> bool:
    """False where nothing stood."""
    done = tx.execute(
        update(suppression)
        .where(
            suppression.c.scope == scope,
            suppression.c.subject == subject,
            suppression.c.removed_at.is_(None),
        )
        .values(removed_at=at)
    )
    return done.rowcount == 1


def released_at(tx: Tx, *, scope: str, subject: str) -> int | None:
    """When somebody took it off, in ms; None where nobody did."""
    found: int | None = tx.execute(
        select(suppression.c.removed_at).where(
            suppression.c.scope == scope, suppression.c.subject == subject
        )
    ).scalar()
    return found


def all_suppressed(tx: Tx) -> list[SuppressionRow]:
    rows = tx.execute(
        select(
            suppression.c.scope,
            suppression.c.subject,
            suppression.c.reason,
            suppression.c.source,
            suppression.c.first_at,
        )
        .where(suppression.c.removed_at.is_(None))
        .order_by(suppression.c.scope, suppression.c.subject)
    )
    return [SuppressionRow._make(row) for row in rows]
