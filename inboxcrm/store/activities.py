"""Activities: what was done to a lead, one row a deed, never rewritten. Undoing adds a row and
marks the old one.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Insert,
    Select,
    bindparam,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.sql.selectable import CompoundSelect

from inboxcrm.store.database import Tx
from inboxcrm.store.lead_scores import note_score_due
from inboxcrm.store.lists import at_most
from inboxcrm.store.tables import account, activity
from inboxcrm.store.upserts import insert_rows

_PINNED = 3
HIDDEN = ("undo", "pin")


class ActivityRow(NamedTuple):
    activity_id: int
    lead_id: int
    at: int
    kind: str
    account_id: int | None
    account_name: str | None
    text: str
    data: str
    is_pinned: bool
    undone_at: int | None


_COLUMNS = (
    activity.c.id,
    activity.c.lead_id,
    activity.c.at,
    activity.c.kind,
    activity.c.account_id,
    account.c.name,
    activity.c.text,
    activity.c.data,
    activity.c.is_pinned,
    activity.c.undone_at,
)
_ALL = select(*_COLUMNS).outerjoin(account, account.c.id == activity.c.account_id)
_BY_ID = _ALL.where(activity.c.id == bindparam("activity_id"))
_SHOWN = _ALL.where(
    activity.c.lead_id == bindparam("lead_id"),
    activity.c.undone_at.is_(None),
    # What is only there to be taken back is no part of a lead's past.
    activity.c.kind.not_in(HIDDEN),
)


@cache
def _insert() -> Insert:
    return insert(activity)


def add_activity(
    tx: Tx,
    lead_id: int,
    *,
    at: int,
    kind: str,
    account_id: int | None,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> int:
    """Returns its id, which is what an undo token names."""
    made = tx.execute(
        _insert(),
        {
            "lead_id": lead_id,
            "at": at,
            "kind": kind,
            "account_id": account_id,
            "text": text,
            "data": json.dumps(data or {}, ensure_ascii=False, sort_keys=True),
        },
    )
    assert made.inserted_primary_key is not None
    note_score_due(tx, [lead_id])
    return int(made.inserted_primary_key[0])


def add_activities(
    tx: Tx,
    lead_ids: Collection[int],
    *,
    at: int,
    kind: str,
    account_id: int | None,
    text: str,
    data: dict[str, Any],
) -> None:
    """The same line for each of these leads."""
    written = json.dumps(data, ensure_ascii=False, sort_keys=True)
    insert_rows(
        tx,
        activity,
        [
            {
                "lead_id": one,
                "at": at,
                "kind": kind,
                "account_id": account_id,
                "text": text,
                "data": written,
            }
            for one in lead_ids
        ],
    )
    note_score_due(tx, lead_ids)


def activity_by_id(tx: Tx, activity_id: int) -> ActivityRow | None:
    row = tx.execute(_BY_ID, {"activity_id": activity_id}).first()
    return ActivityRow._make(row) if row else None


def mark_undone(tx: Tx, activity_id: int, *, at: int) -> bool:
    """True for the one who undid it; False when it was undone already."""
    done = tx.execute(
        update(activity)
        .where(activity.c.id == activity_id, activity.c.undone_at.is_(None))
        .values(undone_at=at)
    )
    return done.rowcount == 1


@cache
def _newest_with_pinned() -> CompoundSelect[Any]:
    newest = _SHOWN.order_by(activity.c.at.desc(), activity.c.id.desc()).limit(at_most("many"))
    pinned = (
        _SHOWN.where(activity.c.is_pinned.is_(True))
        .order_by(activity.c.at.desc(), activity.c.id.desc())
        .limit(literal(_PINNED))
    )
    return union_all(select(newest.subquery("newest")), select(pinned.subquery("pinned")))


def newest_activities(tx: Tx, lead_id: int, *, limit: int) -> list[ActivityRow]:
    """The newest ones still standing, and the newest pinned ones wherever they are; each once."""
    rows = tx.execute(_newest_with_pinned(), {"lead_id": lead_id, "many": limit})
    found = {row[0]: ActivityRow._make(row) for row in rows}
    return sorted(found.values(), key=lambda row: (row.at, row.activity_id), reverse=True)


@cache
def _older(kinds: tuple[str, ...]) -> Select[Any] | CompoundSelect[Any]:
    """Of every kind at once, or of each of these by itself: either way the index gives the rows in order."""
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    older = (
        _SHOWN.where(activity.c.at <= at, or_(activity.c.at < at, activity.c.id < before_id))
        .order_by(activity.c.at.desc(), activity.c.id.desc())
        .limit(at_most("many"))
    )
    if not kinds:
        return older
    by_kind = [select(older.where(activity.c.kind == one).subquery(one)) for one in kinds]
    return union_all(*by_kind) if len(by_kind) > 1 else by_kind[0]


def activities_before(
    tx: Tx,
    lead_id: int,
    *,
    at: int,
    before_id: int,
    limit: int,
    kinds: tuple[str, ...] = (),
) -> list[ActivityRow]:
    """A page of the timeline's past: older than that time, or of that time with a lower id. Newest first."""
    rows = tx.execute(
        _older(kinds), {"lead_id": lead_id, "at": at, "before_id": before_id, "many": limit}
    )
    found = [ActivityRow._make(row) for row in rows]
    found.sort(key=lambda row: (row.at, row.activity_id), reverse=True)
    return found[:limit]


# --- the one entry on top, where it is a deed (store/pins.py) -----------------


_PINNED_ONE = (
    _SHOWN.where(activity.c.is_pinned.is_(True))
    .order_by(activity.c.at.desc(), activity.c.id.desc())
    .limit(literal(1))
)


def pinned_activity(tx: Tx, lead_id: int) -> ActivityRow | None:
    row = tx.execute(_PINNED_ONE, {"lead_id": lead_id}).first()
    return ActivityRow._make(row) if row else None
