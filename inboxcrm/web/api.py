"""JSON for the extension and for third parties: the same view as the panel. Changes are the panel's business."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from inboxcrm.views.as_json import as_json
from inboxcrm.views.sidebar import sidebar
from inboxcrm.web.context import context_from_text
from inboxcrm.web.room import this_room

api = Blueprint("api", __name__)


@api.post("/api/v1/ext/context")
def context() -> ResponseReturnValue:
    """Context in, SidebarView out. 413 above 64 kB, 415 not JSON, 422 with the fields that are wrong."""
    room = this_room()
    view = sidebar(room.desk, room.viewer, context_from_text(request.get_data()))
    return jsonify(as_json(view))
