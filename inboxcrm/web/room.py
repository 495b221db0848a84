"""What the pages of one server share: the desk, who looks, the settings, the door. It hangs on the app; no globals."""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, g

from inboxcrm.access.viewer import Viewer
from inboxcrm.config import WebSettings
from inboxcrm.ports import Identity, MailLogin
from inboxcrm.services.attachments import MailOpener
from inboxcrm.services.identities import SignInPolicy
from inboxcrm.services.own_tests import Post
from inboxcrm.services.sessions import OpenSession
from inboxcrm.web.pace import Pace

# A `store.desk.Desk`. Pages hand it on to views and services and read only its clock and its zone;
# naming the type here would make the web know the store.
Desk = Any


class Door:
    """The one-time link of the demo. Whoever brings the token first is let in as that account; then it is dead."""

    def __init__(self, token: str | None, account_id: int) -> None:
        self.account_id = account_id
        self.has_link = token is not None
        self._token = token
        self._lock = threading.Lock()

    def open(self, token: str) -> bool:
        with self._lock:
            expected, given = self._token, token.encode("utf-8", "replace")
            if not expected or not hmac.compare_digest(expected.encode(), given):
                return False
            self._token = None
            return True


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody the demo lets a visitor be, by one click."""

    key: str
    label: str
    account_id: int


@dataclass(frozen=True, slots=True)
class Room:
    """`machine_now` is the time sessions live in; `demo_people` is empty everywhere but in the demo.

    `open_mailbox` opens a mailbox by its name, to fetch what is not stored; None where none can be reached.
    `mail_login` asks people for consent; None where there is no client to ask as. `identity` signs people in elsewhere;
    None where only passwords count. `post` sends what people write to themselves; None where nothing can leave.
    """

    desk: Desk
    settings: WebSettings
    door: Door
    machine_now: Callable[[], datetime]
    demo_people: tuple[DemoPerson, ...] = ()
    open_mailbox: MailOpener | None = None
    mail_login: MailLogin | None = None
    identity: Identity | None = None
    sign_in_policy: SignInPolicy = field(default_factory=SignInPolicy)
    pace: Pace = field(default_factory=lambda: Pace(0))
    post: Post | None = None

    @property
    def viewer(self) -> Viewer:
        """Who asks. The guard has let them in before any page runs."""
        opened: OpenSession = g.opened
        return opened.viewer

    def now(self) -> datetime:
        moment: datetime = self.desk.clock.now()
        return moment

    @property
    def zone(self) -> tzinfo:
        zone = self.desk.working_hours.zone
        return ZoneInfo(zone) if isinstance(zone, str) else zone


def this_room() -> Room:
    room: Room = current_app.extensions["inboxcrm"]
    return room


def new_key() -> str:
    """An Idempotency-Key for one form as it stands on one page."""
    return secrets.token_urlsafe(12)
