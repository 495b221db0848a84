"""`/pipeline/calls`: whom to call first."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inboxcrm.views.calls import calls
from inboxcrm.web.room import this_room

call_pages = Blueprint("calls", __name__)


@call_pages.get("/pipeline/calls")
def page() -> ResponseReturnValue:
    """`team=1` for everybody's leads; a made-up page is the first."""
    room = this_room()
    asked = request.args.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    view = calls(room.desk, room.viewer, is_team=request.args.get("team") == "1", page=number)
    return render_template("pages/calls.html", here="pipeline", view=view)
