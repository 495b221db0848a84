"""What a dry run is given and what it gives: people, steps, how the mailbox stands, and the mails it would send."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from inboxcrm.cadence.caps import ORGANIZATION_DAY_CAP
from inboxcrm.cadence.rules import CadenceRules


@dataclass(frozen=True, slots=True)
class PlanStep:
    """`delay_unit` is one of DelayUnit, `kind` of StepKind; only mails take room in the mailbox."""

    key: str
    delay: int = 0
    delay_unit: str = "days"
    kind: str = "mail"


@dataclass(frozen=True, slots=True)
class PlanPerson:
    """`base`: when the step before `next_step` (a place among the steps) was done, or when the person was enrolled.

    `due_at`: of a mail that is planned already or, where it `is_new`, from when on it may be: it is moved to a day with
    room for it. `turn`: of a mail that is planned, the number it has among all of the mailbox; of mails that are due at
    the same moment the lower one goes first. Nothing goes before `parked_until`. `zone`: where not the rules' own.
    `steps`: their own, where they have others than most.
    """

    key: str
    base: datetime
    next_step: int = 0
    domain: str = ""
    zone: str = ""
    due_at: datetime | None = None
    turn: int = 0
    is_new: bool = False
    parked_until: datetime | None = None
    steps: tuple[PlanStep, ...] = ()


def _plain_key(person: str, step: str) -> str:
    return f"{person}:{step}"


@dataclass(frozen=True, slots=True)
class PlanCadence:
    """`key_of(person, step)` is the key of the mail itself, so that its jitter is the one it will have. `history`: how
    many mails left its mailbox on each day before today, by the clock of its rules.
    """

    name: str
    people: Sequence[PlanPerson]
    steps: Sequence[PlanStep]
    rules: CadenceRules
    key_of: Callable[[str, str], str] = _plain_key
    history: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MailboxState:
    """`left`: when mail left it in the last 24 hours, ascending, and `left_to` each company; `others`: the cadences
    that run from it beside the one that is planned. `day_cap` and `gap_seconds` are its own, where it has some.
    """

    name: str
    left: tuple[datetime, ...] = ()
    left_to: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    provider_day_cap: int = ORGANIZATION_DAY_CAP
    day_cap: int | None = None
    gap_seconds: int | None = None
    paused_until: datetime | None = None
    others: tuple[PlanCadence, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """`person` and `step` are keys, `cadence` a name. `at` is in UTC."""

    person: str
    step: str
    at: datetime
    cadence: str
