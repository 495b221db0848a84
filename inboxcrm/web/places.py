"""Drawing a panel where it stands: the partial for htmx, else the page it belongs to, or the way back to that page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.views.answer_marks import CHOICES as MARKS
from inboxcrm.views.inbox import thread
from inboxcrm.views.shapes import Context
from inboxcrm.views.verdicts import CHOICES
from inboxcrm.web.listing import list_values, narrowed
from inboxcrm.web.panel import (
    OpenPanel,
    Place,
    Toast,
    keep_toast,
    kept_toast,
    panel_values,
    view_of,
)
from inboxcrm.web.room import new_key, this_room


def is_partial() -> bool:
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def show_after(
    open_panel: OpenPanel, *, code: int = 200, toast: Toast | None = None, **more: Any
) -> ResponseReturnValue:
    """What follows a change: htmx gets the panel; a browser without script is sent back, or shown what went wrong."""
    if is_partial():
        return render_template(
            "partials/panel_answer.html", **panel_values(open_panel, toast=toast, **more)
        ), code
    if code == 200 and open_panel.place is not Place.SIDEBAR:
        if toast:
            keep_toast(toast)
        return redirect(_address(open_panel), 303)
    if open_panel.place is Place.THREAD:
        return show_thread(
            open_panel.place_id, open_panel=open_panel, code=code, pane="panel", **more
        )
    return show_panel(open_panel, code=code, toast=toast, **more)


def show_panel(
    open_panel: OpenPanel, *, code: int = 200, toast: Toast | None = None, **more: Any
) -> ResponseReturnValue:
    values = panel_values(open_panel, toast=toast or kept_toast(), **more)
    template = "partials/panel_answer.html" if is_partial() else "pages/sidebar.html"
    return render_template(template, **values), code


def show_thread(
    thread_id: str,
    *,
    pane: str = "thread",
    open_panel: OpenPanel | None = None,
    code: int = 200,
    **more: Any,
) -> ResponseReturnValue:
    """The list, the mail and the panel; without the list when htmx swaps in the mail."""
    room = this_room()
    opened = thread(room.desk, room.viewer, thread_id)
    panel = open_panel or _panel_of(thread_id)
    values = panel_values(panel, toast=kept_toast(), **more) | {
        "thread": opened,
        "pane": pane,
        "open_id": thread_id,
        "narrowed": narrowed(),
        "new_key": new_key,
        "verdict_choices": CHOICES,
        "mark_choices": MARKS,
    }
    if is_partial():
        return render_template("partials/reading.html", is_partial=True, **values), code
    page = render_template(
        "pages/inbox.html", here="inbox", is_partial=False, **values | list_values()
    )
    return make_response(page, code)


def _panel_of(thread_id: str) -> OpenPanel:
    """`person` counts the people of the thread: an address bar should hold no addresses."""
    panel = OpenPanel(
        Context(thread=thread_id),
        Place.THREAD,
        thread_id,
        find=request.args.get("find", "").strip()[:100],
    )
    number = request.args.get("person", "")
    if not (number.isdecimal() and number.isascii() and len(number) < 3):
        return panel
    choices = view_of(panel).choices
    return (
        replace(panel, person=choices[int(number)].address) if int(number) < len(choices) else panel
    )


def _address(open_panel: OpenPanel) -> str:
    values: dict[str, Any] = {"find": open_panel.find} if open_panel.find else {}
    if open_panel.person:
        addresses = [one.address for one in view_of(open_panel).choices]
        if open_panel.person in addresses:
            values["person"] = str(addresses.index(open_panel.person))
    return url_for("inbox.panel", thread_id=open_panel.place_id, **values)
