"""What is expected and what came, counted by the database; what each figure means is said by leads/forecast.py.

Two statements: one pass over the leads as they stood, and one over all times in which a lead was open with a close date
in one of the months that have begun. Such a time counts in the one month its close date names, if it held when that
month began; so the months need no pass each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)

from inboxcrm.leads.forecast import (
    ANY,
    EARLIER,
    LATER,
    NO_DATE,
    PASSED,
    Ahead,
    CameKey,
    DueKey,
    Forecast,
    Pick,
)
from inboxcrm.leads.number_shapes import StageSum, added
from inboxcrm.leads.spans import Span, moved
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import EMPTY, within
from inboxcrm.store.opened_leads import OpenedLeads, opened_leads
from inboxcrm.store.pipeline_ground import Instant, kind_lists, since_at, standing
from inboxcrm.store.segment_sql import SHOWN, Condition
from inboxcrm.store.tables import lead, lead_past


def pipeline_forecast(tx: Tx, asked: Ahead, narrowed: Condition | None = None) -> Forecast:
    """Of the leads that meet `narrowed` today; without it, of all."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    params = {**instant.params, **kind_lists(asked.pipeline), **_months(asked)}
    then: dict[tuple[str, str], list[StageSum]] = defaultdict(list)
    for month, stage, *sums in tx.execute(_then(asked, narrowed), params):
        then[month, stage].append(_sum(sums))
    due: dict[DueKey, list[StageSum]] = defaultdict(list)
    came: dict[CameKey, list[StageSum]] = defaultdict(list)
    won = set(params["won_stages"])
    for stage, bucket, passed, owner, *sums in tx.execute(_standing(asked, instant), params):
        currency = sums[0]
        if stage in won:
            came[CameKey(bucket, owner, currency)].append(_sum(sums))
        else:
            due[DueKey(bucket, bool(passed), owner, stage, currency)].append(_sum(sums))
    return Forecast(
        {key: added(sums) for key, sums in then.items()},
        {key: added(sums) for key, sums in due.items()},
        {key: added(sums) for key, sums in came.items()},
    )


def forecast_leads(
    tx: Tx,
    asked: Ahead,
    pick: Pick,
    *,
    narrowed: Condition | None = None,
    offset: int = 0,
    limit: int = 100,
) -> OpenedLeads:
    """Behind a figure; those of a forecast as they stood when its month began."""
    at = pick.span.begins_at(asked.zone) if pick.kind == "forecast" and pick.span else asked.at
    instant = Instant(asked.pipeline, at, narrowed)
    held = standing(instant)
    found = select(held.c.lead_id).where(_picked(held, asked, pick))
    params = {**instant.params, **kind_lists(asked.pipeline), "today": asked.today.isoformat()}
    return opened_leads(tx, held, found, params, offset=offset, limit=limit)


# --- as it stands -----------------------------------------------------------------------


def _standing(asked: Ahead, instant: Instant) -> Select[Any]:
    """Rows (stage, bucket, whether overdue, owner, currency, leads, valued, cents) of open leads, and of those won in
    one of the months that have begun. Leads without a value stand under no currency.
    """
    held = standing(instant)
    won = and_(
        within(held.c.stage, "won_stages"),
        held.c.stage_since_at >= _begins(0),
        held.c.stage_since_at < _begins(len(asked.begun)),
    )
    bucket = case((won, _won_month(asked, held)), else_=_due_month(held)).label("bucket")
    is_open = not_(within(held.c.stage, "closed_stages"))
    passed = case((and_(is_open, held.c.close_on < bindparam("today")), 1), else_=0).label("passed")
    currency = case((held.c.value_cents.is_(None), EMPTY), else_=held.c.value_currency)
    keys = (held.c.stage, bucket, passed, held.c.owner_id, currency.label("currency"))
    return (
        select(*keys, func.count(), func.count(held.c.value_cents), func.sum(held.c.value_cents))
        .where(or_(is_open, won))
        .group_by(*keys)
    )


def _won_month(asked: Ahead, held: CTE) -> ColumnElement[str]:
    since = held.c.stage_since_at
    return case(
        *((since < _begins(place + 1), literal(one.key)) for place, one in enumerate(asked.begun))
    )


def _due_month(held: CTE) -> ColumnElement[str]:
    on = held.c.close_on
    return case(
        (on.is_(None), literal(NO_DATE)),
        (on < bindparam("first_on"), literal(EARLIER)),
        (on > bindparam("last_on"), literal(LATER)),
        else_=func.substr(on, 1, 7),
    )


# --- as it stood when each month began ----------------------------------------------------


