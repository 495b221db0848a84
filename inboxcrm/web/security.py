"""Who may call what, and what every answer carries. Default is no: a route missing from the table answers nobody.

In this order, before a page runs: is it our name they called (a foreign name is a rebinding attack), may they call this
route at all, is it a change that one of our own pages asked for. The body limit is set first, so that nothing is read
before.
"""

from __future__ import annotations

import hmac
import secrets
from enum import Enum
from math import ceil
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import (
    Forbidden,
    NotFound,
    TooManyRequests,
    UnsupportedMediaType,
)

from inboxcrm.access.viewer import may_rule_people
from inboxcrm.services.sessions import find_session
from inboxcrm.web.errors import refuse
from inboxcrm.web.room import this_room

MAX_FORM_BYTES = 256 * 1024
MAX_JSON_BYTES = 64 * 1024
LARGE_FORMS = {
    "template_files.add": 20 * 1024 * 1024,
    "lead_import.upload": 4 * 1024 * 1024,
    "suppression.bring": 4 * 1024 * 1024,
}
"""Forms that bring files: how many bytes each may have."""


class Caller(Enum):
    """ANYONE: no session. SESSION: who is signed in. API: the same, and a POST is JSON from our own origin.
    ADMIN: who is signed in as an admin. DEMO: who is signed in, in the demo only.
    """

    ANYONE = "anyone"
    SESSION = "session"
    API = "api"
    ADMIN = "admin"
    DEMO = "demo"


