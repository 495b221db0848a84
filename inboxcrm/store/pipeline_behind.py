"""The leads behind a figure, by the key leads/numbers.py names it with: as many as there are, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, not_, or_, select, true

from inboxcrm.leads.number_shapes import Asked
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.opened_leads import NONE, OpenedLeads, opened_leads
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
) -> OpenedLeads:
    """A key that names nothing has none."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    held = standing(instant)
    found = _found(held, asked.pipeline, which)
    if found is None:
        return NONE
    return opened_leads(tx, held, found, _params(instant, asked), offset=offset, limit=limit)


def leads_named(
    tx: Tx,
    asked: Asked,
    ids: Sequence[int],
    *,
    narrowed: Condition | None = None,
    offset: int = 0,
    limit: int = 100,
) -> OpenedLeads:
    """Those of `ids` that stood in the pipeline: found in Python, opened like the rest."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    held = standing(instant)
    found = select(held.c.lead_id).where(within(held.c.lead_id, "ids"))
    params = {**instant.params, "ids": list(ids)}
    return opened_leads(tx, held, found, params, offset=offset, limit=limit)


def stays_behind(tx: Tx, asked: Asked, stage: str, narrowed: Condition | None = None) -> int:
    """How many stays in a stage ended within the period: a lead may have had several."""
    instant = Instant(asked.pipeline, asked.at, narrowed)
    known = ended_stays(standing(instant))
    counted = select(func.count()).where(known.c.stage == stage)
    return tx.execute(counted, _params(instant, asked)).scalar_one()


def _params(instant: Instant, asked: Asked) -> dict[str, Any]:
    return {**instant.params, "since": asked.since, **kind_lists(asked.pipeline)}


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
    won = won_in_period(held)
    lost = and_(within(held.c.stage, "lost_stages"), in_period(held.c.stage_since_at))
    kinds = {
        "open": is_open,
        "won": won,
        "lost": lost,
        "closed": or_(won, lost),
        "all": or_(is_open, won, lost),
    }
    if kind == "reason":
        return and_(lost, held.c.stage_reason == key)
    if kind in {"source", "owner"}:
        kind, key = "all", f"{kind}:{key}"
    group = _in_group(held, key) if key else true()
    return None if group is None or kind not in kinds else and_(kinds[kind], group)


def _in_group(held: CTE, which: str) -> ColumnElement[bool] | None:
    kind, _, key = which.partition(":")
    if kind == "source":
        return held.c.source == key
    if kind == "owner" and key.isascii() and key.isdigit() and len(key) < 18:
        return held.c.owner_id == int(key) if int(key) else held.c.owner_id.is_(None)
    return None
