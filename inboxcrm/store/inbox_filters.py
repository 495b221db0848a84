"""The inbox narrowed, a page at a time, and counted. What each filter walks is in `inbox_walks`.

A viewer who may read little might walk far without meeting anything of theirs. So a page looks at REACH entries of its
index at most, and says from where the next one goes on (`Looked.floor`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ScalarSelect, Select, bindparam, distinct, func, or_, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.inbox import END_OF_TIME, ThreadLine, ThreadPage, page_of, thread_lines
from inboxcrm.store.inbox_walks import WALKS, Show, Walk
from inboxcrm.store.lists import at_most
from inboxcrm.store.sight import is_limited, sight
from inboxcrm.store.tables import thread

REACH = 2_000
"""How many entries of its index one page looks at."""

COUNT_REACH = 300
"""How many a count looks at: it stands on every page and is read by nobody who wants them all."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A narrowed page. `places` are where its lines stand in the walk; `floor` is set where the walk was cut short."""

    page: ThreadPage
    places: list[tuple[int, int]]
    floor: int | None


def filtered_threads(
    tx: Tx,
    viewer: Viewer,
    show: Show,
    *,
    now: int,
    before: tuple[int, int] | None,
    limit: int,
) -> Looked:
    """Four queries, whatever there is to be found."""
    at, number = before or (END_OF_TIME, 0)
    limited = is_limited(viewer)
    known = {"at": at, "before_id": number, "me": viewer.account_id, "now": now} | sight(viewer)
    seen, floor = tx.execute(_window(show, limited=limited), known).one()
    rows = tx.execute(
        _lines(show, limited=limited), known | {"floor": floor or 0, "many": limit}
    ).all()
    lines = [ThreadLine._make(row[:-2]) for row in rows]
    return Looked(
        page_of(tx, viewer, lines),
        [(row[-2], row[-1]) for row in rows],
        floor if seen == REACH else None,
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """`is_more`: there are at least so many, for not everything was looked at."""

    threads: int
    is_more: bool


def count_threads(
    tx: Tx, viewer: Viewer, shows: tuple[Show, ...], *, now: int, most: int
) -> dict[Show, Counted]:
    """How many threads these filters show among the newest entries of their index, up to `most`, in one query."""
    known = {"me": viewer.account_id, "now": now, "many": most + 1} | sight(viewer)
    found = tx.execute(_counts(shows, limited=is_limited(viewer)), known).one()
    return {
        show: Counted(min(threads, most), threads > most or seen == COUNT_REACH)
        for show, threads, seen in zip(shows, found[::2], found[1::2], strict=True)
    }


@cache
def _window(show: Show, *, limited: bool) -> Select[int, Any]:
    """How many entries are within reach, and when the last of them was."""
    walk = WALKS[show](limited=limited)
    near = _from_cursor(walk, select(walk.at.label("at")).select_from(walk.source)).subquery("near")
    return select(func.count(), func.min(near.c.at)).select_from(near)


def _from_cursor(walk: Walk, statement: Select[Any]) -> Select[Any]:
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    return (
        statement.where(*walk.served, walk.at <= at, or_(walk.at < at, walk.number < before_id))
        .order_by(walk.at.desc(), walk.number.desc())
        .limit(at_most(REACH))
    )


@cache
def _lines(show: Show, *, limited: bool) -> Select[Any]:
    walk = WALKS[show](limited=limited)
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    return (
        thread_lines(walk.source.join(thread, thread.c.id == walk.thread_id))
        .add_columns(walk.at, walk.number)
        .where(
            *walk.served,
            walk.at <= at,
            walk.at >= bindparam("floor"),
            or_(walk.at < at, walk.number < before_id),
            *walk.asked,
        )
        .order_by(walk.at.desc(), walk.number.desc())
        .limit(at_most("many"))
    )


@cache
def _counts(shows: tuple[Show, ...], *, limited: bool) -> Select[Any]:
    counts: list[Any] = [count for show in shows for count in _count(WALKS[show](limited=limited))]
    return select(*counts)


def _count(walk: Walk) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """The threads found, and how many entries were looked at. Only for walks whose numbers stand once each."""
    near = (
        select(walk.number.label("number"))
        .select_from(walk.source)
        .where(*walk.served)
        .order_by(walk.at.desc(), walk.number.desc())
        .limit(at_most(COUNT_REACH))
        .subquery("near")
    )
    entries = near.join(walk.source, walk.number == near.c.number)
    found = (
        select(thread.c.id.label("id"))
        .select_from(entries.join(thread, thread.c.id == walk.thread_id))
        .where(*walk.asked)
        .limit(at_most("many"))
        .subquery("found")
    )
    return (
        select(func.count(distinct(found.c.id))).scalar_subquery(),
        select(func.count()).select_from(near).scalar_subquery(),
    )
