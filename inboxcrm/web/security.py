"""Who may call what, and what every answer carries. Default is no: a route missing from the table answers nobody.

In this order, before a page runs: is it our name they called (a foreign name is a rebinding attack), may they call this
route at all, is it a change that one of our own pages asked for. The body limit is set first, so that nothing is read
before.
"""

from __future__ import annotations

import hmac
from enum import Enum
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound, UnsupportedMediaType

from inboxcrm.web.errors import refuse
from inboxcrm.web.room import this_room

MAX_FORM_BYTES = 256 * 1024
MAX_JSON_BYTES = 64 * 1024


class Caller(Enum):
    """ANYONE: no session. SESSION: who came through the door. API: the same, and a POST is JSON from our own origin."""

    ANYONE = "anyone"
    SESSION = "session"
    API = "api"


ROUTES = {
    "assets.serve": Caller.ANYONE,
    "entry.enter": Caller.ANYONE,
    "entry.healthz": Caller.ANYONE,
    "api.context": Caller.API,
    "inbox.newest": Caller.SESSION,
    "inbox.news": Caller.SESSION,
    "inbox.thread": Caller.SESSION,
    "inbox.panel": Caller.SESSION,
    "inbox.body": Caller.SESSION,
    "leads.everyone": Caller.SESSION,
    "leads.lead": Caller.SESSION,
    "leads.search": Caller.SESSION,
    "sidebar.shell": Caller.SESSION,
    "sidebar.context": Caller.SESSION,
    "sidebar.move_stage": Caller.SESSION,
    "sidebar.add_note": Caller.SESSION,
    "sidebar.add_task": Caller.SESSION,
    "sidebar.finish_task": Caller.SESSION,
    "sidebar.edit": Caller.SESSION,
    "sidebar.remove": Caller.SESSION,
    "sidebar.postpone_task": Caller.SESSION,
    "sidebar.link": Caller.SESSION,
    "sidebar.unlink": Caller.SESSION,
    "sidebar.add_lead": Caller.SESSION,
    "sidebar.add_to_lead": Caller.SESSION,
    "sidebar.ignore": Caller.SESSION,
    "sidebar.no_answer_needed": Caller.SESSION,
    "sidebar.undo": Caller.SESSION,
}

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
)
STANDING_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
# The panel alone may stand in our own pages and beside Gmail; nothing else may be framed.
SIDEBAR_FRAMES = "'self' https://mail.google.com"


def guard(app: Flask) -> None:
    app.before_request(check_host)
    app.before_request(check_caller)
    app.before_request(check_origin)
    app.after_request(add_headers)


def check_host() -> ResponseReturnValue | None:
    """The name decides, not the port: a page of another site that points its own name at us is turned away."""
    host = request.host.lower()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and ":" in host else host
    if name in LOOPBACK_NAMES or {host, name} & {
        one.lower() for one in this_room().settings.allowed_hosts
    }:
        return None
    return refuse(
        421,
        "wrong_host",
        "This address is not one inboxcrm answers to.",
        "Open it under 127.0.0.1 or localhost, or add the name to allowed_hosts under [web] in config.toml.",
    )


def check_caller() -> None:
    caller = ROUTES.get(request.endpoint or "")
    request.max_content_length = MAX_JSON_BYTES if caller is Caller.API else MAX_FORM_BYTES
    if caller is Caller.ANYONE:
        return
    if session.get("account") != this_room().viewer.account_id:
        g.closed = True
        raise Forbidden
    if caller is None and request.url_rule is not None:
        current_app.logger.error("route %s has no entry in the table of callers", request.endpoint)
        raise NotFound


def check_origin() -> None:
    """Every change must come from a page of ours: by its token, or (JSON) by what no foreign form can send."""
    if request.method in {"GET", "HEAD", "OPTIONS"} or request.url_rule is None:
        return
    origin = request.headers.get("Origin")
    if (
        origin not in {None, "null"}
        and urlsplit(origin or "").netloc.lower() != request.host.lower()
    ):
        raise Forbidden("This change was asked for by another site.")
    if ROUTES.get(request.endpoint or "") is Caller.API:
        if not request.is_json:
            raise UnsupportedMediaType("Send JSON with Content-Type: application/json.")
        return
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(session.get("csrf", "").encode(), given.encode("utf-8", "replace")):
        raise Forbidden("The page this came from is out of date.")


def csrf_token() -> str:
    token: str = session.get("csrf", "")
    return token


def add_headers(response: Response) -> Response:
    for name, value in STANDING_HEADERS:
        response.headers.setdefault(name, value)
    if "Content-Security-Policy" not in response.headers:
        framed = request.path == "/sidebar" or request.path.startswith("/sidebar/")
        response.headers["Content-Security-Policy"] = PAGE_CSP + (
            SIDEBAR_FRAMES if framed else "'none'"
        )
    return response
