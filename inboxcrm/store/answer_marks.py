"""Which mails are answers to cadences, and what people said of them: written down, replaced, taken back."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    exists,
    func,
    insert,
    select,
    union,
    update,
)

from inboxcrm.store.cadence_reports import LEFT
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.tables import (
    account,
    answer_mark,
    cadence,
    enrollment,
    lead_link,
    message,
    outbox,
)


class MarkRow(NamedTuple):
    """`mark` is empty where nobody said anything, or took it back."""

    mark: str = ""
    account_id: int | None = None
    account: str = ""
    made_at: int = 0


class Answered(NamedTuple):
    """The cadence a mail answers, and whose lead it is. `at` is when the answer came, in ms."""

    cadence_id: int
    cadence: str
    lead_id: int
    at: int


class LeftMail(NamedTuple):
    """A mail that left, in ms; of whose enrollment."""

    enrollment_id: int
    lead_id: int
    left_at: int


_left_at = func.coalesce(outbox.c.handed_over_at, outbox.c.ended_at, outbox.c.due_at)
_before = exists().where(
    outbox.c.enrollment_id == enrollment.c.id,
    outbox.c.state.in_(LEFT),
    _left_at <= lead_link.c.at,
)


def _by_lead(*wanted: ColumnElement[bool]) -> Select[tuple[int, int]]:
    """(message, enrollment): what a lead wrote after a mail of the cadence had left."""
    return (
        select(lead_link.c.message_id.label("message_id"), enrollment.c.id.label("enrollment_id"))
        .join(message, message.c.id == lead_link.c.message_id)
        .join(enrollment, enrollment.c.lead_id == lead_link.c.lead_id)
        .where(
            lead_link.c.direction == "in",
            lead_link.c.is_human.is_(True),
            lead_link.c.is_unlinked.is_(False),
            message.c.author_id == lead_link.c.address_id,
            _before,
            *wanted,
        )
    )


def _by_stop(*wanted: ColumnElement[bool]) -> Select[tuple[int | None, int]]:
    """The same of what somebody else of theirs answered in the thread."""
    return (
        select(
            enrollment.c.stop_message_id.label("message_id"),
            enrollment.c.id.label("enrollment_id"),
        )
        .join(message, message.c.id == enrollment.c.stop_message_id)
        .where(
            enrollment.c.stop_reason == "reply",
            message.c.kind == "human",
            *wanted,
        )
    )


_THESE = union(
    _by_lead(within(lead_link.c.message_id, "ids")),
    _by_stop(within(enrollment.c.stop_message_id, "ids")),
).subquery("these")
_MARKS = (
    select(
        _THESE.c.message_id,
        func.coalesce(answer_mark.c.mark, ""),
        answer_mark.c.account_id,
        func.coalesce(account.c.name, ""),
        func.coalesce(answer_mark.c.made_at, 0),
    )
    .outerjoin(
        answer_mark,
        (answer_mark.c.message_id == _THESE.c.message_id) & answer_mark.c.replaced_at.is_(None),
    )
    .outerjoin(account, account.c.id == answer_mark.c.account_id)
    .distinct()
)
_ANSWERED = (
    select(cadence.c.id, cadence.c.name, enrollment.c.lead_id, message.c.sent_at)
    .select_from(_THESE)
    .join(enrollment, enrollment.c.id == _THESE.c.enrollment_id)
    .join(cadence, cadence.c.id == enrollment.c.cadence_id)
    .join(message, message.c.id == _THESE.c.message_id)
    .order_by(enrollment.c.id.desc())
)
_OF_LEAD = union(
    _by_lead(lead_link.c.lead_id == bindparam("lead_id")),
    _by_stop(enrollment.c.lead_id == bindparam("lead_id")),
).subquery("of_lead")
_LATEST = (
    select(message.c.id)
    .join(_OF_LEAD, _OF_LEAD.c.message_id == message.c.id)
    .order_by(message.c.sent_at.desc(), message.c.id.desc())
    .limit(at_most("many"))
)
_OF_ENROLLMENT = union(
    _by_lead(enrollment.c.id == bindparam("enrollment_id"), lead_link.c.at >= bindparam("since")),
    _by_stop(
        enrollment.c.id == bindparam("enrollment_id"), message.c.sent_at >= bindparam("since")
    ),
).subquery("of_enrollment")
_ANSWER_TO = (
    select(message.c.id)
    .join(_OF_ENROLLMENT, _OF_ENROLLMENT.c.message_id == message.c.id)
    .order_by(message.c.sent_at.desc(), message.c.id.desc())
    .limit(at_most(1))
)


def answers_among(tx: Tx, message_ids: Collection[int]) -> dict[int, MarkRow]:
    """Those of these mails that are people's answers to cadences, with what holds of each."""
    if not message_ids:
        return {}
    return {row[0]: MarkRow(*row[1:]) for row in tx.execute(_MARKS, {"ids": message_ids})}


def answered_by(tx: Tx, message_id: int) -> list[Answered]:
    """The cadences a mail answers, the latest enrollment first, a line for each lead."""
    found: dict[int, Answered] = {}
    for row in tx.execute(_ANSWERED, {"ids": [message_id]}):
        found.setdefault(row[2], Answered(*row))
    return list(found.values())


def answers_of_lead(tx: Tx, lead_id: int, *, many: int) -> list[int]:
    """Ids of their answers to cadences, the newest first."""
    return list(tx.execute(_LATEST, {"lead_id": lead_id, "many": many}).scalars())


def answer_to(tx: Tx, enrollment_id: int, *, since: int) -> int | None:
    """The last answer of that enrollment since then (ms)."""
    asked = {"enrollment_id": enrollment_id, "since": since}
    found: int | None = tx.execute(_ANSWER_TO, asked).scalar()
    return found


def left_mail(tx: Tx, outbox_id: int) -> LeftMail | None:
    """None where it is not there, or did not leave."""
    row = tx.execute(
        select(outbox.c.enrollment_id, outbox.c.lead_id, _left_at).where(
            outbox.c.id == bindparam("id"), outbox.c.state.in_(LEFT)
        ),
        {"id": outbox_id},
    ).first()
    return LeftMail(*row) if row else None


def replace_mark(tx: Tx, message_id: int, *, at: int, only: str = "") -> bool:
    """Whatever holds does so no longer; with `only` where it is this one. False where nothing held."""
    wanted = update(answer_mark).where(
        answer_mark.c.message_id == message_id, answer_mark.c.replaced_at.is_(None)
    )
    if only:
        wanted = wanted.where(answer_mark.c.mark == only)
    return tx.execute(wanted.values(replaced_at=at)).rowcount > 0


def add_mark(tx: Tx, message_id: int, mark: str, *, account_id: int, at: int) -> None:
    tx.execute(
        insert(answer_mark).values(
            message_id=message_id, mark=mark, account_id=account_id, made_at=at
        )
    )
