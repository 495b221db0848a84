"""Who is in which cadence, and how that ended."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, or_, select, update

from inboxcrm.cadence.outbox import OVER
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import address, cadence, enrollment, outbox, step
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
    stop_message_id: int | None
    parked_until_at: int | None
    parked_message_id: int | None


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
        enrollment.c.stop_message_id,
        enrollment.c.parked_until_at,
        enrollment.c.parked_message_id,
    )
    .join(cadence, cadence.c.id == enrollment.c.cadence_id)
    .join(address, address.c.id == enrollment.c.address_id)
)


_OF_LEAD = Straight(
    _ALL.where(enrollment.c.lead_id == bindparam("lead_id")).order_by(enrollment.c.id.desc())
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
    return [EnrollmentRow._make(row) for row in _OF_LEAD.all(tx, lead_id=lead_id)]


def enrollments_of_person(tx: Tx, enrollment_id: int) -> list[int]:
    """Those of the same lead, and those that write to the same address."""
    this, other = enrollment.alias("this"), enrollment.alias("other")
    rows = tx.execute(
        select(other.c.id)
        .join(this, or_(this.c.lead_id == other.c.lead_id, this.c.address_id == other.c.address_id))
        .where(this.c.id == bindparam("id"))
        .order_by(other.c.id),
        {"id": enrollment_id},
    )
    return list(rows.scalars())


def cadence_names(tx: Tx) -> dict[int, str]:
    return {row[0]: row[1] for row in tx.execute(select(cadence.c.id, cadence.c.name))}


class NextStanding(NamedTuple):
    """What planning the next step asks. `was_last`: the step stands in their version, and none behind it."""

    state: str
    version: int
    account_id: int
    rules: str
    was_last: bool


_here, _behind = step.alias("here"), step.alias("behind")
_FOR_NEXT = Straight(
    select(
        enrollment.c.state,
        enrollment.c.version,
        func.coalesce(enrollment.c.account_id, 1),
        cadence.c.rules,
        select(_here.c.id)
        .where(
            _here.c.cadence_id == enrollment.c.cadence_id,
            _here.c.version == enrollment.c.version,
            _here.c.key == bindparam("step_key"),
            ~exists().where(
                _behind.c.cadence_id == _here.c.cadence_id,
                _behind.c.version == _here.c.version,
                _behind.c.number > _here.c.number,
            ),
        )
        .exists(),
    )
    .join(cadence, cadence.c.id == enrollment.c.cadence_id)
    .where(enrollment.c.id == bindparam("enrollment_id"))
)
_FINISH = Straight(
    update(enrollment)
    .where(
        enrollment.c.id == bindparam("enrollment_id"),
        enrollment.c.state == "active",
        ~exists().where(
            outbox.c.enrollment_id == enrollment.c.id,
            *(outbox.c.state != one.value for one in sorted(OVER)),
        ),
    )
    .values(state="finished", ended_at=bindparam("at"))
)


def standing_for_next(tx: Tx, enrollment_id: int, step_key: str) -> NextStanding | None:
    row = _FOR_NEXT.first(tx, enrollment_id=enrollment_id, step_key=step_key)
    return NextStanding._make(row) if row else None


class Whose(NamedTuple):
    """Whose enrollment it is, and in what."""

    lead_id: int
    cadence_id: int
    cadence: str


def lead_and_cadence(tx: Tx, enrollment_id: int) -> Whose:
    row = tx.execute(
        select(enrollment.c.lead_id, cadence.c.id, cadence.c.name)
        .join(cadence, cadence.c.id == enrollment.c.cadence_id)
        .where(enrollment.c.id == bindparam("id")),
        {"id": enrollment_id},
    ).one()
    return Whose._make(row)


def leads_active_in(tx: Tx, cadence_id: int) -> list[int]:
    rows = tx.execute(
        select(enrollment.c.lead_id).where(
            enrollment.c.cadence_id == bindparam("cadence_id"), enrollment.c.state == "active"
        ),
        {"cadence_id": cadence_id},
    )
    return list(rows.scalars())


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


def finish(tx: Tx, enrollment_id: int, *, at: int) -> None:
    """Where no mail of it may still go."""
    _FINISH.change(tx, enrollment_id=enrollment_id, at=at)


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
