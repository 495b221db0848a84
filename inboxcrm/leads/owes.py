"""Who owes whom an answer: the last human mail of each conversation decides.

Automatic mail never counts. "No answer needed" dismisses one message: the conversation waits for
nobody until the next human mail. A lead waits for us as soon as one of its conversations does; the
longest wait is the one told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.leads.wording import day_in_words, wait_in_words
from inboxcrm.leads.working_time import WorkingHours, hours_between

US = "us"
THEM = "them"
NOBODY = "nobody"

Standing = tuple[int | None, str, int | None, int | None]
"""Of one conversation: last human mail (ms), its direction, its message id, the dismissed message
id.
"""


def conversation_owes(standing: Standing) -> str:
    """Who owes the next answer in one conversation."""
    last_at, direction, message_id, dismissed_id = standing
    if last_at is None or message_id is None:
        return NOBODY
    if direction == "in":
        return NOBODY if message_id == dismissed_id else US
    return THEM if direction == "out" else NOBODY


def lead_owes(conversations: Iterable[Standing]) -> tuple[str, int | None, int | None]:
    """(who, since ms, message id) for a lead: the longest wait for us, else the newest mail of
    ours, else nobody.
    """
    ours: tuple[int, int] | None = None
    theirs: tuple[int, int] | None = None
    for standing in conversations:
        who = conversation_owes(standing)
        last_at, _, message_id, _ = standing
        if last_at is None or message_id is None:
            continue
        if who == US:
            ours = min(ours or (last_at, message_id), (last_at, message_id))
        elif who == THEM:
            theirs = max(theirs or (last_at, message_id), (last_at, message_id))
    if ours:
        return US, ours[0], ours[1]
    if theirs:
        return THEM, theirs[0], theirs[1]
    return NOBODY, None, None


@dataclass(frozen=True, slots=True)
class Wait:
    """An owed answer in words. `is_late` from one whole working day on, and only when we owe."""

    text: str
    working_hours: float | None = None
    is_late: bool = False


def wait(
    who: str, since: datetime | None, *, now: datetime, hours: WorkingHours, name: str
) -> Wait:
    """Like "Bob has waited 2 working days for an answer"."""
    if since is None or who not in {US, THEM}:
        return Wait("Nobody owes an answer")
    worked = hours_between(hours, since, now)
    length = wait_in_words(worked, hours)
    day = day_in_words(since, now=now, zone=hours.zone)
    if who == THEM:
        ago = f"{length} ago" if length else f"on {day}"
        return Wait(f"{name} has not answered yet: we wrote {ago}", worked)
    if worked == 0 and now > since:
        text = f"{name} wrote outside working hours and waits for an answer"
    elif length:
        text = f"{name} has waited {length} for an answer"
    else:
        text = f"{name} has waited for an answer since {day}"
    return Wait(text, worked, is_late=worked >= (hours.hours_a_day or 24.0))
