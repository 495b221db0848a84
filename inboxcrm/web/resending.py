"""A mail sent once more on purpose: first what would go, and what speaks against it; only that page has the button."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import ForbiddenError, InboxcrmError, RefusedError
from inboxcrm.services import resending
from inboxcrm.views.cadence_mails import cadence_mail
from inboxcrm.web.changes import Outcome, change_once, said
from inboxcrm.web.panel import Toast, keep_toast
from inboxcrm.web.room import Desk, new_key, this_room

resend_pages = Blueprint("resending", __name__)


@resend_pages.get("/cadences/<cadence_id>/mails/<mail_id>/resend")
def look(cadence_id: str, mail_id: str) -> ResponseReturnValue:
    return _show(cadence_id, mail_id)


@resend_pages.post("/cadences/<cadence_id>/mails/<mail_id>/resend")
def send(cadence_id: str, mail_id: str) -> ResponseReturnValue:
    room = this_room()
    key = cadence_mail(room.desk, room.viewer, mail_id).key

    def act(desk: Desk) -> Outcome:
        done = resending.resend(desk, room.viewer, key)
        return {"id": done.mail_id, "text": "Planned once more. It goes by its rules."}

    try:
        outcome = change_once(act)
    except RefusedError as error:
        code = 403 if isinstance(error, ForbiddenError) else 409
        return _show(cadence_id, mail_id, problem=said(error), code=code)
    keep_toast(Toast(outcome["text"]))
    return redirect(url_for("cadences.mail", cadence_id=cadence_id, mail_id=outcome["id"]), 303)


@resend_pages.post("/cadences/<cadence_id>/mails/<mail_id>/call-off")
def call_off(cadence_id: str, mail_id: str) -> ResponseReturnValue:
    room = this_room()
    key = cadence_mail(room.desk, room.viewer, mail_id).key

    def act(desk: Desk) -> Outcome:
        resending.call_off(desk, room.viewer, key)
        return {"text": "Taken back: it does not go."}

    try:
        outcome = change_once(act)
    except RefusedError as error:
        code = 403 if isinstance(error, ForbiddenError) else 409
        return _show(cadence_id, mail_id, problem=said(error), code=code)
    keep_toast(Toast(outcome["text"]))
    return redirect(url_for("cadences.mail", cadence_id=cadence_id, mail_id=mail_id), 303)


def _show(
    cadence_id: str, mail_id: str, *, problem: str = "", code: int = 200
) -> ResponseReturnValue:
    del cadence_id  # the mail knows its own
    room = this_room()
    mail = cadence_mail(room.desk, room.viewer, mail_id)
    found = None
    if not problem:
        try:
            found = resending.look_at_resend(room.desk, room.viewer, mail.key)
        except InboxcrmError as error:
            problem = said(error)
    page = render_template(
        "pages/cadence_resend.html",
        here="cadences",
        line=mail.line,
        found=found,
        problem=problem,
        new_key=new_key,
    )
    return page, code
