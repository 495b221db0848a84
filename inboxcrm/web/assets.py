"""The few files a page loads, held in memory and named by their content, so that a browser may keep them for ever.

htmx and the icons come from installed packages, found without importing them (the one is made for Django).
Everything a page asks for goes through `asset()` and `icon()`: leaving a package changes this file and no other.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, url_for
from markupsafe import Markup

assets = Blueprint("assets", __name__)

OWN = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

# Our word for a sign, and its name in the sprite. Only these are kept in memory.
ICONS = {
    "add": "person-plus",
    "attachment": "paperclip",
    "back": "chevron-left",
    "call": "telephone",
    "captured": "person-check",
    "check": "check2",
    "close": "x-lg",
    "down": "chevron-down",
    "field_change": "pencil",
    "forward": "chevron-right",
    "ignore": "slash-circle",
    "image": "image",
    "inbox": "inbox",
    "info": "info-circle",
    "leads": "people",
    "link": "link-45deg",
    "lock": "lock",
    "mail": "envelope",
    "mail_in": "arrow-down-left",
    "mail_out": "arrow-up-right",
    "meeting": "calendar-event",
    "merge": "sign-merge-right",
    "note": "sticky",
    "open": "box-arrow-up-right",
    "person": "person",
    "pin": "pin-angle",
    "reload": "arrow-clockwise",
    "search": "search",
    "snooze": "moon",
    "stage_move": "signpost-split",
    "tag": "tag",
    "task": "check2-square",
    "undo": "arrow-counterclockwise",
    "warning": "exclamation-triangle",
}


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    kind: str
    digest: str


def _package_file(package: str, relative: str) -> Path:
    spec = find_spec(package)
    places = (spec.submodule_search_locations if spec else None) or []
    for place in places:
        path = Path(place) / relative
        if path.is_file():
            return path
    raise FileNotFoundError(
        f"{package} is installed without {relative}; install the pinned requirements again"
    )


@cache
def _files() -> dict[str, Asset]:
    paths = {path.name: path for path in OWN.iterdir() if path.suffix in KINDS}
    paths["htmx.js"] = _package_file("js_lib_htmx", "static/htmx/htmx.min.js")
    return {name: _asset(path) for name, path in paths.items()}


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, KINDS[path.suffix], hashlib.sha256(content).hexdigest()[:12])


@cache
def _icons() -> dict[str, Markup]:
    path = _package_file("flask_bootstrap", "static/bootstrap5/icons/bootstrap-icons.svg")
    sprite = path.read_text(encoding="utf-8")
    found = {}
    for word, name in ICONS.items():
        match = re.search(
            rf'<symbol[^>]*id="{re.escape(name)}"[^>]*>(.*?)</symbol>', sprite, re.DOTALL
        )
        if match is None:
            raise LookupError(f"the icon sprite has no {name!r} (wanted for {word!r})")
        found[word] = Markup(  # noqa: S704 - the sprite is a file of ours, no one's input
            f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{match[1]}</svg>'
        )
    return found


def icon(word: str) -> Markup:
    """One sign, inlined. Signs are never alone: the name stands beside them or hidden for screen readers."""
    return _icons()[word]


def asset(name: str) -> str:
    """The address of a file; a request without a page (a test of one filter) has none."""
    return url_for("assets.serve", digest=_files()[name].digest, name=name)


@assets.get("/assets/<digest>/<name>")
def serve(digest: str, name: str) -> Response:
    found = _files().get(name)
    if found is None or found.digest != digest:
        abort(404)
    response = current_app.response_class(
        found.content, content_type=f"{found.kind}; charset=utf-8"
    )
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
