"""First answers and owed ones, read by the database; what counts is said, in Python, by leads/answers.py.

First answers start from the mail of the period: a lead whose first mail lies in it has all that matters behind that.
Working hours are counted in Python, so one row a lead leaves the database.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from inboxcrm.leads.answers import FirstMail
from inboxcrm.leads.number_shapes import Asked
from inboxcrm.leads.owes import US
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.opened_leads import OpenedLeads, opened_leads
from inboxcrm.store.outbox import HAS_COPY
from inboxcrm.store.pipeline_ground import Instant, kind_lists, standing
from inboxcrm.store.segment_sql import Condition
from inboxcrm.store.tables import conversation, lead, lead_link, message, message_copy, outbox
from inboxcrm.store.waits_since import waits_since


class OwedSum(NamedTuple):
    """Leads of one owner that wait for us; `late` of them since before the instant asked about. Ms."""

    owner_id: int | None
    leads: int
    oldest_at: int
    late: int


def first_mails(tx: Tx, asked: Asked, narrowed: Condition | None = None) -> list[FirstMail]:
    """By lead; of those that meet `narrowed` today, without it of all."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    held = standing(instant)
    wrote = (
        select(lead_link.c.lead_id, func.min(lead_link.c.at).label("at"))
        .where(
            lead_link.c.at >= bindparam("since"),
            lead_link.c.at <= bindparam("at"),
            *_from_them(lead_link),
        )
        .group_by(lead_link.c.lead_id)
        .cte("wrote")
    )
    before = lead_link.alias("before")
    known = exists(
        select(before.c.message_id).where(
            before.c.lead_id == wrote.c.lead_id,
            before.c.at < bindparam("since"),
            *_from_them(before),
        )
    )
    firsts = select(
        held.c.lead_id,
        held.c.owner_id,
        wrote.c.at.label("wrote_at"),
        known.label("is_known"),
        case((not_(known), _answered_at(wrote))).label("answered_at"),
        case((not_(known), _is_dismissed(wrote)), else_=false()).label("is_dismissed"),
    )
    # PostgreSQL would take nobody to be new and read all leads again for each who is: so it joins before it is told.
    joined = firsts.join(wrote, wrote.c.lead_id == held.c.lead_id).cte("firsts")
    found = joined.prefix_with("MATERIALIZED", dialect="postgresql")
    asked_for = (
        select(found.c.lead_id, found.c.owner_id, found.c.wrote_at, found.c.answered_at)
        .where(
            not_(found.c.is_known),
            or_(found.c.answered_at.is_not(None), not_(found.c.is_dismissed)),
        )
        .order_by(found.c.lead_id)
    )
    params = {**instant.params, "since": asked.since}
    return [FirstMail._make(row) for row in tx.execute(asked_for, params)]


def _from_them(link: Any) -> tuple[ColumnElement[bool], ...]:
    return link.c.direction == "in", link.c.is_human.is_(True), link.c.is_unlinked.is_(False)


def _answered_at(wrote: CTE) -> ColumnElement[int]:
    answer = lead_link.alias("answer")
    by_cadence = exists(
        select(outbox.c.id)
        .join(
            message_copy,
            and_(
                message_copy.c.mailbox_id == outbox.c.mailbox_id,
                message_copy.c.ref == outbox.c.ref,
            ),
        )
        .where(message_copy.c.message_id == answer.c.message_id, HAS_COPY)
    )
    return (
        select(func.min(answer.c.at))
        .where(
            answer.c.lead_id == wrote.c.lead_id,
            answer.c.at > wrote.c.at,
            answer.c.at <= bindparam("at"),
            answer.c.direction == "out",
            answer.c.is_human.is_(True),
            answer.c.is_unlinked.is_(False),
            not_(by_cadence),
        )
        .scalar_subquery()
    )


def _is_dismissed(wrote: CTE) -> ColumnElement[bool]:
    first = lead_link.alias("first")
    return exists(
        select(conversation.c.id)
        .join(message, message.c.conversation_id == conversation.c.id)
        .join(first, first.c.message_id == message.c.id)
        .where(
            first.c.lead_id == wrote.c.lead_id,
            first.c.at == wrote.c.at,
            *_from_them(first),
            conversation.c.dismissed_message_id == first.c.message_id,
        )
    )


# --- owed -------------------------------------------------------------------------------


def owed_by_owner(
    tx: Tx,
    asked: Asked,
    *,
    late_at: int,
    is_past: bool,
    narrowed: Condition | None = None,
) -> list[OwedSum]:
    """Most leads first. Who has waited since `late_at` or longer is late. A past instant is read from the mail up to
    it, the present from what is kept of each lead.
    """
    held = standing(Instant(asked.pipeline, asked.at, narrowed))
    rows = _waiting(held, is_past=is_past).subquery("waiting")
    late = func.sum(case((rows.c.since_at <= bindparam("late_at", type_=BigInteger()), 1), else_=0))
    found = (
        select(rows.c.owner_id, func.count().label("leads"), func.min(rows.c.since_at), late)
        .group_by(rows.c.owner_id)
        .order_by(func.count().desc(), func.min(rows.c.since_at))
    )
    params = {**_params(asked, narrowed), "late_at": late_at}
    return [OwedSum(row[0], row[1], row[2], int(row[3])) for row in tx.execute(found, params)]


def owed_leads(
    tx: Tx,
    asked: Asked,
    *,
    late_at: int | None,
    owner: str,
    is_past: bool,
    narrowed: Condition | None = None,
    offset: int = 0,
    limit: int = 100,
) -> OpenedLeads:
    """`owner` "" is everybody, "0" nobody."""
    held = standing(Instant(asked.pipeline, asked.at, narrowed))
    rows = _waiting(held, is_past=is_past).subquery("waiting")
    found = select(rows.c.lead_id)
    if late_at is not None:
        found = found.where(rows.c.since_at <= literal(late_at, BigInteger()))
    if owner:
        number = int(owner)
        found = found.where(rows.c.owner_id == number if number else rows.c.owner_id.is_(None))
    params = _params(asked, narrowed)
    return opened_leads(tx, held, found, params, offset=offset, limit=limit)


def _params(asked: Asked, narrowed: Condition | None) -> dict[str, Any]:
    instant = Instant(asked.pipeline, asked.at, narrowed)
    return {**instant.params, **kind_lists(asked.pipeline)}


def _waiting(held: CTE, *, is_past: bool) -> Select[Any]:
    """Rows (lead_id, owner_id, since_at)."""
    is_open = not_(within(held.c.stage, "closed_stages"))
    if not is_past:
        return (
            select(held.c.lead_id, held.c.owner_id, lead.c.owes_since_at.label("since_at"))
            .join(lead, lead.c.id == held.c.lead_id)
            .where(is_open, lead.c.owes == US)
        )
    since = waits_since("at", select(held.c.lead_id).where(is_open))
    return (
        select(held.c.lead_id, held.c.owner_id, since.c.since_at)
        .join(since, since.c.lead_id == held.c.lead_id)
        .where(is_open)
    )
