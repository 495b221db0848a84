"""The pages for a production server, as in `gunicorn "inboxcrm.wsgi:make_app()"`; and, as a server of its own, the page
strangers unsubscribe on: `gunicorn "inboxcrm.wsgi:make_unsubscribe_app()"`.

Settings come from INBOXCRM_CONFIG and the environment. Until somebody can sign in, each start prints the link that
makes the first admin; with several processes the last one printed is good.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from inboxcrm.bootstrap.desk import open_desk
from inboxcrm.bootstrap.pages import first_link, make_web_app
from inboxcrm.config import load
from inboxcrm.web.unsubscribe import create_unsubscribe_app
from inboxcrm.worker.clock import RealClock, machine_now

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def make_app() -> WSGIApplication:
    settings = load(None, os.environ)
    desk = open_desk(settings, RealClock())
    token = first_link(desk)
    if token is not None:
        sys.stderr.write(f"Make the first admin at /welcome?token={token}\n")
    return make_web_app(settings, desk)


def make_unsubscribe_app() -> WSGIApplication:
    settings = load(None, os.environ)
    return create_unsubscribe_app(
        open_desk(settings, RealClock()),
        machine_now=machine_now,
        templates_override=settings.web.templates,
    )
