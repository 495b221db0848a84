"""The pipeline: board, sheet and numbers, now or at the end of a day; leads moved and edited where they stand.

A past page has no forms. What cannot be asked or changed is said on the page itself, with everything else as it is now.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from inboxcrm.errors import NotFoundError, RefusedError, UsageError, UserError
from inboxcrm.files.lead_export import write_csv
from inboxcrm.services import leads
from inboxcrm.services.lead_changes import Done
from inboxcrm.services.pipeline_filter import narrowed_by
from inboxcrm.services.undo import undo as take_back
from inboxcrm.views.pipeline import board
from inboxcrm.views.pipeline_numbers import (
    DAYS,
    FUNNEL_COLUMNS,
    PERIODS,
    funnel_rows,
    leads_of_figure,
    numbers_page,
)
from inboxcrm.views.pipeline_sheet import (
    COLUMNS,
    EDITABLE,
    NOT_KEPT,
    USUAL,
    WARMTHS,
    SheetOrder,
    sheet,
)
from inboxcrm.web.changes import Outcome, change_once, said, version_of_form
from inboxcrm.web.panel import Toast
from inboxcrm.web.pipeline_spot import PipelineSpot, day_asked, number_asked, spot_of
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import Desk, new_key, this_room

pipeline_pages = Blueprint("pipeline", __name__)

_GROUPS = (("stage", "Stage"), ("owner", "Owner"), ("source", "Source"), ("temperature", "Temperature"))  # fmt: skip


@pipeline_pages.get("/pipeline")
def board_page() -> ResponseReturnValue:
    spot = spot_of("board", request.args)
    if spot.value("before") and is_partial():
        return _more(spot)
    return _show(spot)


@pipeline_pages.get("/pipeline/sheet")
def sheet_page() -> ResponseReturnValue:
    # A form of boxes to tick sends each column by itself.
    columns = ",".join(request.args.getlist("columns"))
    return _show(spot_of("sheet", {**request.args.to_dict(), "columns": columns}))


@pipeline_pages.get("/pipeline/numbers")
def numbers() -> ResponseReturnValue:
    return _show(spot_of("numbers", request.args))


@pipeline_pages.get("/pipeline/numbers/leads")
def behind() -> ResponseReturnValue:
    """The leads behind a figure."""
    room = this_room()
    spot = spot_of("numbers", request.args)
    which = request.args.get("figure", "")[:600].replace("\x00", "")
    page = request.args.get("page", "")
    view = leads_of_figure(
        room.desk,
        room.viewer,
        which,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        **_asked(spot),
    )
    return render_template(
        "pages/pipeline_behind.html", here="pipeline", spot=spot, view=view, figure=which
    )


@pipeline_pages.get("/pipeline/numbers/funnel.csv")
def funnel_csv() -> ResponseReturnValue:
    room = this_room()
    view = numbers_page(room.desk, room.viewer, **_asked(spot_of("numbers", request.args)))
    target = io.StringIO(newline="")
    write_csv(funnel_rows(view), FUNNEL_COLUMNS, target)
    answer = Response(target.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"funnel-{view.from_on}-{view.to_on}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --- changing -------------------------------------------------------------------------


@pipeline_pages.post("/pipeline/leads/<lead_id>/stage")
def move(lead_id: str) -> ResponseReturnValue:
    """To another stage of its pipeline; `reason` says why it was lost."""
    stage = request.form.get("stage", "")[:60]
    return _change(lambda desk: _moved(desk, lead_id, stage))


@pipeline_pages.post("/pipeline/leads/<lead_id>/set")
def set_field(lead_id: str) -> ResponseReturnValue:
    """One cell of the sheet: a stage, an owner, a value with its currency, or a close date."""
    field = request.form.get("field", "")
    given = request.form.get("value", "")[:300]

    def act(desk: Desk) -> Done:
        version = version_of_form()
        if field not in EDITABLE:
            raise UsageError(
                "This column cannot be changed here.", remedy="Change it on the lead's page."
            )
        if field == "stage":
            return _moved(desk, lead_id, given[:60])
        changes = {field: given}
        if field == "value":
            changes["currency"] = request.form.get("currency", "")[:10]
        return leads.edit_lead(desk, this_room().viewer, lead_id, version=version, changes=changes)

    return _change(act, edit=f"{lead_id}.{field}")


@pipeline_pages.post("/pipeline/undo")
def undo() -> ResponseReturnValue:
    token = request.form.get("token", "")[:300]
    return _change(lambda desk: take_back(desk, this_room().viewer, token))


def _moved(desk: Desk, lead_id: str, stage: str) -> Done:
    reason = request.form.get("reason", "")[:2_000]
    return leads.move_stage(
        desk, this_room().viewer, lead_id, stage, version=version_of_form(), reason=reason
    )


def _change(act: Callable[[Desk], Done], *, edit: str = "") -> ResponseReturnValue:
    spot = spot_of(request.form.get("at", ""), request.form)

    def once(desk: Desk) -> Outcome:
        done = act(desk)
        return {"text": done.text, "undo": done.undo}

    try:
        outcome = change_once(once)
    except (UserError, RefusedError) as error:
        code = 409 if isinstance(error, RefusedError) else 422
        return _show(spot, toast=Toast(said(error), bad=True), code=code, edit=edit)
    toast = Toast(outcome["text"], outcome["undo"])
    if is_partial():
        return _show(spot, toast=toast)
    session["pipeline_toast"] = [toast.text[:300], toast.undo]
    return redirect(spot.url, 303)


# --- drawing --------------------------------------------------------------------------


def _show(
    spot: PipelineSpot, *, toast: Toast | None = None, code: int = 200, edit: str = ""
) -> ResponseReturnValue:
    """What cannot be asked is said beside what was typed, and left out of the question."""
    try:
        view, problem = _DRAWN[spot.page](spot, _asked(spot)), ""
    except (UserError, NotFoundError) as error:
        view = _DRAWN[spot.page](spot, {})
        problem, code = said(error), max(code, 422)
    today = this_room().now().astimezone(this_room().zone).date()
    values = {
        "here": "pipeline",
        "spot": spot,
        "view": view,
        "problem": problem,
        "part": f"partials/pipeline_{spot.page}.html",
        "toast": toast or (None if is_partial() else _kept_toast()),
        "edit": edit or request.args.get("edit", "")[:160],
        "moving": request.args.get("move", "")[:100],
        "today": today,
        "new_key": new_key,
        "periods": PERIODS,
        "days": DAYS,
        "columns": _columns(spot, view) if spot.page == "sheet" else (),
        "all_columns": COLUMNS,
        "groupings": _GROUPS,
        "warmths": WARMTHS,
        "editable": EDITABLE,
    }
    template = "partials/pipeline_answer.html" if is_partial() else "pages/pipeline.html"
    return make_response(render_template(template, **values), code)


def _more(spot: PipelineSpot) -> ResponseReturnValue:
    """The next cards of one stage, for the end of its column."""
    view = _board(spot, _asked(spot))
    return render_template("partials/pipeline_more.html", spot=spot, view=view, moving="")


def _asked(spot: PipelineSpot) -> dict[str, Any]:
    """What every page of the pipeline is asked with. Raises UsageError, SegmentError, NotFoundError."""
    room = this_room()
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
        "narrowed": narrowed_by(room.desk, room.viewer, spot.value("filter")),
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


def _kept_toast() -> Toast | None:
    kept = session.pop("pipeline_toast", None)
    return Toast(str(kept[0]), kept[1]) if kept else None
