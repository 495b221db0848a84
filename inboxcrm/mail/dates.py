"""When a mail was written: the Date field where it is plausible, else the topmost Received.

Plausible means between 1990 and 2060, and not later than two days after, nor two years before, the time at which the
last server on the way took the mail in. There is no clock here; what the provider says (`Fetched.received_at`) is set
against it by the caller.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_FIRST = datetime(1990, 1, 1, tzinfo=UTC)
_LAST = datetime(2060, 1, 1, tzinfo=UTC)
_EARLY, _LATE = timedelta(days=2 * 366), timedelta(days=2)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
        start=1,
    )
}
_USUAL = re.compile(
    r"(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ([+-])(\d\d)(\d\d)\b"
)
_MAX_LENGTH = 200


def parse_date(text: str) -> datetime | None:
    """Aware UTC, or None for what cannot be read or lies outside the years mail can come from."""
    usual = _USUAL.match(text)
    try:
        if usual:
            day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = usual.groups()
            shift = int(zone_hours) * 60 + int(zone_minutes)
            at = datetime(
                int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute),
                min(int(second or 0), 59), tzinfo=UTC,
            )  # fmt: skip
            if shift:
                at -= timedelta(minutes=shift if sign == "+" else -shift)
        else:
            parts = parsedate_tz(text[:_MAX_LENGTH])
            if parts is None:
                return None
            at = datetime(*parts[:5], min(parts[5], 59), tzinfo=UTC)
            at -= timedelta(seconds=parts[9] or 0)
    except (ValueError, OverflowError, KeyError, TypeError, IndexError):
        return None
    return at if _FIRST <= at < _LAST else None


def received_date(received: str) -> datetime | None:
    """The time stamp at the end of a Received field."""
    return parse_date(received.rpartition(";")[2].strip())


def fits_received(written: datetime, received: datetime) -> bool:
    return received - _EARLY <= written <= received + _LATE
