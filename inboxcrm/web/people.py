"""Who works here: the people, their roles, invitations, and the audit log. Everybody may look; admins change."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.access.viewer import AccountRole, may_rule_people
from inboxcrm.errors import FieldsError
from inboxcrm.services.invitations import invite, list_invitations, withdraw_invitation
from inboxcrm.services.people import change_person, list_people
from inboxcrm.services.private_reading import read_private
from inboxcrm.views.audit import audit_lines
from inboxcrm.web.panel import Toast, keep_toast, kept_toast
from inboxcrm.web.room import this_room

people_pages = Blueprint("people", __name__)


@people_pages.get("/people")
def everyone() -> ResponseReturnValue:
    return _page()


@people_pages.post("/people/invite")
def invite_form() -> ResponseReturnValue:
    """The link is in the answer and nowhere else: the database holds its hash."""
    room = this_room()
    form = request.form
    try:
        token = invite(
            room.desk,
            room.viewer,
            role=form.get("role", ""),
            address=form.get("address", "")[:500],
            now=room.machine_now(),
        )
    except FieldsError as error:
        return _page(problems=error.problems, code=422)
    base = room.settings.public_url or request.host_url.rstrip("/")
    return _page(link=f"{base}{url_for('entry.welcome_page', token=token)}")


@people_pages.post("/people/invitations/<invitation_id>/withdraw")
def withdraw(invitation_id: str) -> ResponseReturnValue:
    room = this_room()
    withdraw_invitation(room.desk, room.viewer, invitation_id, now=room.machine_now())
    keep_toast(Toast("The invitation is withdrawn; its link is good no more."))
    return redirect(url_for("people.everyone"), 303)


@people_pages.post("/people/<person_id>")
def change(person_id: str) -> ResponseReturnValue:
    room = this_room()
    form = request.form
    closes = {"close": True, "open": False}.get(form.get("do", ""))
    role = form.get("role") if closes is None else None
    name = change_person(
        room.desk, room.viewer, person_id, role=role, close=closes, now=room.machine_now()
    )
    said = {
        True: f"{name} can no longer sign in.",
        False: f"{name} can sign in again.",
        None: f"{name} is {'an admin' if role == 'admin' else f'a {role}'} now.",
    }[closes]
    keep_toast(Toast(said))
    return redirect(url_for("people.everyone"), 303)


@people_pages.post("/private/<message_id>")
def private(message_id: str) -> ResponseReturnValue:
    """A POST, because it changes something: the audit log."""
    room = this_room()
    mail = read_private(room.desk, room.viewer, message_id, now=room.machine_now())
    return render_template("pages/private.html", here="people", mail=mail)


@people_pages.get("/audit")
def audit() -> ResponseReturnValue:
    room = this_room()
    view = audit_lines(room.desk, room.viewer, before=request.args.get("before", "")[:100])
    return render_template("pages/audit.html", here="people", view=view)


def _page(
    *, problems: dict[str, str] | None = None, link: str = "", code: int = 200
) -> ResponseReturnValue:
    room = this_room()
    rules = may_rule_people(room.viewer)
    page = render_template(
        "pages/people.html",
        here="people",
        people=list_people(room.desk, room.viewer),
        invitations=list_invitations(room.desk, room.viewer, now=room.machine_now())
        if rules
        else (),
        roles=[role.value for role in AccountRole],
        may_rule=rules,
        problems=problems or {},
        link=link,
        form=request.form,
        toast=kept_toast(),
    )
    return page, code
