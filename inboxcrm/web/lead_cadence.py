"""Adding one lead to a cadence that runs: what each would do, and what or who stands against it, before anything is
done.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.access.viewer import may_send_from
from inboxcrm.errors import InboxcrmError, RefusedError, UserError
from inboxcrm.services.adding import AddingLook, add_lead, look_at_adding
from inboxcrm.services.cadences import cadences
from inboxcrm.views.lead_page import lead_record
from inboxcrm.web.changes import Outcome, change_once, said, typed
from inboxcrm.web.panel import Toast, keep_toast
from inboxcrm.web.room import Desk, new_key, this_room

lead_cadence = Blueprint("lead_cadence", __name__)

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """A cadence the lead could be added to; `problem` instead of a look where it cannot even be asked."""

    name: str
    state: str
    steps: int
    look: AddingLook | None = None
    problem: str = ""


@lead_cadence.get("/leads/<lead_id>/cadence")
def choose(lead_id: str) -> ResponseReturnValue:
    return _show(lead_id)


@lead_cadence.post("/leads/<lead_id>/cadence")
def add(lead_id: str) -> ResponseReturnValue:
    room = this_room()
    name = typed(request.form, "cadence", longest=200)

    def act(desk: Desk) -> Outcome:
        look = add_lead(desk, room.viewer, name, lead_id)
        return {
            "text": f"{look.cadence} asks a colleague first"
            if look.asks
            else f"Added to {look.cadence}"
        }

    try:
        keep_toast(Toast(change_once(act)["text"]))
    except (UserError, RefusedError) as error:
        return _show(lead_id, problem=said(error), code=409)
    return redirect(url_for("leads.lead", lead_id=lead_id), 303)


def _show(lead_id: str, *, problem: str = "", code: int = 200) -> ResponseReturnValue:
    room = this_room()
    card = lead_record(room.desk, room.viewer, lead_id).card
    mine = [
        one
        for one in cadences(room.desk, room.viewer)
        if one.row.state in {"running", "paused"} and may_send_from(room.viewer, one.row.mailbox_id)
    ]
    shown = render_template(
        "pages/lead_cadence.html",
        here="leads",
        lead=card,
        choices=[
            _choice(one.row.name, one.row.state, len(one.steps), lead_id)
            for one in mine[:MOST_SHOWN]
        ],
        more=max(0, len(mine) - MOST_SHOWN),
        problem=problem,
        new_key=new_key,
    )
    return shown, code


def _choice(name: str, state: str, steps: int, lead_id: str) -> Choice:
    room = this_room()
    try:
        return Choice(name, state, steps, look_at_adding(room.desk, room.viewer, name, lead_id))
    except InboxcrmError as error:
        return Choice(name, state, steps, problem=said(error))
