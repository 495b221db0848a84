"""Today, and what can be done about it without leaving it: a task done or put off, an answer not needed, a lead put to
sleep. Each is made once and can be taken back; htmx gets the lists anew, a browser without script is sent back to them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from inboxcrm.errors import RefusedError, UsageError, UserError
from inboxcrm.services import lead_marks, leads, tasks
from inboxcrm.services.lead_changes import Done
from inboxcrm.services.looking import look_at_today
from inboxcrm.services.undo import undo as take_back
from inboxcrm.views.today import Section, today_page, today_section
from inboxcrm.web.changes import Outcome, change_once, said
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import Desk, new_key, this_room

today_pages = Blueprint("today", __name__)

SLEEPS = {"1": 1, "7": 7}


@dataclass(frozen=True, slots=True)
class TodayToast:
    text: str
    undo: str | None = None
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Today itself or one of its lists in full; mine or the team's."""

    section: str
    is_team: bool
    after: str = ""

    @property
    def query(self) -> str:
        return "?team=1" if self.is_team else ""

    @property
    def url(self) -> str:
        return f"/today/{self.section}{self.query}" if self.section else f"/today{self.query}"


@today_pages.get("/today")
def page() -> ResponseReturnValue:
    return _show(_spot("", request.args))


@today_pages.get("/today/<section>")
def section(section: str) -> ResponseReturnValue:
    if section not in set(Section):
        abort(404)
    return _show(_spot(section, request.args))


@today_pages.post("/today/tasks/<task_id>/done")
def finish(task_id: str) -> ResponseReturnValue:
    return _change(lambda desk: tasks.finish_task(desk, this_room().viewer, task_id))


@today_pages.post("/today/tasks/<task_id>/postpone")
def postpone(task_id: str) -> ResponseReturnValue:
    def act(desk: Desk) -> Done:
        return tasks.postpone_task(desk, this_room().viewer, task_id, _days())

    return _change(act)


@today_pages.post("/today/leads/<lead_id>/dismiss")
def dismiss(lead_id: str) -> ResponseReturnValue:
    return _change(lambda desk: leads.dismiss_wait(desk, this_room().viewer, lead_id))


@today_pages.post("/today/leads/<lead_id>/snooze")
def snooze(lead_id: str) -> ResponseReturnValue:
    def act(desk: Desk) -> Done:
        room = this_room()
        until = room.now().astimezone(room.zone).date() + timedelta(days=_days())
        return lead_marks.snooze(desk, room.viewer, lead_id, until)

    return _change(act)


@today_pages.post("/today/undo")
def undo() -> ResponseReturnValue:
    token = request.form.get("token", "")[:300]
    return _change(lambda desk: take_back(desk, this_room().viewer, token))


# --- drawing -----------------------------------------------------------------


def _spot(section: str, values: Any) -> Spot:
    known = section if section in set(Section) else ""
    return Spot(known, values.get("team", "") == "1", values.get("after", "")[:300])


def _show(spot: Spot, *, toast: TodayToast | None = None, code: int = 200) -> ResponseReturnValue:
    room = this_room()
    since = look_at_today(room.desk, room.viewer)
    view: Any
    if spot.section:
        view = today_section(
            room.desk,
            room.viewer,
            spot.section,
            since=since,
            is_team=spot.is_team,
            after=spot.after or None,
        )
    else:
        view = today_page(room.desk, room.viewer, since=since, is_team=spot.is_team)
    part = "section" if spot.section else "page"
    template = "partials/today_answer.html" if is_partial() else "pages/today.html"
    values = {
        "here": "today",
        "spot": spot,
        "view": view,
        "part": f"partials/today_{part}.html",
        "toast": toast or (None if is_partial() else _kept_toast()),
        "new_key": new_key,
    }
    return render_template(template, **values), code


# --- changing ----------------------------------------------------------------


def _change(act: Callable[[Desk], Done]) -> ResponseReturnValue:
    spot = _spot(request.form.get("section", ""), request.form)

    def once(desk: Desk) -> Outcome:
        done = act(desk)
        return {"text": done.text, "undo": done.undo}

    try:
        toast = TodayToast(**change_once(once))
    except (UserError, RefusedError) as error:
        code = 409 if isinstance(error, RefusedError) else 422
        return _show(spot, toast=TodayToast(said(error), bad=True), code=code)
    if is_partial():
        return _show(spot, toast=toast)
    session["today_toast"] = [toast.text[:300], toast.undo]
    return redirect(spot.url, 303)


def _kept_toast() -> TodayToast | None:
    kept = session.pop("today_toast", None)
    return TodayToast(str(kept[0]), kept[1]) if kept else None


def _days() -> int:
    days = SLEEPS.get(request.form.get("days", ""))
    if days is None:
        raise UsageError("It can be put off by a day or a week.", remedy="Reload the page.")
    return days
