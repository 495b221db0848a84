"""What an edit does, in words: of each step, of each person, of all of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from inboxcrm.cadence.plan_changes import Change, MailChange, StepChange
from inboxcrm.cadence.steps import StepKind, delay_in_words
from inboxcrm.cadence.wanted_steps import WantedStep

_OF_STEP = {
    StepChange.ADDED: "new",
    StepChange.REMOVED: "taken out",
    StepChange.CHANGED: "changed",
    StepChange.MOVED: "moved up",
}
_OF_PEOPLE = {
    Change.ADDED: ("gets a mail they were not to get", "get a mail they were not to get"),
    Change.LOST: ("loses a mail", "lose a mail"),
    Change.TEXT: ("gets another text", "get another text"),
    Change.TIME: ("gets a mail at another time", "get a mail at another time"),
}


def step_in_words(one: WantedStep, number: int) -> str:
    """Like "hello, version 2, after 3 days"."""
    if one.kind is StepKind.MAIL:
        said = one.template + (f", version {one.version}" if one.version else "")
        said += ", in a thread of its own" if one.opens_thread and number > 1 else ""
    else:
        said = f"{one.kind.value}: {one.title}"
    wait = "" if number == 1 else f", {delay_in_words(one.delay, one.unit.value)}"
    return said + wait


def steps_changed_in_words(
    changes: Sequence[tuple[str, StepChange]], steps: Sequence[WantedStep]
) -> list[str]:
    """Like "step 2: new". A step that is taken out has no number any more, and is called by its key."""
    numbers = {one.key: number for number, one in enumerate(steps, start=1)}
    return [
        f"{f'step {numbers[key]}' if key in numbers else f'step {key}'}: {_OF_STEP[what]}"
        for key, what in changes
    ]


def counts_in_words(counts: Mapping[Change, int]) -> list[str]:
    """Like "3 people lose a mail", the gravest first."""
    return [
        f"1 person {_OF_PEOPLE[kind][0]}" if many == 1 else f"{many} people {_OF_PEOPLE[kind][1]}"
        for kind, many in counts.items()
    ]


def change_in_words(one: MailChange, steps: Sequence[WantedStep], *, zone: str) -> str:
    """Of one mail of one person, like "step 2: on 14 May, not on 12 May, with another text"."""
    numbers = {held.key: number for number, held in enumerate(steps, start=1)}
    called = f"step {numbers[one.step]}" if one.step in numbers else f"step {one.step}"
    if one.before is None or one.after is None:
        at = one.after or one.before
        assert at is not None, "a mail that changes goes in one of the two plans"
        said = "also gets it, on" if one.before is None else "does not get it; it was to go on"
        return f"{called}: {said} {_moment(at, zone)}"
    parts = []
    if Change.TIME in one.changes:
        parts.append(f"on {_moment(one.after, zone)}, not on {_moment(one.before, zone)}")
    if Change.TEXT in one.changes:
        parts.append("with another text")
    return f"{called}: {', '.join(parts)}"


def _moment(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %H:%M}"
