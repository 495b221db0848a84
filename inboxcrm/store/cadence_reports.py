"""What came of the mails of cadences: counted, and the mails behind each count.

One statement finds for every mail that left whether it bounced, was answered or led to an opt-out; counting and listing
ask the same one, so that a list is as long as its number says. cadence/reports.py defines the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    and_,
    case,
    distinct,
    func,
    literal,
    or_,
    select,
)

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.reports import MONDAY_MS, WEEK_MS, By, Counts, Figure, Mark
from inboxcrm.store.complaints import COMPLAINED
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.tables import (
    address,
    answer_mark,
    cadence,
    enrollment,
    lead_link,
    message,
    outbox,
    step,
    suppression,
    template,
    template_version,
)

LEFT = (OutboxState.SENT.value, OutboxState.UNCONFIRMED.value)
CAME_BACK = ("refused", "gone")
"""What came back of a mail that bounced (`outbox.fared`)."""
Offsets = Sequence[tuple[int, int]]
"""See cadence.reports.zone_offsets."""


class Of(NamedTuple):
    """Which mails: None is any. `week` counts as cadence.reports.monday_of does."""

    cadence_id: int | None = None
    step_key: str | None = None
    version_id: int | None = None
    mailbox_id: int | None = None
    week: int | None = None


class Group(NamedTuple):
    """What the mails of a line share; None where the lines are not told apart by it."""

    cadence_id: int | None
    step_key: str | None
    version_id: int | None
    mailbox_id: int | None
    week: int | None


_TOLD_BY: dict[By, tuple[str, ...]] = {
    By.CADENCE: ("cadence_id",),
    By.STEP: ("cadence_id", "step_key"),
    By.VERSION: ("version_id",),
    By.MAILBOX: ("mailbox_id",),
    By.WEEK: ("week",),
}


def tally(tx: Tx, of: Of, by: By | None, offsets: Offsets) -> list[tuple[Group, Counts]]:
    """A line for each group in which something was sent; with `by` None a single one for all of them."""
    mails = _mails(of, offsets)
    told = _TOLD_BY[by] if by else ()
    counted = (
        func.count(),
        func.count(case((mails.c.is_unconfirmed, 1))),
        func.count(distinct(mails.c.address_id)),
        func.count(distinct(mails.c.enrollment_id)),
        func.count(distinct(case((mails.c.is_bounced, mails.c.address_id)))),
        func.count(distinct(case((mails.c.is_answered, mails.c.enrollment_id)))),
        func.count(distinct(case((mails.c.is_positive, mails.c.enrollment_id)))),
        func.count(distinct(case((mails.c.is_opted_out, mails.c.address_id)))),
        func.count(distinct(case((mails.c.is_complained, mails.c.address_id)))),
    )
    columns = [mails.c[name] for name in told]
    asked = select(*columns, *counted).where(*_within(mails, of)).group_by(*columns)
    found = []
    for row in tx.execute(asked):
        values = dict(zip(told, row, strict=False))
        group = Group(*(values.get(name) for name in Group._fields))
        found.append((group, Counts(*row[len(told) :])))
    return found


def behind(
    tx: Tx, of: Of, figure: Figure, offsets: Offsets, *, before: int | None, limit: int
) -> list[int]:
    """Ids of mails, newest first: each of them for `sent` and `unconfirmed`, else the last one of each address or
    enrollment that the figure counts.
    """
    mails = _mails(of, offsets)
    wanted, unit = _counted_by(mails, of, figure)
    one_each = select(func.max(mails.c.id).label("id")).where(*_within(mails, of), wanted)
    some = one_each.group_by(unit).subquery()
    page = select(some.c.id).order_by(some.c.id.desc()).limit(at_most(limit))
    if before is not None:
        page = page.where(some.c.id < before)
    return list(tx.execute(page).scalars())


def first_left_at(tx: Tx) -> int | None:
    """When the first mail of any cadence left, in ms."""
    found: int | None = tx.execute(
        select(func.min(_LEFT_AT)).where(outbox.c.state.in_(LEFT))
    ).scalar()
    return found


def _counted_by(
    mails: CTE, of: Of, figure: Figure
) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    """Which mails a figure counts, and by what: each, or once for each address or enrollment."""
    match figure:
        case Figure.SENT:
            return mails.c.id > 0, mails.c.id
        case Figure.UNCONFIRMED:
            return mails.c.is_unconfirmed, mails.c.id
        case Figure.BOUNCED:
            return mails.c.is_bounced, mails.c.address_id
        case Figure.NOT_BOUNCED:
            gone = select(mails.c.address_id).where(*_within(mails, of), mails.c.is_bounced)
            return mails.c.address_id.not_in(gone), mails.c.address_id
        case Figure.REPLIED:
            return mails.c.is_answered, mails.c.enrollment_id
        case Figure.POSITIVE:
            return mails.c.is_positive, mails.c.enrollment_id
        case Figure.OPTED_OUT:
            return mails.c.is_opted_out, mails.c.address_id
        case Figure.COMPLAINED:
            return mails.c.is_complained, mails.c.address_id


def _within(mails: CTE, of: Of) -> list[ColumnElement[bool]]:
    return [mails.c[name] == value for name, value in of._asdict().items() if value is not None]


# --- every mail that left, and what came of it --------------------------------------

_LEFT_AT = func.coalesce(outbox.c.handed_over_at, outbox.c.ended_at, outbox.c.due_at)
"""One that was found among the sent mail was never handed over by us."""


def _mails(of: Of, offsets: Offsets) -> CTE:
    """Narrowed to a cadence before anything is worked out, never further: what came of a mail depends on the others of
    its enrollment.
    """
    of_one = select(outbox.c.id, _LEFT_AT.label("left_at")).where(outbox.c.state.in_(LEFT))
    if of.cadence_id is not None:
        of_one = of_one.where(outbox.c.cadence_id == of.cadence_id)
    when = of_one.add_columns(outbox.c.enrollment_id).cte("mail_left")
    own = when.c.enrollment_id
    next_at = func.lead(when.c.left_at).over(partition_by=own, order_by=(when.c.left_at, when.c.id))
    placed = select(
        when.c.id,
        when.c.left_at,
        func.min(when.c.left_at).over(partition_by=own).label("opener_at"),
        next_at.label("next_at"),
    ).cte("placed")
    people = _people(placed)
    is_answered = _counts_for(placed, people.c.answered_at)
    week = (placed.c.opener_at + _offset(placed.c.opener_at, offsets) + MONDAY_MS) // WEEK_MS
    return (
        select(
            outbox.c.id,
            outbox.c.enrollment_id,
            enrollment.c.address_id,
            outbox.c.cadence_id,
            outbox.c.step_key,
            outbox.c.template_version_id.label("version_id"),
            outbox.c.mailbox_id,
            week.label("week"),
            (outbox.c.state == OutboxState.UNCONFIRMED.value).label("is_unconfirmed"),
            outbox.c.fared.in_(CAME_BACK).label("is_bounced"),
            is_answered.label("is_answered"),
            and_(is_answered, people.c.mark == Mark.POSITIVE.value).label("is_positive"),
            _counts_for(placed, people.c.opted_out_at).label("is_opted_out"),
            (outbox.c.fared == COMPLAINED).label("is_complained"),
        )
        .select_from(placed)
        .join(outbox, outbox.c.id == placed.c.id)
        .join(enrollment, enrollment.c.id == outbox.c.enrollment_id)
        .join(people, people.c.id == outbox.c.enrollment_id)
        .cte("mails")
    )


def _people(placed: CTE) -> CTE:
    """Enrollment -> when they answered and when they opted out, in ms, null: they did not; and the mark of the last
    answer that bears one.
    """
    first = (
        select(outbox.c.enrollment_id.label("id"), func.min(placed.c.opener_at).label("opener_at"))
        .join(placed, placed.c.id == outbox.c.id)
        .group_by(outbox.c.enrollment_id)
        .cte("first_mails")
    )
    own, later = enrollment.alias("own"), outbox.alias("later")
    # What came after another cadence wrote to them is its doing, not this one's.
    until = func.coalesce(
        select(func.min(func.coalesce(later.c.handed_over_at, later.c.ended_at, later.c.due_at)))
        .where(
            later.c.lead_id == own.c.lead_id,
            later.c.enrollment_id > own.c.id,
            later.c.state.in_(LEFT),
        )
        .correlate(own)
        .scalar_subquery(),
        literal(1 << 62, BigInteger()),
    )
    they_wrote = (
        lead_link.c.lead_id == own.c.lead_id,
        lead_link.c.direction == "in",
        lead_link.c.is_human.is_(True),
        lead_link.c.is_unlinked.is_(False),
        message.c.author_id == lead_link.c.address_id,
        lead_link.c.at >= first.c.opener_at,
        lead_link.c.at < until,
    )
    wrote_at = (
        select(func.min(lead_link.c.at))
        .join(message, message.c.id == lead_link.c.message_id)
        .where(*they_wrote)
        .correlate(own, first)
        .scalar_subquery()
    )
    marked = (
        select(answer_mark.c.mark)
        .join(lead_link, lead_link.c.message_id == answer_mark.c.message_id)
        .join(message, message.c.id == lead_link.c.message_id)
        .where(*they_wrote, answer_mark.c.replaced_at.is_(None))
        .order_by(lead_link.c.at.desc(), lead_link.c.message_id.desc())
        .limit(at_most(1))
        .correlate(own, first)
        .scalar_subquery()
    )
    # Somebody else of theirs answered in the thread.
    marked_stop = (
        select(answer_mark.c.mark)
        .join(message, message.c.id == answer_mark.c.message_id)
        .where(
            answer_mark.c.message_id == own.c.stop_message_id,
            answer_mark.c.replaced_at.is_(None),
            message.c.kind == "human",
            own.c.stop_reason == "reply",
        )
        .correlate(own)
        .scalar_subquery()
    )
    suppressed_at = (
        select(func.min(suppression.c.first_at))
        .join(address, address.c.key == suppression.c.subject)
        .where(
            address.c.id == own.c.address_id,
            suppression.c.scope == "address",
            suppression.c.reason == "opt_out",
            suppression.c.removed_at.is_(None),
            suppression.c.first_at >= first.c.opener_at,
            suppression.c.first_at < until,
        )
        .correlate(own, first)
        .scalar_subquery()
    )
    return (
        select(
            own.c.id,
            func.coalesce(wrote_at, case((own.c.stop_reason == "reply", own.c.ended_at))).label(
                "answered_at"
            ),
            func.coalesce(
                case((own.c.stop_reason == "opt_out", own.c.ended_at)), suppressed_at
            ).label("opted_out_at"),
            func.coalesce(marked, marked_stop).label("mark"),
        )
        .select_from(first)
        .join(own, own.c.id == first.c.id)
        .cte("people")
    )


def _counts_for(placed: CTE, at: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether it is the last mail that left before `at`; the first one where all left later."""
    is_before = or_(placed.c.left_at <= at, placed.c.left_at == placed.c.opener_at)
    is_last = or_(
        placed.c.next_at.is_(None),
        and_(placed.c.next_at > at, placed.c.next_at > placed.c.opener_at),
    )
    return and_(at.is_not(None), is_before, is_last)


