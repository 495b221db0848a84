"""The pipeline: board, sheet and numbers, now or at the end of a day; leads moved and edited where they stand.

A past page has no forms. What cannot be asked or changed is said on the page itself, with everything else as it is now.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from inboxcrm.errors import RefusedError, UsageError, UserError
from inboxcrm.files.lead_export import write_csv
from inboxcrm.services import leads
from inboxcrm.services.lead_changes import Done
from inboxcrm.services.saved_views import bring_back_view, is_undo_token
from inboxcrm.services.undo import undo as take_back
from inboxcrm.views.figure_leads import leads_of_figure
from inboxcrm.views.number_rows import part_rows
from inboxcrm.views.pipeline_numbers import numbers_page
from inboxcrm.views.pipeline_sheet import EDITABLE
from inboxcrm.web.changes import Outcome, change_once, said, version_of_form
from inboxcrm.web.panel import Toast
from inboxcrm.web.pipeline_page import asked_of, more, show
from inboxcrm.web.pipeline_spot import spot_of
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import Desk, this_room
from inboxcrm.web.stage_asks import LONGEST_PLACE, asked_after, moved

pipeline_pages = Blueprint("pipeline", __name__)


@pipeline_pages.get("/pipeline")
def board_page() -> ResponseReturnValue:
    spot = spot_of("board", request.args)
    if spot.value("before") and is_partial():
        return more(spot)
    return show(spot)


@pipeline_pages.get("/pipeline/sheet")
def sheet_page() -> ResponseReturnValue:
    # A form of boxes to tick sends each column by itself.
    columns = ",".join(request.args.getlist("columns"))
    return show(spot_of("sheet", {**request.args.to_dict(), "columns": columns}))


@pipeline_pages.get("/pipeline/numbers")
def numbers() -> ResponseReturnValue:
    return show(spot_of("numbers", request.args))


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
        **asked_of(spot),
    )
    return render_template(
        "pages/pipeline_behind.html", here="pipeline", spot=spot, view=view, figure=which
    )


@pipeline_pages.get("/pipeline/numbers/<part>.csv")
def part_csv(part: str) -> ResponseReturnValue:
    """The data of a chart or a table."""
    room = this_room()
    view = numbers_page(room.desk, room.viewer, **asked_of(spot_of("numbers", request.args)))
    target = io.StringIO(newline="")
    columns, rows = part_rows(view, part)
    write_csv(rows, columns, target)
    answer = Response(target.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{part}-{view.from_on}-{view.to_on}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


# --- changing -------------------------------------------------------------------------


@pipeline_pages.post("/pipeline/leads/<lead_id>/stage")
def move(lead_id: str) -> ResponseReturnValue:
    """To another stage, with what it asks for; `reason` says why it was lost."""
    stage = request.form.get("stage", "")[:LONGEST_PLACE]
    return _change(lambda desk: moved(desk, lead_id, stage), move=(lead_id, stage))


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
            return moved(desk, lead_id, given[:LONGEST_PLACE])
        changes = {field: given}
        if field == "value":
            changes["currency"] = request.form.get("currency", "")[:10]
        return leads.edit_lead(desk, this_room().viewer, lead_id, version=version, changes=changes)

    move = (lead_id, given[:LONGEST_PLACE]) if field == "stage" else None
    return _change(act, edit=f"{lead_id}.{field}", move=move)


@pipeline_pages.post("/pipeline/undo")
def undo() -> ResponseReturnValue:
    """Of a lead's change, or of a view's deletion."""
    token = request.form.get("token", "")[:300]

    def act(desk: Desk) -> Done:
        if is_undo_token(desk, token):
            view = bring_back_view(desk, this_room().viewer, token)
            return Done("", view.version, f"{view.name} is back")
        return take_back(desk, this_room().viewer, token)

    return _change(act)


def _change(
    act: Callable[[Desk], Done], *, edit: str = "", move: tuple[str, str] | None = None
) -> ResponseReturnValue:
    """`move` is the lead and the stage it was to go to: what the stage asks for is asked in a form of its own."""
    spot = spot_of(request.form.get("at", ""), request.form)

    def once(desk: Desk) -> Outcome:
        done = act(desk)
        return {"text": done.text, "undo": done.undo}

    try:
        outcome = change_once(once)
    except (UserError, RefusedError) as error:
        code = 409 if isinstance(error, RefusedError) else 422
        asked = asked_after(error, *move) if move else None
        if asked is not None:
            edit = ""
        toast = None if asked and code == 422 else Toast(said(error), bad=True)
        return show(spot, toast=toast, code=code, edit=edit, asked=asked)
    toast = Toast(outcome["text"], outcome["undo"])
    if is_partial():
        return show(spot, toast=toast)
    session["pipeline_toast"] = [toast.text[:300], toast.undo]
    return redirect(spot.url, 303)
