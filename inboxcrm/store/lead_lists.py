"""Lists of leads, newest sign of life first, narrowed to a stage, an owner, a tag, an organization, or who owes whom.

Each way of narrowing has an index that gives its leads in that order, so that a page reads its own rows and no more.
A tag is the exception: a rare one is read whole and sorted, a common one is met soon while walking along the order.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, func, literal, or_, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.tables import account, address, lead, lead_address, lead_tag, organization, task

COUNTED_TO = 1_000
_RARE_TAG = 2_000
_END_OF_TIME = 1 << 62


class LeadLine(NamedTuple):
    lead_id: int
    name: str
    version: int
    pipeline: str
    stage: str
    stage_since_at: int
    organization: str | None
    owner_id: int | None
    owner: str | None
    value_cents: int | None
    value_currency: str
    last_in_at: int | None
    last_out_at: int | None
    owes: str
    owes_since_at: int | None
    created_at: int
    address: str | None
    next_due_on: str | None
    sort_at: int


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to; nothing said means all. `owner_id` 0 means nobody's."""

    stages: tuple[tuple[str, str], ...] = ()
    owes: str = ""
    owner_id: int | None = None
    tag_id: int | None = None
    organization_id: int | None = None


moved_at = lead.c.moved_at
"""Its newest sign of life; written like this in the indexes too."""

_first_address = (
    select(address.c.shown)
    .join(lead_address, lead_address.c.address_id == address.c.id)
    .where(lead_address.c.lead_id == lead.c.id)
    .order_by(address.c.id)
    .limit(at_most(1))
    .scalar_subquery()
)
_next_due_on = (
    select(func.min(task.c.due_on))
    .where(task.c.lead_id == lead.c.id, task.c.done_at.is_(None), task.c.removed_at.is_(None))
    .scalar_subquery()
)
_LINES = (
    select(
        lead.c.id,
        lead.c.name,
        lead.c.version,
        lead.c.pipeline,
        lead.c.stage,
        lead.c.stage_since_at,
        organization.c.name,
        lead.c.owner_id,
        account.c.name,
        lead.c.value_cents,
        lead.c.value_currency,
        lead.c.last_in_at,
        lead.c.last_out_at,
        lead.c.owes,
        lead.c.owes_since_at,
        lead.c.created_at,
        _first_address,
        _next_due_on,
        moved_at,
    )
    .outerjoin(organization, organization.c.id == lead.c.organization_id)
    .outerjoin(account, account.c.id == lead.c.owner_id)
    .where(lead.c.merged_into.is_(None), lead.c.is_withdrawn.is_(False))
)
_BY_ID = _LINES.where(within(lead.c.id, "ids"))


@cache
def _newest(*, stages: int, owes: bool, owner: str, tag: str, organization_: bool) -> Select[Any]:
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    lines = _LINES.where(moved_at <= at, or_(moved_at < at, lead.c.id < before_id))
    if stages:
        lines = lines.where(
            or_(
                *(
                    (lead.c.pipeline == bindparam(f"pipeline_{number}"))
                    & (lead.c.stage == bindparam(f"stage_{number}"))
                    for number in range(stages)
                )
            )
        )
    if owes:
        lines = lines.where(lead.c.owes == bindparam("owes"))
    if owner == "nobody":
        lines = lines.where(lead.c.owner_id.is_(None))
    elif owner:
        lines = lines.where(lead.c.owner_id == bindparam("owner_id"))
    if organization_:
        lines = lines.where(lead.c.organization_id == bindparam("organization_id"))
    tagged = select(lead_tag.c.lead_id).where(lead_tag.c.tag_id == bindparam("tag_id"))
    if tag == "rare":
        lines = lines.where(lead.c.id.in_(tagged))
    elif tag:
        lines = lines.where(tagged.where(lead_tag.c.lead_id == lead.c.id).exists())
    return lines.order_by(moved_at.desc(), lead.c.id.desc()).limit(at_most("many"))


_SOME_TAGGED = select(func.count()).select_from(
    select(literal(1))
    .where(lead_tag.c.tag_id == bindparam("tag_id"))
    .limit(at_most(_RARE_TAG + 1))
    .subquery("some")
)


def newest_leads(
    tx: Tx, narrowed: Narrowed, *, before: tuple[int, int] | None, limit: int
) -> list[LeadLine]:
    """Leads by their newest sign of life, newest first, from `before` (time, lead id) on."""
    at, before_id = before or (_END_OF_TIME, 0)
    params: dict[str, Any] = {"at": at, "before_id": before_id, "many": limit}
    owner = ""
    if narrowed.owner_id is not None:
        owner = "somebody" if narrowed.owner_id else "nobody"
        if narrowed.owner_id:
            params["owner_id"] = narrowed.owner_id
    tag = ""
    if narrowed.tag_id is not None:
        params["tag_id"] = narrowed.tag_id
        many = tx.execute(_SOME_TAGGED, {"tag_id": narrowed.tag_id}).scalar_one()
        tag = "rare" if many <= _RARE_TAG else "common"
    if narrowed.owes:
        params["owes"] = narrowed.owes
    if narrowed.organization_id is not None:
        params["organization_id"] = narrowed.organization_id
    for number, (pipeline, stage) in enumerate(narrowed.stages):
        params |= {f"pipeline_{number}": pipeline, f"stage_{number}": stage}
    statement = _newest(
        stages=len(narrowed.stages),
        owes=bool(narrowed.owes),
        owner=owner,
        tag=tag,
        organization_=narrowed.organization_id is not None,
    )
    return [LeadLine._make(row) for row in tx.execute(statement, params)]


def leads_by_id(tx: Tx, lead_ids: Collection[int]) -> dict[int, LeadLine]:
    return {row[0]: LeadLine._make(row) for row in tx.execute(_BY_ID, {"ids": list(lead_ids)})}


@cache
def _counted(stages: tuple[tuple[str, str], ...]) -> CompoundSelect[Any]:
    def one(pipeline: str, stage: str) -> Any:
        some = (
            select(literal(1))
            .select_from(lead)
            .where(
                lead.c.pipeline == pipeline,
                lead.c.stage == stage,
                lead.c.merged_into.is_(None),
                lead.c.is_withdrawn.is_(False),
            )
            .limit(at_most(COUNTED_TO + 1))
            .subquery()
        )
        return select(literal(pipeline), literal(stage), func.count()).select_from(some)

    return union_all(*(one(pipeline, stage) for pipeline, stage in stages))


def count_some(tx: Tx, stages: tuple[tuple[str, str], ...]) -> list[tuple[str, str, int]]:
    """(pipeline, stage, leads) of the stages that hold any; more than a thousand count as a thousand and one."""
    rows = tx.execute(_counted(stages))
    return [(row[0], row[1], row[2]) for row in rows if row[2]]
