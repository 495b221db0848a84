"""What happened to a pipeline since a past instant: how many leads, and some of each kind.

One pass over the leads: how each stood then beside how it stands now. What each kind means is said, in Python, by
leads/differences.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import (
    Alias,
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.sql.selectable import CTE

from inboxcrm.leads.differences import LIVELY_MS, Change, Days
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.pipeline_ground import Instant, kind_lists, standing
from inboxcrm.store.segment_sql import SHOWN, Condition
from inboxcrm.store.tables import lead


class ChangedLeads(NamedTuple):
    """`some` are the first of them by id; `amounts` what those that are won or lost are worth, by currency."""

    many: int
    some: list[int]
    amounts: dict[str, int]


def changes_since(
    tx: Tx,
    pipeline: Pipeline,
    days: Days,
    *,
    narrowed: Condition | None = None,
    most: int = 10,
) -> dict[Change, ChangedLeads]:
    """Every kind, also those of no lead."""
    instant = Instant(pipeline, days.at, narrowed)
    params = {
        **instant.params,
        **kind_lists(pipeline),
        "then_on": days.then,
        "today": days.today,
    }
    then = standing(instant)
    kinds = _kinds(then)
    mask = _sum(
        case((condition, 1 << bit), else_=0) for bit, condition in enumerate(kinds.values())
    )
    rows = (
        select(lead.c.id, lead.c.value_cents, lead.c.value_currency, mask.label("mask"))
        .select_from(lead.outerjoin(then, then.c.lead_id == lead.c.id))
        .where(or_(lead.c.pipeline == bindparam("pipeline"), then.c.lead_id.is_not(None)))
    )
    if narrowed is not None:
        rows = rows.where(narrowed.clause)
    told = rows.subquery("told")
    changed = select(told).where(told.c.mask > 0).order_by(told.c.id)
    found = {kind: _Told() for kind in kinds}
    for lead_id, cents, currency, bits in tx.execute(changed, params):
        for bit, one in enumerate(found.values()):
            if bits >> bit & 1:
                one.add(lead_id, cents, currency, most)
    return {
        kind: ChangedLeads(
            one.many, one.some, one.amounts if kind in {Change.WON, Change.LOST} else {}
        )
        for kind, one in found.items()
    }


@dataclass(slots=True)
class _Told:
    many: int = 0
    some: list[int] = field(default_factory=list)
    amounts: dict[str, int] = field(default_factory=dict)

    def add(self, lead_id: int, cents: int | None, currency: str, most: int) -> None:
        self.many += 1
        if len(self.some) < most:
            self.some.append(lead_id)
        if cents is not None:
            self.amounts[currency] = self.amounts.get(currency, 0) + cents


def _sum(parts: Iterable[ColumnElement[int]]) -> ColumnElement[int]:
    return reduce(add, parts)


def _kinds(then: CTE | Alias) -> dict[Change, ColumnElement[bool]]:
    is_now = and_(SHOWN, lead.c.pipeline == bindparam("pipeline"))
    was = then.c.lead_id.is_not(None)
    won, lost = within(lead.c.stage, "won_stages"), within(lead.c.stage, "lost_stages")
    is_open = and_(is_now, not_(within(lead.c.stage, "closed_stages")))
    open_then = and_(was, not_(within(then.c.stage, "closed_stages")))
    slipped = or_(
        lead.c.close_on.is_(None),
        lead.c.close_on > then.c.close_on,
        and_(then.c.close_on >= bindparam("then_on"), lead.c.close_on < bindparam("today")),
    )
    lively = bindparam("at", type_=BigInteger()) - LIVELY_MS
    silent = and_(
        or_(lead.c.last_in_at > lively, lead.c.last_out_at > lively),
        func.coalesce(lead.c.last_in_at, 0) <= bindparam("at"),
        func.coalesce(lead.c.last_out_at, 0) <= bindparam("at"),
    )
    same = lead.c.stage == then.c.stage
    return {
        Change.NEW: and_(is_open, then.c.lead_id.is_(None)),
        Change.MOVED: and_(is_open, was, lead.c.stage != then.c.stage),
        Change.SLIPPED: and_(is_open, open_then, then.c.close_on.is_not(None), slipped),
        Change.QUIET: and_(is_open, open_then, same, silent),
        Change.WON: and_(is_now, won, or_(_none(then), not_(within(then.c.stage, "won_stages")))),
        Change.LOST: and_(
            is_now, lost, or_(_none(then), not_(within(then.c.stage, "lost_stages")))
        ),
        Change.GONE: and_(was, not_(is_now)),
    }


def _none(then: Any) -> ColumnElement[bool]:
    absent: ColumnElement[bool] = then.c.lead_id.is_(None)
    return absent
