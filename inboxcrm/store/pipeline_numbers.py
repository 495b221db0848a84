"""The figures of a pipeline, counted by the database; what each means is said, in Python, by leads/numbers.py.

Four statements, each one pass over the leads as they stood: sums by stage, owner, source and currency; reasons; the
funnel; the times. Medians and quartiles come as the few rows they lie on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    literal_column,
    or_,
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
    quartiles_of_picks,
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
    entered, came_on = _funnel(tx, held, asked.pipeline, params)
    times = _times(tx, held, params)
    mean = tx.execute(_mean_cycle(held), params).scalar_one()
    return Numbers(
        stages=folded.stages,
        funnel=tuple(
            FunnelStep(stage.key, entered.get(place, 0), came_on.get(place, Quartiles()))
            for place, stage in enumerate(asked.pipeline.open_stages)
        ),
        times={
            stage.key: times[stage.key]
            for stage in asked.pipeline.open_stages
            if stage.key in times
        },
        won=folded.won,
        lost=folded.lost,
        cycle=Cycle(times.get(_CYCLE, Quartiles()), int(mean or 0)),
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


def _funnel(
    tx: Tx, held: CTE, pipeline: Pipeline, params: dict[str, Any]
) -> tuple[dict[int, int], dict[int, Quartiles]]:
    """By the place of the open stage: how many came in; how long those who came on took."""
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
    if not parts:
        return {}, {}
    return _quartiles(tx, union_all(*parts).cte("took"), params)


# --- times ----------------------------------------------------------------------------


def won_in_period(held: CTE) -> ColumnElement[bool]:
    return within(held.c.stage, "won_stages") & in_period(held.c.stage_since_at)


def _times(tx: Tx, held: CTE, params: dict[str, Any]) -> dict[str, Quartiles]:
    """By stage; the sales cycle beside them, under a key no stage can have."""
    known = ended_stays(held)
    length = known.c.left_at - known.c.entered_at
    took = union_all(
        select(known.c.stage.label("key"), case((length > 0, length), else_=0).label("ms")),
        select(literal(_CYCLE), held.c.stage_since_at - first_entry(held)).where(
            won_in_period(held)
        ),
    ).cte("took")
    return _quartiles(tx, took, params)[1]


def _mean_cycle(held: CTE) -> Select[Any]:
    took = held.c.stage_since_at - first_entry(held)
    mean = func.sum(took) // func.count(took)
    return select(case((func.count(took) > 0, mean), else_=0)).where(won_in_period(held))


def _quartiles(
    tx: Tx, took: CTE, params: dict[str, Any]
) -> tuple[dict[Any, int], dict[Any, Quartiles]]:
    """Of rows (key, ms): by key, how many rows, and the quartiles of those whose ms is not null. Only rows that these
    lie on leave the database, and the first of each key.
    """
    rank = func.row_number().over(
        partition_by=took.c.key, order_by=func.coalesce(took.c.ms, literal(END, BigInteger()))
    )
    ranked = select(
        took.c.key,
        took.c.ms,
        (rank - 1).label("rank"),
        func.count().over(partition_by=took.c.key).label("many"),
        func.count(took.c.ms).over(partition_by=took.c.key).label("known"),
    ).subquery("ranked")
    place, last = ranked.c["rank"], ranked.c.known - 1
    low = [
        last * literal_column(str(quarter), Integer()) // literal_column("4", Integer())
        for quarter in (1, 2, 3)
    ]
    picked = or_(place == 0, *(place.between(one, one + 1) for one in low))
    found: dict[Any, dict[int, int]] = defaultdict(dict)
    many: dict[Any, int] = {}
    known: dict[Any, int] = {}
    columns = (ranked.c.key, place, ranked.c.ms, ranked.c.many, ranked.c.known)
    for key, at, ms, rows, counted in tx.execute(select(*columns).where(picked), params):
        many[key], known[key] = rows, counted
        if ms is not None:
            found[key][at] = int(ms)
    return many, {key: quartiles_of_picks(ranks, known[key]) for key, ranks in found.items()}