def _then(asked: Ahead, narrowed: Condition | None) -> Select[Any]:
    """Rows (month, stage, currency, leads, valued, cents)."""
    names = ("stage", "close_on", "value_currency", "value_cents")
    now = select(*(lead.c[name] for name in names)).where(
        SHOWN,
        lead.c.pipeline == bindparam("pipeline"),
        *_expected(lead.c.close_on),
        since_at <= _month_began(asked, lead.c.close_on),
    )
    began = _month_began(asked, lead_past.c.close_on)
    past = select(*(lead_past.c[name] for name in names)).where(
        lead_past.c.pipeline == bindparam("pipeline"),
        *_expected(lead_past.c.close_on),
        lead_past.c.from_at <= began,
        lead_past.c.until_at > began,
    )
    if narrowed is not None:
        now = now.where(narrowed.clause)
        past = past.where(lead_past.c.lead_id.in_(select(lead.c.id).where(narrowed.clause)))
    held = union_all(now, past).cte("expected")
    month = func.substr(held.c.close_on, 1, 7).label("month")
    return (
        select(
            month,
            held.c.stage,
            held.c.value_currency,
            func.count(),
            func.count(held.c.value_cents),
            func.sum(held.c.value_cents),
        )
        .where(not_(within(held.c.stage, "closed_stages")))
        .group_by(month, held.c.stage, held.c.value_currency)
    )


def _expected(close_on: ColumnElement[Any]) -> tuple[ColumnElement[bool], ...]:
    return close_on >= bindparam("first_on"), close_on <= bindparam("begun_on")


def _month_began(asked: Ahead, close_on: ColumnElement[Any]) -> ColumnElement[int]:
    """When the month of a close date began, of a date within one of those that have begun."""
    later = [
        (close_on >= bindparam(f"first_on_{place}"), _begins(place))
        for place in range(len(asked.begun) - 1, 0, -1)
    ]
    return case(*later, else_=_begins(0))


# --- the leads behind ---------------------------------------------------------------------


def _picked(held: CTE, asked: Ahead, pick: Pick) -> ColumnElement[bool]:
    is_open = not_(within(held.c.stage, "closed_stages"))
    parts = [within(held.c.stage, "won_stages") if pick.kind == "came" else is_open]
    if pick.kind == "came":
        assert pick.span is not None
        begins, ends = (_ms(one, asked) for one in (pick.span, moved(pick.span, pick.span.months)))
        parts += [held.c.stage_since_at >= begins, held.c.stage_since_at < ends]
    else:
        parts += _due(held, asked, pick)
    if pick.currency:
        parts += [held.c.value_currency == pick.currency, held.c.value_cents.is_not(None)]
    if pick.owner:
        number = int(pick.owner)
        parts.append(held.c.owner_id == number if number else held.c.owner_id.is_(None))
    return and_(*parts)


def _due(held: CTE, asked: Ahead, pick: Pick) -> list[ColumnElement[bool]]:
    on = held.c.close_on
    if pick.span is not None:
        return [on >= pick.span.first.isoformat(), on <= pick.span.last.isoformat()]
    known: dict[str, list[ColumnElement[bool]]] = {
        ANY: [],
        PASSED: [on < bindparam("today")],
        NO_DATE: [on.is_(None)],
        EARLIER: [on < asked.months[0].first.isoformat()],
        LATER: [on > asked.months[-1].last.isoformat()],
    }
    return known[pick.where]


# --- bounds -------------------------------------------------------------------------------


def _begins(place: int) -> ColumnElement[int]:
    return bindparam(f"month_{place}", type_=BigInteger())


def _ms(span: Span, asked: Ahead) -> ColumnElement[int]:
    return literal(span.begins_at(asked.zone), BigInteger())


def _months(asked: Ahead) -> dict[str, Any]:
    """`month_0` is when the first month shown began, and so on up to the one after this; `first_on_0` its first day;
    `begun_on` and `last_on` are the last days of this month and of the last one shown.
    """
    months = asked.months
    found: dict[str, Any] = {
        "first_on": months[0].first.isoformat(),
        "begun_on": asked.begun[-1].last.isoformat(),
        "last_on": months[-1].last.isoformat(),
        "today": asked.today.isoformat(),
    }
    for place, one in enumerate(months[: len(asked.begun) + 1]):
        found[f"month_{place}"] = one.begins_at(asked.zone)
        if 0 < place < len(asked.begun):
            found[f"first_on_{place}"] = one.first.isoformat()
    return found


def _sum(row: Sequence[Any]) -> StageSum:
    currency, leads, valued, cents = row
    return StageSum(leads, {currency: int(cents)} if valued else {})
