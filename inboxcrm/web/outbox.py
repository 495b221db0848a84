"""Mails that need somebody: unconfirmed, looked into, refused, skipped. An unconfirmed one waits for a person."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inboxcrm.views.cadence_mails import needs_somebody
from inboxcrm.web.panel import kept_toast
from inboxcrm.web.room import new_key, this_room

outbox_pages = Blueprint("outbox", __name__)


@outbox_pages.get("/outbox")
def page() -> ResponseReturnValue:
    room = this_room()
    after = request.args.get("after", "")[:300] or None
    return render_template(
        "pages/outbox.html",
        here="cadences",
        mails=needs_somebody(room.desk, room.viewer, after=after),
        is_first=after is None,
        toast=kept_toast(),
        new_key=new_key,
    )
