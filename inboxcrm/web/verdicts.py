"""What a mail was taken for is corrected on the open mail, and an answer to a cadence marked as a good one or not: one
button each, and the page as it then stands.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.cadence.reports import Mark
from inboxcrm.errors import UsageError
from inboxcrm.mail.said import Said
from inboxcrm.services.answer_marks import mark_answer, take_back_mark
from inboxcrm.services.verdicts import correct_verdict, take_back_word
from inboxcrm.web.changes import Outcome, change_once, day_of_form
from inboxcrm.web.panel import Toast, keep_toast
from inboxcrm.web.room import Desk, this_room

verdict_pages = Blueprint("verdicts", __name__)


@verdict_pages.post("/messages/<message_id>/verdict")
def correct(message_id: str) -> ResponseReturnValue:
    """`said` is one of `Said`, or "found": the rules' verdict holds again."""
    said = request.form.get("said", "")[:20]

    def act(desk: Desk) -> Outcome:
        viewer = this_room().viewer
        if said == "found":
            return {"text": take_back_word(desk, viewer, message_id).text}
        word = _said(said)
        day = _day_of(word)
        return {"text": correct_verdict(desk, viewer, message_id, word, back_on=day).text}

    keep_toast(Toast(change_once(act)["text"]))
    thread = request.form.get("thread", "")[:100]
    if not thread:
        return redirect(url_for("inbox.newest"), 303)
    return redirect(url_for("inbox.thread", thread_id=thread, _anchor=f"m-{message_id}"), 303)


@verdict_pages.post("/messages/<message_id>/mark")
def mark(message_id: str) -> ResponseReturnValue:
    """`mark` is one of `Mark`, or "none". The form says on which page it stands: thread, lead or cadence's mail."""
    wanted = request.form.get("mark", "")[:20]

    def act(desk: Desk) -> Outcome:
        viewer = this_room().viewer
        if wanted == "none":
            return {"text": take_back_mark(desk, viewer, message_id).text}
        if wanted not in set(Mark):
            raise UsageError("That is no mark.", remedy="Reload the page.")
        return {"text": mark_answer(desk, viewer, message_id, Mark(wanted)).text}

    keep_toast(Toast(change_once(act)["text"]))
    return redirect(_where_it_stood(message_id), 303)


def _where_it_stood(message_id: str) -> str:
    thread, lead, cadence, mail = (
        request.form.get(name, "")[:100] for name in ("thread", "lead", "cadence", "mail")
    )
    if lead:
        kind = request.form.get("kind", "")[:20] or None
        return url_for("leads.lead", lead_id=lead, kind=kind, _anchor=f"e-{message_id}")
    if cadence and mail:
        return url_for("cadences.mail", cadence_id=cadence, mail_id=mail, _anchor="h-answer")
    if thread:
        return url_for("inbox.thread", thread_id=thread, _anchor=f"m-{message_id}")
    return url_for("inbox.newest")


def _said(key: str) -> Said:
    try:
        return Said(key)
    except ValueError:
        raise UsageError("That is nothing a mail can be.", remedy="Reload the page.") from None


def _day_of(word: Said) -> date | None:
    """The field stands beside all buttons and belongs to one of them."""
    return day_of_form("back_on") if word is Said.ABSENCE else None
