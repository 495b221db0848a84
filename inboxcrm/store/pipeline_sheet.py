"""The sheet: a page of leads in any order, grouped, with what can be worked out about each.

Two statements: the ids of the page in its order, then what stands in its cells. A past sheet has only what a pipeline
keeps of the past; mail and tasks are not part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Text, bindparam, case, func, or_, select
from sqlalchemy.sql.selectable import Join

from inboxcrm.leads.number_shapes import StageSum, added
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.leads.temperature import COLD, HOT, WARM
from inboxcrm.store.database import Tx
from inboxcrm.store.lead_scores import score_points
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.pipeline_ground import Instant, least, stage_rank, standing
from inboxcrm.store.segment_sql import SHOWN, Condition
from inboxcrm.store.tables import account, lead, organization, task

GROUPS = ("stage", "owner", "source", "temperature")


@dataclass(frozen=True, slots=True)
class Order:
    """`sort` is a column of `SORTS`; `hot` and `cold_until` (ms) say how warm a lead is, where that is asked for."""

    sort: str = "newest"
    is_descending: bool = True
    group: str = ""
    hot: Collection[int] = ()
    cold_until: int = 0


class SheetLine(NamedTuple):
    """`stage` to `close_on` as they stood when asked about; the rest is today's."""

    lead_id: int
    version: int
    name: str
    organization: str | None
    came_at: int
    last_in_at: int | None
    last_out_at: int | None
    mails: int
    owes: str
    owes_since_at: int | None
    task: str | None
    task_due_on: str | None
    pipeline: str
    stage: str
    stage_since_at: int
    owner_id: int | None
    source: str
    value_cents: int | None
    value_currency: str
    close_on: str | None


# Its first mail, or when it was added by hand.
_came_at = least(func.coalesce(lead.c.first_at, lead.c.created_at), lead.c.created_at)
_open_task = (
    select(task.c.title)
    .where(task.c.lead_id == lead.c.id, task.c.done_at.is_(None), task.c.removed_at.is_(None))
    .order_by(func.coalesce(task.c.due_on, "9999"), task.c.id)
    .limit(at_most(1))
    .correlate(lead)
)
_task_title = _open_task.scalar_subquery()
_task_due_on = _open_task.with_only_columns(task.c.due_on).scalar_subquery()

_NEVER_EMPTY = ("newest", "score")
# Of a past sheet only those that are kept of the past; the others mean the lead as it is.
SORTS = (
    "name",
    "organization",
    "stage",
    "days",
    "owner",
    "value",
    "close",
    "source",
    "last_in",
    "last_out",
    "owes",
    "task",
    "mails",
    "score",
    "age",
    "newest",
)


def sheet_page(
    tx: Tx, instant: Instant | None, pipeline: Pipeline, order: Order, *,
    narrowed: Condition | None = None, offset: int, limit: int,
) -> list[SheetLine]:  # fmt: skip
    """Lines `offset` and on. `instant` None is now."""
    held = standing(instant) if instant else None
    state = _State(held)
    asked, params = _asked(pipeline, instant, narrowed, order)
    ids = select(lead.c.id).select_from(_joined(held)).where(*asked)
    ids = (
        ids.order_by(*_by(order, state, pipeline)).limit(at_most("many")).offset(at_most("behind"))
    )
    page = list(tx.execute(ids, {**params, "many": limit, "behind": offset}).scalars())
    lines = (
        select(
            lead.c.id,
            lead.c.version,
            lead.c.name,
            organization.c.name,
            _came_at,
            lead.c.last_in_at,
            lead.c.last_out_at,
            lead.c.in_count + lead.c.out_count,
            lead.c.owes,
            lead.c.owes_since_at,
            _task_title,
            _task_due_on,
            lead.c.pipeline if held is None else bindparam("pipeline", type_=Text()),
            *(state[name] for name in SheetLine._fields[13:]),
        )
        .select_from(_joined(held))
        .where(within(lead.c.id, "ids"))
    )
    more = instant.params if instant else {}
    rows = tx.execute(lines, {**more, "ids": page})
    found = {row[0]: SheetLine._make(row) for row in rows}
    return [found[one] for one in page if one in found]


