"""Who is in which cadence, and how that ended."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import address, cadence, enrollment, outbox
from inboxcrm.store.upserts import Rows, insert_or_ignore


class EnrollmentRow(NamedTuple):
    id: int
    cadence_id: int
    cadence_name: str
    lead_id: int
    address: str
    state: str
    stop_reason: str
    stop_words: str
    enrolled_at: int
    ended_at: int | None


_ALL = (
    select(
        enrollment.c.id,
        enrollment.c.cadence_id,
        cadence.c.name,
        enrollment.c.lead_id,
        address.c.shown,
        enrollment.c.state,
        enrollment.c.stop_reason,
        enrollment.c.stop_words,
        enrollment.c.enrolled_at,
        enrollment.c.ended_at,
    )
    .join(cadence, cadence.c.id == enrollment.c.cadence_id)
    .join(address, address.c.id == enrollment.c.address_id)
)


def insert_enrollments(tx: Tx, rows: Rows) -> None:
    """Of whoever is in the cadence already nothing changes."""
    insert_or_ignore(tx, enrollment, rows)


def enrollments_in(tx: Tx, cadence_id: int, lead_ids: Collection[int]) -> dict[int, int]:
    """Lead -> its first enrollment in this cadence."""
    rows = tx.execute(
        select(enrollment.c.lead_id, func.min(enrollment.c.id))
        .where(
            enrollment.c.cadence_id == bindparam("cadence_id"),
            within(enrollment.c.lead_id, "leads"),
        )
        .group_by(enrollment.c.lead_id),
        {"cadence_id": cadence_id, "leads": lead_ids},
    )
    return {row[0]: row[1] for row in rows}


def enrollments_of_lead(tx: Tx, lead_id: int) -> list[EnrollmentRow]:
    rows = tx.execute(
        _ALL.where(enrollment.c.lead_id == bindparam("lead_id")).order_by(enrollment.c.id.desc()),
        {"lead_id": lead_id},
    )
    return [EnrollmentRow._make(row) for row in rows]


def cadence_names(tx: Tx) -> dict[int, str]:
    return {row[0]: row[1] for row in tx.execute(select(cadence.c.id, cadence.c.name))}


class NextStanding(NamedTuple):
    """What planning the next step asks."""

    state: str
    version: int
    account_id: int
    rules: str


def standing_for_next(tx: Tx, enrollment_id: int) -> NextStanding | None:
    row = tx.execute(
        select(
            enrollment.c.state,
            enrollment.c.version,
            func.coalesce(enrollment.c.account_id, 1),
            cadence.c.rules,
        )
        .join(cadence, cadence.c.id == enrollment.c.cadence_id)
        .where(enrollment.c.id == bindparam("id")),
        {"id": enrollment_id},
    ).first()
    return NextStanding._make(row) if row else None


def state_of(tx: Tx, enrollment_id: int) -> str:
    found: str | None = tx.execute(
        select(enrollment.c.state).where(enrollment.c.id == bindparam("id")), {"id": enrollment_id}
    ).scalar()
    return found or ""


def end_enrollment(
    tx: Tx,
    enrollment_id: int,
    *,
    state: str,
    at: int,
    reason: str = "",
    words: str = "",
    message_id: int | None = None,
) -> bool:
    """False where it had ended before."""
    values: dict[str, Any] = {"state": state, "ended_at": at}
    if state == "stopped":
        values |= {"stop_reason": reason, "stop_words": words, "stop_message_id": message_id}
    done = tx.execute(
        update(enrollment)
        .where(enrollment.c.id == enrollment_id, enrollment.c.state == "active")
        .values(**values)
    )
    return done.rowcount == 1


def active_of_cadence(tx: Tx, cadence_id: int) -> list[int]:
    rows = tx.execute(
        select(enrollment.c.id).where(
            enrollment.c.cadence_id == bindparam("cadence_id"), enrollment.c.state == "active"
        ),
        {"cadence_id": cadence_id},
    )
    return list(rows.scalars())


def counts_of_cadence(tx: Tx, cadence_id: int) -> dict[str, int]:
    """How many mails stand in which state of the outbox."""
    rows = tx.execute(
        select(outbox.c.state, func.count())
        .where(outbox.c.cadence_id == bindparam("cadence_id"))
        .group_by(outbox.c.state),
        {"cadence_id": cadence_id},
    )
    return {row[0]: row[1] for row in rows}
