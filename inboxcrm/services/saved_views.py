"""Saved views: a page of the pipeline with what it is asked, kept under a name, for oneself or for all.

A view is a question and holds no leads: whoever opens it sees what they may see, and a filter that says "me" means
whoever asks. Its page and what it asks can be changed by whom access/viewer.py lets; a version tells two who change
it at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from inboxcrm.access.viewer import Viewer, ViewRight, right_to_view
from inboxcrm.errors import ConflictError, NotFoundError, RefusedError
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.services.lead_changes import (
    WrongFieldsError,
    now_ms,
    one_line,
    refuse_strangers,
    wrong,
)
from inboxcrm.services.pipeline_filter import LONGEST, narrowing
from inboxcrm.store import saved_views as rows
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.pipeline_sheet import GROUPS, SORTS
from inboxcrm.store.saved_views import ViewRow

SEALED_AS = "view"
UNDO_SEALED_AS = "view removed"
PAGES = ("board", "sheet", "numbers")
MOST = 200
"""Views of one account."""
MOST_LISTED = 500
_LONGEST_NAME = 80
_LONGEST_KEY = 80
_LONGEST_PERIOD = 3_660
_COLUMN = re.compile(r"[a-z_]{1,40}")
# Control characters and what turns the direction of the text around it: a name others read in a row of names has none.
_TURNING = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class ViewAsked:
    """What a view holds; empty means the usual. `filter` is a segment's name or a filter in words, `conditions` what
    the columns were asked, `columns` and `sort` are columns of the sheet, `days` the period of the numbers.
    """

    page: str = "sheet"
    pipeline: str = ""
    filter: str = ""
    conditions: str = ""
    columns: tuple[str, ...] = ()
    sort: str = ""
    is_descending: bool = False
    group: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class SavedView:
    """`owner` is the name of whose it is; `may_change`: by the viewer it was made for."""

    id: str
    name: str
    asked: ViewAsked
    is_shared: bool
    is_mine: bool
    owner: str
    version: int
    may_change: bool = False


# --- reading ------------------------------------------------------------------------


def saved_views(desk: Desk, viewer: Viewer, *, limit: int = MOST_LISTED) -> tuple[SavedView, ...]:
    """One's own by name, then those that others share. One statement."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        found = rows.visible_views(tx, viewer.account_id, limit=limit)
    return tuple(_view(desk, viewer, row) for row in found)


def view_of(desk: Desk, viewer: Viewer, view_id: str) -> SavedView:
    """Raises NotFoundError, also for one that is not shared with this viewer."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        return _view(desk, viewer, _standing(tx, desk, viewer, view_id))


def view_named(desk: Desk, viewer: Viewer, name: str) -> SavedView:
    """One's own of that name, else the one somebody shares. Raises NotFoundError, RefusedError where two share one."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        found = rows.views_called(tx, viewer.account_id, folded_name(name))
    if not found:
        raise NotFoundError(
            f'There is no view called "{name.strip()[:60]}".', remedy="See `inboxcrm view list`."
        )
    if len(found) > 1 and found[0].account_id != viewer.account_id:
        raise RefusedError(
            f'Several people share a view called "{found[0].name}".',
            remedy="Open it in the browser, where each has its own address.",
        )
    return _view(desk, viewer, found[0])


# --- changing -----------------------------------------------------------------------


def save_view(
    desk: Desk, viewer: Viewer, *, name: str, asked: ViewAsked, is_shared: bool = False
) -> SavedView:
    """A new one. Raises FieldsError (a name that is missing or taken among others), SegmentError, NotFoundError."""
    refuse_strangers(viewer)
    said, key = _named(name)
    values = _values(desk, viewer, asked)
    with desk.database.write() as tx:
        rows.lock_owner(tx, viewer.account_id)
        _refuse_taken(tx, viewer.account_id, said, key)
        if rows.count_views(tx, viewer.account_id) >= MOST:
            raise wrong(
                "name", f"You have {MOST} views already.", "Delete one that you do not use."
            )
        view_id = rows.insert_view(
            tx,
            {
                "account_id": viewer.account_id,
                "name": said,
                "key": key,
                "is_shared": is_shared,
                "made_at": now_ms(desk),
                **values,
            },
        )
        return _view(desk, viewer, _there(tx, view_id))


