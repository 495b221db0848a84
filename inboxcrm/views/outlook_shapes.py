"""The view objects of what is expected, what slipped, and who got or waits for an answer. Every count that opens its
leads bears their key (`..._behind`, for the page of the leads behind a figure). Money stands apart by currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.views.shapes import Money


@dataclass(frozen=True, slots=True)
class Counted:
    """So many leads, what they are worth, and the key they are opened by."""

    count: int
    behind: str
    sums: tuple[Money, ...] = ()
    weighted: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What came over what was forecast, in one currency."""

    currency: str
    share: float


@dataclass(frozen=True, slots=True)
class MonthLine:
    """`when` is past, now, ahead, or other (before and after the months shown, and no date at all). `then` and `came`
    are None for months that have not begun.
    """

    key: str
    label: str
    when: str
    then: Counted | None
    came: Counted | None
    due: Counted
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthBar:
    """Weighted forecast, what came and what is still expected, weighted: in words, and as shares of the longest."""

    label: str
    then: str
    then_width: float
    came: str
    came_width: float
    due: str
    due_width: float


@dataclass(frozen=True, slots=True)
class MonthChart:
    """One for each currency, over the months that have anything in it and those between."""

    currency: str
    bars: tuple[MonthBar, ...]


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """`coverage` is open over quota, `reached` won over quota; `is_known` is False where nobody signs in so."""

    whose: str
    period: str
    quota: Money
    won: Counted
    open: Counted
    due: Counted
    coverage: float
    reached: float
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class SlipLine:
    """`times` and days are of those put off; `dated` leads had a close date."""

    label: str
    dated: Counted
    put_off: Counted
    times: int
    days: int | None
    most_days: int | None
    dropped: Counted
    passed: Counted


@dataclass(frozen=True, slots=True)
class ResponseLine:
    """Working hours; None where nobody was answered."""

    label: str
    answered: Counted
    first: float | None
    median: float | None
    third: float | None
    share: float | None
    within: Counted
    late: Counted
    waiting: Counted
    waited: Counted


@dataclass(frozen=True, slots=True)
class BandLine:
    """`width` is the share of the largest."""

    label: str
    answered: Counted
    width: float


@dataclass(frozen=True, slots=True)
class OwedLine:
    """`oldest` says how long the longest has waited."""

    label: str
    waiting: Counted
    oldest_at: datetime
    oldest: str
    late: Counted
    width: float


@dataclass(frozen=True, slots=True)
class OutlookView:
    """`target_hours` are working hours. `slips`, `responses` and `owed` begin with everybody together where there is
    anything, and go on by owner. `quota_help` says how to set a quota where none holds.
    """

    months: tuple[MonthLine, ...]
    charts: tuple[MonthChart, ...]
    coverage: tuple[CoverageLine, ...]
    quota_help: str
    slips: tuple[SlipLine, ...]
    responses: tuple[ResponseLine, ...]
    bands: tuple[BandLine, ...]
    owed: tuple[OwedLine, ...]
    target_hours: int
