"""Suppression: whom nothing is sent to, said once for the whole house; added and taken off with one field."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import RefusedError, UserError
from inboxcrm.services.suppressions import release as take_off
from inboxcrm.services.suppressions import suppress
from inboxcrm.views.suppression import suppression_list
from inboxcrm.web.changes import Outcome, change_once, said
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import Desk, new_key, this_room

suppression_pages = Blueprint("suppression", __name__)

_LONGEST = 500


@suppression_pages.get("/suppression")
def page() -> ResponseReturnValue:
    return _show()


@suppression_pages.post("/suppression")
def add() -> ResponseReturnValue:
    """An address or a domain."""
    subject = _typed()

    def act(desk: Desk) -> str:
        is_new = suppress(desk, this_room().viewer, subject)
        return (
            f"Nothing is sent to {subject} any more."
            if is_new
            else f"{subject} stood there already."
        )

    return _change(act, subject)


@suppression_pages.post("/suppression/release")
def release() -> ResponseReturnValue:
    subject = _typed()

    def act(desk: Desk) -> str:
        stood = take_off(desk, this_room().viewer, subject)
        return f"{subject} may be written to again." if stood else f"{subject} was not suppressed."

    return _change(act, "")


def _typed() -> str:
    return request.form.get("subject", "")[:_LONGEST].replace("\x00", "").strip()


def _change(act: Callable[[Desk], str], typed: str) -> ResponseReturnValue:
    def once(desk: Desk) -> Outcome:
        return {"text": act(desk)}

    try:
        keep_toast(Toast(change_once(once)["text"]))
    except (UserError, RefusedError) as error:
        return _show(typed=typed, problem=said(error), code=422)
    return redirect(url_for("suppression.page"), 303)


def _show(*, typed: str = "", problem: str = "", code: int = 200) -> ResponseReturnValue:
    room = this_room()
    find = request.args.get("find", "")[:200]
    after = request.args.get("after", "")[:_LONGEST] or None
    shown = render_template(
        "pages/suppression.html",
        here="cadences",
        view=suppression_list(room.desk, room.viewer, words=find, after=after),
        find=find,
        is_first=after is None,
        typed=typed,
        problem=problem,
        toast=kept_toast() if not problem else None,
        new_key=new_key,
    )
    return shown, code
