"""An organization's page, and its renaming. Taking that back is renaming it again, while nobody else did."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.errors import ConflictError, UserError
from inboxcrm.services.organizations import rename_organization
from inboxcrm.views.organizations import organization_page
from inboxcrm.web.changes import Attempt, Outcome, attempt_of, change_once
from inboxcrm.web.room import Desk, new_key, this_room

organizations = Blueprint("organizations", __name__)


@organizations.get("/organizations/<organization_id>")
def organization(organization_id: str) -> ResponseReturnValue:
    return _page(organization_id)


@organizations.post("/organizations/<organization_id>/rename")
def rename(organization_id: str) -> ResponseReturnValue:
    room = this_room()
    name, was = request.form.get("name", ""), request.form.get("was", "")

    def act(desk: Desk) -> Outcome:
        done = rename_organization(desk, room.viewer, organization_id, name, was=was)
        return {"text": done.text, "was": done.was, "name": done.name}

    try:
        outcome = change_once(act)
    except ConflictError as error:
        attempt = replace(attempt_of("rename", error), is_stale=True)
        return _page(organization_id, code=409, attempt=attempt)
    except UserError as error:
        return _page(organization_id, code=422, attempt=attempt_of("rename", error))
    session["renamed"] = [str(outcome[part] or "")[:300] for part in ("text", "was", "name")]
    return redirect(url_for("organizations.organization", organization_id=organization_id), 303)


def _page(
    organization_id: str, *, code: int = 200, attempt: Attempt | None = None
) -> ResponseReturnValue:
    room = this_room()
    page = organization_page(
        room.desk,
        room.viewer,
        organization_id,
        people_before=request.args.get("people", "")[:300] or None,
        threads_before=request.args.get("threads", "")[:300] or None,
    )
    kept = session.pop("renamed", None)
    body = render_template(
        "pages/organization.html",
        here="leads",
        page=page,
        attempt=attempt or Attempt(),
        renamed=kept,
        new_key=new_key,
    )
    return make_response(body, code)
