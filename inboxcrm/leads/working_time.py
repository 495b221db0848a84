"""Time as people at work count it: hours inside the working week of a zone, through clock changes.

Opening and closing are wall-clock times; the hours between two moments are real ones. Wall-clock
times become moments in UTC before they are subtracted, so a day on which the clock is put forward
inside the working hours has an hour less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TEXT = re.compile(
    r"\s*(?P<first>[a-z]{3})(?:\s*-\s*(?P<last>[a-z]{3}))?"
    r"\s+(?P<start>\d{1,2}:\d{2})\s*-\s*(?P<end>\d{1,2}:\d{2})\s*",
    re.IGNORECASE,
)
# No zone puts its clock forward or back between four in the morning and midnight.
_CLOCK_CHANGES_BEFORE = time(4)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """`zone` is an IANA name; `weekdays` count Monday as 0; `end` 00:00 means midnight at the end
    of the day.
    """

    zone: str = "UTC"
    weekdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    start: time = time(9)
    end: time = time(17)

    @classmethod
    def parse(cls, text: str, zone: str) -> WorkingHours:
        """Reads "mon-fri 09:00-17:00" (empty: that default). Raises ValueError with what is wrong,
        for people.
        """
        if not text.strip():
            return cls(zone=zone)
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError(f'"{text}" is not like "mon-fri 09:00-17:00"')
        first, last = found["first"].lower(), (found["last"] or found["first"]).lower()
        for name in (first, last):
            if name not in _DAYS:
                raise ValueError(f'"{name}" is no day; write {", ".join(_DAYS)}')
        low, high = _DAYS.index(first), _DAYS.index(last)
        days = range(low, high + 1) if low <= high else [*range(low, 7), *range(high + 1)]
        start, end = _time(found["start"]), _time(found["end"])
        if end != time(0) and end <= start:
            raise ValueError(f'"{text}" ends before it starts')
        return cls(zone=zone, weekdays=frozenset(days), start=start, end=end)

    @property
    def hours_a_day(self) -> float:
        """The length of a working day on the wall clock."""
        close = self.end.hour * 60 + self.end.minute or 24 * 60
        return (close - self.start.hour * 60 - self.start.minute) / 60


def hours_between(hours: WorkingHours, a: datetime, b: datetime) -> float:
    """Working hours from `a` to `b` (both aware); 0 when `b` is not after `a`."""
    if b <= a or not hours.weekdays:
        return 0.0
    zone = ZoneInfo(hours.zone)
    first, last = a.astimezone(zone).date(), b.astimezone(zone).date()
    if first == last:
        return _overlap(hours, zone, first, a, b) / 3600
    seconds = _overlap(hours, zone, first, a, b) + _overlap(hours, zone, last, a, b)
    between = (last - first).days - 1
    if hours.start >= _CLOCK_CHANGES_BEFORE and hours.end != time(0):
        # Whole days between are as long as the wall clock says: no need to look at each of a
        # thousand days.
        days = _count_weekdays(hours.weekdays, first.weekday() + 1, between)
        return seconds / 3600 + days * hours.hours_a_day
    for offset in range(1, between + 1):
        seconds += _overlap(hours, zone, first + timedelta(days=offset), a, b)
    return seconds / 3600


def _overlap(hours: WorkingHours, zone: ZoneInfo, day: date, a: datetime, b: datetime) -> float:
    """Seconds of that day's working hours which lie between `a` and `b`."""
    if day.weekday() not in hours.weekdays:
        return 0.0
    closing_day = day + timedelta(days=1) if hours.end == time(0) else day
    opens = datetime.combine(day, hours.start, zone).astimezone(UTC)
    closes = datetime.combine(closing_day, hours.end, zone).astimezone(UTC)
    return max((min(closes, b) - max(opens, a)).total_seconds(), 0.0)


def _count_weekdays(weekdays: frozenset[int], first: int, length: int) -> int:
    """How many of `length` days in a row, the first being that weekday, are working days."""
    weeks, rest = divmod(length, 7)
    return weeks * len(weekdays) + sum((first + offset) % 7 in weekdays for offset in range(rest))


def _time(text: str) -> time:
    hour, minute = text.split(":")
    if hour == "24" and minute == "00":
        return time(0)
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f'"{text}" is no time of day') from None
