"""The view objects of the pipeline: board, sheet, numbers, and what happened since a day. Money is never added up over
currencies; ids are opaque.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from inboxcrm.views.leads import Person
from inboxcrm.views.outlook_shapes import OutlookView
from inboxcrm.views.shapes import Money, Owes, ScoreSum, StageChip


@dataclass(frozen=True, slots=True)
class NamedPipeline:
    key: str
    label: str
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class SinceLead:
    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class SinceLine:
    """`words` is what happened to `count` leads, `meaning` what that means; `some` of them, by name."""

    key: str
    words: str
    meaning: str
    count: int
    worth: tuple[Money, ...] = ()
    some: tuple[SinceLead, ...] = ()


@dataclass(frozen=True, slots=True)
class Since:
    """What happened from the end of `day` to now. `sentence` says it in one line."""

    day: date
    sentence: str
    lines: tuple[SinceLine, ...]


@dataclass(frozen=True, slots=True)
class BoardCard:
    """`url` and `version` are empty for a past card: it cannot be changed. `limit` is the stage's own, in days."""

    id: str
    name: str
    stage: StageChip
    url: str | None = None
    version: int = 0
    organization: str | None = None
    owner: str | None = None
    value: Money | None = None
    owes: Owes | None = None
    next_due_on: date | None = None
    close_on: date | None = None
    limit: int | None = None
    score: ScoreSum | None = None


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """`count` and `sums` are of all its leads, `cards` the first of them; `next` is where more of them begin."""

    stage: StageChip
    count: int
    sums: tuple[Money, ...]
    weighted: tuple[Money, ...]
    probability: float
    cards: tuple[BoardCard, ...] = ()
    next: str | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class PipelineHead:
    """What board and sheet have in common."""

    pipeline: NamedPipeline
    pipelines: tuple[NamedPipeline, ...]
    open_count: int
    open_sums: tuple[Money, ...]
    weighted: tuple[Money, ...]
    as_of: date | None = None
    since: Since | None = None


@dataclass(frozen=True, slots=True)
class BoardView:
    head: PipelineHead
    columns: tuple[BoardColumn, ...]


@dataclass(frozen=True, slots=True)
class SheetRow:
    id: str
    url: str | None
    version: int
    name: str
    organization: str | None
    stage: StageChip
    owner: str | None
    owner_id: str
    source: str
    value: Money | None
    close_on: date | None
    came_at: datetime
    age_days: int
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    mails: int = 0
    owes: Owes | None = None
    task: str | None = None
    task_due_on: date | None = None
    score: ScoreSum | None = None


@dataclass(frozen=True, slots=True)
class SheetGroup:
    """`count` and `sums` are of the whole group, `rows` those of it on this page."""

    key: str
    label: str
    count: int
    sums: tuple[Money, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True, slots=True)
class SheetView:
    """`is_behind` and `scored_at`: see `scores.scores_behind`."""

    head: PipelineHead
    groups: tuple[SheetGroup, ...]
    total: int
    page: int
    pages: int
    stages: tuple[tuple[str, str], ...] = ()
    owners: tuple[Person, ...] = ()
    is_behind: bool = False
    scored_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as people read it, what it means, and the key of the leads behind it."""

    key: str
    label: str
    text: str
    meaning: str
    behind: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """`width` is the share of the widest stage, 0 to 1; `days` how many half of those who came on took at most."""

    stage: StageChip
    entered: int
    reached: int
    width: float
    share: float | None
    days: float | None


@dataclass(frozen=True, slots=True)
class TimeLine:
    """Days leads stayed in a stage."""

    stage: StageChip
    stays: int
    first: float
    median: float
    third: float


@dataclass(frozen=True, slots=True)
class StageLine:
    stage: StageChip
    count: int
    sums: tuple[Money, ...]
    weighted: tuple[Money, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class GroupLine:
    """`behind` is the key of its leads; of the open ones among them it is `open:` and that key, and so on."""

    label: str
    behind: str
    open: int
    open_sums: tuple[Money, ...]
    won: int
    won_sums: tuple[Money, ...]
    lost: int
    win_rate: float | None

    @property
    def count(self) -> int:
        return self.open + self.won + self.lost


@dataclass(frozen=True, slots=True)
class ReasonLine:
    label: str
    behind: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class NumbersView:
    """Over the period from `from_on` to `to_on`, both included. `meanings` are the definitions, by section."""

    pipeline: NamedPipeline
    pipelines: tuple[NamedPipeline, ...]
    from_on: date
    to_on: date
    days: int
    figures: tuple[Figure, ...]
    stages: tuple[StageLine, ...]
    funnel: tuple[FunnelLine, ...]
    times: tuple[TimeLine, ...]
    reasons: tuple[ReasonLine, ...]
    by_source: tuple[GroupLine, ...]
    by_owner: tuple[GroupLine, ...]
    outlook: OutlookView
    meanings: dict[str, str] = field(default_factory=dict)
    as_of: date | None = None
    since: Since | None = None


@dataclass(frozen=True, slots=True)
class BehindView:
    """The leads behind one figure, as they stood. `sums` are of all of them, `weighted` of the open ones; `note` says
    what else was counted of them.
    """

    title: str
    total: int
    cards: tuple[BoardCard, ...]
    page: int
    pages: int
    sums: tuple[Money, ...] = ()
    weighted: tuple[Money, ...] = ()
    note: str = ""