def put_view(
    desk: Desk, viewer: Viewer, *, name: str, asked: ViewAsked, is_shared: bool = False
) -> SavedView:
    """Under that name, whatever view of one's own stood there. Raises as `save_view`."""
    refuse_strangers(viewer)
    _, key = _named(name)
    with desk.database.read() as tx:
        there = rows.view_by_key(tx, viewer.account_id, key)
    if there is None or there.removed_at is not None:
        return save_view(desk, viewer, name=name, asked=asked, is_shared=is_shared)
    return change_view(
        desk,
        viewer,
        desk.ids.seal(SEALED_AS, there.view_id),
        version=there.version,
        name=name,
        asked=asked,
        is_shared=is_shared,
    )


def change_view(
    desk: Desk,
    viewer: Viewer,
    view_id: str,
    *,
    version: int,
    name: str | None = None,
    asked: ViewAsked | None = None,
    is_shared: bool | None = None,
) -> SavedView:
    """Changes what is given and leaves the rest. Raises NotFoundError, ConflictError for an old version, RefusedError
    for a view that others may only open, FieldsError, SegmentError.
    """
    values: dict[str, Any] = {} if asked is None else _values(desk, viewer, asked)
    if is_shared is not None:
        values["is_shared"] = is_shared
    with desk.database.write() as tx:
        found = _changeable(tx, desk, viewer, view_id)
        if name is not None:
            said, key = _named(name)
            rows.lock_owner(tx, found.account_id)
            if key != found.key:
                _refuse_taken(tx, found.account_id, said, key)
            values |= {"name": said, "key": key}
        if not rows.change_view(tx, found.view_id, version=version, values=values):
            raise ConflictError(
                "Somebody changed this view since you opened it; your change was not made.",
                version=found.version,
                remedy="Look at it as it stands now, then change it again.",
            )
        return _view(desk, viewer, _there(tx, found.view_id))


def delete_view(desk: Desk, viewer: Viewer, view_id: str) -> tuple[SavedView, str]:
    """Out of every list; the token takes that back. Raises NotFoundError, RefusedError."""
    with desk.database.write() as tx:
        found = _changeable(tx, desk, viewer, view_id)
        rows.set_view_removed(tx, found.view_id, at=now_ms(desk))
        return _view(desk, viewer, found), desk.ids.seal(UNDO_SEALED_AS, found.view_id)


def is_undo_token(desk: Desk, token: str) -> bool:
    return desk.ids.open(UNDO_SEALED_AS, token) is not None


def bring_back_view(desk: Desk, viewer: Viewer, token: str) -> SavedView:
    """Undoes a deletion. Raises NotFoundError where nothing is left to bring back, RefusedError."""
    number = desk.ids.open(UNDO_SEALED_AS, token)
    with desk.database.write() as tx:
        found = None if number is None else rows.view_by_id(tx, number)
        if (
            found is None
            or found.removed_at is None
            or found.key.startswith(rows.NAMELESS)
            or _right(viewer, found) is ViewRight.NONE
        ):
            raise NotFoundError(
                "There is nothing to take back here.", remedy="See the list of views."
            )
        _refuse_reader(viewer, found)
        rows.set_view_removed(tx, found.view_id, at=None)
        return _view(desk, viewer, found)


# --- what may be --------------------------------------------------------------------


def _right(viewer: Viewer, row: ViewRow) -> ViewRight:
    return right_to_view(viewer, row.account_id, is_shared=row.is_shared)


def _standing(tx: Tx, desk: Desk, viewer: Viewer, view_id: str) -> ViewRow:
    number = desk.ids.open(SEALED_AS, view_id)
    found = None if number is None else rows.view_by_id(tx, number)
    if found is None or found.removed_at is not None or _right(viewer, found) is ViewRight.NONE:
        raise NotFoundError(
            "There is no such view, or it is not shared with you.",
            remedy="Ask whoever gave you its address to share it with the team.",
        )
    return found


