"""The cadence a lead is in, in one statement: for panel and page, and for whoever stops it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, distinct, func, or_, select, update

from inboxcrm.cadence.outbox import MAY_HAVE_GONE, OutboxState
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.outbox import PUT_OFF
from inboxcrm.store.tables import cadence, enrollment, outbox, step

_GONE = tuple(one.value for one in MAY_HAVE_GONE)
_WAITS = (OutboxState.PLANNED.value, OutboxState.CLAIMED.value, OutboxState.DRAFTED.value)


class LeadCadence(NamedTuple):
    """Mails of `gone` of the `steps` steps have left; `next_at` in ms, when the one that waits is due."""

    enrollment_id: int
    cadence_id: int
    name: str
    cadence_state: str
    state: str
    stop_words: str
    mailbox_id: int
    parked_until_at: int | None
    steps: int
    gone: int
    next_at: int | None
    stop_message_id: int | None
    parked_message_id: int | None


def _mails(what: Any, states: tuple[str, ...]) -> Any:
    return (
        select(what)
        .where(outbox.c.enrollment_id == enrollment.c.id, outbox.c.state.in_(states))
        .correlate(enrollment)
        .scalar_subquery()
    )


_later = case(
    (outbox.c.not_before_at > outbox.c.due_at, outbox.c.not_before_at), else_=outbox.c.due_at
)
_OF_LEAD: Select[Any] = (
    select(
        enrollment.c.id,
        cadence.c.id,
        cadence.c.name,
        cadence.c.state,
        enrollment.c.state,
        enrollment.c.stop_words,
        cadence.c.mailbox_id,
        enrollment.c.parked_until_at,
        select(func.count())
        .select_from(step)
        .where(
            and_(
                step.c.cadence_id == enrollment.c.cadence_id, step.c.version == enrollment.c.version
            )
        )
        .correlate(enrollment)
        .scalar_subquery(),
        _mails(func.count(distinct(outbox.c.step_key)), _GONE),
        _mails(func.min(_later), _WAITS),
        enrollment.c.stop_message_id,
        enrollment.c.parked_message_id,
    )
    .join(cadence, cadence.c.id == enrollment.c.cadence_id)
    .where(enrollment.c.lead_id == bindparam("lead_id"))
)
_SHOWN = (
    _OF_LEAD.where(
        or_(enrollment.c.state == "active", enrollment.c.ended_at > bindparam("since")),
    )
    .order_by(case((enrollment.c.state == "active", 0), else_=1), enrollment.c.id.desc())
    .limit(at_most(1))
)
_ACTIVE = _OF_LEAD.where(enrollment.c.state == "active").order_by(enrollment.c.id)


def cadence_of_lead(tx: Tx, lead_id: int, *, since: int) -> LeadCadence | None:
    """The one it is active in; else the last that ended after `since`."""
    row = tx.execute(_SHOWN, {"lead_id": lead_id, "since": since}).first()
    return LeadCadence._make(row) if row else None


def let_go_on(tx: Tx, enrollment_ids: Collection[int], *, at: int) -> None:
    """The rest ends then, so that what fell due in it is not late; what waits asks the gate anew."""
    tx.execute(
        update(enrollment)
        .where(within(enrollment.c.id, "ids"))
        .values(parked_until_at=at, parked_message_id=None),
        {"ids": enrollment_ids},
    )
    tx.execute(
        update(outbox)
        .where(within(outbox.c.enrollment_id, "ids"), PUT_OFF, outbox.c.not_before_at > at)
        .values(not_before_at=at, waits_for="[]"),
        {"ids": enrollment_ids},
    )


def active_cadences(tx: Tx, lead_id: int) -> list[LeadCadence]:
    rows = tx.execute(_ACTIVE, {"lead_id": lead_id})
    return [LeadCadence._make(row) for row in rows]
