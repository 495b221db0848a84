"""What a rehearsal is told, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

FATES = ("bounces", "away", "opts_out", "answers")
"""What simulated people do besides being silent, in the words of the stage."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the people that are written to, from 0 to 1; the rest is silent."""

    answers: float = 0.10
    away: float = 0.05
    bounces: float = 0.03
    opts_out: float = 0.01


@dataclass(frozen=True, slots=True)
class Habit:
    """What somebody does about the mail that has this place, from 1, among those they get."""

    fate: str
    at_mail: int = 1


@dataclass(frozen=True, slots=True)
class Passed:
    """What people wrote while time passed, by fate, and when the next of them will have written."""

    arrived: Mapping[str, int]
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class LayBefore:
    """A sent mail the mailbox holds from before. `mime` is as it was handed over; `message_id` is the real one."""

    ref: str
    thread_ref: str
    message_id: str
    mime: bytes
    at: datetime


class Stage(Protocol):
    """A practice mailbox, and people who are told what to do."""

    @property
    def scopes(self) -> Sequence[str]:
        """What was granted of it."""

    def furnish(
        self, mails: Sequence[LayBefore], habits: Mapping[str, Habit], *, seed: int
    ) -> None: ...

    def pass_time(self, at: datetime) -> Passed:
        """Its clock stands there from now on; what people have written by then has arrived."""


@dataclass(slots=True)
class RehearsalDay:
    """One day of the cadence's zone. Letters are what people wrote; `stopped` is what the program made of them, by
    reason; `others` are mails of the mailbox's other cadences.
    """

    day: date
    openers: int = 0
    follow_ups: int = 0
    others: int = 0
    answers: int = 0
    away: int = 0
    bounces: int = 0
    opts_out: int = 0
    parked: int = 0
    finished: int = 0
    tasks: int = 0
    unconfirmed: int = 0
    cap_reached: bool = False
    stopped: dict[str, int] = field(default_factory=dict)
    paused: str = ""

    @property
    def sent(self) -> int:
        return self.openers + self.follow_ups


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`habits` is how many of the `people` were told to do what, `letters` what arrived of it. `waits` are reasons for
    which mails had not gone at the end, `faults` those for which mails never can, with their number; `is_cut`: it was
    broken off before all had been played.
    """

    cadence: str
    mailbox: str
    zone: str
    seed: int
    start: datetime
    end: datetime
    people: int
    habits: dict[str, int]
    sent: int
    others: int
    unconfirmed: int
    letters: dict[str, int]
    enrollments: dict[str, int]
    stopped: dict[str, int]
    mails: dict[str, int]
    tasks: int
    parked: int
    waits: dict[str, int]
    faults: dict[str, int]
    days: tuple[RehearsalDay, ...]
    notes: tuple[str, ...]
    is_cut: bool = False
