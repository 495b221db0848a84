"""A test of a template, sent to the mailbox itself from the template's page. What came of it is said, and stands there.

The form's key is the request: pressed twice it is one test. No transaction is open while the provider is asked.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import InboxcrmError, RefusedError
from inboxcrm.services.own_tests import send_test
from inboxcrm.views.leads import lead_list, search_leads
from inboxcrm.views.templates import template_page
from inboxcrm.web.changes import said
from inboxcrm.web.panel import Toast, keep_toast
from inboxcrm.web.room import this_room

own_test_pages = Blueprint("own_tests", __name__)


@own_test_pages.post("/templates/<template_id>/test")
def send(template_id: str) -> ResponseReturnValue:
    room = this_room()
    page = template_page(room.desk, room.viewer, template_id)
    try:
        if room.post is None:
            raise RefusedError("Nothing can be sent from here.", remedy="Use the command line.")
        done = send_test(
            room.desk,
            room.viewer,
            room.post,
            template=page.shown.line.name,
            lead_id=_lead(),
            mailbox=request.form.get("mailbox", "")[:200],
            request=request.form.get("idempotency_key", ""),
        )
        told = done.said if done.went is not True else f"Sent to {done.to}: {done.subject}"
    except InboxcrmError as error:
        told = said(error)
    keep_toast(Toast(told[:600]))
    return redirect(url_for("templates.edit", template_id=template_id) + "#tests", 303)


def _lead() -> str:
    """The one that was looked for, else the one that moved last."""
    room = this_room()
    words = " ".join(request.form.get("lead", "")[:100].split())
    if words:
        hits = search_leads(room.desk, room.viewer, words, limit=1)
        found = hits[0].id if hits else ""
    else:
        rows = lead_list(room.desk, room.viewer).rows
        found = rows[0].id if rows else ""
    if not found:
        raise RefusedError("No lead is called that.", remedy="Name another lead.")
    return found
