"""Views of the pipeline: saved from a page, opened by their address, renamed, changed, shared, deleted.

Each form leads back to the page it stands on: the page of the pipeline, or the list of all views.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from inboxcrm.errors import ConflictError, FieldsError, RefusedError, UserError
from inboxcrm.services.saved_views import (
    MOST_LISTED,
    change_view,
    delete_view,
    save_view,
    saved_views,
    view_of,
)
from inboxcrm.web.changes import Outcome, change_once, said, typed, version_of_form
from inboxcrm.web.panel import Toast
from inboxcrm.web.pipeline_page import kept_toast, show
from inboxcrm.web.pipeline_spot import PipelineSpot, spot_of
from inboxcrm.web.room import Desk, new_key, this_room
from inboxcrm.web.view_bar import ViewForm, asked_by, spot_by

view_pages = Blueprint("saved_views", __name__)

ALL = "/pipeline/views"
_LONGEST = 1_000


@view_pages.get("/pipeline/views")
def everything() -> ResponseReturnValue:
    return _list()


@view_pages.get("/pipeline/views/<view_id>")
def page(view_id: str) -> ResponseReturnValue:
    """To the page it shows. One that is not shared with whoever asks is not there."""
    room = this_room()
    return redirect(spot_by(view_of(room.desk, room.viewer, view_id)).url, 303)


@view_pages.post("/pipeline/views")
def make() -> ResponseReturnValue:
    spot = spot_of(request.form.get("at", ""), request.form)
    name, is_shared = _name(), request.form.get("shared") == "1"

    def act(desk: Desk) -> Outcome:
        view = save_view(
            desk, this_room().viewer, name=name, asked=asked_by(spot), is_shared=is_shared
        )
        return {"id": view.id, "text": f"{view.name} is saved"}

    try:
        outcome = change_once(act)
    except FieldsError as error:
        form = ViewForm("make", name, is_shared, dict(error.problems))
        return show(spot, code=422, saving=form)
    except (UserError, RefusedError) as error:
        return show(spot, code=422, saving=ViewForm("make", name, is_shared, {"name": said(error)}))
    return _back(outcome, outcome["id"], spot)


@view_pages.post("/pipeline/views/<view_id>")
def change(view_id: str) -> ResponseReturnValue:
    """`do` is one of save, rename, share, unshare and delete; `from_list` says where the form stands."""
    spot = spot_of(request.form.get("at", ""), {**request.form.to_dict(), "view": view_id})
    what = request.form.get("do", "")
    is_listed = "from_list" in request.form

    def act(desk: Desk) -> Outcome:
        return _DOING[what](desk, view_id, spot)

    if what not in _DOING:
        return _refused(
            spot, what, "There is no such change. Reload the page.", 422, is_listed=is_listed
        )
    try:
        outcome = change_once(act)
    except FieldsError as error:
        problem = next(iter(error.problems.values()))
        return _refused(spot, what, problem, 422, is_listed=is_listed)
    except UserError as error:
        return _refused(spot, what, said(error), 422, is_listed=is_listed)
    except ConflictError as error:
        return _refused(spot, what, said(error), 409, is_listed=is_listed)
    if is_listed:
        session["pipeline_toast"] = [outcome["text"], outcome.get("undo")]
        return redirect(ALL, 303)
    return _back(outcome, "" if what == "delete" else view_id, spot)


# --- what each does -------------------------------------------------------------------


def _save(desk: Desk, view_id: str, spot: PipelineSpot) -> Outcome:
    view = change_view(
        desk, this_room().viewer, view_id, version=version_of_form(), asked=asked_by(spot)
    )
    return {"text": f"{view.name} is saved as it stands now"}


def _rename(desk: Desk, view_id: str, _spot: PipelineSpot) -> Outcome:
    view = change_view(desk, this_room().viewer, view_id, version=version_of_form(), name=_name())
    return {"text": f"It is called {view.name} now"}


def _share(desk: Desk, view_id: str, _spot: PipelineSpot) -> Outcome:
    view = change_view(desk, this_room().viewer, view_id, version=version_of_form(), is_shared=True)
    return {"text": f"Everybody with an account can open {view.name} now"}


def _unshare(desk: Desk, view_id: str, _spot: PipelineSpot) -> Outcome:
    view = change_view(
        desk, this_room().viewer, view_id, version=version_of_form(), is_shared=False
    )
    return {"text": f"{view.name} is for its owner alone again"}


def _delete(desk: Desk, view_id: str, _spot: PipelineSpot) -> Outcome:
    view, undo = delete_view(desk, this_room().viewer, view_id)
    return {"text": f"{view.name} is deleted", "undo": undo}


_DOING: dict[str, Callable[[Desk, str, PipelineSpot], Outcome]] = {
    "save": _save,
    "rename": _rename,
    "share": _share,
    "unshare": _unshare,
    "delete": _delete,
}


# --- answering ------------------------------------------------------------------------


def _name() -> str:
    return typed(request.form, "name", longest=_LONGEST)


def _back(outcome: Outcome, view_id: str, spot: PipelineSpot) -> ResponseReturnValue:
    session["pipeline_toast"] = [outcome["text"][:300], outcome.get("undo")]
    return redirect(spot.link(view=view_id), 303)


def _refused(
    spot: PipelineSpot, what: str, problem: str, code: int, *, is_listed: bool
) -> ResponseReturnValue:
    """Beside the field where one is typed in, else as a toast; the page says how the view stands now."""
    if is_listed:
        return _list(toast=Toast(problem, bad=True), code=code)
    if what == "rename" and code == 422:
        return show(spot, code=code, saving=ViewForm(what, _name(), False, {"name": problem}))
    return show(spot, toast=Toast(problem, bad=True), code=code)


def _list(*, toast: Toast | None = None, code: int = 200) -> ResponseReturnValue:
    room = this_room()
    return render_template(
        "pages/pipeline_views.html",
        here="pipeline",
        spot=spot_of("sheet", {}),
        rows=saved_views(room.desk, room.viewer),
        most=MOST_LISTED,
        toast=toast or kept_toast(),
        new_key=new_key,
    ), code
