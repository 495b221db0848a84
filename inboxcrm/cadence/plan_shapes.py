"""What a dry run is given and what it gives: people, steps, how the mailbox stands, and the mails it would send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from inboxcrm.cadence.caps import ORGANIZATION_DAY_CAP


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
    room for it. Nothing goes before `parked_until`. `zone`: where not the rules' own. `steps`: their own, where they
    have others than most.
    """

    key: str
    base: datetime
    next_step: int = 0
    domain: str = ""
    zone: str = ""
    due_at: datetime | None = None
    is_new: bool = False
    parked_until: datetime | None = None
    steps: tuple[PlanStep, ...] = ()


@dataclass(frozen=True, slots=True)
class MailboxState:
    """`left`: when mail left it in the last 24 hours, ascending; `history`: how many on each day before today;
    `booked`: when mails of other cadences are due. `day_cap` and `gap_seconds` are its own, where it has some.
    """

    name: str
    left: tuple[datetime, ...] = ()
    history: Mapping[date, int] = field(default_factory=dict)
    provider_day_cap: int = ORGANIZATION_DAY_CAP
    day_cap: int | None = None
    gap_seconds: int | None = None
    paused_until: datetime | None = None
    booked: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """`person` and `step` are keys. `at` is in UTC."""

    person: str
    step: str
    at: datetime
    mailbox: str
