"""The figures of a pipeline, counted by the database; what each means is said, in Python, by leads/numbers.py.

Four statements, each one pass over the leads as they stood: sums by stage, owner, source and currency; reasons; the
funnel; the times, of which the sales cycle is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)

from inboxcrm.leads.number_shapes import (
    Asked,
    Cycle,
    FunnelStep,
    GroupSum,
    Numbers,
    Quartiles,
    StageSum,
    added,
)
from inboxcrm.leads.numbers import later_stages
from inboxcrm.leads.pipeline import Pipeline, Stage, StageKind
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.pipeline_ground import (
    END,
    Instant,
    ended_stays,
    entries,
    first_entry,
    kind_lists,
    least,
    standing,
)
from inboxcrm.store.quartiles import quartiles_of
from inboxcrm.store.segment_sql import Condition

_CYCLE = "a whole cycle"
"""Beside the stages, whose keys have no spaces."""


def pipeline_numbers(tx: Tx, asked: Asked, narrowed: Condition | None = None) -> Numbers:
    """Of the leads that meet `narrowed` today; without it, of all."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    params = {**instant.params, "since": asked.since, **kind_lists(asked.pipeline)}
    held = standing(instant)
    sums = tx.execute(_sums(held), params).all()
    folded = _Folded(asked, sums)
    reasons = tx.execute(_reasons(held), params).all()
    funnel = _funnel(tx, held, asked.pipeline, params)
    times = _times(tx, held, params)
    cycle = times.get(_CYCLE, _NONE)
    return Numbers(
        stages=folded.stages,
        funnel=tuple(
            FunnelStep(stage.key, one.many, one.spread)
            for place, stage in enumerate(asked.pipeline.open_stages)
            for one in (funnel.get(place, _NONE),)
        ),
        times={
            stage.key: times[stage.key].spread
            for stage in asked.pipeline.open_stages
            if stage.key in times
        },
        won=folded.won,
        lost=folded.lost,
        cycle=Cycle(cycle.spread, cycle.mean),
        reasons={row[0]: row[1] for row in reasons},
        by_source=folded.by_source,
        by_owner=folded.by_owner,
    )


# --- sums ---------------------------------------------------------------------------


def in_period(column: ColumnElement[int]) -> ColumnElement[bool]:
    return column.between(bindparam("since"), bindparam("at"))


def _sums(held: CTE) -> Select[Any]:
    recent = case((in_period(held.c.stage_since_at), 1), else_=0)
    keys = (held.c.stage, recent, held.c.owner_id, held.c.source, held.c.value_currency)
    return select(
        *keys, func.count(), func.count(held.c.value_cents), func.sum(held.c.value_cents)
    ).group_by(held.c.stage, recent, held.c.owner_id, held.c.source, held.c.value_currency)


class _Folded:
    """The rows of `_sums`, added up in the ways they are shown."""

    def __init__(self, asked: Asked, rows: Iterable[Sequence[Any]]) -> None:
        stages: dict[str, list[StageSum]] = defaultdict(list)
        closed: dict[StageKind, list[StageSum]] = defaultdict(list)
        sources: dict[str, dict[StageKind, list[StageSum]]] = {}
        owners: dict[int | None, dict[StageKind, list[StageSum]]] = {}
        kinds = {one.key: one.kind for one in asked.pipeline.stages}
        for stage, is_recent, owner, source, currency, leads, valued, cents in rows:
            one = StageSum(leads, {currency: int(cents)} if valued else {})
            kind = kinds.get(stage, StageKind.OPEN)
            stages[stage].append(one)
            if kind is not StageKind.OPEN and not is_recent:
                continue
            closed[kind].append(one)
            sources.setdefault(source, defaultdict(list))[kind].append(one)
            owners.setdefault(owner, defaultdict(list))[kind].append(one)
        self.stages = {key: added(parts) for key, parts in stages.items()}
        self.won = added(closed[StageKind.WON])
        self.lost = added(closed[StageKind.LOST])
        self.by_source = {key: _group(parts) for key, parts in sources.items()}
        self.by_owner = {key: _group(parts) for key, parts in owners.items()}


def _group(parts: dict[StageKind, list[StageSum]]) -> GroupSum:
    return GroupSum(
        added(parts.get(StageKind.OPEN, ())),
        added(parts.get(StageKind.WON, ())),
        added(parts.get(StageKind.LOST, ())),
    )


def _reasons(held: CTE) -> Select[Any]:
    return (
        select(held.c.stage_reason, func.count())
        .where(within(held.c.stage, "lost_stages"), in_period(held.c.stage_since_at))
        .group_by(held.c.stage_reason)
    )


# --- the funnel -----------------------------------------------------------------------


def came_on_at(first: CTE, pipeline: Pipeline, stage: Stage) -> ColumnElement[int]:
    """When a lead of `entries` came on from that stage; END where it did not."""
    entered = first.c[f"stage_{pipeline.stages.index(stage)}"]
    places = {one.key: place for place, one in enumerate(pipeline.stages)}
    times = [
        case((later >= entered, later), else_=literal(END, BigInteger()))
        for key in later_stages(pipeline, stage)
        for later in (first.c[f"stage_{places[key]}"],)
    ]
    return least(literal(END, BigInteger()), literal(END, BigInteger()), *times)


def _funnel(tx: Tx, held: CTE, pipeline: Pipeline, params: dict[str, Any]) -> dict[int, _Took]:
    """By the place of the open stage: how many came in, and how long those who came on took."""
    first = entries(held, pipeline)
    parts = []
    for place, stage in enumerate(pipeline.open_stages):
        entered = first.c[f"stage_{pipeline.stages.index(stage)}"]
        on_at = came_on_at(first, pipeline, stage)
        parts.append(
            select(
                literal(place, Integer()).label("key"),
                case((on_at < END, on_at - entered)).label("ms"),
            ).where(in_period(entered))
        )
    return _took(tx, union_all(*parts).cte("took"), params) if parts else {}


# --- times ----------------------------------------------------------------------------


def won_in_period(held: CTE) -> ColumnElement[bool]:
    return within(held.c.stage, "won_stages") & in_period(held.c.stage_since_at)


def _times(tx: Tx, held: CTE, params: dict[str, Any]) -> dict[str, _Took]:
    """By stage; the sales cycle beside them, under a key no stage can have."""
    known = ended_stays(held)
    length = known.c.left_at - known.c.entered_at
    took = union_all(
        select(known.c.stage.label("key"), case((length > 0, length), else_=0).label("ms")),
        select(literal(_CYCLE), held.c.stage_since_at - first_entry(held)).where(
            won_in_period(held)
        ),
    ).cte("took")
    return _took(tx, took, params)


@dataclass(frozen=True, slots=True)
class _Took:
    """Of `many` leads or stays, those that took any time are spread like that; `mean` in whole ms."""

    many: int
    spread: Quartiles
    mean: int


_NONE = _Took(0, Quartiles(), 0)


def _took(tx: Tx, took: CTE, params: dict[str, Any]) -> dict[Any, _Took]:
    """Of rows (key, ms) by key; an ms that is null is one that never came to an end."""
    asked = select(took.c.key, func.count(), quartiles_of(took.c.ms), func.sum(took.c.ms))
    return {
        key: _Took(many, spread, int(total) // spread.count if spread.count else 0)
        for key, many, spread, total in tx.execute(asked.group_by(took.c.key), params)
    }
