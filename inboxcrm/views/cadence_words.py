"""Cadences in words: what a state means, what the rules allow, in sentences people check before they start one."""

from __future__ import annotations

from datetime import time

from inboxcrm.cadence.adding import adding_in_words
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.rules import CadenceRules, Clock

CADENCE_STATES = {
    "draft": "not started",
    "running": "running",
    "paused": "paused",
    "finished": "finished",
    "cancelled": "cancelled",
}
MAIL_STATES = {
    OutboxState.PLANNED: "waits",
    OutboxState.CLAIMED: "about to go",
    OutboxState.DRAFTED: "tried again soon",
    OutboxState.SENDING: "being handed over",
    OutboxState.UNKNOWN: "looked into",
    OutboxState.SENT: "sent",
    OutboxState.UNCONFIRMED: "unconfirmed",
    OutboxState.SKIPPED: "skipped",
    OutboxState.FAILED: "refused",
    OutboxState.CANCELLED: "stopped",
}
MEANINGS = {
    OutboxState.UNKNOWN: "It was handed over and the answer was lost. It is looked into, and not sent again meanwhile.",
    OutboxState.UNCONFIRMED: "Nobody could tell whether it went. It counts as sent until you say otherwise.",
    OutboxState.SKIPPED: "It could not be written for this person. Nothing was sent.",
    OutboxState.FAILED: "The mail service will never take it. Nothing was sent.",
}
GROUPS: dict[str, tuple[str, tuple[OutboxState, ...]]] = {
    "waiting": (
        "Waiting",
        (OutboxState.PLANNED, OutboxState.CLAIMED, OutboxState.DRAFTED, OutboxState.SENDING),
    ),
    "sent": ("Sent", (OutboxState.SENT,)),
    "somebody": (
        "Need somebody",
        (
            OutboxState.UNCONFIRMED,
            OutboxState.UNKNOWN,
            OutboxState.FAILED,
            OutboxState.SKIPPED,
        ),
    ),
    "stopped": ("Stopped", (OutboxState.CANCELLED,)),
}
"""The four things a mail can be to a person who looks at a whole cadence, in the order of its life."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MIDNIGHT = time(0)


def group_of(state: str) -> str:
    return next(key for key, (_, states) in GROUPS.items() if OutboxState(state) in states)


def rules_in_words(rules: CadenceRules) -> tuple[str, ...]:
    """Sentences: when, how many, how far apart, how late."""
    return (
        windows_in_words(rules),
        f"At most {rules.day_cap} mails leave the mailbox in any 24 hours, mail written by hand among them.",
        *([f"At most {rules.domain_cap} of them go to one company."] if rules.domain_cap else []),
        *([_ramp(rules.ramp_percent)] if rules.ramp_percent else []),
        _gap(rules.gap_seconds),
        f"A mail that is more than {_days(rules.max_late_days)} late waits for a person to say.",
        *adding_in_words(rules.adding),
        "It stops for whoever answers, opts out, bounces, leaves the open stages, or goes over to another owner.",
        *(
            ["An answer of one person stops it for everybody of their organization."]
            if rules.stops_organization
            else []
        ),
    )


def windows_in_words(rules: CadenceRules) -> str:
    """Like "Mails go Monday to Friday between 09:00 and 17:00 (Europe/Lisbon)."."""
    windows = rules.windows.windows
    if not windows:
        return "No hours are set in which mails may go, so none goes."
    hours: dict[tuple[tuple[time, time], ...], list[int]] = {}
    for day in range(7):
        key = tuple((one.start, one.end) for one in windows if one.weekday == day)
        if key:
            hours.setdefault(key, []).append(day)
    if rules.windows.is_always:
        return "Mails go at any hour of any day."
    parts = [f"{_weekdays(days)} {_hours(key)}" for key, days in hours.items()]
    off = f", never on a holiday ({rules.country})" if rules.country else ""
    zone = rules.windows.zone
    if rules.clock is Clock.LEAD:
        return f"Mails go {'; '.join(parts)}{off}: by their own clock where it is known, else by that of {zone}."
    return f"Mails go {'; '.join(parts)}{off} ({zone})."


def _weekdays(days: list[int]) -> str:
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{_DAYS[days[0]]} to {_DAYS[days[-1]]}"
    return ", ".join(_DAYS[day] for day in days)


def _hours(pairs: tuple[tuple[time, time], ...]) -> str:
    return " and ".join(
        "all day"
        if start == end == _MIDNIGHT
        else f"between {start:%H:%M} and {'24:00' if end == _MIDNIGHT else f'{end:%H:%M}'}"
        for start, end in pairs
    )


def _gap(seconds: int) -> str:
    if not seconds:
        return "They may go right after each other."
    minutes, rest = divmod(seconds, 60)
    said = f"{seconds} seconds" if rest else f"{minutes} minute{'s' if minutes != 1 else ''}"
    return f"At least {said} lie between two of them."


def _ramp(percent: int) -> str:
    return f"A day may send {percent} % more than the busiest of the last two weeks, so that it grows slowly."


def _days(count: int) -> str:
    return "a day" if count == 1 else f"{count} days"
