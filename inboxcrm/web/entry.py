"""The door: one link, printed when the program starts, good for one browser. And whether the program is well."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from inboxcrm.views.health import schema_version
from inboxcrm.web.room import this_room

entry = Blueprint("entry", __name__)


@entry.get("/enter")
def enter() -> ResponseReturnValue:
    """Only a real GET spends the token: a HEAD of a link checker must not lock the person out."""
    token = request.args.get("token", "")
    if request.method == "HEAD":
        return "", 204
    if not this_room().door.open(token):
        reason = "used" if token else "missing"
        return render_template("pages/closed.html", reason=reason, inside="account" in session), 403
    session.clear()
    session["account"] = this_room().viewer.account_id
    session["csrf"] = secrets.token_urlsafe(24)
    return redirect(url_for("inbox.newest"), 303)


@entry.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok", schema=schema_version(this_room().desk))
