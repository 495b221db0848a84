"""Months and quarters of the calendar: how they are written, which days lie in them, when they begin in a zone.

A month is written "2026-05", a quarter "2026-Q2".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d{4})-(?:(0[1-9]|1[0-2])|Q([1-4]))", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`months` is 1 or 3; `first` is the first day of the first."""

    first: date
    months: int = 1

    @property
    def key(self) -> str:
        if self.months == 1:
            return f"{self.first.year:04}-{self.first.month:02}"
        return f"{self.first.year:04}-Q{(self.first.month + 2) // 3}"

    @property
    def label(self) -> str:
        """Like "May 2026", "2nd quarter of 2026"."""
        if self.months == 1:
            return f"{_NAMES[self.first.month - 1]} {self.first.year}"
        number = ("1st", "2nd", "3rd", "4th")[self.first.month // 3]
        return f"{number} quarter of {self.first.year}"

    @property
    def last(self) -> date:
        return moved(self, self.months).first - timedelta(days=1)

    def begins_at(self, zone: str) -> int:
        """Ms since 1970."""
        began = datetime.combine(self.first, time(), ZoneInfo(zone))
        return (began.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)


def month_of(day: date) -> Span:
    return Span(day.replace(day=1))


def quarter_of(day: date) -> Span:
    return Span(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3)


def moved(span: Span, months: int) -> Span:
    """The same length, that many months later."""
    years, month = divmod(span.first.month - 1 + months, 12)
    return Span(date(span.first.year + years, month + 1, 1), span.months)


def span_of(text: str) -> Span | None:
    """None for what is neither a month nor a quarter."""
    found = _WRITTEN.fullmatch(text)
    if found is None or not 1 < int(found[1]) < 9999:
        return None
    year, month, quarter = int(found[1]), found[2], found[3]
    if month:
        return Span(date(year, int(month), 1))
    return Span(date(year, int(quarter) * 3 - 2, 1), 3)
