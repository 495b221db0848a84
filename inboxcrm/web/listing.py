"""The list of threads as an address asks for it: `?show=` narrows it, `?before=` goes back in time.

The same words stand behind a thread's own address, so that the list beside it stays as it was.
"""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from inboxcrm.views.inbox import Show, inbox, shown
from inboxcrm.web.news import news_values
from inboxcrm.web.room import this_room


def wants_list() -> bool:
    """Htmx asks for the list alone; what is open beside it stays."""
    return request.headers.get("HX-Target") == "list" and "HX-Request" in request.headers


def asked_for() -> Show:
    return shown(request.args.get("show", "")[:40])


def narrowed() -> str:
    """What stands behind the address of a thread, so that its list stays narrowed."""
    show = asked_for()
    return "" if show in (Show.ALL, Show.TEAM) else f"?show={show.value}"


def list_values() -> dict[str, Any]:
    room = this_room()
    before = request.args.get("before", "")[:300] or None
    view = inbox(room.desk, room.viewer, show=asked_for(), before=before)
    return {"inbox": view, "before": before, "narrowed": narrowed()} | news_values(view)


def show_list(open_id: str = "") -> ResponseReturnValue:
    return render_template(
        "partials/list.html", open_id=open_id[:100], is_swap=True, **list_values()
    )
