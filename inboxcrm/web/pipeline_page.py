"""A page of the pipeline drawn: board, sheet or numbers of a spot, with whatever form is open on it.

What cannot be asked is said beside what was typed, and left out of the question.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from inboxcrm.errors import NotFoundError, UsageError, UserError
from inboxcrm.leads.column_filters import FILTER_COLUMNS
from inboxcrm.services.bulk_edits import unfinished
from inboxcrm.services.pipeline_filter import ColumnForm, Narrowing, narrowing
from inboxcrm.views.pipeline import board
from inboxcrm.views.pipeline_numbers import DAYS, PERIODS, numbers_page
from inboxcrm.views.pipeline_sheet import (
    COLUMNS,
    EDITABLE,
    NOT_KEPT,
    USUAL,
    WARMTHS,
    SheetOrder,
    sheet,
)
from inboxcrm.views.stage_asks import AskedMove, reason_asked, stages_elsewhere
from inboxcrm.web.changes import said
from inboxcrm.web.panel import Toast
from inboxcrm.web.pipeline_spot import PipelineSpot, day_asked, number_asked
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import new_key, this_room
from inboxcrm.web.view_bar import ViewForm, view_bar

_GROUPS = (("stage", "Stage"), ("owner", "Owner"), ("source", "Source"), ("temperature", "Temperature"))  # fmt: skip


def show(
    spot: PipelineSpot,
    *,
    toast: Toast | None = None,
    code: int = 200,
    edit: str = "",
    asked: AskedMove | None = None,
    column: ColumnForm | None = None,
    saving: ViewForm | None = None,
) -> ResponseReturnValue:
    """`edit` names a cell that is a form; `asked` is what a stage still asks for, `column` the form of a column,
    `saving` one of a view that was refused.
    """
    narrowed, problem = Narrowing(), ""
    try:
        narrowed = narrowed_to(spot)
        view = _DRAWN[spot.page](spot, asked_of(spot, narrowed))
    except (UserError, NotFoundError) as error:
        view = _DRAWN[spot.page](spot, {})
        problem, code = said(error), max(code, 422)
    today = this_room().now().astimezone(this_room().zone).date()
    values = {
        "here": "pipeline",
        "spot": spot,
        "view": view,
        "problem": problem,
        "only_words": narrowed.words,
        "part": f"partials/pipeline_{spot.page}.html",
        "toast": toast or (None if is_partial() else kept_toast()),
        "edit": edit or request.args.get("edit", "")[:160],
        "moving": request.args.get("move", "")[:100],
        "today": today,
        "asked": asked,
        "elsewhere": stages_elsewhere(this_room().desk, _shown_pipeline(view)),
        "why": reason_asked(this_room().desk, _shown_pipeline(view)),
        "new_key": new_key,
        "periods": PERIODS,
        "days": DAYS,
        "columns": _columns(spot, view) if spot.page == "sheet" else (),
        "all_columns": COLUMNS,
        "filter_columns": FILTER_COLUMNS,
        "column_form": column,
        "unfinished": _unfinished(spot, view),
        "groupings": _GROUPS,
        "warmths": WARMTHS,
        "editable": EDITABLE,
    }
    if is_partial():
        return make_response(render_template("partials/pipeline_answer.html", **values), code)
    bar = view_bar(spot, saving)
    return make_response(render_template("pages/pipeline.html", bar=bar, **values), code)


def _unfinished(spot: PipelineSpot, view: Any) -> str:
    """A change of many leads that one left half way is found again above the sheet."""
    if spot.page != "sheet" or view.head.as_of is not None or is_partial():
        return ""
    return unfinished(this_room().desk, this_room().viewer)


def _shown_pipeline(view: Any) -> str:
    """Its key; numbers have it beside them, board and sheet in what they have in common."""
    key: str = getattr(view, "head", view).pipeline.key
    return key


def more(spot: PipelineSpot) -> ResponseReturnValue:
    """The next cards of one stage, for the end of its column."""
    view = _board(spot, asked_of(spot))
    return render_template("partials/pipeline_more.html", spot=spot, view=view, moving="")


def narrowed_to(spot: PipelineSpot) -> Narrowing:
    """Raises SegmentError, NotFoundError."""
    room = this_room()
    return narrowing(room.desk, room.viewer, spot.value("filter"), spot.value("where"))


def asked_of(spot: PipelineSpot, narrowed: Narrowing | None = None) -> dict[str, Any]:
    """What every page of the pipeline is asked with. Raises UsageError, SegmentError, NotFoundError."""
    try:
        as_of = day_asked(spot)
    except ValueError:
        raise UsageError(
            f'"{spot.value("as_of")[:40]}" is no day.',
            remedy="Write it as year-month-day, like 2026-05-14.",
        ) from None
    asked: dict[str, Any] = {
        "pipeline": spot.value("pipeline"),
        "as_of": as_of,
        "narrowed": (narrowed or narrowed_to(spot)).condition,
    }
    if spot.page == "numbers":
        asked["days"] = number_asked(spot, "days", DAYS)
    return asked


def _board(spot: PipelineSpot, asked: dict[str, Any]) -> Any:
    room = this_room()
    only, before = spot.value("only"), spot.value("before") or None
    return board(room.desk, room.viewer, only=only, before=before, **asked)


def _sheet(spot: PipelineSpot, asked: dict[str, Any]) -> Any:
    room = this_room()
    order = SheetOrder(spot.value("sort"), spot.value("down") == "1", spot.value("group"))
    page = number_asked(spot, "page", 1)
    return sheet(room.desk, room.viewer, order=order, page=page, **asked)


def _numbers(_spot: PipelineSpot, asked: dict[str, Any]) -> Any:
    room = this_room()
    return numbers_page(room.desk, room.viewer, **asked)


_DRAWN: dict[str, Callable[[PipelineSpot, dict[str, Any]], Any]] = {
    "board": _board,
    "sheet": _sheet,
    "numbers": _numbers,
}


def _columns(spot: PipelineSpot, view: Any) -> list[tuple[str, str]]:
    """The chosen ones in their order; a past sheet lacks those of mail and tasks."""
    chosen = set(spot.value("columns").split(",")) if spot.value("columns") else set(USUAL)
    is_past = view.head.as_of is not None
    return [one for one in COLUMNS if one[0] in chosen and not (is_past and one[0] in NOT_KEPT)]


def kept_toast() -> Toast | None:
    kept = session.pop("pipeline_toast", None)
    return Toast(str(kept[0]), kept[1]) if kept else None
