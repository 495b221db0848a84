"""`/templates/missing`: who in a segment lacks what a template names, before anything is sent."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inboxcrm.errors import InboxcrmError
from inboxcrm.leads.segments import SegmentError
from inboxcrm.services.missing_fields import GapFilter, MissingFields, missing_fields
from inboxcrm.services.segments import segments
from inboxcrm.views.templates import template_list
from inboxcrm.web.changes import said
from inboxcrm.web.room import this_room

missing_pages = Blueprint("missing_fields", __name__)

_FIELDS = {"template": 200, "segment": 4_000, "variable": 100, "only": 10, "after": 100}


@missing_pages.get("/templates/missing")
def page() -> ResponseReturnValue:
    room = this_room()
    asked = {
        name: request.args.get(name, "")[:longest].replace("\x00", "").strip()
        for name, longest in _FIELDS.items()
    }
    found: MissingFields | None = None
    problem = ""
    if asked["template"] and asked["segment"]:
        wanted = GapFilter(asked["variable"], asked["only"] == "no-mail", asked["after"])
        try:
            found = missing_fields(
                room.desk,
                room.viewer,
                template=asked["template"],
                segment=asked["segment"],
                wanted=wanted,
            )
        except SegmentError as error:
            problem = "; ".join(str(one) for one in error.problems)
        except InboxcrmError as error:
            problem = said(error)
    shown = render_template(
        "pages/missing_fields.html",
        here="cadences",
        asked=asked,
        found=found,
        problem=problem,
        templates=template_list(room.desk, room.viewer),
        segments=segments(room.desk, room.viewer),
    )
    return shown, 422 if problem else 200
