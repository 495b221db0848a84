"""Saved segments, the leads of frozen ones, and how many leads a condition finds."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, literal, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.segment_sql import SHOWN, Condition, frozen
from inboxcrm.store.tables import account, cadence, lead, segment, segment_lead
from inboxcrm.store.upserts import insert_or_ignore

LIVE = "live"
FROZEN = "frozen"


class SegmentRow(NamedTuple):
    """`account` is who saved it last."""

    segment_id: int
    name: str
    key: str
    kind: str
    text: str
    tree: str
    account: str | None
    made_at: int


_ROWS = (
    select(
        segment.c.id,
        segment.c.name,
        segment.c.key,
        segment.c.kind,
        segment.c.text,
        segment.c.tree,
        account.c.name,
        segment.c.made_at,
    )
    .outerjoin(account, account.c.id == segment.c.account_id)
    .where(segment.c.removed_at.is_(None))
    .order_by(segment.c.key)
)
_BY_KEY = _ROWS.where(segment.c.key == bindparam("key"))
_BY_ID = _ROWS.where(segment.c.id == bindparam("segment_id"))


def all_segments(tx: Tx) -> list[SegmentRow]:
    """By name."""
    return [SegmentRow._make(row) for row in tx.execute(_ROWS)]


def segment_by_key(tx: Tx, key: str) -> SegmentRow | None:
    row = tx.execute(_BY_KEY, {"key": key}).first()
    return SegmentRow._make(row) if row else None


def segment_by_id(tx: Tx, segment_id: int) -> SegmentRow | None:
    row = tx.execute(_BY_ID, {"segment_id": segment_id}).first()
    return SegmentRow._make(row) if row else None


def put_segment(tx: Tx, key: str, values: dict[str, Any]) -> int:
    """Makes it, or writes over the one of that name, a removed one included; returns its id. Its frozen leads go."""
    insert_or_ignore(
        tx, segment, [{"key": key, "name": values["name"], "made_at": values["made_at"]}]
    )
    segment_id: int = tx.execute(
        update(segment)
        .where(segment.c.key == key)
        .values(removed_at=None, **values)
        .returning(segment.c.id)
    ).scalar_one()
    tx.execute(delete(segment_lead).where(segment_lead.c.segment_id == segment_id))
    return segment_id


def set_removed(tx: Tx, segment_id: int, *, at: int) -> None:
    tx.execute(update(segment).where(segment.c.id == segment_id).values(removed_at=at))
    tx.execute(delete(segment_lead).where(segment_lead.c.segment_id == segment_id))


def set_frozen(tx: Tx, segment_id: int) -> None:
    tx.execute(update(segment).where(segment.c.id == segment_id).values(kind=FROZEN))


def freeze_leads(tx: Tx, segment_id: int, condition: Condition) -> int:
    """The leads the condition finds now are the segment's from here on; returns how many. In one statement."""
    found = select(literal(segment_id), lead.c.id).where(SHOWN, condition.clause)
    tx.execute(insert(segment_lead).from_select(["segment_id", "lead_id"], found), condition.params)
    return count_segment(tx, frozen(segment_id))


# --- leads ---------------------------------------------------------------------


def count_segment(tx: Tx, condition: Condition) -> int:
    found = select(func.count()).select_from(lead).where(SHOWN, condition.clause)
    return int(tx.execute(found, condition.params).scalar_one())


def leads_of(tx: Tx, condition: Condition, *, after: int = 0, limit: int) -> list[int]:
    """Lead ids behind `after`, ascending."""
    found = (
        select(lead.c.id)
        .where(SHOWN, condition.clause, lead.c.id > bindparam("after"))
        .order_by(lead.c.id)
        .limit(at_most("many"))
    )
    rows = tx.execute(found, {**condition.params, "after": after, "many": limit})
    return list(rows.scalars())


def sample(tx: Tx, condition: Condition, *, limit: int = 20) -> list[int]:
    """Some of them: lead ids, the newest sign of life first."""
    found = (
        select(lead.c.id)
        .where(SHOWN, condition.clause)
        .order_by(lead.c.moved_at.desc(), lead.c.id.desc())
        .limit(at_most("many"))
    )
    return list(tx.execute(found, {**condition.params, "many": limit}).scalars())


def known_cadences(tx: Tx) -> list[str]:
    """Names of cadences, to ask for who was in them."""
    return list(tx.execute(select(cadence.c.name).order_by(cadence.c.key)).scalars())
