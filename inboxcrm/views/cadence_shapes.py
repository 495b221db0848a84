"""What pages and programs are told of cadences. Ids are opaque, times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many mails of a cadence wait, went, need somebody, were stopped."""

    waiting: int = 0
    sent: int = 0
    somebody: int = 0
    stopped: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.sent + self.somebody + self.stopped


@dataclass(frozen=True, slots=True)
class CadenceLine:
    """A cadence in a list. `segment` is the name or the text it was made with."""

    id: str
    name: str
    url: str
    state: str
    state_words: str
    mailbox: str
    segment: str
    made_at: datetime
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class CadenceList:
    rows: tuple[CadenceLine, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """One bar: `count` mails are `label` now."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """`wait` in words, empty for the first; `template` with the number of its version; `title` of a task or call."""

    number: int
    kind: str
    wait: str
    template: str
    template_number: int
    version_id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing would go from the mailbox now, and where that is mended."""

    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class CadencePage:
    """`actions` are what this viewer may do now: start, pause, resume, cancel."""

    line: CadenceLine
    mailbox_address: str
    from_address: str
    made_by: str
    started_at: datetime | None
    ended_at: datetime | None
    steps: tuple[StepLine, ...]
    rules: tuple[str, ...]
    funnel: tuple[FunnelLine, ...]
    actions: tuple[str, ...]
    may_change: bool
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in a list. `subject` is empty where the viewer may not read the mailbox, and before it is written;
    `cause_url` leads to the very mail that `said` rests on, for whoever may read it.
    """

    id: str
    url: str
    cadence: str
    cadence_url: str
    lead: str
    lead_url: str
    to: str
    subject: str
    group: str
    state: str
    state_words: str
    at: datetime
    said: str
    mailbox: str
    step: str = ""
    needs_word: bool = False
    may_answer: bool = False
    cause_url: str | None = None


@dataclass(frozen=True, slots=True)
class MailList:
    rows: tuple[MailLine, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class RepeatedMail:
    """Another mail of the same step to the same person. `by` pressed for it, empty where nobody did: it came first.

    `is_before`: the page's mail repeats it; else it repeats the page's mail.
    """

    url: str
    state_words: str
    due_at: datetime
    by: str
    is_before: bool


@dataclass(frozen=True, slots=True)
class CadenceMail:
    """One mail's page. `key` is how services name it; `meaning` what its state means, where that needs a word;
    `repeats` the mail that it repeats, and those that repeat it; `may_call_off`: it was resent, and still waits.
    """

    line: MailLine
    key: str
    meaning: str
    thread_url: str | None = None
    mime: bytes = b""
    may_resend: bool = False
    may_call_off: bool = False
    repeats: tuple[RepeatedMail, ...] = ()
