"""The view objects of the sidebar (DESIGN 10): HTML, JSON, extension and cards render these and nothing else.

Ids are opaque text. Times are aware UTC datetimes; `views.as_json` writes them as ISO 8601 with Z and leaves out
what is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class SidebarState(StrEnum):
    LEAD = "lead"
    CHOICE = "choice"
    UNKNOWN = "unknown"
    RESTRICTED = "restricted"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class ContextPerson:
    address: str
    name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What lies open beside the sidebar. `thread` and `message` are our opaque ids or the provider's refs."""

    v: int = 1
    mailbox_address: str | None = None
    thread: str | None = None
    message: str | None = None
    subject: str | None = None
    people: tuple[ContextPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class StageChip:
    """`index` counts the open stages from 0; `days` since the lead came into it; `kind` open, won or lost."""

    key: str
    label: str
    index: int
    days: int
    stale: bool
    kind: str = "open"
    of: int = 1


@dataclass(frozen=True, slots=True)
class Temperature:
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScoreSum:
    """In whole points: `total` is both together."""

    total: int
    fit: int
    engagement: int


@dataclass(frozen=True, slots=True)
class Money:
    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class Owes:
    """`who` owes the next answer: us, them or nobody. `text` is the sentence for people."""

    who: str
    since: datetime | None = None
    working_hours: float | None = None
    text: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class NextTask:
    id: str
    title: str
    due_on: date | None
    state: str
    """overdue, today, later or someday"""


@dataclass(frozen=True, slots=True)
class TimelineItem:
    id: str
    kind: str
    at: datetime
    who: str
    text: str
    pinned: bool = False
    locked: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this lead is here, in a sentence; `undo_url` takes it back."""

    text: str
    rule: str
    by: str
    undo_url: str | None = None


@dataclass(frozen=True, slots=True)
class CadenceState:
    """`state` is active, paused, parked, finished or stopped; `step` the one that comes next, or the last that went;
    `reason` why it was stopped or rests, `reason_url` the very mail that is why, for whoever may read it; `next_at`
    when it goes on, None where nobody knows. Who `may_stop` it may pause and resume it too.
    """

    id: str
    name: str
    step: int
    steps: int
    state: str
    url: str
    reason: str | None = None
    next_at: datetime | None = None
    may_stop: bool = False
    reason_url: str | None = None

    @property
    def is_over(self) -> bool:
        """The lead may be added to another one."""
        return self.state in {"finished", "stopped"}


@dataclass(frozen=True, slots=True)
class PipelineName:
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class StageGroup:
    """A pipeline a lead can be moved to: `stages` as (what a form sends, label)."""

    key: str
    label: str
    stages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LeadCard:
    id: str
    version: int
    name: str
    address: str
    url: str
    source: str
    stage: StageChip
    temperature: Temperature
    owes: Owes
    reason: Reason
    organization: str | None = None
    phone: str | None = None
    owner: str | None = None
    value: Money | None = None
    next_task: NextTask | None = None
    cadence: CadenceState | None = None
    score: ScoreSum | None = None
    timeline: tuple[TimelineItem, ...] = ()
    details: tuple[Detail, ...] = ()
    stages: tuple[tuple[str, str], ...] = ()
    """(key, label) of every stage of its pipeline."""
    pipeline: PipelineName = PipelineName("", "")
    elsewhere: tuple[StageGroup, ...] = ()
    """The other pipelines, with the stages it can be moved to there."""


@dataclass(frozen=True, slots=True)
class Choice:
    address: str
    name: str
    lead_id: str | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    lead_id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    address: str
    name: str
    reason: str
    matches: tuple[Match, ...] = ()
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadLink:
    lead_id: str | None = None
    linked_at: datetime | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class SidebarView:
    state: SidebarState
    v: int = 1
    lead: LeadCard | None = None
    choices: tuple[Choice, ...] = ()
    candidate: Candidate | None = None
    thread: ThreadLink | None = None
    actions: tuple[str, ...] = field(default=())
