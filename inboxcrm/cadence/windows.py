"""When mail may go: windows of the week on the wall clock of a zone, through the nights when the clock is put.

A window that ends before it starts runs over midnight and is two windows. A moment that does not exist (the clock is
put forward) is the first one after it; of two moments with the same name (put back) the first one counts (PEP 495).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = time(0)
LOOK_AHEAD_DAYS = 370
_KEPT_DAYS = 1 << 14
_KEPT_ZONES = 1 << 9

Opening = tuple[datetime, datetime]
"""From the first moment up to, not including, the second one, in UTC."""


@dataclass(frozen=True, slots=True)
class Window:
    """On `weekday` (Monday is 0) from `start` up to, not including, `end`; `end` 00:00 is the end of the day."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Windows:
    """`zone` is an IANA name; `holidays` are days on which nothing goes."""

    zone: str = "UTC"
    windows: tuple[Window, ...] = tuple(Window(day, time(9), time(17)) for day in range(5))
    holidays: frozenset[date] = frozenset()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Openings are remembered by windows and day, and asked for at every turn of a plan.
        object.__setattr__(self, "_hash", hash((self.zone, self.windows, self.holidays)))

    def __hash__(self) -> int:
        return self._hash

    @classmethod
    def always(cls, zone: str) -> Windows:
        """Every hour of every day."""
        return cls(zone, tuple(Window(day, _MIDNIGHT, _MIDNIGHT) for day in range(7)))

    @property
    def is_always(self) -> bool:
        """Open at every hour of every day that is no holiday."""
        return self.windows == Windows.always(self.zone).windows

    def on_clock_of(self, zone: str) -> Windows:
        """The same hours in another zone; an empty one is its own."""
        return _on_clock(self, zone) if zone and zone != self.zone else self

    @classmethod
    def of_week(
        cls,
        zone: str,
        week: Mapping[str, list[tuple[time, time]]],
        holidays: frozenset[date] = frozenset(),
    ) -> Windows:
        """`week` has pairs (start, end) for the days of DAYS it names."""
        made: list[Window] = []
        for at, day in enumerate(DAYS):
            for start, end in week.get(day, ()):
                if end == _MIDNIGHT or start < end:
                    made.append(Window(at, start, end))
                else:
                    made.append(Window(at, start, _MIDNIGHT))
                    if end > _MIDNIGHT:
                        made.append(Window((at + 1) % 7, _MIDNIGHT, end))
        return cls(zone, tuple(sorted(made, key=lambda one: (one.weekday, one.start))), holidays)


@lru_cache(maxsize=_KEPT_ZONES)
def _on_clock(windows: Windows, zone: str) -> Windows:
    return replace(windows, zone=zone)


def is_open(windows: Windows, now: datetime) -> bool:
    """`now` is aware."""
    return any(
        opens <= now < closes for opens, closes in openings_of(windows, local_day(windows, now))
    )


def next_opening(windows: Windows, after: datetime) -> datetime | None:
    """The first moment at or after `after` (aware) at which mail may go, in UTC; None where there is none in a year."""
    if not windows.windows:
        return None
    day = local_day(windows, after)
    for offset in range(LOOK_AHEAD_DAYS):
        for opens, closes in openings_of(windows, day + timedelta(days=offset)):
            if after < closes:
                return max(opens, after.astimezone(UTC))
    return None


def midnight_of(windows: Windows, day: date) -> datetime:
    """When that local day begins, in UTC."""
    return _moment(day, _MIDNIGHT, ZoneInfo(windows.zone))


def local_day(windows: Windows, at: datetime) -> date:
    """The date on the wall of its zone; `at` is aware."""
    return at.astimezone(ZoneInfo(windows.zone)).date()


@lru_cache(maxsize=_KEPT_DAYS)
def openings_of(windows: Windows, day: date) -> tuple[Opening, ...]:
    """When mail may go on that local day, in order and apart; none on a holiday."""
    if day in windows.holidays:
        return ()
    zone = ZoneInfo(windows.zone)
    found: list[Opening] = []
    for one in windows.windows:
        if one.weekday != day.weekday():
            continue
        last = day + timedelta(days=1) if one.end == _MIDNIGHT else day
        opens, closes = _moment(day, one.start, zone), _moment(last, one.end, zone)
        if opens < closes:
            found.append((opens, closes))
    return _apart(found)


def _apart(openings: list[Opening]) -> tuple[Opening, ...]:
    """Windows may overlap; what they open together is opened once."""
    found: list[Opening] = []
    for opens, closes in sorted(openings):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return tuple(found)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """In UTC. In a gap of the clock `fold` 0 counts by the clock before it and 1 by the one behind, so that the gap's
    end lies between the two (PEP 495); a gap may be as long as a day (Apia, 2011).
    """
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    low, high = local.replace(fold=1).astimezone(UTC), moment
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
