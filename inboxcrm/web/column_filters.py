"""A column of the sheet asked by a small form: it opens above the page, and leads to the page narrowed by it.

Nothing is changed by it: all of it is an address.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from inboxcrm.errors import FieldsError
from inboxcrm.leads.column_filters import Typed
from inboxcrm.leads.segments import SegmentError
from inboxcrm.services.pipeline_filter import ask_column, column_form
from inboxcrm.web.pipeline_page import show
from inboxcrm.web.pipeline_spot import spot_of
from inboxcrm.web.room import this_room

column_filters = Blueprint("column_filters", __name__)

_MOST_PICKS = 200
_LONGEST = 1_000


@column_filters.get("/pipeline/narrow")
def narrow() -> ResponseReturnValue:
    """The form as it stands; with `set`, the way to the page that shows what was typed."""
    room = this_room()
    spot = spot_of(request.args.get("at", ""), _without_place())
    key, where = request.args.get("column", "")[:60], spot.value("where")
    pipeline = spot.value("pipeline")
    form = column_form(room.desk, room.viewer, key, conditions=where, pipeline=pipeline)
    if "set" not in request.args:
        return show(spot, column=form)
    typed = _typed()
    try:
        asked = ask_column(room.desk, room.viewer, key, typed, conditions=where)
    except FieldsError as error:
        return show(
            spot, code=422, column=replace(form, typed=typed, problems=dict(error.problems))
        )
    except SegmentError:
        # The page says what is wrong with what was asked before.
        return show(spot, code=422, column=replace(form, typed=typed))
    return redirect(spot.link(where=asked), 303)


def _without_place() -> dict[str, str]:
    """A page further on is none of what is left."""
    left = {"page", "only", "before"}
    return {name: value for name, value in request.args.items() if name not in left}


def _typed() -> Typed:
    picks = request.args.getlist("picks")[:_MOST_PICKS]
    return Typed(
        tuple(_clean(one) for one in picks),
        _clean(request.args.get("text", "")),
        request.args.get("how", "")[:20],
        _clean(request.args.get("low", "")),
        _clean(request.args.get("high", "")),
        "blank" in request.args,
    )


def _clean(text: str) -> str:
    """Without the one character no database keeps."""
    return text[:_LONGEST].replace("\x00", "")
