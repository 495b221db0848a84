"""Every change that can be made on a lead's own page: one route each, made once, taken back by its toast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import ConflictError, FieldsError, NotFoundError, RefusedError, UserError
from inboxcrm.services import lead_marks, lead_talks, leads, tasks
from inboxcrm.services.lead_consent import note_consent
from inboxcrm.services.lead_pauses import pause_lead, resume_lead
from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.services.undo import undo as take_back
from inboxcrm.web.changes import (
    Outcome,
    attempt_of,
    change_once,
    day_of_form,
    days_ahead_of_form,
    minutes_of_form,
    moment_of_form,
    version_of_form,
)
from inboxcrm.web.lead_page import clashes_of, show_changed, show_lead_page
from inboxcrm.web.panel import Toast, keep_toast
from inboxcrm.web.places import is_partial
from inboxcrm.web.room import Desk, this_room
from inboxcrm.web.stage_asks import LONGEST_PLACE, asked_after, moved

lead_changes = Blueprint("lead", __name__)

EDITED = ("name", "organization", "phone", "source", "value", "currency", "owner")


@lead_changes.post("/leads/<lead_id>/notes")
def note(lead_id: str) -> ResponseReturnValue:
    text = request.form.get("text", "")
    return _change(lead_id, "note", lambda desk, who: leads.add_note(desk, who, lead_id, text))


@lead_changes.post("/leads/<lead_id>/calls")
def call(lead_id: str) -> ResponseReturnValue:
    return _log(lead_id, "call", lead_talks.log_call, outcome="reached")


@lead_changes.post("/leads/<lead_id>/meetings")
def meeting(lead_id: str) -> ResponseReturnValue:
    return _log(lead_id, "meeting", lead_talks.log_meeting, outcome="held")


@lead_changes.post("/leads/<lead_id>/tasks")
def task(lead_id: str) -> ResponseReturnValue:
    title = request.form.get("title", "")
    return _change(
        lead_id,
        "task",
        lambda desk, who: tasks.add_task(desk, who, lead_id, title, due_on=day_of_form("due_on")),
    )


@lead_changes.post("/leads/<lead_id>/follow-ups")
def follow_up(lead_id: str) -> ResponseReturnValue:
    """A task that is done by itself when they write."""
    title = request.form.get("title", "").strip() or "Follow up"
    return _change(
        lead_id,
        "follow_up",
        lambda desk, who: tasks.add_task(
            desk, who, lead_id, title, due_on=day_of_form("due_on"), unless_answered=True
        ),
    )


@lead_changes.post("/leads/<lead_id>/tasks/<task_id>/done")
def finish(lead_id: str, task_id: str) -> ResponseReturnValue:
    return _change(lead_id, "done", lambda desk, who: tasks.finish_task(desk, who, task_id))


@lead_changes.post("/leads/<lead_id>/tasks/<task_id>/move")
def move(lead_id: str, task_id: str) -> ResponseReturnValue:
    """By so many days, or to a day; no day at all means some day."""
    days = {"1": 1, "7": 7}.get(request.form.get("days", ""))

    def act(desk: Desk, who: Any) -> leads.Done:
        if days:
            return tasks.postpone_task(desk, who, task_id, days)
        return tasks.move_task(desk, who, task_id, day_of_form("due_on"))

    return _change(lead_id, f"move-{task_id}", act)


@lead_changes.post("/leads/<lead_id>/snooze")
def snooze(lead_id: str) -> ResponseReturnValue:
    """Until a day; none wakes it."""

    def act(desk: Desk, who: Any) -> leads.Done:
        wakes = "wake" in request.form
        until = None if wakes else day_of_form("until")
        if until is None and not wakes:
            raise FieldsError({"until": "Until which day? Choose one from tomorrow on."})
        return lead_marks.snooze(desk, who, lead_id, until)

    return _change(lead_id, "snooze", act)


@lead_changes.post("/leads/<lead_id>/tags")
def tag(lead_id: str) -> ResponseReturnValue:
    name = request.form.get("tag", "")
    return _change(lead_id, "tag", lambda desk, who: lead_marks.add_tag(desk, who, lead_id, name))


@lead_changes.post("/leads/<lead_id>/tags/<tag_id>/remove")
def untag(lead_id: str, tag_id: str) -> ResponseReturnValue:
    return _change(
        lead_id, "untag", lambda desk, who: lead_marks.remove_tag(desk, who, lead_id, tag_id)
    )


@lead_changes.post("/leads/<lead_id>/pin")
def pin(lead_id: str) -> ResponseReturnValue:
    """The entry named, or none."""
    entry = request.form.get("entry", "")[:100] or None
    return _change(lead_id, "pin", lambda desk, who: lead_marks.pin(desk, who, lead_id, entry))


@lead_changes.post("/leads/<lead_id>/stage")
def stage(lead_id: str) -> ResponseReturnValue:
    """To a stage of any pipeline, with what it asks for."""
    wanted = request.form.get("stage", "")[:LONGEST_PLACE]
    return _change(
        lead_id,
        "stage",
        lambda desk, _who: moved(desk, lead_id, wanted),
        wanted={"stage": wanted},
        move=wanted,
    )


@lead_changes.post("/leads/<lead_id>/edit")
def edit(lead_id: str) -> ResponseReturnValue:
    """What its writer changed: a field that still says what they saw stays as others left it."""
    changes, custom = {}, {}
    for name, value in request.form.items():
        if request.form.get(f"was.{name}") == value:
            continue
        if name in EDITED:
            changes[name] = value[:1000]
        elif name.startswith("custom."):
            custom[name.removeprefix("custom.")] = value[:20_000]
    wanted = changes | {f"custom.{key}": value for key, value in custom.items()}
    given: dict[str, Any] = dict(changes) | ({"custom": custom} if custom else {})
    return _change(
        lead_id,
        "edit",
        lambda desk, who: leads.edit_lead(
            desk, who, lead_id, version=version_of_form(), changes=given
        ),
        wanted=wanted,
    )


@lead_changes.post("/leads/<lead_id>/no-answer")
def no_answer_needed(lead_id: str) -> ResponseReturnValue:
    return _change(lead_id, "wait", lambda desk, who: leads.dismiss_wait(desk, who, lead_id))


@lead_changes.post("/leads/<lead_id>/stop")
def stop_cadence(lead_id: str) -> ResponseReturnValue:
    """Nobody writes to this lead by a cadence any more."""
    return _change(lead_id, "stop", lambda desk, who: stop_lead(desk, who, lead_id))


@lead_changes.post("/leads/<lead_id>/pause")
def pause_cadence(lead_id: str) -> ResponseReturnValue:
    """`for` is a number of days, or nothing: until it is resumed."""
    return _change(
        lead_id,
        "pause",
        lambda desk, who: pause_lead(desk, who, lead_id, until=days_ahead_of_form(desk, "for")),
    )


@lead_changes.post("/leads/<lead_id>/resume")
def resume_cadence(lead_id: str) -> ResponseReturnValue:
    return _change(lead_id, "resume", lambda desk, who: resume_lead(desk, who, lead_id))


@lead_changes.post("/leads/<lead_id>/consent")
def consent(lead_id: str) -> ResponseReturnValue:
    """Whether they want to be written to, where they said so, and on which day."""
    return _change(
        lead_id,
        "consent",
        lambda desk, who: note_consent(
            desk,
            who,
            lead_id,
            state=request.form.get("state", ""),
            source=request.form.get("source", ""),
            on=day_of_form("on"),
        ),
    )


@lead_changes.post("/leads/<lead_id>/remove")
def remove(lead_id: str) -> ResponseReturnValue:
    """The answer to "Not a lead?": out of every list, and its addresses are ignored from now on."""
    return _change(
        lead_id,
        "remove",
        lambda desk, who: leads.delete_lead(desk, who, lead_id, version=version_of_form()),
        after=_left,
    )


@lead_changes.post("/leads/undo")
def undo() -> ResponseReturnValue:
    token = request.form.get("token", "")[:300].removeprefix("lead:")
    room = this_room()
    try:
        outcome = change_once(lambda desk: _outcome(take_back(desk, room.viewer, token)))
    except RefusedError as error:
        back = request.form.get("lead", "")[:100]
        if isinstance(error, NotFoundError) or not back:
            raise
        return show_lead_page(back, code=409, attempt=attempt_of("undo", error))
    return show_changed(outcome["lead"], Toast(outcome["text"]))


def _log(
    lead_id: str, form: str, talk: Callable[..., leads.Done], *, outcome: str
) -> ResponseReturnValue:
    """A talk that took place; `outcome` is what a form that says none means."""

    def act(desk: Desk, who: Any) -> leads.Done:
        return talk(
            desk,
            who,
            lead_id,
            outcome=request.form.get("outcome", outcome)[:20],
            at=moment_of_form("at"),
            minutes=minutes_of_form("minutes"),
            text=request.form.get("text", ""),
        )

    return _change(lead_id, form, act)


def _change(
    lead_id: str,
    form: str,
    act: Callable[[Desk, Any], leads.Done],
    *,
    wanted: dict[str, str] | None = None,
    after: Callable[[str, Toast], ResponseReturnValue] = show_changed,
    move: str = "",
) -> ResponseReturnValue:
    """What cannot be made is said on the page itself, with the code of its kind and all that was typed. `move` is the
    stage it was to go to: what that asks for is asked in a form of its own.
    """
    room = this_room()
    try:
        outcome = change_once(lambda desk: _outcome(act(desk, room.viewer)))
    except ConflictError as error:
        asked = asked_after(error, lead_id, move) if move else None
        if asked and asked.fields:
            return show_lead_page(lead_id, code=409, asked=asked)
        attempt = replace(
            attempt_of(form, error),
            action=request.path if wanted else "",
            clashes=clashes_of(lead_id, wanted or {}),
            is_stale=True,
        )
        return show_lead_page(lead_id, code=409, attempt=attempt)
    except UserError as error:
        asked = asked_after(error, lead_id, move) if move else None
        if asked:
            return show_lead_page(lead_id, code=422, asked=asked)
        return show_lead_page(lead_id, code=422, attempt=attempt_of(form, error))
    return after(lead_id, Toast(outcome["text"], outcome["undo"]))


def _outcome(done: leads.Done) -> Outcome:
    return {
        "text": done.text,
        "undo": f"lead:{done.undo}" if done.undo else None,
        "lead": done.lead_id,
    }


def _left(_lead_id: str, toast: Toast) -> ResponseReturnValue:
    """The lead's page is gone: on to the list, where the toast takes it back."""
    keep_toast(toast)
    if is_partial():
        answer = make_response("", 200)
        answer.headers["HX-Redirect"] = url_for("leads.everyone")
        return answer
    return redirect(url_for("leads.everyone"), 303)