def sheet_groups(
    tx: Tx, instant: Instant | None, pipeline: Pipeline, order: Order, *,
    narrowed: Condition | None = None,
) -> dict[Any, StageSum]:  # fmt: skip
    """What each group holds in all, by its key; without groups the whole, under None."""
    held = standing(instant) if instant else None
    state = _State(held)
    asked, params = _asked(pipeline, instant, narrowed, order)
    cents, currency = state["value_cents"], state["value_currency"]
    sums = (func.count(), func.count(cents), func.sum(cents))
    if order.group:
        key = _key(order, state)
        rows = select(key, currency, *sums).group_by(key, currency)
    else:
        rows = select(currency.label("none"), currency, *sums).group_by(currency)
    parts: dict[Any, list[StageSum]] = defaultdict(list)
    for which, named, leads, valued, total in tx.execute(
        rows.select_from(_joined(held)).where(*asked), params
    ):
        parts[which if order.group else None].append(
            StageSum(leads, {named: int(total)} if valued else {})
        )
    return {which: added(sums) for which, sums in parts.items()}


class _State:
    """The columns of a lead's state: its own, or those of how it stood."""

    def __init__(self, held: CTE | None) -> None:
        self._columns = lead.c if held is None else held.c

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        found: ColumnElement[Any] = self._columns[name]
        return found


def _joined(held: CTE | None) -> Join:
    whole = lead.outerjoin(organization, organization.c.id == lead.c.organization_id)
    if held is None:
        return whole.outerjoin(account, account.c.id == lead.c.owner_id)
    return whole.join(held, held.c.lead_id == lead.c.id).outerjoin(
        account, account.c.id == held.c.owner_id
    )


def _asked(
    pipeline: Pipeline, instant: Instant | None, narrowed: Condition | None, order: Order
) -> tuple[list[ColumnElement[bool]], dict[str, Any]]:
    warm = (
        {"hot": list(order.hot), "cold_until": order.cold_until}
        if order.group == "temperature"
        else {}
    )
    if instant is not None:
        return [], {**instant.params, **warm}
    asked: list[ColumnElement[bool]] = [lead.c.pipeline == bindparam("pipeline"), SHOWN]
    if narrowed is not None:
        asked.append(narrowed.clause)
    return asked, {"pipeline": pipeline.key, **warm, **(narrowed.params if narrowed else {})}


def _key(order: Order, state: _State) -> ColumnElement[Any]:
    if order.group == "owner":
        return state["owner_id"]
    if order.group == "temperature":
        return _warmth()
    return state[order.group]


def _warmth() -> ColumnElement[str]:
    silent = or_(lead.c.last_in_at.is_(None), lead.c.last_in_at <= bindparam("cold_until"))
    return case((silent, COLD), (within(lead.c.id, "hot"), HOT), else_=WARM)


def _by(order: Order, state: _State, pipeline: Pipeline) -> list[ColumnElement[Any]]:
    """The group first, then the column, empty ones last whichever way; at last the newest sign of life."""
    found: list[ColumnElement[Any]] = []
    if order.group == "stage":
        found += [stage_rank(state["stage"], pipeline), state["stage"]]
    elif order.group == "owner":
        found += [account.c.name.is_(None), account.c.name, account.c.id]
    elif order.group == "temperature":
        found.append(case({HOT: 0, WARM: 1}, value=_warmth(), else_=2))
    elif order.group:
        found.append(state[order.group])
    column = _sorts(state, pipeline)[order.sort]
    if order.sort not in _NEVER_EMPTY:
        found.append(case((column.is_(None), 1), else_=0))
    found.append(column.desc() if order.is_descending else column.asc())
    return [*found, lead.c.moved_at.desc(), lead.c.id.desc()]


def _sorts(state: _State, pipeline: Pipeline) -> dict[str, ColumnElement[Any]]:
    return {
        "name": func.lower(lead.c.name),
        "organization": func.lower(organization.c.name),
        "stage": stage_rank(state["stage"], pipeline),
        # Long ago is many days.
        "days": -state["stage_since_at"],
        "owner": account.c.name,
        "value": state["value_cents"],
        "close": state["close_on"],
        "source": func.lower(state["source"]),
        "last_in": lead.c.last_in_at,
        "last_out": lead.c.last_out_at,
        "owes": case({"us": 0, "them": 1}, value=lead.c.owes, else_=None),
        "task": _task_due_on,
        "mails": lead.c.in_count + lead.c.out_count,
        "score": score_points("score"),
        "age": -_came_at,
        "newest": lead.c.moved_at,
    }
