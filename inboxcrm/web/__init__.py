"""The pages. `create_app` is a list of named steps; nothing of it is global, so that tests and the demo run several."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import jinja2
from flask import Flask

import inboxcrm
from inboxcrm.access.viewer import Viewer
from inboxcrm.config import WebSettings
from inboxcrm.web import errors, filters, security
from inboxcrm.web.api import api
from inboxcrm.web.assets import assets
from inboxcrm.web.entry import entry
from inboxcrm.web.inbox import inbox_pages
from inboxcrm.web.leads import lead_pages
from inboxcrm.web.room import Desk, Door, Room
from inboxcrm.web.sidebar import sidebar_pages

__all__ = ["create_app"]


def create_app(
    desk: Desk,
    *,
    viewer: Viewer,
    web: WebSettings,
    entry_token: str | None,
    templates_override: Path | None = None,
) -> Flask:
    """`entry_token` opens the pages once, at /enter?token=...; None opens them to nobody."""
    app = Flask("inboxcrm.web", static_folder=None, template_folder=None)
    app.extensions["inboxcrm"] = Room(desk, viewer, web, Door(entry_token))
    _set_sessions(app, web)
    _set_limits(app)
    _set_templates(app, templates_override or web.templates)
    filters.teach(app)
    security.guard(app)
    errors.answer_errors(app)
    _set_pages(app)
    return app


def _set_sessions(app: Flask, web: WebSettings) -> None:
    """The signing key lives as long as the program: a restart ends every session, and prints a new link."""
    app.secret_key = secrets.token_bytes(32)
    app.config.update(
        # Cookies know no ports: two programs on one machine must not throw out each other's session.
        SESSION_COOKIE_NAME=f"inboxcrm_{web.port}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
    )


def _set_limits(app: Flask) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=security.MAX_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=security.MAX_FORM_BYTES,
        MAX_FORM_PARTS=200,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]


def _set_templates(app: Flask, override: Path | None) -> None:
    """The user's own folder first, then the one in the package, then (a checkout) the one beside it."""
    package = Path(inboxcrm.__file__).parent
    folders = [override, package / "templates", package.parent / "templates"]
    found = [os.fspath(folder) for folder in folders if folder is not None and folder.is_dir()]
    app.jinja_loader = jinja2.FileSystemLoader(found)
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.auto_reload = False
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["csrf_token"] = security.csrf_token


def _set_pages(app: Flask) -> None:
    for pages in (assets, entry, inbox_pages, sidebar_pages, lead_pages, api):
        app.register_blueprint(pages)
