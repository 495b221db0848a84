"""The leads to call, the most urgent first, as leads/calling.py ranks them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, not_, or_, select, true

from inboxcrm.leads.calling import HAS_PHONE, WAITS
from inboxcrm.store.database import Tx
from inboxcrm.store.lead_scores import score_points
from inboxcrm.store.lists import at_most
from inboxcrm.store.segment_sql import SHOWN
from inboxcrm.store.segment_suppression import is_suppressed
from inboxcrm.store.tables import account, address, lead, lead_address, organization


class CallRow(NamedTuple):
    lead_id: int
    name: str
    organization: str | None
    owner_id: int | None
    owner: str | None
    pipeline: str
    stage: str
    stage_since_at: int
    phone: str
    owes: str
    owes_since_at: int | None
    score: int
    rank: int


_suppressed = (
    select(address.c.id)
    .select_from(lead_address)
    .join(address, address.c.id == lead_address.c.address_id)
    .where(lead_address.c.lead_id == lead.c.id, is_suppressed())
    .correlate(lead)
    .exists()
)
_mine = func.coalesce(lead.c.owner_id, bindparam("me")) == bindparam("me")


@cache
def _calls(closed: tuple[tuple[str, str], ...], *, mine: bool) -> Select[Any]:
    """`closed` stages come from settings, so that the statement stays the same from page to page."""
    points = score_points("score")
    rank = (
        points
        + case((lead.c.owes == "us", WAITS), else_=0)
        + case((lead.c.phone != "", HAS_PHONE), else_=0)
    )
    return (
        select(
            lead.c.id,
            lead.c.name,
            organization.c.name,
            lead.c.owner_id,
            account.c.name,
            lead.c.pipeline,
            lead.c.stage,
            lead.c.stage_since_at,
            lead.c.phone,
            lead.c.owes,
            lead.c.owes_since_at,
            points,
            rank.label("rank"),
        )
        .outerjoin(organization, organization.c.id == lead.c.organization_id)
        .outerjoin(account, account.c.id == lead.c.owner_id)
        .where(
            SHOWN,
            or_(lead.c.snoozed_until_at.is_(None), lead.c.snoozed_until_at <= bindparam("now")),
            or_(points > 0, lead.c.owes == "us"),
            not_(_suppressed),
            *(not_(and_(lead.c.pipeline == pipeline, lead.c.stage == stage)) for pipeline, stage in closed),
            _mine if mine else true(),
        )
        .order_by(
            rank.desc(),
            # Of equals who waits longest, then who gave a sign of life last.
            _last(lead.c.owes_since_at, lead.c.owes == "us"),
            lead.c.moved_at.desc(),
            lead.c.id,
        )
        .limit(at_most("many"))
        .offset(at_most("behind"))
    )  # fmt: skip


def _last(column: ColumnElement[Any], condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """The column, and those without it behind all others."""
    return func.coalesce(case((condition, column)), 1 << 62)


def leads_to_call(
    tx: Tx,
    *,
    closed: Collection[tuple[str, str]],
    now: int,
    me: int | None,
    limit: int,
    offset: int = 0,
) -> list[CallRow]:
    """`me`: only leads of this account and nobody's; None: everybody's. `closed`: the stages no call is made in."""
    asked = {"now": now, "many": limit, "behind": offset}
    statement = _calls(tuple(sorted(closed)), mine=me is not None)
    rows = tx.execute(statement, asked if me is None else {**asked, "me": me})
    return [CallRow._make(row) for row in rows]