ROUTES = {
    "assets.serve": Caller.ANYONE,
    "entry.enter": Caller.ANYONE,
    "entry.healthz": Caller.ANYONE,
    "entry.sign_in_page": Caller.ANYONE,
    "entry.sign_in_form": Caller.ANYONE,
    "entry.welcome_page": Caller.ANYONE,
    "entry.welcome_form": Caller.ANYONE,
    "entry.ask_elsewhere": Caller.ANYONE,
    "entry.answer_elsewhere": Caller.ANYONE,
    "entry.sign_out": Caller.SESSION,
    "entry.switch": Caller.DEMO,
    "accounts.account": Caller.SESSION,
    "accounts.password": Caller.SESSION,
    "accounts.end": Caller.SESSION,
    "accounts.end_others": Caller.SESSION,
    "people.everyone": Caller.SESSION,
    "people.invite_form": Caller.ADMIN,
    "people.withdraw": Caller.ADMIN,
    "people.change": Caller.ADMIN,
    "people.audit": Caller.ADMIN,
    "people.private": Caller.ADMIN,
    "mailboxes.health": Caller.SESSION,
    "mailboxes.guide": Caller.SESSION,
    "mailboxes.ask": Caller.SESSION,
    "mailboxes.allow_sending": Caller.SESSION,
    "mailboxes.answer": Caller.SESSION,
    "mailboxes.set_aside": Caller.SESSION,
    "mailboxes.retry": Caller.SESSION,
    "mailboxes.pause": Caller.SESSION,
    "mailboxes.resume": Caller.SESSION,
    "mailboxes.sync": Caller.SESSION,
    "mailboxes.settings": Caller.SESSION,
    "mailboxes.disconnect": Caller.SESSION,
    "mailboxes.limits": Caller.SESSION,
    "api.context": Caller.API,
    "inbox.newest": Caller.SESSION,
    "inbox.news": Caller.SESSION,
    "inbox.thread": Caller.SESSION,
    "inbox.panel": Caller.SESSION,
    "inbox.body": Caller.SESSION,
    "verdicts.correct": Caller.SESSION,
    "verdicts.mark": Caller.SESSION,
    "attachments.fetch": Caller.SESSION,
    "leads.everyone": Caller.SESSION,
    "leads.lead": Caller.SESSION,
    "leads.search": Caller.SESSION,
    "lead_import.choose": Caller.SESSION,
    "lead_import.upload": Caller.SESSION,
    "lead_import.look": Caller.SESSION,
    "lead_import.bring": Caller.SESSION,
    "lead_import.done": Caller.SESSION,
    "lead_import.rejected_csv": Caller.SESSION,
    "lead_import.undo": Caller.SESSION,
    "lead.note": Caller.SESSION,
    "lead.call": Caller.SESSION,
    "lead.meeting": Caller.SESSION,
    "lead.task": Caller.SESSION,
    "lead.follow_up": Caller.SESSION,
    "lead.finish": Caller.SESSION,
    "lead.move": Caller.SESSION,
    "lead.snooze": Caller.SESSION,
    "lead.tag": Caller.SESSION,
    "lead.untag": Caller.SESSION,
    "lead.pin": Caller.SESSION,
    "lead.stage": Caller.SESSION,
    "lead.edit": Caller.SESSION,
    "lead.no_answer_needed": Caller.SESSION,
    "lead.stop_cadence": Caller.SESSION,
    "lead_cadence.choose": Caller.SESSION,
    "lead_cadence.add": Caller.SESSION,
    "lead.pause_cadence": Caller.SESSION,
    "lead.resume_cadence": Caller.SESSION,
    "lead.consent": Caller.SESSION,
    "lead.remove": Caller.SESSION,
    "lead.undo": Caller.SESSION,
    "organizations.organization": Caller.SESSION,
    "organizations.rename": Caller.SESSION,
    "pipeline.board_page": Caller.SESSION,
    "pipeline.sheet_page": Caller.SESSION,
    "pipeline.numbers": Caller.SESSION,
    "pipeline.behind": Caller.SESSION,
    "pipeline.part_csv": Caller.SESSION,
    "pipeline.move": Caller.SESSION,
    "pipeline.set_field": Caller.SESSION,
    "pipeline.undo": Caller.SESSION,
    "column_filters.narrow": Caller.SESSION,
    "saved_views.everything": Caller.SESSION,
    "saved_views.page": Caller.SESSION,
    "saved_views.make": Caller.SESSION,
    "saved_views.change": Caller.SESSION,
    "bulk_edits.choose": Caller.SESSION,
    "bulk_edits.page": Caller.SESSION,
    "bulk_edits.look": Caller.SESSION,
    "bulk_edits.apply": Caller.SESSION,
    "bulk_edits.undo": Caller.SESSION,
    "calls.page": Caller.SESSION,
    "review.queue": Caller.SESSION,
    "review.expired": Caller.SESSION,
    "review.later": Caller.SESSION,
    "review.ignored": Caller.SESSION,
    "review.rules": Caller.SESSION,
    "review.match": Caller.SESSION,
    "review.rehearse": Caller.SESSION,
    "review.make": Caller.SESSION,
    "review.drop": Caller.SESSION,
    "review.answer": Caller.SESSION,
    "review.undo": Caller.SESSION,
    "cadences.everything": Caller.SESSION,
    "cadences.page": Caller.SESSION,
    "cadences.body": Caller.SESSION,
    "cadences.mail": Caller.SESSION,
    "cadences.mail_body": Caller.SESSION,
    "cadences.start": Caller.SESSION,
    "cadences.pause": Caller.SESSION,
    "cadences.resume": Caller.SESSION,
    "cadences.cancel": Caller.SESSION,
    "cadences.resolve": Caller.SESSION,
    "cadence_plan.page": Caller.SESSION,
    "cadence_plan.today": Caller.SESSION,
    "cadence_limits.form": Caller.SESSION,
    "cadence_limits.change": Caller.SESSION,
    "resending.look": Caller.SESSION,
    "resending.send": Caller.SESSION,
    "resending.call_off": Caller.SESSION,
    "cadence_steps.form": Caller.SESSION,
    "cadence_steps.change": Caller.SESSION,
    "cadence_steps.versions": Caller.SESSION,
    "cadence_steps.go_back": Caller.SESSION,
    "cadence_steps.questions": Caller.SESSION,
    "cadence_steps.answer": Caller.SESSION,
    "cadence_reports.page": Caller.SESSION,
    "cadence_reports.behind": Caller.SESSION,
    "outbox.page": Caller.SESSION,
    "templates.everything": Caller.SESSION,
    "templates.new": Caller.SESSION,
    "templates.make": Caller.SESSION,
    "templates.edit": Caller.SESSION,
    "templates.save": Caller.SESSION,
    "templates.version": Caller.SESSION,
    "missing_fields.page": Caller.SESSION,
    "own_tests.send": Caller.SESSION,
    "template_files.add": Caller.SESSION,
    "template_files.remove": Caller.SESSION,
    "snippets.everything": Caller.SESSION,
    "snippets.new": Caller.SESSION,
    "snippets.make": Caller.SESSION,
    "snippets.edit": Caller.SESSION,
    "snippets.save": Caller.SESSION,
    "snippets.remove": Caller.SESSION,
    "mailboxes.signature": Caller.SESSION,
    "segments.everything": Caller.SESSION,
    "segments.new": Caller.SESSION,
    "segments.make": Caller.SESSION,
    "segments.page": Caller.SESSION,
    "segments.save": Caller.SESSION,
    "segments.remove": Caller.SESSION,
    "suppression.page": Caller.SESSION,
    "suppression.add": Caller.SESSION,
    "suppression.release": Caller.SESSION,
    "suppression.bring": Caller.SESSION,
    "suppression.give_out": Caller.SESSION,
    "new_cadence.form": Caller.SESSION,
    "new_cadence.make": Caller.SESSION,
    "today.page": Caller.SESSION,
    "today.section": Caller.SESSION,
    "today.finish": Caller.SESSION,
    "today.postpone": Caller.SESSION,
    "today.dismiss": Caller.SESSION,
    "today.snooze": Caller.SESSION,
    "today.undo": Caller.SESSION,
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
    "sidebar.stop_cadence": Caller.SESSION,
    "sidebar.pause_cadence": Caller.SESSION,
    "sidebar.resume_cadence": Caller.SESSION,
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


def guard(app: Flask) -> None:
    app.before_request(check_host)
    app.before_request(check_caller)
    app.before_request(check_pace)
    app.before_request(check_origin)
    app.after_request(add_headers)


def check_host() -> ResponseReturnValue | None:
    """The name decides, not the port: a page of another site that points its own name at us is turned away."""
    host = request.host.lower()
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and ":" in host else host
    settings = this_room().settings
    public = urlsplit(settings.public_url).netloc.lower()
    if name in LOOPBACK_NAMES or {host, name} & {
        public,
        *(one.lower() for one in settings.allowed_hosts),
    } - {""}:
        return None
    return refuse(
        421,
        "wrong_host",
        "This address is not one inboxcrm answers to.",
        "Open it under 127.0.0.1 or localhost, or add the name to allowed_hosts under [web] in config.toml.",
    )


def check_caller() -> None:
    caller = ROUTES.get(request.endpoint or "")
    largest = LARGE_FORMS.get(request.endpoint or "", MAX_FORM_BYTES)
    request.max_content_length = MAX_JSON_BYTES if caller is Caller.API else largest
    if caller is Caller.ANYONE:
        return
    room = this_room()
    opened = find_session(room.desk, session.get("token", ""), now=room.machine_now())
    if opened is None:
        g.closed = True
        raise Forbidden
    g.opened = opened
    if caller is Caller.ADMIN and not may_rule_people(opened.viewer):
        raise Forbidden("Only an admin may do that.")
    if caller is Caller.DEMO and not room.demo_people:
        raise NotFound
    if caller is None and request.url_rule is not None:
        current_app.logger.error("route %s has no entry in the table of callers", request.endpoint)
        raise NotFound


def check_pace() -> None:
    """Files that a browser keeps are not counted."""
    if request.endpoint == "assets.serve":
        return
    room = this_room()
    opened = g.get("opened")
    key = opened.id if opened else f"from {request.remote_addr}"
    wait = room.pace.wait_seconds(key, room.machine_now().timestamp())
    if wait:
        raise TooManyRequests(retry_after=ceil(wait))


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


def open_to(token: str) -> None:
    """Signs this browser in. Nothing of the session before stays, so that none can be planted."""
    session.clear()
    session["token"] = token
    session["csrf"] = secrets.token_urlsafe(24)


FIRST_PAGE = "/today"


def safe_path(given: str) -> str:
    """Where to go after signing in: a path of ours, never another site. Anything else: the first page."""
    parts = urlsplit(given) if given.startswith("/") and len(given) <= 500 else None
    if (
        parts is None
        or parts.scheme
        or parts.netloc
        or given.startswith(("//", "/\\"))
        or not given.isprintable()
        or "\\" in given
    ):
        return FIRST_PAGE
    return given


def csrf_token() -> str:
    token: str = session.get("csrf", "")
    return token


def add_headers(response: Response) -> Response:
    if this_room().settings.public_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    for name, value in STANDING_HEADERS:
        response.headers.setdefault(name, value)
    if "Content-Security-Policy" not in response.headers:
        framed = request.path == "/sidebar" or request.path.startswith("/sidebar/")
        # The panel alone may stand in our own pages and beside the mail; nothing else may be framed.
        origins = ("'self'", *this_room().settings.sidebar_origins) if framed else ("'none'",)
        response.headers["Content-Security-Policy"] = PAGE_CSP + " ".join(origins)
    return response
