"""The limits of a cadence as people type them, in a form or as options: read with all that is wrong, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, TypeVar

from inboxcrm.cadence.adding import MOST_DAYS, AddingRules, Guard
from inboxcrm.cadence.caps import RAMP_PERCENT
from inboxcrm.cadence.days_off import holidays_of
from inboxcrm.cadence.rules import CadenceRules, Clock
from inboxcrm.cadence.windows import DAYS, Windows
from inboxcrm.errors import FieldsError, UsageError
from inboxcrm.leads.time_zones import read_zone

MOST_A_DAY = 2_000
LONGEST_GAP_SECONDS = 86_400
MOST_LATE_DAYS = 60
OFFICE, ANY, OWN = "office", "any", "own"
_WINDOW = re.compile(
    r"\s*([a-z]{3})(?:\s*-\s*([a-z]{3}))?\s+(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)\s*", re.IGNORECASE
)
Read = TypeVar("Read")


@dataclass(slots=True)
class _Form:
    given: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.given.get(name, "").strip()

    def number(self, name: str, standing: int, *, least: int, most: int) -> int:
        text = self.value(name)
        if not text:
            return standing
        if not (
            text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most
        ):
            self.problems[name] = f"Write a number from {least} to {most}."
            return standing
        return int(text)

    def read(self, name: str, reader: Callable[[str], Read], standing: Read) -> Read:
        """What `reader` makes of the text; its UsageError or ValueError is what is wrong with it."""
        try:
            return reader(self.value(name)) if self.value(name) else standing
        except UsageError as error:
            self.problems[name] = f"{error.message} {error.remedy}".strip()
        except ValueError as error:
            self.problems[name] = str(error)
        return standing


def rules_from_form(given: Mapping[str, str], *, zone: str) -> CadenceRules:
    """What is blank or missing has its default. Raises FieldsError with all that is wrong.

    hours: office, any, or own, and then windows: lines like "mon-fri 09:00-17:00"; clock: lead or fixed; zone; day_cap;
    gap_seconds; max_late_days; ramp: "no" for none; domain_cap: 0 for any number; country: whose holidays; quiet_days;
    needs_consent: "yes"; guard; guard_days; stops_organization: "yes".
    """
    form, plain = _Form(given), CadenceRules()
    where = form.read("zone", read_zone, zone)
    country = form.read("country", _country, "")
    off = holidays_of(country)
    hours = form.value("hours") or (OWN if form.value("windows") else OFFICE)
    windows = Windows(zone=where, holidays=off)
    if hours == ANY:
        windows = Windows.of_week(where, {day: [(time(0), time(0))] for day in DAYS}, off)
    elif hours == OWN:
        none: dict[str, list[tuple[time, time]]] = {}
        week = form.read("windows", windows_of, none)
        if not week and "windows" not in form.problems:
            form.problems["windows"] = 'Write when, like "mon-fri 09:00-17:00".'
        windows = Windows.of_week(where, week, off)
    elif hours != OFFICE:
        form.problems["hours"] = "Choose the hours in which it may go."
    adding = AddingRules(
        form.number("quiet_days", 0, least=0, most=MOST_DAYS),
        form.value("needs_consent") == "yes",
        form.read("guard", _guard, plain.adding.guard),
        form.number("guard_days", plain.adding.guard_days, least=1, most=MOST_DAYS),
    )
    rules = CadenceRules(
        windows=windows,
        day_cap=form.number("day_cap", plain.day_cap, least=1, most=MOST_A_DAY),
        gap_seconds=form.number(
            "gap_seconds", plain.gap_seconds, least=0, most=LONGEST_GAP_SECONDS
        ),
        max_late_days=form.number(
            "max_late_days", plain.max_late_days, least=1, most=MOST_LATE_DAYS
        ),
        ramp_percent=0 if form.value("ramp") == "no" else RAMP_PERCENT,
        domain_cap=form.number("domain_cap", plain.domain_cap, least=0, most=MOST_A_DAY),
        country=country,
        adding=adding,
        stops_organization=form.value("stops_organization") == "yes",
        clock=form.read("clock", _clock_said, plain.clock),
    )
    if form.problems:
        raise FieldsError(form.problems)
    return rules


def mailbox_limits_from_form(
    given: Mapping[str, str], standing: Mapping[str, Any]
) -> dict[str, Any]:
    """day_cap, gap_seconds (None: none) and zone (empty: none) of a mailbox. What is blank is none, what is missing is
    what stands. Raises FieldsError with all that is wrong.
    """
    form = _Form(given)
    found: dict[str, Any] = dict(standing)
    for name, least, most in (("day_cap", 1, MOST_A_DAY), ("gap_seconds", 0, LONGEST_GAP_SECONDS)):
        if name in given:
            found[name] = form.number(name, -1, least=least, most=most)
            found[name] = None if found[name] < 0 else found[name]
    if "zone" in given:
        found["zone"] = form.read("zone", read_zone, "")
    if form.problems:
        raise FieldsError(form.problems)
    return found


def windows_of(text: str) -> dict[str, list[tuple[time, time]]]:
    """Of lines (or pieces between ";") like "mon-fri 09:00-12:30"; 24:00 is the end of a day. Raises ValueError."""
    week: dict[str, list[tuple[time, time]]] = {}
    for line in filter(str.strip, re.split(r"[\n;]", text)):
        found = _WINDOW.fullmatch(line)
        days = [one.lower() for one in (found[1], found[2] or found[1])] if found else []
        if found is None or any(one not in DAYS for one in days):
            raise ValueError(f'"{line.strip()[:40]}" is not like "mon-fri 09:00-17:00".')
        try:
            opens, closes = (_clock(found[at]) for at in (3, 4))
        except ValueError:
            raise ValueError(f'"{line.strip()[:40]}" names no time of a day.') from None
        first, last = (DAYS.index(one) for one in days)
        for at in range(first, last + 1 if first <= last else last + 8):
            week.setdefault(DAYS[at % 7], []).append((opens, closes))
    return week


def _clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(0) if (hour, minute) == ("24", "00") else time(int(hour), int(minute))


def _clock_said(text: str) -> Clock:
    if text not in set(Clock):
        raise ValueError("Choose on whose clock the hours are.")
    return Clock(text)


def _country(text: str) -> str:
    holidays_of(text)
    return text.strip().upper()


def _guard(text: str) -> Guard:
    if text not in set(Guard):
        raise ValueError("Choose what is done where a colleague is talking to them.")
    return Guard(text)
