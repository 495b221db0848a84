"""The board: the sum of every stage, and the first cards of each.

Today's board reads the sums from one index and of every stage only the cards it shows, however many leads there are.
A past one is put together from how every lead stood then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, bindparam, func, or_, select, union_all

from inboxcrm.leads.number_shapes import StageSum, added
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.pipeline_ground import Instant, standing
from inboxcrm.store.segment_sql import SHOWN, Condition
from inboxcrm.store.tables import lead, organization


class PastCard(NamedTuple):
    """A lead as it stood at an instant; name and organization are today's."""

    lead_id: int
    stage: str
    stage_since_at: int
    owner_id: int | None
    value_cents: int | None
    value_currency: str
    close_on: str | None
    name: str
    organization: str | None


def _in_use() -> Select[Any]:
    """From one key to the next in the index of sums: as many steps as there are pipelines, however many leads."""
    next_key = select(lead.c.pipeline).where(SHOWN).order_by(lead.c.pipeline).limit(at_most(1))
    used = select(next_key.scalar_subquery().label("key")).cte("used", recursive=True)
    behind = next_key.where(lead.c.pipeline > used.c.key).correlate(used).scalar_subquery()
    used = used.union_all(select(behind).where(used.c.key.is_not(None)))
    return select(used.c.key).where(used.c.key.is_not(None))


_IN_USE = _in_use()


def pipelines_in_use(tx: Tx) -> list[str]:
    """Keys of pipelines that leads stand in, also such as the settings do not know."""
    return list(tx.execute(_IN_USE).scalars())


def stage_sums(tx: Tx, pipeline: str, *, narrowed: Condition | None = None) -> dict[str, StageSum]:
    """Of every stage that leads stand in now."""
    asked = (
        select(
            lead.c.stage,
            lead.c.value_currency,
            func.count(),
            func.count(lead.c.value_cents),
            func.sum(lead.c.value_cents),
        )
        .where(lead.c.pipeline == bindparam("pipeline"), SHOWN)
        .group_by(lead.c.stage, lead.c.value_currency)
    )
    if narrowed is not None:
        asked = asked.where(narrowed.clause)
    more = narrowed.params if narrowed else {}
    return _added(tx.execute(asked, {"pipeline": pipeline, **more}).all())


def past_sums(tx: Tx, instant: Instant) -> dict[str, StageSum]:
    """The same at an instant."""
    held = standing(instant)
    asked = select(
        held.c.stage,
        held.c.value_currency,
        func.count(),
        func.count(held.c.value_cents),
        func.sum(held.c.value_cents),
    ).group_by(held.c.stage, held.c.value_currency)
    return _added(tx.execute(asked, instant.params).all())


def _added(rows: Collection[Sequence[Any]]) -> dict[str, StageSum]:
    parts: dict[str, list[StageSum]] = defaultdict(list)
    for stage, currency, leads, valued, cents in rows:
        parts[stage].append(StageSum(leads, {currency: int(cents)} if valued else {}))
    return {stage: added(sums) for stage, sums in parts.items()}


def first_cards(
    tx: Tx,
    pipeline: str,
    stages: Collection[str],
    *,
    limit: int,
    before: tuple[int, int] | None = None,
    narrowed: Condition | None = None,
) -> list[int]:
    """Ids of up to `limit` leads a stage, the newest sign of life first; `before` goes on behind (time, lead id)."""
    params: dict[str, Any] = {"pipeline": pipeline, "many": limit}
    if before is not None:
        params |= {"at": before[0], "before_id": before[1]}
    if narrowed is not None:
        params |= narrowed.params
    if not stages:
        return []
    for number, stage in enumerate(stages):
        params[f"of_stage_{number}"] = stage
    if narrowed is None:
        asked = _cards_of_all(len(stages), is_first=before is None)
    else:
        asked = _cards(len(stages), narrowed, is_first=before is None)
    return list(tx.execute(asked, params).scalars())


@cache
def _cards_of_all(stages: int, *, is_first: bool) -> CompoundSelect[Any]:
    """Built once: putting nine parts together takes as long as reading what they find."""
    return _cards(stages, None, is_first=is_first)


def _cards(stages: int, narrowed: Condition | None, *, is_first: bool) -> CompoundSelect[Any]:
    parts = [
        select(_of_stage(number, narrowed, is_first=is_first).subquery(f"part_{number}").c.id)
        for number in range(stages)
    ]
    return union_all(*parts)


def _of_stage(number: int, narrowed: Condition | None, *, is_first: bool) -> Select[Any]:
    some = select(lead.c.id).where(
        lead.c.pipeline == bindparam("pipeline"),
        lead.c.stage == bindparam(f"of_stage_{number}"),
        SHOWN,
    )
    if not is_first:
        at: Any = bindparam("at")
        some = some.where(
            lead.c.moved_at <= at, or_(lead.c.moved_at < at, lead.c.id < bindparam("before_id"))
        )
    if narrowed is not None:
        some = some.where(narrowed.clause)
    return some.order_by(lead.c.moved_at.desc(), lead.c.id.desc()).limit(at_most("many"))


def past_cards(
    tx: Tx, instant: Instant, *, limit: int, stage: str | None = None, offset: int = 0
) -> list[PastCard]:
    """Up to `limit` leads a stage as they stood at the instant, those that came into it last first."""
    held = standing(instant)
    place = func.row_number().over(
        partition_by=held.c.stage, order_by=(held.c.stage_since_at.desc(), held.c.lead_id.desc())
    )
    # Only what they are sorted by goes through the sorting of all leads; the cards are read afterwards.
    ranked = select(held.c.lead_id, place.label("place"))
    params = {**instant.params, "behind": offset, "upto": offset + limit}
    if stage is not None:
        ranked = ranked.where(held.c.stage == bindparam("of_stage"))
        params["of_stage"] = stage
    sorted_ = ranked.cte("ranked")
    asked = (
        select(sorted_.c.lead_id)
        .where(sorted_.c.place > bindparam("behind"), sorted_.c.place <= bindparam("upto"))
        .order_by(sorted_.c.place)
    )
    ids = list(tx.execute(asked, params).scalars())
    found = {one.lead_id: one for one in cards_by_id(tx, instant, ids)}
    return [found[one] for one in ids]


def cards_by_id(tx: Tx, instant: Instant, lead_ids: Collection[int]) -> list[PastCard]:
    """Those of these leads that stood at the instant, as they stood, by id."""
    held = standing(instant)
    asked = (
        select(
            held.c.lead_id,
            held.c.stage,
            held.c.stage_since_at,
            held.c.owner_id,
            held.c.value_cents,
            held.c.value_currency,
            held.c.close_on,
            lead.c.name,
            organization.c.name,
        )
        .join(lead, lead.c.id == held.c.lead_id)
        .outerjoin(organization, organization.c.id == lead.c.organization_id)
        .where(within(held.c.lead_id, "ids"))
        .order_by(held.c.lead_id)
    )
    rows = tx.execute(asked, {**instant.params, "ids": list(lead_ids)})
    return [PastCard._make(row) for row in rows]
