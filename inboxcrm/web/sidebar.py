"""The panel alone, and every change that can be made from a panel. Each is done once, however often it is sent
(web/changes.py), and then the panel is drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue

from inboxcrm.errors import ConflictError, FieldsError, NotFoundError, UsageError, UserError
from inboxcrm.services import capturing, leads, tasks
from inboxcrm.services.lead_pauses import pause_lead, resume_lead
from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.services.undo import undo as take_back
from inboxcrm.views.shapes import Context
from inboxcrm.web.changes import (
    Outcome,
    attempt_of,
    change_once,
    day_of_form,
    days_ahead_of_form,
    version_of_form,
)
from inboxcrm.web.context import context_from_text
from inboxcrm.web.panel import LONGEST_SEARCH, Conflict, OpenPanel, Toast, panel_from_form
from inboxcrm.web.places import show_after, show_panel
from inboxcrm.web.room import Desk, this_room
from inboxcrm.web.stage_asks import LONGEST_PLACE, asked_after, moved

sidebar_pages = Blueprint("sidebar", __name__)

EDITED = ("name", "phone", "value", "currency")


@sidebar_pages.get("/sidebar")
def shell() -> ResponseReturnValue:
    """Alone, with a thread of ours if one is named; a browser beside the mail posts its context instead."""
    thread = request.args.get("thread", "")[:100]
    return show_panel(OpenPanel(Context(thread=thread or None)))


@sidebar_pages.post("/sidebar/context")
def context() -> ResponseReturnValue:
    """Draws a panel; changes nothing. `X-Seq` goes back as it came, so that a late answer can be dropped."""
    if request.is_json:
        answer = make_response(show_panel(OpenPanel(context_from_text(request.get_data()))))
    else:
        answer = make_response(_show_asked(panel_from_form()))
    sequence = request.headers.get("X-Seq", "")
    if sequence.isdigit() and len(sequence) < 20:
        answer.headers["X-Seq"] = sequence
    return answer


@sidebar_pages.post("/sidebar/leads/<lead_id>/stage")
def move_stage(lead_id: str) -> ResponseReturnValue:
    """To a stage of any pipeline, with what it asks for."""
    stage = _word("stage", LONGEST_PLACE)
    return _change(
        lambda desk: moved(desk, lead_id, stage),
        again=(("stage", stage),),
        move=(lead_id, stage),
    )


@sidebar_pages.post("/sidebar/leads/<lead_id>/edit")
def edit(lead_id: str) -> ResponseReturnValue:
    """Only what the form named; what it left out stays."""
    changes = {name: request.form[name][:1000] for name in EDITED if name in request.form}
    return _change(
        lambda desk: leads.edit_lead(
            desk, this_room().viewer, lead_id, version=version_of_form(), changes=changes
        ),
        form="edit",
        again=tuple(changes.items()),
    )


@sidebar_pages.post("/sidebar/leads/<lead_id>/remove")
def remove(lead_id: str) -> ResponseReturnValue:
    """The answer to "Not a lead?": out of every list, and its addresses are ignored from now on."""
    return _change(
        lambda desk: leads.delete_lead(
            desk, this_room().viewer, lead_id, version=version_of_form()
        ),
        again=(("remove", "yes"),),
    )


@sidebar_pages.post("/sidebar/leads/<lead_id>/notes")
def add_note(lead_id: str) -> ResponseReturnValue:
    text = request.form.get("text", "")
    return _change(
        lambda desk: leads.add_note(desk, this_room().viewer, lead_id, text), form="note"
    )


@sidebar_pages.post("/sidebar/leads/<lead_id>/tasks")
def add_task(lead_id: str) -> ResponseReturnValue:
    title = request.form.get("title", "")
    return _change(
        lambda desk: tasks.add_task(
            desk, this_room().viewer, lead_id, title, due_on=day_of_form("due_on")
        ),
        form="task",
    )


@sidebar_pages.post("/sidebar/tasks/<task_id>/done")
def finish_task(task_id: str) -> ResponseReturnValue:
    return _change(lambda desk: tasks.finish_task(desk, this_room().viewer, task_id))


@sidebar_pages.post("/sidebar/tasks/<task_id>/postpone")
def postpone_task(task_id: str) -> ResponseReturnValue:
    days = {"1": 1, "7": 7}.get(request.form.get("days", ""))
    if days is None:
        raise UsageError("A task is postponed by a day or a week.", remedy="Reload the page.")
    return _change(lambda desk: tasks.postpone_task(desk, this_room().viewer, task_id, days))


@sidebar_pages.post("/sidebar/leads/<lead_id>/link")
def link(lead_id: str) -> ResponseReturnValue:
    thread = _thread()
    return _change(lambda desk: leads.link_thread(desk, this_room().viewer, thread, lead_id))


@sidebar_pages.post("/sidebar/leads/<lead_id>/unlink")
def unlink(lead_id: str) -> ResponseReturnValue:
    thread = _thread()
    return _change(lambda desk: leads.unlink_thread(desk, this_room().viewer, thread, lead_id))


@sidebar_pages.post("/sidebar/leads")
def add_lead() -> ResponseReturnValue:
    address, name = _word("address", 500), request.form.get("name", "")
    return _change(
        lambda desk: leads.create_lead(desk, this_room().viewer, address, name), form="add"
    )


@sidebar_pages.post("/sidebar/leads/<lead_id>/addresses")
def add_to_lead(lead_id: str) -> ResponseReturnValue:
    address = _word("address", 500)

    number = this_room().desk.ids.open("lead", lead_id)
    if number is None:
        raise NotFoundError("There is no such lead.", remedy="Look for it in the list of leads.")

    def act(desk: Desk) -> Outcome:
        token = capturing.give_verdict(
            desk, this_room().viewer, address=address, outcome="lead", lead_id=number
        )
        return {"text": f"{address} added to this lead", "undo": f"verdict:{token}"}

    return _change(act)


@sidebar_pages.post("/sidebar/ignore")
def ignore() -> ResponseReturnValue:
    """An address, or everybody at a domain."""
    address, domain = request.form.get("address", "")[:500], request.form.get("domain", "")[:300]
    if bool(address) == bool(domain):
        raise UsageError("Say what to ignore.", remedy="Send an address or a domain.")

    def act(desk: Desk) -> Outcome:
        token = capturing.give_verdict(
            desk,
            this_room().viewer,
            outcome="ignored",
            address=address or None,
            domain=domain or None,
        )
        what = address or f"everybody at {domain}"
        return {"text": f"Ignoring {what} from now on", "undo": f"verdict:{token}"}

    return _change(act)


@sidebar_pages.post("/sidebar/no-answer")
def no_answer_needed() -> ResponseReturnValue:
    lead_id = _word("lead", 100)
    return _change(lambda desk: leads.dismiss_wait(desk, this_room().viewer, lead_id))


@sidebar_pages.post("/sidebar/leads/<lead_id>/stop")
def stop_cadence(lead_id: str) -> ResponseReturnValue:
    """Nobody writes to this lead by a cadence any more."""
    return _change(lambda desk: stop_lead(desk, this_room().viewer, lead_id))


@sidebar_pages.post("/sidebar/leads/<lead_id>/pause")
def pause_cadence(lead_id: str) -> ResponseReturnValue:
    """`for` is a number of days, or nothing: until it is resumed."""
    return _change(
        lambda desk: pause_lead(
            desk, this_room().viewer, lead_id, until=days_ahead_of_form(desk, "for")
        )
    )


@sidebar_pages.post("/sidebar/leads/<lead_id>/resume")
def resume_cadence(lead_id: str) -> ResponseReturnValue:
    return _change(lambda desk: resume_lead(desk, this_room().viewer, lead_id))


@sidebar_pages.post("/sidebar/undo")
def undo() -> ResponseReturnValue:
    kind, _, token = _word("token", 300).partition(":")

    def act(desk: Desk) -> Any:
        if kind == "verdict":
            capturing.take_back_verdict(desk, this_room().viewer, token)
            return {"text": "Taken back"}
        return take_back(desk, this_room().viewer, token)

    return _change(act)


def _show_asked(panel: OpenPanel) -> ResponseReturnValue:
    """Another person, or leads found by words. Only the form that looks for a lead sends a field `find` with nothing in
    it; the others carry what was found along, or leave it out.
    """
    words = request.form.get("find")
    said = ""
    if words is not None and not words.strip():
        said = "Look for whom? Write a part of a name, an address or an organization."
    elif words is not None and len(words.strip()) > LONGEST_SEARCH:
        said = f"That is too long to look for. Use at most {LONGEST_SEARCH} characters."
    if said:
        attempt = attempt_of("find", FieldsError({"find": said}))
        return show_after(panel.without_find(), code=422, attempt=attempt)
    return show_after(panel)


def _change(
    act: Callable[[Desk], Any],
    *,
    form: str = "",
    again: tuple[tuple[str, str], ...] = (),
    move: tuple[str, str] | None = None,
) -> ResponseReturnValue:
    """Steps 2 and 3. A change that cannot be made is said on the panel itself, with the code of its kind: beside the
    field of `form` that is wrong, else on top. `move` is the lead and the stage it was to go to: what that asks for is
    asked in a form of its own.
    """
    panel = panel_from_form()
    try:
        outcome = change_once(lambda desk: _outcome(act(desk)))
    except ConflictError as error:
        asked = asked_after(error, *move) if move else None
        if asked and asked.fields:
            return show_after(panel, code=409, asked=asked)
        conflict = Conflict(error.message, _wanted(again), request.path if again else "", again)
        return show_after(panel, code=409, conflict=conflict)
    except UserError as error:
        asked = asked_after(error, *move) if move else None
        if asked:
            return show_after(panel, code=422, asked=asked)
        return show_after(panel, code=422, attempt=attempt_of(form, error))
    return show_after(panel, toast=Toast(outcome["text"], outcome.get("undo")))


def _outcome(done: Any) -> Outcome:
    if isinstance(done, dict):
        return done
    return {"text": done.text, "undo": f"lead:{done.undo}" if done.undo else None}


def _wanted(values: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """What was wanted, in the words of the page."""
    pipelines = this_room().desk.pipelines.pipelines
    labels = {stage.key: stage.label for one in pipelines for stage in one.stages} | {
        f"{one.key}/{stage.key}": f"{one.label}: {stage.label}"
        for one in pipelines
        for stage in one.stages
    }
    names = {"stage": "Stage", "remove": "Not a lead"}
    return tuple(
        (
            f"You wanted: {names.get(name, name)}",
            labels.get(value, value) if name == "stage" else value,
        )
        for name, value in values
        if value
    )


def _word(name: str, limit: int) -> str:
    value = request.form.get(name, "").strip()
    if not value or len(value) > limit:
        raise UsageError(
            f"The field {name} is {'too long' if value else 'missing'}.",
            remedy="Fill it in and send it again.",
        )
    return value


def _thread() -> str:
    thread = panel_from_form().context.thread
    if not thread:
        raise UsageError("There is no mail beside this panel.", remedy="Open the mail first.")
    return thread
