"""The list of leads, one lead, and the search over leads and mail."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.views.lead_page_shapes import Show
from inboxcrm.views.leads import lead_list, search_leads
from inboxcrm.views.search import search_threads
from inboxcrm.web.lead_page import Forms, show_lead_page
from inboxcrm.web.panel import kept_toast
from inboxcrm.web.room import this_room

lead_pages = Blueprint("leads", __name__)


@lead_pages.get("/leads")
def everyone() -> ResponseReturnValue:
    room = this_room()
    asked = {name: request.args.get(name, "")[:80] for name in ("stage", "owes", "owner", "tag")}
    if asked["owes"] not in {"us", "them"}:
        asked["owes"] = ""
    before = _cursor()
    view = lead_list(
        room.desk,
        room.viewer,
        before=before,
        stage=asked["stage"],
        owes=asked["owes"],
        owner=asked["owner"],
        tag=asked["tag"],
    )

    def link(**changed: str) -> str:
        values: dict[str, Any] = {name: value for name, value in (asked | changed).items() if value}
        return url_for("leads.everyone", **values)

    return render_template(
        "pages/leads.html",
        here="leads",
        view=view,
        before=before,
        asked=asked,
        link=link,
        toast=kept_toast(),
        forms=Forms(Show.ALL),
    )


@lead_pages.get("/leads/<lead_id>")
def lead(lead_id: str) -> ResponseReturnValue:
    return show_lead_page(lead_id)


@lead_pages.get("/search")
def search() -> ResponseReturnValue:
    room = this_room()
    words = " ".join(request.args.get("q", "").split())[:200]
    leads = search_leads(room.desk, room.viewer, words, limit=20) if words else ()
    threads = search_threads(room.desk, room.viewer, words, limit=40) if words else ()
    return render_template("pages/search.html", here="", words=words, leads=leads, threads=threads)


def _cursor() -> str | None:
    return request.args.get("before", "")[:300] or None