def _offset(at: ColumnElement[Any], offsets: Offsets) -> ColumnElement[int]:
    *earlier, (_, last) = offsets
    if not earlier:
        return literal(last, BigInteger())
    return case(
        *((at < until, literal(ms, BigInteger())) for until, ms in earlier),
        else_=literal(last, BigInteger()),
    )


# --- what the lines are called -------------------------------------------------------


class StepName(NamedTuple):
    """`number` of the step in its cadence as it is now; None where it is no longer in it."""

    cadence: str
    number: int | None
    template: str


def step_names(tx: Tx) -> dict[tuple[int, str], StepName]:
    """(cadence, key) -> what it is in the newest version that has it."""
    rows = tx.execute(
        select(
            step.c.cadence_id,
            step.c.key,
            cadence.c.name,
            step.c.number,
            step.c.version == cadence.c.version,
            func.coalesce(template.c.name, ""),
        )
        .join(cadence, cadence.c.id == step.c.cadence_id)
        .outerjoin(template_version, template_version.c.id == step.c.template_version_id)
        .outerjoin(template, template.c.id == template_version.c.template_id)
        .order_by(step.c.version)
    )
    return {(row[0], row[1]): StepName(row[2], row[3] if row[4] else None, row[5]) for row in rows}


def version_names(tx: Tx) -> dict[int, tuple[str, int]]:
    """Version's id -> the template's name and the version's number."""
    rows = tx.execute(
        select(template_version.c.id, template.c.name, template_version.c.number).join(
            template, template.c.id == template_version.c.template_id
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}
