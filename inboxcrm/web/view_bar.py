"""The saved views above a page of the pipeline, and between a view and the address that shows it.

A view's page is reached by an address that says all of it; `view` in it remembers by which view one came, so that the
page can say that it was changed since, and offer to save that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inboxcrm.errors import NotFoundError
from inboxcrm.services.saved_views import SavedView, ViewAsked, saved_views, view_of
from inboxcrm.views.pipeline_numbers import DAYS
from inboxcrm.views.pipeline_sheet import COLUMNS, USUAL
from inboxcrm.web.pipeline_spot import PipelineSpot, number_asked, spot_of
from inboxcrm.web.room import this_room

SHOWN = 8
"""Views in the row; all of them stand on a page of their own."""


@dataclass(frozen=True, slots=True)
class ViewForm:
    """A form of a view that was refused: `what` it was to do, what was typed, and what is wrong."""

    what: str
    name: str = ""
    is_shared: bool = False
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewBar:
    """`current` is the view one came by; `is_changed`: the page is asked something else now."""

    shown: tuple[SavedView, ...]
    has_more: bool
    current: SavedView | None
    is_changed: bool
    form: ViewForm


def view_bar(spot: PipelineSpot, form: ViewForm | None) -> ViewBar:
    """One statement, one more where the view one came by is none of the first."""
    room = this_room()
    found = saved_views(room.desk, room.viewer, limit=SHOWN + 1)
    current = next((one for one in found if one.id == spot.value("view")), None)
    if current is None and spot.value("view"):
        try:
            current = view_of(room.desk, room.viewer, spot.value("view"))
        except NotFoundError:
            # Gone, or not shared: the address says what is asked without it.
            current = None
    is_changed = current is not None and _plain(asked_by(spot)) != _plain(current.asked)
    return ViewBar(found[:SHOWN], len(found) > SHOWN, current, is_changed, form or ViewForm(""))


def asked_by(spot: PipelineSpot) -> ViewAsked:
    """What a view of this page would hold: not the day, nor how far one has turned the pages."""
    is_sheet = spot.page == "sheet"
    days = number_asked(spot, "days", DAYS) if spot.page == "numbers" else 0
    wanted = set(filter(None, spot.value("columns").split(",")))
    columns = tuple(key for key, _ in COLUMNS if key in wanted)
    return ViewAsked(
        page=spot.page,
        pipeline=spot.value("pipeline"),
        filter=spot.value("filter"),
        conditions=spot.value("where"),
        columns=columns if is_sheet and columns != USUAL else (),
        sort=spot.value("sort") if is_sheet else "",
        is_descending=is_sheet and spot.value("down") == "1",
        group=spot.value("group") if is_sheet else "",
        days=0 if days == DAYS else days,
    )


def _plain(asked: ViewAsked) -> ViewAsked:
    """Through an address and back, as it is shown: what a page does not know any more makes no difference."""
    return asked_by(_spot(asked))


def spot_by(view: SavedView) -> PipelineSpot:
    """The page of a view."""
    spot = _spot(view.asked)
    return spot_of(spot.page, {**spot.values, "view": view.id})


def _spot(asked: ViewAsked) -> PipelineSpot:
    return spot_of(
        asked.page,
        {
            "pipeline": asked.pipeline,
            "filter": asked.filter,
            "where": asked.conditions,
            "columns": ",".join(asked.columns),
            "sort": asked.sort,
            "down": "1" if asked.is_descending else "",
            "group": asked.group,
            "days": str(asked.days) if asked.days else "",
        },
    )
