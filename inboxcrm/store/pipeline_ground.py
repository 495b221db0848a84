"""What every question to a pipeline stands on: the leads as they stood at an instant, and their stays in stages.

Statements are executed with `at` (ms) and `pipeline` (its key). Leads that stand as they did are read from their own
row, the others from `lead_past`; the words are those of leads/history.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    func,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from inboxcrm.leads.pipeline import Pipeline, StageKind
from inboxcrm.store.lead_past import HELD
from inboxcrm.store.segment_sql import SHOWN, Condition
from inboxcrm.store.tables import lead, lead_past

END = 1 << 62
"""Later than any time."""

since_at: ColumnElement[int] = func.coalesce(lead.c.state_since_at, lead.c.stage_since_at)
"""Since when a lead's own row says how it stands."""


@dataclass(frozen=True, slots=True)
class Instant:
    """`narrowed` is a filter over the leads as they are today."""

    pipeline: Pipeline
    at: int
    narrowed: Condition | None = None

    @property
    def params(self) -> dict[str, Any]:
        more = self.narrowed.params if self.narrowed else {}
        return {"at": self.at, "pipeline": self.pipeline.key, **more}


def standing(instant: Instant) -> CTE:
    """One row for each lead that stood in the pipeline at the instant: `lead_id` and the columns of `lead_past`."""
    names = [name for name in HELD if name != "pipeline"]
    now = select(lead.c.id.label("lead_id"), *(lead.c[name] for name in names)).where(
        SHOWN, lead.c.pipeline == bindparam("pipeline"), since_at <= bindparam("at")
    )
    past = select(lead_past.c.lead_id, *(lead_past.c[name] for name in names)).where(
        lead_past.c.until_at > bindparam("at"),
        lead_past.c.from_at <= bindparam("at"),
        lead_past.c.pipeline == bindparam("pipeline"),
    )
    if instant.narrowed is not None:
        now = now.where(instant.narrowed.clause)
        past = past.where(lead_past.c.lead_id.in_(select(lead.c.id).where(instant.narrowed.clause)))
    return union_all(now, past).cte("standing")


def ended_stays(held: CTE) -> CTE:
    """Stays in stages that ended between `since` and `at` (ms), of the leads in `held` (`standing`): lead_id, stage,
    entered_at, left_at.
    """
    left_at = func.max(lead_past.c.until_at)
    still = (lead_past.c.stage == held.c.stage) & (
        lead_past.c.stage_since_at == held.c.stage_since_at
    )
    return (
        select(
            lead_past.c.lead_id,
            lead_past.c.stage,
            lead_past.c.stage_since_at.label("entered_at"),
            left_at.label("left_at"),
        )
        .join(held, held.c.lead_id == lead_past.c.lead_id)
        # A stay that was interrupted ends with the last of its rows; those before `since` change nothing about it.
        .where(*_as_known(), lead_past.c.until_at >= bindparam("since"), not_(still))
        .group_by(lead_past.c.lead_id, lead_past.c.stage, lead_past.c.stage_since_at)
        .having(left_at <= bindparam("at"))
        .cte("ended_stays")
    )


def entries(held: CTE, pipeline: Pipeline) -> CTE:
    """One row for each lead of `held`: `lead_id`, and for the stage at each place, as `stage_0`, when it first came
    into it, or null. Those that mean lost are left out: nobody comes on from them, and every column is filled from all
    of the past.
    """
    keys = [
        (place, one.key)
        for place, one in enumerate(pipeline.stages)
        if one.kind is not StageKind.LOST
    ]
    past = (
        select(
            lead_past.c.lead_id,
            *(
                func.min(case((lead_past.c.stage == key, lead_past.c.stage_since_at))).label(
                    f"stage_{place}"
                )
                for place, key in keys
            ),
        )
        .where(*_as_known())
        .group_by(lead_past.c.lead_id)
        .cte("past_entries")
    )
    columns = []
    for place, key in keys:
        before, own = past.c[f"stage_{place}"], held.c.stage_since_at
        is_own = (held.c.stage == key) & or_(before.is_(None), own < before)
        columns.append(case((is_own, own), else_=before).label(f"stage_{place}"))
    return (
        select(held.c.lead_id, *columns)
        .outerjoin(past, past.c.lead_id == held.c.lead_id)
        .cte("entries")
    )


def _as_known() -> tuple[ColumnElement[bool], ...]:
    """Of `lead_past`: what had begun by `at` and was not taken back by then."""
    return (
        lead_past.c.pipeline == bindparam("pipeline"),
        lead_past.c.from_at <= bindparam("at"),
        or_(lead_past.c.taken_back_at.is_(None), lead_past.c.taken_back_at > bindparam("at")),
    )


def first_entry(held: CTE) -> ColumnElement[int]:
    """When a lead of `held` came into its first stage (ms)."""
    before = (
        select(func.min(lead_past.c.stage_since_at))
        .where(lead_past.c.lead_id == held.c.lead_id, lead_past.c.from_at <= bindparam("at"))
        .correlate(held)
        .scalar_subquery()
    )
    return least(func.coalesce(before, held.c.stage_since_at), held.c.stage_since_at)


def kind_lists(pipeline: Pipeline) -> dict[str, list[str]]:
    """Parameters `won_stages`, `lost_stages` and `closed_stages`; what is in none of them is open."""
    won = [one.key for one in pipeline.stages if one.kind is StageKind.WON]
    lost = [one.key for one in pipeline.stages if one.kind is StageKind.LOST]
    return {"won_stages": won, "lost_stages": lost, "closed_stages": won + lost}


def stage_rank(column: ColumnElement[str], pipeline: Pipeline) -> ColumnElement[int]:
    """The place of a stage in its pipeline; unknown ones come last."""
    places = {one.key: place for place, one in enumerate(pipeline.stages)}
    return case(places, value=column, else_=len(places))


class least(FunctionElement[int]):  # noqa: N801 - written like the functions of SQL
    """The lowest of at least two values that are not null: LEAST on PostgreSQL, MIN of several on SQLite."""

    type = BigInteger()
    inherit_cache = True
    name = "least"


@compiles(least, "sqlite")
def _least_on_sqlite(element: least, compiler: SQLCompiler, **rest: Any) -> str:
    return f"min({compiler.process(element.clauses, **rest)})"


@compiles(least, "postgresql")
def _least_on_postgresql(element: least, compiler: SQLCompiler, **rest: Any) -> str:
    return f"least({compiler.process(element.clauses, **rest)})"
