"""Days and counts as people say them: "3 May", "2 working days", "an hour"."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from inboxcrm.leads.working_time import WorkingHours

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE_INSTEAD_AFTER_DAYS = 20


def day_in_words(at: datetime, *, now: datetime, zone: str = "UTC") -> str:
    """Like "3 May", with the year when it is not this one."""
    there = ZoneInfo(zone)
    local = at.astimezone(there)
    words = f"{local.day} {_MONTHS[local.month - 1]}"
    return words if local.year == now.astimezone(there).year else f"{words} {local.year}"


def date_in_words(day: date, *, today: date) -> str:
    """The same for a day without a time."""
    words = f"{day.day} {_MONTHS[day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def counted(number: int, one: str, many: str = "") -> str:
    """Like "one mail", "3 mails"; `many` where an s is not enough."""
    return f"one {one}" if number == 1 else f"{number} {many or one + 's'}"


def wait_in_words(worked_hours: float, hours: WorkingHours) -> str:
    """Like "3 working hours", "2 working days"; empty when it is so long that a date says more."""
    if worked_hours < 1:
        return "less than a working hour"
    days = worked_hours / (hours.hours_a_day or 24.0)
    if days < 1:
        return counted(int(worked_hours), "working hour")
    if days > _DATE_INSTEAD_AFTER_DAYS:
        return ""
    return counted(int(days), "working day")
