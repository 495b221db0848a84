"""Where a condition on time, days or amounts draws its line: worked out once, for Python and databases alike."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from zoneinfo import ZoneInfo

from inboxcrm.leads.segments import Leaf, Op

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""A declared date as it is stored. What the field once held as another kind is no date, and so is blank."""
NUMBER = re.compile(r"0|-?[1-9][0-9]*|-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]")
"""A declared number as it is stored."""
_LARGEST = 1 << 62


def moment(leaf: Leaf, now: datetime, zone: str) -> datetime:
    """BEFORE and OLDER hold for what lies before it (OLDER: also then), AFTER and WITHIN for what lies behind."""
    if leaf.op in {Op.WITHIN, Op.OLDER}:
        return now - timedelta(days=int(leaf.value))
    day = date.fromisoformat(leaf.value)
    if leaf.op is Op.AFTER:
        day += timedelta(days=1)
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def days(leaf: Leaf, now: datetime, zone: str) -> tuple[str, str]:
    """The first and the last day that fit, as ISO text; before and behind them nothing does."""
    first, last = "0000-00-00", "9999-99-99"
    if leaf.op in {Op.WITHIN, Op.OLDER, Op.NEXT}:
        today = now.astimezone(ZoneInfo(zone)).date()
        length = timedelta(days=int(leaf.value))
        if leaf.op is Op.NEXT:
            return today.isoformat(), (today + length).isoformat()
        edge = today - length
        if leaf.op is Op.WITHIN:
            return (edge + timedelta(days=1)).isoformat(), today.isoformat()
        return first, edge.isoformat()
    day = date.fromisoformat(leaf.value)
    if leaf.op is Op.BEFORE:
        return first, (day - timedelta(days=1)).isoformat()
    if leaf.op is Op.AFTER:
        return (day + timedelta(days=1)).isoformat(), last
    return day.isoformat(), day.isoformat()


def amounts(leaf: Leaf) -> tuple[int, int]:
    """The least and the most hundredths that fit; the first above the second where none does."""
    exact = Decimal(leaf.value) * 100
    low, high = (
        int(exact.to_integral_value(ROUND_FLOOR)),
        int(exact.to_integral_value(ROUND_CEILING)),
    )
    bounds = {
        Op.MORE: (low + 1, _LARGEST),
        Op.AT_LEAST: (high, _LARGEST),
        Op.LESS: (-_LARGEST, high - 1),
        Op.AT_MOST: (-_LARGEST, low),
    }.get(leaf.op, (high, low))
    # Wider than any column, narrower than what a database takes as a number.
    return max(min(bounds[0], _LARGEST), -_LARGEST), max(min(bounds[1], _LARGEST), -_LARGEST)
