"""Enrollments that a misread mail stopped, parked or marked: found by what rests on it, and opened again."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, delete, or_, select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.outbox_lines import add_lines
from inboxcrm.store.tables import cadence, enrollment, frozen_mail, outbox

_NEVER_HANDED_OVER = (
    outbox.c.state == OutboxState.CANCELLED.value,
    outbox.c.handed_over_at.is_(None),
)
"""Of a mail that was handed over once, a person or a look decided that it did not go: it is not tried again."""


class StoppedRow(NamedTuple):
    """A stopped enrollment, and whether it could go on."""

    id: int
    lead_id: int
    cadence_id: int
    cadence_key: str
    cadence_name: str
    cadence_state: str
    mailbox_id: int
    ended_at: int
    has_another: bool


def resting_on(tx: Tx, message_id: int) -> set[int]:
    """Enrollments whose stop rests on that mail, or a mail of which it says how it fared."""
    stops = select(enrollment.c.id).where(enrollment.c.stop_message_id == bindparam("message_id"))
    fared = select(outbox.c.enrollment_id).where(
        outbox.c.fared_message_id == bindparam("message_id")
    )
    asked = {"message_id": message_id}
    return {*tx.execute(stops, asked).scalars(), *tx.execute(fared, asked).scalars()}


def stopped_by(tx: Tx, message_id: int, enrollment_ids: Collection[int]) -> list[StoppedRow]:
    """Of these, those whose stop may fall with the mail: it rests on it, or on bounces of which it was one."""
    other = enrollment.alias("other")
    another = (
        select(other.c.id)
        .where(
            other.c.cadence_id == enrollment.c.cadence_id,
            other.c.lead_id == enrollment.c.lead_id,
            other.c.id != enrollment.c.id,
            other.c.state == "active",
        )
        .exists()
    )
    fared = (
        select(outbox.c.id)
        .where(
            outbox.c.enrollment_id == enrollment.c.id,
            outbox.c.fared_message_id == bindparam("message_id"),
        )
        .exists()
    )
    rows = tx.execute(
        select(
            enrollment.c.id,
            enrollment.c.lead_id,
            cadence.c.id,
            cadence.c.key,
            cadence.c.name,
            cadence.c.state,
            cadence.c.mailbox_id,
            enrollment.c.ended_at,
            another,
        )
        .join(cadence, cadence.c.id == enrollment.c.cadence_id)
        .where(
            within(enrollment.c.id, "ids"),
            enrollment.c.state == "stopped",
            or_(
                enrollment.c.stop_message_id == bindparam("message_id"),
                (enrollment.c.stop_reason == "bounce") & fared,
            ),
        )
        .order_by(enrollment.c.id),
        {"ids": enrollment_ids, "message_id": message_id},
    )
    return [StoppedRow._make(row) for row in rows]


def make_active(tx: Tx, enrollment_ids: Collection[int]) -> None:
    """As if nothing had stopped them; what was cancelled stays so until `plan_cancelled_anew`."""
    tx.execute(
        update(enrollment)
        .where(within(enrollment.c.id, "ids"))
        .values(state="active", ended_at=None, stop_reason="", stop_words="", stop_message_id=None),
        {"ids": enrollment_ids},
    )


def forget_parking(tx: Tx, enrollment_ids: Collection[int]) -> None:
    tx.execute(
        update(enrollment)
        .where(within(enrollment.c.id, "ids"))
        .values(parked_until_at=None, parked_message_id=None),
        {"ids": enrollment_ids},
    )


def forget_fared(tx: Tx, message_id: int) -> None:
    """The mails it spoke of fared well, as far as it is concerned."""
    tx.execute(
        update(outbox)
        .where(outbox.c.fared_message_id == message_id)
        .values(fared="", fared_message_id=None)
    )


def still_active(tx: Tx, enrollment_ids: Collection[int]) -> set[int]:
    rows = tx.execute(
        select(enrollment.c.id).where(
            within(enrollment.c.id, "ids"), enrollment.c.state == "active"
        ),
        {"ids": enrollment_ids},
    )
    return set(rows.scalars())


def plan_cancelled_anew(
    tx: Tx, enrollment_id: int, *, since: int, at: int, text: str, account_id: int
) -> int:
    """Mails cancelled since then that were never handed over wait again, due now at the earliest; how many."""
    ids = list(
        tx.execute(
            select(outbox.c.id).where(
                outbox.c.enrollment_id == enrollment_id,
                outbox.c.ended_at >= since,
                *_NEVER_HANDED_OVER,
            )
        ).scalars()
    )
    for one in ids:
        tx.execute(delete(frozen_mail).where(frozen_mail.c.outbox_id == one))
        tx.execute(
            update(outbox)
            .where(outbox.c.id == one)
            .values(
                state=OutboxState.PLANNED.value,
                ended_at=None,
                claimed_at=None,
                mime_sha256="",
                draft_ref="",
                draft_message_ref="",
                waits_for="[]",
                fault="",
                not_before_at=at,
            )
        )
        tx.execute(update(outbox).where(outbox.c.id == one, outbox.c.due_at < at).values(due_at=at))
    add_lines(tx, ids, at=at, state=OutboxState.PLANNED, text=text, account_id=account_id)
    return len(ids)
