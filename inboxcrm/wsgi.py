"""The pages for a production server, as in `gunicorn "inboxcrm.wsgi:make_app()"`.

Settings come from INBOXCRM_CONFIG and the environment. Until somebody can sign in, each start prints the link that
makes the first admin; with several processes the last one printed is good.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from inboxcrm.bootstrap import first_link, make_web_app, open_desk
from inboxcrm.config import load
from inboxcrm.worker.clock import RealClock

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def make_app() -> WSGIApplication:
    settings = load(None, os.environ)
    desk = open_desk(settings, RealClock())
    token = first_link(desk)
    if token is not None:
        sys.stderr.write(f"Make the first admin at /welcome?token={token}\n")
    return make_web_app(settings, desk)
