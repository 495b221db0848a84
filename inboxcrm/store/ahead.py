"""What is still to be sent: the mails that wait, of a cadence and of a mailbox."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.store.database import Tx
from inboxcrm.store.outbox import PUT_OFF
from inboxcrm.store.tables import enrollment, lead, outbox

_WAITING = (OutboxState.PLANNED.value, OutboxState.CLAIMED.value, OutboxState.DRAFTED.value)


class WaitingMail(NamedTuple):
    """The next mail of somebody in a cadence, who holds to `version` of its steps. Times in ms.

    `resend` above 0: one that they get once more by a person's will, beside what they get anyway.
    """

    id: int
    lead_id: int
    name: str
    to_address: str
    step_key: str
    key: str
    due_at: int
    parked_until_at: int | None
    enrolled_at: int
    version: int
    resend: int


_OF_CADENCE = (
    select(
        outbox.c.id,
        outbox.c.lead_id,
        func.coalesce(lead.c.name, ""),
        outbox.c.to_address,
        outbox.c.step_key,
        outbox.c.key,
        outbox.c.due_at,
        enrollment.c.parked_until_at,
        enrollment.c.enrolled_at,
        enrollment.c.version,
        outbox.c.resend,
    )
    .join(enrollment, enrollment.c.id == outbox.c.enrollment_id)
    .join(lead, lead.c.id == outbox.c.lead_id)
    .where(
        outbox.c.cadence_id == bindparam("cadence_id"),
        outbox.c.state.in_(_WAITING),
        enrollment.c.state == "active",
    )
    .order_by(outbox.c.due_at, outbox.c.id)
)


def waiting_mails(tx: Tx, cadence_id: int) -> list[WaitingMail]:
    """Of everybody who is active in it, oldest due first."""
    rows = tx.execute(_OF_CADENCE, {"cadence_id": cadence_id})
    return [WaitingMail._make(row) for row in rows]


def put_due(tx: Tx, due_at: Mapping[str, int]) -> None:
    """Key of a mail -> when it is due, in ms. Only of mails nobody has in hand."""
    if due_at:
        tx.execute(
            update(outbox)
            .where(
                outbox.c.key == bindparam("mail"),
                outbox.c.state == OutboxState.PLANNED.value,
            )
            .values(due_at=bindparam("due")),
            [{"mail": key, "due": due} for key, due in due_at.items()],
        )


class PlannedRow(NamedTuple):
    """A mail nobody has in hand."""

    id: int
    lead_id: int


def planned_of(tx: Tx, cadence_id: int) -> list[PlannedRow]:
    rows = tx.execute(
        select(outbox.c.id, outbox.c.lead_id)
        .where(
            outbox.c.cadence_id == bindparam("cadence_id"),
            outbox.c.state == OutboxState.PLANNED.value,
        )
        .order_by(outbox.c.id),
        {"cadence_id": cadence_id},
    )
    return [PlannedRow._make(row) for row in rows]


def ask_anew(tx: Tx, cadence_id: int) -> None:
    """Mails of it that the gate had put off are asked again when they are due."""
    tx.execute(
        update(outbox)
        .where(outbox.c.cadence_id == cadence_id, PUT_OFF)
        .values(not_before_at=0, waits_for="[]")
    )


def count_in(tx: Tx, cadence_id: int, states: Collection[OutboxState]) -> int:
    """Mails of it in these states."""
    found: int = tx.execute(
        select(func.count()).where(
            outbox.c.cadence_id == cadence_id,
            outbox.c.state.in_(sorted(one.value for one in states)),
        )
    ).scalar_one()
    return found
