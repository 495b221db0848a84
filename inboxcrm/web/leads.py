"""The list of leads, one lead, and the search over leads and mail."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inboxcrm.views.leads import lead_list, search_leads
from inboxcrm.views.search import search_threads
from inboxcrm.views.shapes import Context
from inboxcrm.web.panel import OpenPanel, Place
from inboxcrm.web.places import show_lead
from inboxcrm.web.room import this_room

lead_pages = Blueprint("leads", __name__)


@lead_pages.get("/leads")
def everyone() -> ResponseReturnValue:
    room = this_room()
    stage, owes = request.args.get("stage", "")[:60], request.args.get("owes", "")[:10]
    owes = owes if owes in {"us", "them"} else ""
    before = _cursor()
    view = lead_list(room.desk, room.viewer, before=before, stage=stage, owes=owes)
    return render_template(
        "pages/leads.html", here="leads", view=view, before=before, stage=stage, owes=owes
    )


@lead_pages.get("/leads/<lead_id>")
def lead(lead_id: str) -> ResponseReturnValue:
    return show_lead(OpenPanel(Context(), Place.LEAD, lead_id), before=_cursor())


@lead_pages.get("/search")
def search() -> ResponseReturnValue:
    room = this_room()
    words = " ".join(request.args.get("q", "").split())[:200]
    leads = search_leads(room.desk, room.viewer, words, limit=20) if words else ()
    threads = search_threads(room.desk, room.viewer, words, limit=40) if words else ()
    return render_template("pages/search.html", here="", words=words, leads=leads, threads=threads)


def _cursor() -> str | None:
    return request.args.get("before", "")[:300] or None
