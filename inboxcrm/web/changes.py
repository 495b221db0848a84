"""A change asked for by a form: made once, however often it is sent.

    1. the form is read: what is to change.                                a crash: nothing happened
    2. `change_once` makes it and keeps its outcome under the form's key.  a crash: nothing happened, or all of it
    3. the page is drawn anew from what the database now says.             a crash: reloading shows it

A repeated request finds the kept outcome in step 2 and is shown the same page and toast.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask import request

from inboxcrm.errors import FieldsError, InboxcrmError, UsageError
from inboxcrm.services.idempotency import run_once
from inboxcrm.web.room import Desk, this_room

Outcome = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed: as it stands now, and as the one who came later wanted it."""

    name: str
    label: str
    now: str
    yours: str
    now_shown: str
    yours_shown: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A form that could not be taken: what was typed stays, what is wrong is said beside the field it is wrong in."""

    form: str = ""
    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    message: str = ""
    remedy: str = ""
    action: str = ""
    clashes: tuple[Clash, ...] = ()
    is_stale: bool = False

    def value(self, form: str, name: str, standing: str = "") -> str:
        return self.values.get(name, standing) if self.form == form else standing

    def problem(self, form: str, name: str) -> str:
        return self.problems.get(name, "") if self.form == form else ""


def typed(given: Mapping[str, str], name: str, *, longest: int) -> str:
    """What stands in that field, as much of it as is read: without the one character no database keeps, and with lines
    that end as everywhere.
    """
    return given.get(name, "")[:longest].replace("\x00", "").replace("\r\n", "\n")


def said(error: InboxcrmError) -> str:
    """What happened and what to do, as one piece of text."""
    return f"{error.message} {error.remedy}".strip()


def attempt_of(form: str, error: Exception) -> Attempt:
    """What was sent, and what is wrong with it; `error` is a UserError or a RefusedError."""
    kept = {
        name: value[:20_000]
        for name, value in request.form.items()
        if name not in {"csrf_token", "idempotency_key", "version"}
    }
    problems = dict(error.problems) if isinstance(error, FieldsError) else {}
    said = "" if problems else getattr(error, "message", "")
    remedy = "" if problems else getattr(error, "remedy", "")
    return Attempt(form, kept, problems, said, remedy)


def change_once(act: Callable[[Desk], Outcome]) -> Outcome:
    room = this_room()

    def once(desk: Desk) -> tuple[int, bytes]:
        return 200, json.dumps(act(desk)).encode()

    key = request.headers.get("Idempotency-Key") or request.form.get("idempotency_key", "")
    _, kept = run_once(room.desk, room.viewer, key, _fingerprint(), once)
    outcome: Outcome = json.loads(kept)
    return outcome


def _fingerprint() -> str:
    """Of route and body, without what a page changes by itself: the token and the key."""
    pairs = sorted(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in {"csrf_token", "idempotency_key"}
    )
    return hashlib.sha256(repr((request.path, pairs)).encode("utf-8", "replace")).hexdigest()


def whole_number(given: Mapping[str, str], name: str) -> int:
    """0 where there is none that can be read."""
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def version_of_form() -> int:
    text = request.form.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UsageError("The version of the lead is missing.", remedy="Reload the page.")
    return int(text)


def days_ahead_of_form(desk: Desk, name: str) -> date | None:
    """The day so many days from today in the house's zone; None where the field is empty."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise UsageError("That is no number of days.", remedy="Reload the page.")
    today: date = desk.today()
    return today + timedelta(days=int(text))


def day_of_form(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FieldsError({name: "That is no day. Write it as year-month-day."}) from None


def moment_of_form(name: str) -> datetime | None:
    """As a browser's date and time field writes it, in the zone of the page."""
    text = request.form.get(name, "").strip()
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        found = None
    if text and (found is None or found.tzinfo is not None or not 1900 < found.year < 9000):
        raise FieldsError({name: "That is no time. Write it as 2026-05-14 15:30."})
    return found.replace(tzinfo=this_room().zone) if found else None


def minutes_of_form(name: str) -> int | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise FieldsError({name: "Write whole minutes, like 30."})
    return int(text)
