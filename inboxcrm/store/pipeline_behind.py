"""The leads behind a figure, by the key leads/numbers.py names it with: as many as there are, page by page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, not_, or_, select

from inboxcrm.leads.number_shapes import Asked
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.pipeline_ground import (
    END,
    Instant,
    ended_stays,
    entries,
    kind_lists,
    standing,
)
from inboxcrm.store.pipeline_numbers import (
    came_on_at,
    in_period,
    won_in_period,
)
from inboxcrm.store.segment_sql import Condition


def leads_behind(
    tx: Tx,
    asked: Asked,
    which: str,
    *,
    narrowed: Condition | None = None,
    offset: int = 0,
    limit: int = 100,
) -> tuple[list[int], int]:
    """(A page of their ids, ascending; how many there are). A key that names nothing has none."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    found = _found(standing(instant), asked.pipeline, which)
    if found is None:
        return [], 0
    params = {**instant.params, "since": asked.since, **kind_lists(asked.pipeline)}
    total = tx.execute(select(func.count()).select_from(found.subquery("found")), params)
    page = found.order_by("lead_id").limit(at_most("many")).offset(at_most("behind"))
    rows = tx.execute(page, {**params, "many": limit, "behind": offset})
    return list(rows.scalars()), total.scalar_one()


def _found(held: CTE, pipeline: Pipeline, which: str) -> Select[Any] | None:
    kind, _, key = which.partition(":")
    stage = pipeline.stage(key)
    all_of = select(held.c.lead_id)
    match kind:
        case "stage":
            return all_of.where(held.c.stage == key)
        case "entered" | "reached" if stage and stage in pipeline.open_stages:
            first = entries(held, pipeline)
            entered = first.c[f"stage_{pipeline.stages.index(stage)}"]
            found = select(first.c.lead_id).where(in_period(entered))
            if kind == "reached":
                found = found.where(came_on_at(first, pipeline, stage) < END)
            return found
        case "left" if stage:
            known = ended_stays(held)
            return select(known.c.lead_id).where(known.c.stage == key).distinct()
    condition = _condition(held, kind, key)
    return None if condition is None else all_of.where(condition)


def _condition(held: CTE, kind: str, key: str) -> ColumnElement[bool] | None:
    is_open = not_(within(held.c.stage, "closed_stages"))
    lost = and_(within(held.c.stage, "lost_stages"), in_period(held.c.stage_since_at))
    shown = or_(is_open, lost, won_in_period(held))
    match kind:
        case "open":
            return is_open
        case "won":
            return won_in_period(held)
        case "lost":
            return lost
        case "reason":
            return and_(lost, held.c.stage_reason == key)
        case "source":
            return and_(shown, held.c.source == key)
        case "owner" if key.isascii() and key.isdigit() and len(key) < 18:
            number = int(key)
            owned = held.c.owner_id == number if number else held.c.owner_id.is_(None)
            return and_(shown, owned)
    return None
