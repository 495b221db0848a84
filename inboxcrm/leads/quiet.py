"""When silence counts: we wrote last, and so many working days went by without an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from inboxcrm.leads.working_time import WorkingHours

QUIET_AFTER_DAYS = 5


def quiet_since(now: datetime, hours: WorkingHours, days: int = QUIET_AFTER_DAYS) -> datetime:
    """Who got our mail before this moment has been silent for `days` working days."""
    if not hours.weekdays:
        return now - timedelta(days=days)
    local = now.astimezone(ZoneInfo(hours.zone))
    left = days
    while left > 0:
        local -= timedelta(days=1)
        left -= local.weekday() in hours.weekdays
    return local.astimezone(now.tzinfo)
