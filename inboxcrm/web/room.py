"""What the pages of one server share: the desk, who looks, the settings, the door. It hangs on the app; no globals."""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from inboxcrm.access.viewer import Viewer
from inboxcrm.config import WebSettings

# A `store.desk.Desk`. Pages hand it on to views and services and read only its clock and its zone;
# naming the type here would make the web know the store.
Desk = Any


class Door:
    """The one-time link. Whoever brings the token first is let in; the token is dead from then on."""

    def __init__(self, token: str | None) -> None:
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
class Room:
    desk: Desk
    viewer: Viewer
    settings: WebSettings
    door: Door

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
