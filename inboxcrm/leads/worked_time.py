"""Working time between many pairs of moments: the working days of a stretch are looked up once, not for each pair.

The same time as leads/working_time.py counts, which a test holds it to.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inboxcrm.leads.working_time import WorkingHours

HOUR_MS = 3_600_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DAY_MS = 86_400_000


class WorkedTime:
    """Of moments from `since` to `until`, both ms since 1970; others count as the nearer of the two."""

    __slots__ = ("_before", "_closes", "_opens")

    def __init__(self, hours: WorkingHours, since: int, until: int) -> None:
        zone = ZoneInfo(hours.zone)
        # Two days more at each end: a working day may begin on another day than it does in UTC.
        day = (_EPOCH + timedelta(milliseconds=since - 2 * _DAY_MS)).date()
        last = (_EPOCH + timedelta(milliseconds=max(until, since) + 2 * _DAY_MS)).date()
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._before: list[int] = []
        worked = 0
        while day <= last:
            if day.weekday() in hours.weekdays:
                closing = day + timedelta(days=1) if hours.end == time(0) else day
                opens = _ms(datetime.combine(day, hours.start, zone))
                closes = max(_ms(datetime.combine(closing, hours.end, zone)), opens)
                self._opens.append(opens)
                self._closes.append(closes)
                self._before.append(worked)
                worked += closes - opens
            day += timedelta(days=1)

    def between(self, a: int, b: int) -> int:
        """Ms; 0 when `b` is not after `a`."""
        return max(self._until(b) - self._until(a), 0)

    def before(self, b: int, worked: int) -> int:
        """The last moment from which on `worked` ms passed until `b`; the first opening where they never did."""
        wanted = self._until(b) - worked
        place = max(bisect_right(self._before, wanted) - 1, 0)
        # What comes after closing waits from the next opening on: a whole night is one moment.
        return min(self._opens[place] + max(wanted - self._before[place], 0), self._closes[place])

    def _until(self, at: int) -> int:
        place = bisect_right(self._opens, at) - 1
        if place < 0:
            return 0
        return self._before[place] + min(at, self._closes[place]) - self._opens[place]


def _ms(at: datetime) -> int:
    return (at.astimezone(UTC) - _EPOCH) // _MILLISECOND
