"""The pages. `create_app` is a list of named steps; nothing of it is global, so that tests and the demo run several."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import jinja2
from flask import Flask

import inboxcrm
from inboxcrm.config import WebSettings
from inboxcrm.ports import Identity, MailLogin
from inboxcrm.services.attachments import MailOpener
from inboxcrm.services.identities import SignInPolicy
from inboxcrm.services.own_tests import Post
from inboxcrm.services.sessions import cookie_key
from inboxcrm.web import errors, filters, security
from inboxcrm.web.accounts import account_pages
from inboxcrm.web.api import api
from inboxcrm.web.assets import assets
from inboxcrm.web.attachments import attachment_pages
from inboxcrm.web.bulk_edits import bulk_edits
from inboxcrm.web.cadence_limits import cadence_limits
from inboxcrm.web.cadence_plan import plan_pages
from inboxcrm.web.cadence_reports import cadence_reports
from inboxcrm.web.cadence_steps import cadence_steps
from inboxcrm.web.cadences import cadence_pages
from inboxcrm.web.calls import call_pages
from inboxcrm.web.column_filters import column_filters
from inboxcrm.web.entry import entry
from inboxcrm.web.header import teach_header
from inboxcrm.web.inbox import inbox_pages
from inboxcrm.web.lead_cadence import lead_cadence
from inboxcrm.web.lead_changes import lead_changes
from inboxcrm.web.lead_import import import_pages
from inboxcrm.web.leads import lead_pages
from inboxcrm.web.mailboxes import mailbox_pages
from inboxcrm.web.missing_fields import missing_pages
from inboxcrm.web.new_cadence import new_cadence
from inboxcrm.web.organizations import organizations
from inboxcrm.web.outbox import outbox_pages
from inboxcrm.web.own_tests import own_test_pages
from inboxcrm.web.pace import Pace
from inboxcrm.web.people import people_pages
from inboxcrm.web.pipeline import pipeline_pages
from inboxcrm.web.resending import resend_pages
from inboxcrm.web.review import review_pages
from inboxcrm.web.room import DemoPerson, Desk, Door, Room
from inboxcrm.web.saved_views import view_pages
from inboxcrm.web.segment_pages import segment_pages
from inboxcrm.web.sidebar import sidebar_pages
from inboxcrm.web.snippets import snippet_pages
from inboxcrm.web.suppression import suppression_pages
from inboxcrm.web.template_files import template_file_pages
from inboxcrm.web.template_pages import template_pages
from inboxcrm.web.today import today_pages
from inboxcrm.web.verdicts import verdict_pages

__all__ = ["create_app"]


LOCAL_ACCOUNT = 1


def create_app(
    desk: Desk,
    *,
    web: WebSettings,
    machine_now: Callable[[], datetime],
    entry_token: str | None = None,
    entry_account: int = LOCAL_ACCOUNT,
    demo_people: tuple[DemoPerson, ...] = (),
    open_mailbox: MailOpener | None = None,
    post: Post | None = None,
    mail_login: MailLogin | None = None,
    identity: Identity | None = None,
    sign_in_policy: SignInPolicy | None = None,
    templates_override: Path | None = None,
) -> Flask:
    """`entry_token` opens the pages once without a password, as `entry_account`; None: everybody signs in."""
    app = Flask("inboxcrm.web", static_folder=None, template_folder=None)
    door = Door(entry_token, entry_account)
    app.extensions["inboxcrm"] = Room(
        desk,
        web,
        door,
        machine_now,
        demo_people,
        open_mailbox,
        mail_login,
        identity,
        sign_in_policy or SignInPolicy(),
        Pace(web.requests_per_minute),
        post,
    )
    _set_sessions(app, desk, web)
    _set_limits(app)
    _set_templates(app, templates_override or web.templates)
    filters.teach(app)
    teach_header(app)
    security.guard(app)
    errors.answer_errors(app)
    _set_pages(app)
    return app


def _set_sessions(app: Flask, desk: Desk, web: WebSettings) -> None:
    """The cookie holds the session's token, the form token and a last word to say; the session itself is a row."""
    app.secret_key = cookie_key(desk)
    is_https = web.public_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_SECURE=is_https,
        # Cookies know no ports: two programs on one machine must not throw out each other's session.
        SESSION_COOKIE_NAME="__Host-inboxcrm" if is_https else f"inboxcrm_{web.port}",
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
    for pages in (
        assets,
        entry,
        account_pages,
        people_pages,
        mailbox_pages,
        inbox_pages,
        verdict_pages,
        attachment_pages,
        sidebar_pages,
        lead_pages,
        import_pages,
        lead_changes,
        organizations,
        pipeline_pages,
        call_pages,
        column_filters,
        view_pages,
        bulk_edits,
        review_pages,
        today_pages,
        new_cadence,
        cadence_pages,
        cadence_steps,
        cadence_limits,
        plan_pages,
        cadence_reports,
        resend_pages,
        outbox_pages,
        template_pages,
        missing_pages,
        own_test_pages,
        template_file_pages,
        snippet_pages,
        segment_pages,
        lead_cadence,
        suppression_pages,
        api,
    ):
        app.register_blueprint(pages)
