"""What the page of a lead and the page of an organization show: frozen, with opaque ids and plain (hostile) texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from inboxcrm.views.answer_marks import MarkView
from inboxcrm.views.inbox_shapes import InboxRow
from inboxcrm.views.leads import LeadRow, Person
from inboxcrm.views.scores import LeadScore
from inboxcrm.views.shapes import Detail, LeadCard, Money, NextTask


class Show(StrEnum):
    """Which entries of the timeline; the word stands in the address of the page."""

    ALL = ""
    MAIL = "mail"
    NOTES = "note"
    CALLS = "call"
    MEETINGS = "meeting"
    TASKS = "task"
    CHANGES = "change"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `title` is a mail's subject or what a talk came to; `text` is as it was written.

    A locked one is mail the viewer may not read; `can_pin` those that can stand on top.
    """

    id: str
    kind: str
    at: datetime
    who: str
    title: str = ""
    text: str = ""
    href: str | None = None
    locked: bool = False
    pinned: bool = False
    can_pin: bool = False
    mark: MarkView | None = None
    """Of an answer to a cadence."""


@dataclass(frozen=True, slots=True)
class Phone:
    """As it is written, and the number a telephone dials; `dial` is empty where there is none in it."""

    shown: str
    dial: str = ""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A declared field with what it holds: `value` as a form writes it, `shown` as people read it."""

    key: str
    label: str
    kind: str
    value: str = ""
    shown: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class OpenTask:
    """`unless_answered`: it is done by itself when they write."""

    task: NextTask
    unless_answered: bool = False


@dataclass(frozen=True, slots=True)
class LeadPage:
    card: LeadCard
    addresses: tuple[str, ...]
    phones: tuple[Phone, ...]
    fields: tuple[FieldValue, ...]
    tags: tuple[Tag, ...]
    tasks: tuple[OpenTask, ...]
    entries: tuple[Entry, ...]
    facts: tuple[Detail, ...]
    """First contact, how much mail: what nobody edits."""
    show: Show = Show.ALL
    pinned: Entry | None = None
    next: str | None = None
    organization_url: str | None = None
    owner: Person | None = None
    owners: tuple[Person, ...] = ()
    known_tags: tuple[str, ...] = ()
    snoozed_until: date | None = None
    consent: str = "Not known"
    score: LeadScore | None = None


@dataclass(frozen=True, slots=True)
class StageSum:
    """How many leads stand there, and their value, one sum for each currency."""

    label: str
    leads: int
    values: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Somebody of the organization who waits in review."""

    address: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrganizationPage:
    """`is_capped`: the sums hold the first thousand leads and say so."""

    id: str
    name: str
    domain: str
    people: tuple[LeadRow, ...]
    candidates: tuple[Doubtful, ...]
    threads: tuple[InboxRow, ...]
    stages: tuple[StageSum, ...]
    total: int
    open_value: tuple[Money, ...] = ()
    is_capped: bool = False
    next_people: str | None = None
    next_threads: str | None = None
