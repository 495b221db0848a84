"""Many leads of the sheet changed at once: chosen there, looked at, changed, and taken back, on a page of its own.

Ten thousand leads do not freeze it: each request changes some hundred of them and says how far it is. With script the
page asks for the next ones by itself; without, a button does. Whoever leaves finds it again above the sheet.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import FieldsError, NotFoundError, RefusedError, UsageError, UserError
from inboxcrm.services.bulk_edits import bulk_view, choose_matching, choose_ticked, want
from inboxcrm.services.bulk_running import run_bulk, take_back_bulk
from inboxcrm.services.bulk_shapes import CUSTOM, LABELS, STAGE, Wanted
from inboxcrm.views.pipeline_sheet import people_to_choose
from inboxcrm.views.stage_asks import reason_asked, stages_elsewhere
from inboxcrm.web.changes import Outcome, change_once, said, typed
from inboxcrm.web.panel import Toast
from inboxcrm.web.pipeline_page import show
from inboxcrm.web.pipeline_spot import spot_of
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import Desk, new_key, this_room

bulk_edits = Blueprint("bulk_edits", __name__)

_LONGEST = 2_000


@bulk_edits.post("/pipeline/bulk")
def choose() -> ResponseReturnValue:
    """The ticked leads, or (`which` is all) every lead that the page finds. Nothing is changed by it."""
    spot = spot_of("sheet", request.form)
    viewer = this_room().viewer

    def act(desk: Desk) -> Outcome:
        if spot.value("as_of"):
            raise UsageError("A past day cannot be changed.", remedy="Show how things stand now.")
        if request.form.get("which") == "all":
            return {
                "id": choose_matching(
                    desk,
                    viewer,
                    pipeline=spot.value("pipeline"),
                    filter_text=spot.value("filter"),
                    conditions=spot.value("where"),
                    back=spot.url,
                )
            }
        picks = [one[:100] for one in request.form.getlist("pick")]
        return {
            "id": choose_ticked(desk, viewer, picks, pipeline=spot.value("pipeline"), back=spot.url)
        }

    try:
        outcome = change_once(act)
    except (UserError, RefusedError) as error:
        return show(spot, toast=Toast(said(error), bad=True), code=422)
    return _to(outcome["id"])


@bulk_edits.get("/pipeline/bulk/<bulk_id>")
def page(bulk_id: str) -> ResponseReturnValue:
    return _page(bulk_id)


@bulk_edits.post("/pipeline/bulk/<bulk_id>/look")
def look(bulk_id: str) -> ResponseReturnValue:
    """Says what is to be changed; the page then shows what that would do."""
    wanted = _wanted()
    try:
        want(this_room().desk, this_room().viewer, bulk_id, wanted)
    except FieldsError as error:
        return _page(bulk_id, typed=wanted, problems=dict(error.problems), code=422)
    except UserError as error:
        return _page(bulk_id, typed=wanted, problems={"what": said(error)}, code=422)
    except NotFoundError:
        raise
    except RefusedError as error:
        return _page(bulk_id, notice=said(error), code=409)
    return _to(bulk_id)


@bulk_edits.post("/pipeline/bulk/<bulk_id>/apply")
def apply(bulk_id: str) -> ResponseReturnValue:
    """The next leads. Sent twice it goes on, and changes none twice."""
    return _go_on(run_bulk, bulk_id)


@bulk_edits.post("/pipeline/bulk/<bulk_id>/undo")
def undo(bulk_id: str) -> ResponseReturnValue:
    """The next leads taken back."""
    return _go_on(take_back_bulk, bulk_id)


def _go_on(act: Callable[..., int], bulk_id: str) -> ResponseReturnValue:
    """What cannot go on (somebody takes it back in another window) is said on the page, as it stands now."""
    try:
        act(this_room().desk, this_room().viewer, bulk_id)
    except NotFoundError:
        raise
    except RefusedError as error:
        return _page(bulk_id, notice=said(error), code=409)
    return _page(bulk_id) if is_partial() else _to(bulk_id)


def _to(bulk_id: str) -> ResponseReturnValue:
    return redirect(url_for("bulk_edits.page", bulk_id=bulk_id), 303)


def _wanted() -> Wanted:
    """Each way to change them has a field of its own, named like it."""
    what = request.form.get("what", "")[:100]
    value = typed(request.form, f"value.{what}", longest=_LONGEST)
    reason = typed(request.form, "reason", longest=_LONGEST)
    return Wanted(what, value, reason if what == STAGE else "")


def _page(
    bulk_id: str,
    *,
    typed: Wanted | None = None,
    problems: dict[str, str] | None = None,
    notice: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    room = this_room()
    view = bulk_view(room.desk, room.viewer, bulk_id)
    pipelines = room.desk.pipelines
    key = view.pipeline or pipelines.default.key
    pipeline = pipelines.pipeline(key)
    fields = tuple((f"{CUSTOM}{one.key}", one) for one in room.desk.lead_fields)
    template = "partials/bulk.html" if is_partial() else "pages/pipeline_bulk.html"
    return render_template(
        template,
        here="pipeline",
        view=view,
        wanted=typed or view.wanted or Wanted(""),
        problems=problems or {},
        notice=notice,
        labels=LABELS,
        fields=fields,
        stages=[(one.key, one.label) for one in pipeline.stages] if pipeline else (),
        elsewhere=stages_elsewhere(room.desk, key),
        why=reason_asked(room.desk, key),
        people=people_to_choose(room.desk, room.viewer) if view.state == "chosen" else (),
        new_key=new_key,
    ), code
