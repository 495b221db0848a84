"""`/` and the open thread: the list, the mail, the panel beside it; and the frame a mail's HTML is shown in."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from inboxcrm.views.inbox import message_body
from inboxcrm.web.filters import plain
from inboxcrm.web.listing import list_values, show_list, wants_list
from inboxcrm.web.mail_html import clean_mail
from inboxcrm.web.places import show_thread
from inboxcrm.web.room import this_room

inbox_pages = Blueprint("inbox", __name__)

# The frame has no scripts by sandbox, by policy and by cleaning: any two may fail. `allow-same-origin` lets our page
# measure how tall the mail is; without scripts inside, it lets the mail do nothing.
FRAME_CSP = (
    "default-src 'none'; style-src 'self'; img-src {images}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)


@inbox_pages.get("/")
def newest() -> ResponseReturnValue:
    if wants_list():
        return show_list()
    return render_template(
        "pages/inbox.html", here="inbox", pane="list", thread=None, open_id="", **list_values()
    )


@inbox_pages.get("/news")
def news() -> ResponseReturnValue:
    """204 while the list still shows how things stand; else list, progress and a word for the live region."""
    room = this_room()
    values = list_values()
    view = values["inbox"]
    if request.args.get("seen") == values["seen"]:
        return "", 204
    first = view.rows[0] if view.rows else None
    fresh = (
        first is not None and not first.is_outbound and (room.now() - first.at).total_seconds() < 90
    )
    announcement = (
        f"New mail from {plain(first.who, 60)}: {plain(first.subject, 80)}"
        if first and fresh
        else ""
    )
    open_id = request.args.get("open", "")[:100]
    return render_template(
        "partials/news.html",
        open_id=open_id,
        announcement=announcement,
        **values | {"oob": True},
    )


@inbox_pages.get("/threads/<thread_id>")
def thread(thread_id: str) -> ResponseReturnValue:
    return show_list(thread_id) if wants_list() else show_thread(thread_id)


@inbox_pages.get("/threads/<thread_id>/panel")
def panel(thread_id: str) -> ResponseReturnValue:
    """The same page with the panel in front, where the screen has no room for both; Back leads to the mail."""
    return show_thread(thread_id, pane="panel")


@inbox_pages.get("/messages/<message_id>/body")
def body(message_id: str) -> ResponseReturnValue:
    room = this_room()
    found = message_body(room.desk, room.viewer, message_id)
    with_images = request.args.get("images") == "1"
    clean = clean_mail(found.html, with_images=with_images)
    page = render_template(
        "pages/mail_body.html",
        html=Markup(clean.html),  # noqa: S704 - cleaned on the line above, and framed without scripts
        text=found.text,
        remote_images=clean.remote_images,
        remote_hosts=clean.remote_hosts,
        with_images=with_images,
        is_cut=clean.is_cut,
        is_tangled=clean.is_tangled,
    )
    answer = make_response(page)
    images = "data: https: http:" if with_images else "data:"
    answer.headers["Content-Security-Policy"] = FRAME_CSP.format(images=images)
    return answer
