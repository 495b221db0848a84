"""How somebody goes on in a cadence: which mail comes next and when, and the tasks on the way to it.

One function for the step that follows a mail which just left, and for people whose cadence is edited under them. A mail
they had in any version never comes again, nor does a task. Tasks and calls are set as soon as the mail before them has
left, each due on its day, and what follows them counts its wait from that day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from inboxcrm.cadence.schedule import due_at
from inboxcrm.cadence.steps import StepKind, steps_after
from inboxcrm.cadence.windows import Windows


class TimedStep(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def delay(self) -> int: ...
    @property
    def delay_unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody is. `last` is the mail that left last, at `left_at`; empty where none has.

    `waits` is a mail that is planned and that nobody has in hand, due at `due_at`; `mails` are all others of theirs,
    whatever became of them; `tasks` those that were set.
    """

    person: str
    last: str = ""
    left_at: datetime | None = None
    waits: str = ""
    due_at: datetime | None = None
    mails: frozenset[str] = frozenset()
    tasks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GoesOn:
    """`mail` is a step's key, empty where no mail follows. `tasks` are to be set now: (step's key, when it is due)."""

    mail: str
    due_at: datetime | None = None
    tasks: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """What times are made of: `key_of(person, step)` is the key of the mail itself; `zones`: of those persons whose
    hours are not on the windows' own clock.
    """

    windows: Windows
    secret: bytes
    key_of: Callable[[str, str], str]
    now: datetime
    zones: Mapping[str, str] = field(default_factory=dict)

    def zone_of(self, person: str) -> str:
        """Empty where it is that of the windows."""
        return self.zones.get(person, "")

    def windows_of(self, person: str) -> Windows:
        return self.windows.on_clock_of(self.zone_of(person))


def goes_on(
    standing: Standing, steps: Sequence[TimedStep], timing: Timing, *, before: Sequence[str] = ()
) -> GoesOn:
    """By `steps`, from where they stand. `before` as in `steps_after`: only needed where `last` is not in them."""
    if not standing.last:
        first = (one.key for one in steps if _is_mail(one) and one.key not in standing.mails)
        return GoesOn(next(first, ""), standing.due_at or timing.now)
    base = standing.left_at or timing.now
    tasks: list[tuple[str, datetime]] = []
    for one in steps_after(steps, standing.last, before=before):
        if _is_mail(one) and one.key in standing.mails:
            continue
        due = due_at(
            one.delay,
            one.delay_unit,
            base=base,
            windows=timing.windows_of(standing.person),
            key=timing.key_of(standing.person, one.key),
            secret=timing.secret,
            now=timing.now,
        )
        if _is_mail(one):
            return GoesOn(one.key, due, tuple(tasks))
        if one.key not in standing.tasks:
            tasks.append((one.key, due))
        base = due
    return GoesOn("", None, tuple(tasks))


def goes_on_otherwise(
    standing: Standing, steps: Sequence[TimedStep], timing: Timing, *, before: Sequence[TimedStep]
) -> GoesOn:
    """By other steps than `before`, by which they went so far. A mail that waits keeps its time where the waits on the
    way to it are what they were.
    """
    found = goes_on(standing, steps, timing, before=[one.key for one in before])
    if found.mail != standing.waits or standing.due_at is None:
        return found
    if _waits(steps, standing) == _waits(before, standing):
        return replace(found, due_at=standing.due_at)
    return found


def _waits(steps: Sequence[TimedStep], standing: Standing) -> Collection[tuple[str, int, str]]:
    """On the way from the mail that left to the one that waits."""
    found = []
    for one in steps_after(steps, standing.last):
        if _is_mail(one) and one.key in standing.mails:
            continue
        found.append((one.kind if _is_mail(one) else "", one.delay, one.delay_unit))
        if one.key == standing.waits:
            break
    return found


def _is_mail(one: TimedStep) -> bool:
    return one.kind == StepKind.MAIL.value
