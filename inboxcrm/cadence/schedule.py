"""When a step falls due: a local date from the step before it, and on that date a time of its own.

The date is the local date of `base` and the wait in days or business days. Business days are Monday to Friday less
the holidays; the windows have no say in the counting: a cadence that sends on Tuesdays and Thursdays waits two business
days from Tuesday to Thursday. No wait is no wait, whatever the day.
The time is the opening of that date's windows and a part of their width which the key of the mail decides, so that
plans and previews never drift. Where the date is closed (a weekend, a holiday) or over, the next open date is taken,
and its time is made anew in the same way: a mail moved from a Saturday evening must not leave on Monday evening
(research/cadence.md, museum 47). Time only moves forward: nothing is due before its base, nor before now.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from inboxcrm.cadence.jitter import stable_share
from inboxcrm.cadence.steps import DelayUnit
from inboxcrm.cadence.windows import (
    LOOK_AHEAD_DAYS,
    Opening,
    Windows,
    local_day,
    openings_of,
)

CLOSING = timedelta(minutes=5)
"""So long before the windows of a day close nothing is planned any more: rendering and the gap need time too."""
_SATURDAY = 5


def due_at(
    step_delay: int,
    unit: str,
    *,
    base: datetime,
    windows: Windows,
    key: str,
    secret: bytes,
    now: datetime,
) -> datetime:
    """In UTC, inside a window, at or after `base` and `now` (both aware). `unit` is one of DelayUnit.

    Where the windows open on no day of a year, the first moment that would do without them: the gate keeps the mail.
    """
    floor = max(base, now).astimezone(UTC)
    wanted = day_after(local_day(windows, base), step_delay, unit, holidays=windows.holidays)
    first = max(wanted, local_day(windows, floor))
    for offset in range(LOOK_AHEAD_DAYS):
        openings = openings_of(windows, first + timedelta(days=offset))
        if not openings or openings[-1][1] <= floor:
            continue
        at = _time_of(openings, key, secret)
        if at >= floor:
            return at
        return next(max(opens, floor) for opens, closes in openings if floor < closes)
    return max(floor, floor + timedelta(days=(first - local_day(windows, floor)).days))


def day_after(day: date, delay: int, unit: str, *, holidays: Collection[date]) -> date:
    """`delay` days or business days behind `day`."""
    if unit != DelayUnit.BUSINESS_DAYS.value:
        return day + timedelta(days=delay)
    while delay > 0:
        day += timedelta(days=1)
        if is_business_day(day, holidays=holidays):
            delay -= 1
    return day


def is_business_day(day: date, *, holidays: Collection[date]) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


def _time_of(openings: Sequence[Opening], key: str, secret: bytes) -> datetime:
    """Into the open time of the day, all its windows end to end, goes the key's share of it, to the second."""
    width = sum((closes - opens for opens, closes in openings), timedelta())
    usable = width - CLOSING if width > 2 * CLOSING else width
    into = timedelta(seconds=int(stable_share(key, secret, purpose="due") * usable.total_seconds()))
    for opens, closes in openings:
        if into < closes - opens:
            return opens + into
        into -= closes - opens
    return openings[-1][0]