def _changeable(tx: Tx, desk: Desk, viewer: Viewer, view_id: str) -> ViewRow:
    refuse_strangers(viewer)
    found = _standing(tx, desk, viewer, view_id)
    _refuse_reader(viewer, found)
    return found


def _refuse_reader(viewer: Viewer, row: ViewRow) -> None:
    if _right(viewer, row) is not ViewRight.CHANGE:
        raise RefusedError(
            f"This view belongs to {row.owner}; you may open it, not change it.",
            remedy="Save it under a name of your own.",
        )


def _there(tx: Tx, view_id: int) -> ViewRow:
    found = rows.view_by_id(tx, view_id)
    assert found is not None
    return found


def _named(name: str) -> tuple[str, str]:
    said = one_line(_TURNING.sub("", name), "name", "The name", longest=_LONGEST_NAME)
    key = folded_name(said)
    if not key:
        raise wrong("name", "The view has no name.", "Write a word or two.")
    return said, key


def _refuse_taken(tx: Tx, account_id: int, name: str, key: str) -> None:
    """A removed one of that name goes for good."""
    there = rows.view_by_key(tx, account_id, key)
    if there is not None and there.removed_at is None:
        raise wrong("name", f'There is a view "{name}" already.', "Choose another name.")
    rows.release_name(tx, account_id, key)


def _values(desk: Desk, viewer: Viewer, asked: ViewAsked) -> dict[str, Any]:
    """As the row holds it. What cannot be asked is not kept. Raises FieldsError, SegmentError, NotFoundError."""
    problems = {
        name: text
        for name, is_wrong, text in (
            ("page", asked.page not in PAGES, f"A page is one of {', '.join(PAGES)}."),
            ("pipeline", len(asked.pipeline) > _LONGEST_KEY, "There is no such pipeline."),
            ("filter", len(asked.filter) > LONGEST, f"Write at most {LONGEST} characters."),
            ("conditions", len(asked.conditions) > LONGEST, f"At most {LONGEST} characters."),
            ("columns", not all(map(_COLUMN.fullmatch, asked.columns)) or len(asked.columns) > 40,
             "That is no list of columns."),
            ("sort", asked.sort not in {"", *SORTS}, f"It is sorted by one of {', '.join(SORTS)}."),
            ("group", asked.group not in {"", *GROUPS}, f"It is grouped by one of {', '.join(GROUPS)}."),
            ("days", not 0 <= asked.days <= _LONGEST_PERIOD, f"A period has 1 to {_LONGEST_PERIOD} days."),
        )
        if is_wrong
    }  # fmt: skip
    if problems:
        raise WrongFieldsError({name: (text, "") for name, text in problems.items()})
    filter_text, conditions = (
        text.replace("\x00", "").strip() for text in (asked.filter, asked.conditions)
    )
    narrowing(desk, viewer, filter_text, conditions)
    return {
        "page": asked.page,
        "pipeline": asked.pipeline,
        "filter_text": filter_text,
        "conditions": conditions,
        "columns": ",".join(asked.columns),
        "sort": asked.sort,
        "is_descending": asked.is_descending,
        "grouping": asked.group,
        "days": asked.days,
    }


def _view(desk: Desk, viewer: Viewer, row: ViewRow) -> SavedView:
    return SavedView(
        desk.ids.seal(SEALED_AS, row.view_id),
        row.name,
        ViewAsked(
            row.page,
            row.pipeline,
            row.filter_text,
            row.conditions,
            tuple(filter(None, row.columns.split(","))),
            row.sort,
            row.is_descending,
            row.grouping,
            row.days,
        ),
        row.is_shared,
        row.account_id == viewer.account_id,
        row.owner,
        row.version,
        _right(viewer, row) is ViewRight.CHANGE,
    )
