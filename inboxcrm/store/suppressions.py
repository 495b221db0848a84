"""Whom nothing may be sent. Entries outlive leads; the first reason stands."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import delete, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lead_scores import note_scores_due_of
from inboxcrm.store.lists import within
from inboxcrm.store.tables import suppression
from inboxcrm.store.upserts import Rows, insert_or_ignore, update_rows


class SuppressionRow(NamedTuple):
    scope: str
    subject: str
    reason: str
    source: str
    first_at: int


def suppress(
    tx: Tx,
    *,
    scope: str,
    subject: str,
    reason: str,
    source: str,
    account_id: int | None,
    at: int,
    message_id: int | None = None,
) -> bool:
    """False where it stood already. One that was taken off before stands again.

    `message_id`: the mail it rests on. What also rests on something else stays when that mail proves misread.
    """
    row = {
        "scope": scope,
        "subject": subject,
        "reason": reason,
        "source": source,
        "account_id": account_id,
        "first_at": at,
        "message_id": message_id,
    }
    this = (suppression.c.scope == scope, suppression.c.subject == subject)
    before = tx.execute(select(suppression.c.removed_at).where(*this)).first()
    insert_or_ignore(tx, suppression, [row])
    if before is not None and before[0] is not None:
        tx.execute(update(suppression).where(*this).values(removed_at=None, **row))
    elif before is not None and message_id is None:
        tx.execute(update(suppression).where(*this).values(message_id=None))
    note_scores_due_of(tx, [subject] if scope == "address" else [])
    return before is None or before[0] is not None


def suppress_many(tx: Tx, rows: Rows) -> int:
    """Whole rows, each subject once; how many did not stand before. What stands stays as it is, but for the mail it
    rested on.
    """
    held = {}
    for scope in ("address", "domain"):
        subjects = [row["subject"] for row in rows if row["scope"] == scope]
        found = tx.execute(
            select(suppression.c.subject, suppression.c.removed_at).where(
                suppression.c.scope == scope, within(suppression.c.subject, "subjects")
            ),
            {"subjects": subjects},
        )
        held.update({(scope, row[0]): row[1] for row in found})
    fresh = [row for row in rows if (row["scope"], row["subject"]) not in held]
    again = [row for row in rows if held.get((row["scope"], row["subject"])) is not None]
    stands = [row for row in rows if held.get((row["scope"], row["subject"]), 0) is None]
    insert_or_ignore(tx, suppression, fresh)
    by = ("scope", "subject")
    update_rows(tx, suppression, [{**row, "removed_at": None} for row in again], by=by)
    alone = [{**{name: row[name] for name in by}, "message_id": None} for row in stands]
    update_rows(tx, suppression, alone, by=by)
    note_scores_due_of(tx, [row["subject"] for row in rows if row["scope"] == "address"])
    return len(fresh) + len(again)


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
    note_scores_due_of(tx, [subject] if scope == "address" else [])
    return done.rowcount == 1


def drop_resting_on(tx: Tx, message_id: int) -> list[str]:
    """Takes away what rests on that mail alone, as if it had never stood; the subjects."""
    rests = (suppression.c.message_id == message_id, suppression.c.removed_at.is_(None))
    gone = tx.execute(delete(suppression).where(*rests).returning(suppression.c.subject))
    found = sorted(gone.scalars())
    note_scores_due_of(tx, found)
    return found


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
