"""The one page strangers see: "no more mail", as a server of its own that knows no other address.

    GET  /u/TOKEN    shows whom it is about and one button; changes nothing, however often a scanner opens it
    POST /u/TOKEN    does it: the button, and what mail programs send by themselves (RFC 8058 section 3.2)

Nobody signs in, no cookie is set or read, and a POST needs nothing but the token: it is the key of one mail, which only
its recipient has. The body of a POST is never read: RFC 8058 gives it one value, and whoever sends another wants the
same. A token nobody was sent gets the same pages and the same codes. Nothing redirects: mail programs do not follow.
"""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from math import ceil
from pathlib import Path

import jinja2
from flask import Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import (
    HTTPException,
    NotFound,
    RequestEntityTooLarge,
    RequestURITooLarge,
    TooManyRequests,
)

import inboxcrm
from inboxcrm.errors import UsageError
from inboxcrm.services.opting_out import Asked, ask_about, opt_out_by_link
from inboxcrm.services.public_page import page_secret
from inboxcrm.web.assets import OWN
from inboxcrm.web.pace import Pace
from inboxcrm.web.room import Desk
from inboxcrm.web.security import STANDING_HEADERS
from inboxcrm.web.unsubscribe_words import WORDS, Words

MAX_BODY_BYTES = 16 * 1024
MAX_ADDRESS_CHARS = 2_048
REQUESTS_PER_MINUTE = 600
"""From one place. Providers press the button for many people from few addresses; a refused one is a promise broken."""

_CSP = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_STYLE = "unsubscribe.css"


def create_unsubscribe_app(
    desk: Desk,
    *,
    machine_now: Callable[[], datetime],
    requests_per_minute: int = REQUESTS_PER_MINUTE,
    templates_override: Path | None = None,
) -> Flask:
    """A proxy on this machine is believed where it says who asks."""
    app = Flask("inboxcrm.web.unsubscribe", static_folder=None, template_folder=None)
    secret = page_secret(desk)
    pace = Pace(requests_per_minute)
    is_public = desk.unsubscribe_url.startswith("https://")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # Either would answer some addresses by a redirect.
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = True
    app.jinja_loader = jinja2.FileSystemLoader(_folders(templates_override))
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.auto_reload = False

    @app.before_request
    def check() -> None:
        if len(request.full_path) > MAX_ADDRESS_CHARS:
            raise RequestURITooLarge
        if (request.content_length or 0) > MAX_BODY_BYTES:
            raise RequestEntityTooLarge
        wait = pace.wait_seconds(_who_asks(), machine_now().timestamp())
        if wait:
            raise TooManyRequests(retry_after=ceil(wait))

    @app.get("/u/<token>")
    def show(token: str) -> ResponseReturnValue:
        return _page(ask_about(desk, token.lower(), secret=secret), is_done=False)

    @app.post("/u/<token>")
    def opt_out(token: str) -> ResponseReturnValue:
        return _page(opt_out_by_link(desk, token.lower(), secret=secret), is_done=True)

    @app.get(f"/u/<digest>/{_STYLE}")
    def style(digest: str) -> Response:
        content, name = _style()
        if digest != name:
            raise NotFound
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(content, content_type="text/css; charset=utf-8", headers=kept)

    app.register_error_handler(UsageError, _broken_link)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _unexpected)

    @app.after_request
    def add_headers(response: Response) -> Response:
        if is_public:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        for name, value in STANDING_HEADERS:
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", _CSP)
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response

    return app


def _page(asked: Asked, *, is_done: bool) -> ResponseReturnValue:
    words = _words().about(asked.address)
    title, text = (words.done_title, words.done) if is_done else (words.title, words.question)
    return _shown(words, title, text, marker=asked.marker, button="" if is_done else words.button)


def _shown(
    words: Words, title: str, text: str, *, marker: str = "", button: str = "", code: int = 200
) -> Response:
    shown = render_template(
        "pages/unsubscribe.html",
        words=words,
        heading=title,
        text=text,
        still=words.still if marker else "",
        marker=marker,
        button=button,
        style=f"{_style()[1]}/{_STYLE}",
    )
    answer = make_response(shown, code)
    answer.headers["Content-Language"] = words.lang
    answer.headers["Vary"] = "Accept-Language"
    return answer


def _broken_link(_: UsageError) -> Response:
    words = _words()
    return _shown(words, words.broken_title, words.broken, code=404)


def _refused(error: HTTPException) -> Response:
    """An address that is none of ours, or too much of something: a line for programs, and no page."""
    code = error.code or 500
    answer = Response(f"{code}\n", code, content_type="text/plain; charset=utf-8")
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _unexpected(error: Exception) -> Response:
    """The log says what broke and where, and no more: errors of databases repeat the token they were asked about."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    at = f"{place.filename}:{place.lineno}"
    current_app.logger.error("an unsubscribe page failed: %s at %s", type(error).__name__, at)
    words = _words()
    answer = _shown(words, words.later_title, words.later, code=503)
    answer.headers["Retry-After"] = "30"
    return answer


def _words() -> Words:
    """In the first language asked for that we have, whatever the country behind it."""
    asked = (tag.partition("-")[0].lower() for tag, share in request.accept_languages if share)
    return WORDS[next((one for one in asked if one in WORDS), "en")]


def _who_asks() -> str:
    """Where the request comes from. IPv6 hands a whole network to one machine: its first half counts."""
    came = request.remote_addr or ""
    found = _address(came)
    if found is None or found.is_loopback:
        # The proxy before us wrote the last entry itself; those before it anybody may have made up.
        came = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or came
        found = _address(came)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return found.exploded[:19]
    return str(found)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


@cache
def _style() -> tuple[bytes, str]:
    """The one file beside the page, and the part of its address that changes with it."""
    content = (OWN / _STYLE).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def _folders(override: Path | None) -> list[str]:
    package = Path(inboxcrm.__file__).parent
    every = (override, package / "templates", package.parent / "templates")
    return [os.fspath(one) for one in every if one is not None and one.is_dir()]
