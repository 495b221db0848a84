"""One's own account: name and role, password, and the sessions that are open."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import FieldsError
from inboxcrm.services.people import list_people
from inboxcrm.services.sessions import end_other_sessions, end_session, list_sessions
from inboxcrm.services.signing_in import change_password
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import this_room

account_pages = Blueprint("accounts", __name__)


@account_pages.get("/account")
def account() -> ResponseReturnValue:
    return _page()


@account_pages.post("/account/password")
def password() -> ResponseReturnValue:
    room = this_room()
    try:
        change_password(
            room.desk,
            room.viewer,
            old=request.form.get("old", "")[:1000],
            new=request.form.get("new", "")[:1000],
            session_id=g.opened.id,
            now=room.machine_now(),
        )
    except FieldsError as error:
        return _page(problems=error.problems, code=422)
    keep_toast(Toast("Your password is changed; your other sessions have ended."))
    return redirect(url_for("accounts.account"), 303)


@account_pages.post("/account/sessions/<session_id>/end")
def end(session_id: str) -> ResponseReturnValue:
    room = this_room()
    end_session(room.desk, room.viewer, session_id, now=room.machine_now())
    keep_toast(Toast("That session has ended."))
    return redirect(url_for("accounts.account"), 303)


@account_pages.post("/account/sessions/end-others")
def end_others() -> ResponseReturnValue:
    room = this_room()
    end_other_sessions(room.desk, room.viewer, g.opened.id, now=room.machine_now())
    keep_toast(Toast("Your other sessions have ended."))
    return redirect(url_for("accounts.account"), 303)


def _page(*, problems: dict[str, str] | None = None, code: int = 200) -> ResponseReturnValue:
    room = this_room()
    person = next(
        (one for one in list_people(room.desk, room.viewer) if one.is_viewer and one.address), None
    )
    page = render_template(
        "pages/account.html",
        here="account",
        person=person,
        opened=g.opened,
        sessions=list_sessions(room.desk, room.viewer, this=g.opened.id, now=room.machine_now()),
        problems=problems or {},
        toast=kept_toast(),
    )
    return page, code
