"""Close dates that were not kept, read by the database; what counts is said, in Python, by leads/slips.py.

Only leads that were changed within the period can have slipped: the first statement starts from those changes, and
hands out one row for each lead that did. The second counts who has a close date at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from inboxcrm.leads.number_shapes import Asked
from inboxcrm.leads.slips import Slip, Slips
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.opened_leads import OpenedLeads, opened_leads
from inboxcrm.store.pipeline_ground import END, Instant, kind_lists, standing
from inboxcrm.store.pipeline_numbers import in_period
from inboxcrm.store.segment_sql import Condition
from inboxcrm.store.tables import lead_past


def pipeline_slips(tx: Tx, asked: Asked, narrowed: Condition | None = None) -> Slips:
    """Of the leads that meet `narrowed` today; without it, of all."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    params = {**instant.params, "since": asked.since, **kind_lists(asked.pipeline)}
    rows = tx.execute(_slipped(instant), params)
    held = standing(instant)
    dated = (
        select(held.c.owner_id, func.count())
        .where(_asked_about(held), held.c.close_on.is_not(None))
        .group_by(held.c.owner_id)
    )
    return Slips(
        tuple(Slip._make(row) for row in rows),
        {row[0]: row[1] for row in tx.execute(dated, params)},
    )


def dated_leads(
    tx: Tx,
    asked: Asked,
    dropped: Sequence[int],
    owner: str = "",
    *,
    narrowed: Condition | None = None,
    offset: int = 0,
    limit: int = 100,
) -> OpenedLeads:
    """Who was asked about: the leads with a close date, and the `dropped` ones, whose date was taken away."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    held = standing(instant)
    has_date = or_(held.c.close_on.is_not(None), within(held.c.lead_id, "dropped"))
    found = select(held.c.lead_id).where(_asked_about(held), has_date)
    if owner:
        number = int(owner)
        found = found.where(held.c.owner_id == number if number else held.c.owner_id.is_(None))
    params = {**instant.params, "since": asked.since, **kind_lists(asked.pipeline)}
    params["dropped"] = list(dropped)
    return opened_leads(tx, held, found, params, offset=offset, limit=limit)


def _slipped(instant: Instant) -> Select[Any]:
    held = standing(instant)
    # Times that held for no moment are between two changes made at once.
    changed = (
        select(lead_past.c.lead_id, lead_past.c.until_at.label("ends_at"), lead_past.c.close_on)
        .where(
            lead_past.c.until_at > bindparam("since"),
            lead_past.c.until_at <= bindparam("at"),
            lead_past.c.from_at < lead_past.c.until_at,
            lead_past.c.close_on.is_not(None),
        )
        .cte("changed")
    )
    last = select(held.c.lead_id, literal(END, BigInteger()), held.c.close_on).where(
        held.c.close_on.is_not(None), held.c.lead_id.in_(select(changed.c.lead_id))
    )
    known = union_all(select(changed), last).cte("known")
    walked = select(
        known.c.lead_id,
        known.c.close_on,
        func.lag(known.c.close_on)
        .over(partition_by=known.c.lead_id, order_by=known.c.ends_at)
        .label("before_on"),
        func.row_number()
        .over(partition_by=known.c.lead_id, order_by=known.c.ends_at)
        .label("place"),
    ).cte("walked")
    first_on = func.max(case((walked.c.place == 1, walked.c.close_on)))
    times = func.sum(case((walked.c.close_on > walked.c.before_on, 1), else_=0))
    dates = (
        select(walked.c.lead_id, first_on.label("first_on"), times.label("times"))
        .group_by(walked.c.lead_id)
        .cte("dates")
    )
    later = func.substr(held.c.close_on, 1, 7) > func.substr(dates.c.first_on, 1, 7)
    return (
        select(held.c.lead_id, held.c.owner_id, dates.c.first_on, held.c.close_on, dates.c.times)
        .join(dates, dates.c.lead_id == held.c.lead_id)
        .where(_asked_about(held), or_(held.c.close_on.is_(None), later))
        .order_by(held.c.lead_id)
    )


def _asked_about(held: CTE) -> ColumnElement[bool]:
    return or_(not_(within(held.c.stage, "closed_stages")), in_period(held.c.stage_since_at))
