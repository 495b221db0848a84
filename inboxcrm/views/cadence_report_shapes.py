"""What pages and programs are told in reports on cadences. Ids are opaque."""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.views.cadence_shapes import MailList


@dataclass(frozen=True, slots=True)
class Asked:
    """Which mails a report speaks of, as pages and programs name them: sealed ids, a step's key, the Monday of a week.
    Empty is any.
    """

    cadence: str = ""
    step: str = ""
    version: str = ""
    mailbox: str = ""
    week: str = ""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One number; `url` leads to the mails behind it. `share` (0 to 1) of `base`, which counts `of`; None where it is
    no share, or nothing was sent.
    """

    key: str
    count: int
    url: str
    share: float | None = None
    base: int | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class ReportLine:
    label: str
    recipients: int
    enrollments: int
    figures: tuple[FigureCell, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    key: str
    label: str
    words: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class CadenceReport:
    """`cadence` is the name of the only one it speaks of, else empty; `zone` is where weeks begin."""

    cadence: str
    by: str
    by_words: str
    zone: str
    total: ReportLine
    lines: tuple[ReportLine, ...]
    definitions: tuple[Definition, ...]
    not_counted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailsBehind:
    """`count` is the figure; each mail stands for one of what it counts. `about` says of which mails, in words."""

    label: str
    definition: str
    about: str
    count: int
    mails: MailList
