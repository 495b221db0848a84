"""What new limits would do, in words: how many get something when, from which day to which."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from inboxcrm.cadence.plan_changes import Change, MailChange


def mail_moved_in_words(one: MailChange, *, zone: str) -> str:
    """Like "s2: on 14 May 09:10, not on 12 May 10:02"."""
    after = moment_in_words(one.after, zone) if one.after else ""
    before = moment_in_words(one.before, zone) if one.before else ""
    if one.before is None:
        return f"{one.step}: goes on {after}, and did not go before"
    if one.after is None:
        return f"{one.step}: does not go; it was to go on {before}"
    return f"{one.step}: on {after}, not on {before}"


def days_in_words(
    mails: int, first_at: datetime | None, last_at: datetime | None, *, zone: str
) -> str:
    """Like "12 mails, from 12 May 2026 to 3 June 2026"."""
    if first_at is None or last_at is None:
        return "no mail"
    many = "1 mail" if mails == 1 else f"{mails} mails"
    first, last = (_day(one, zone) for one in (first_at, last_at))
    return f"{many}, on {first}" if first == last else f"{many}, from {first} to {last}"


PEOPLE_MET = {
    Change.ADDED: ("gets a mail that waited", "get a mail that waited"),
    Change.LOST: ("gets a mail no more", "get a mail no more"),
    Change.TIME: ("gets a mail at another time", "get a mail at another time"),
}
"""Of one person, of several; limits change no text."""


def moment_in_words(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %H:%M}"


def _day(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y}"
