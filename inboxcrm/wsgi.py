"""The pages for a production server, as in `gunicorn "inboxcrm.wsgi:make_app()"`.

Settings come from INBOXCRM_CONFIG and the environment. The one-time link cannot be told apart by several processes, so
run one process with threads until there are accounts.
"""

from __future__ import annotations

import os
import secrets
import sys
from typing import TYPE_CHECKING

from inboxcrm.bootstrap import make_web_app, open_desk
from inboxcrm.config import load
from inboxcrm.worker.clock import RealClock

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


def make_app() -> WSGIApplication:
    settings = load(None, os.environ)
    token = secrets.token_urlsafe(24)
    app = make_web_app(settings, open_desk(settings, RealClock()), entry_token=token)
    sys.stderr.write(f"Enter once at /enter?token={token}\n")
    return app
