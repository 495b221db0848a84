"""When people write: on weekdays, in the hours of the owner's zone, never on the dot."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from inboxcrm.sandbox.texts_file import read_texts

_OPENS, _CLOSES = 8.25, 18.0
_DAY = _CLOSES - _OPENS


def own_zone() -> ZoneInfo:
    return ZoneInfo(read_texts("world")["own"]["zone"])


def add_working_hours(moment: datetime, hours: float, dice: random.Random) -> datetime:
    """So many working hours later, a few minutes off, always inside a working day (aware UTC)."""
    local = moment.astimezone(own_zone())
    left = hours
    while True:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        opens = midnight + timedelta(hours=_OPENS)
        closes = midnight + timedelta(hours=_CLOSES)
        if local.weekday() < 5 and local < closes:
            start = max(local, opens)
            room = (closes - start).total_seconds() / 3600
            if left <= room:
                found = start + timedelta(hours=left, seconds=dice.randrange(1, 900))
                return found.astimezone(UTC).replace(microsecond=0)
            left -= room
        local = midnight + timedelta(days=1)


def working_moment(day: datetime, dice: random.Random) -> datetime:
    """Some moment of that day, or of the next working day."""
    midnight = day.astimezone(own_zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return add_working_hours(midnight.astimezone(UTC), dice.uniform(0.1, _DAY - 0.5), dice)


def latest_working_moment(now: datetime, hours_ago: float, dice: random.Random) -> datetime:
    """A working moment so many working hours before now, looking back over weekends."""
    local = now.astimezone(own_zone())
    left = hours_ago
    while True:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        opens = midnight + timedelta(hours=_OPENS)
        if local.weekday() < 5 and local > opens:
            end = min(local, midnight + timedelta(hours=_CLOSES))
            room = (end - opens).total_seconds() / 3600
            if left <= room:
                found = end - timedelta(hours=left) - timedelta(seconds=dice.randrange(0, 240))
                return found.astimezone(UTC).replace(microsecond=0)
            left -= room
        local = midnight - timedelta(seconds=1)
