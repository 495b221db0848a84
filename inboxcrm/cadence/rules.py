"""What a cadence is told about its sending: windows, caps, gaps and lateness, kept as JSON beside its name.

The defaults are those of a careful person: office hours of working days, a cap far below what providers allow (Google
names 500 a day for a personal account and 2,000 for a Workspace one, shared with mail written by hand), and a gap.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from inboxcrm.cadence.adding import AddingRules, adding_as_map, adding_from_map
from inboxcrm.cadence.caps import RAMP_PERCENT
from inboxcrm.cadence.days_off import holidays_of
from inboxcrm.cadence.windows import DAYS, Windows

DAY_CAP = 100
DOMAIN_CAP = 30
GAP_SECONDS = 90
MAX_LATE_DAYS = 4
FRESH_SECONDS = 15 * 60
"""Nothing goes while the mailbox was last read longer ago: an answer may lie unread."""
STOPS_ORGANIZATION = "stops_organization"
"""Under which name the stored rules have it: the store looks for those that do."""
_REMEMBERED = 128


class Clock(StrEnum):
    """Whose clock the hours are on: the lead's, where it is known and else that of the zone; or the zone's for all."""

    LEAD = "lead"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class CadenceRules:
    """`day_cap` counts any rolling 24 hours of the mailbox; `max_late_days` after it was due a mail waits for a person;
    `ramp_percent`: by so much a day may exceed the busiest of the last two weeks, 0 for no ramp; `domain_cap`: mails to
    one company in 24 hours, 0 for any number; `country` ("DE", "DE-BY"): whose holidays are observed; `adding`: who may
    be added at all; `stops_organization`: an answer of anybody stops it for everybody of their organization; `clock`:
    whose clock the hours are on.
    """

    windows: Windows = field(default_factory=Windows)
    day_cap: int = DAY_CAP
    gap_seconds: int = GAP_SECONDS
    max_late_days: int = MAX_LATE_DAYS
    ramp_percent: int = RAMP_PERCENT
    domain_cap: int = DOMAIN_CAP
    country: str = ""
    adding: AddingRules = field(default_factory=AddingRules)
    stops_organization: bool = False
    clock: Clock = Clock.LEAD

    def is_too_late(self, due: datetime, parked_until: datetime | None, now: datetime) -> bool:
        """A mail that was due then waits for a person; lateness counts from the end of a rest."""
        return now - max(due, parked_until or due) > timedelta(days=self.max_late_days)


def rules_as_json(rules: CadenceRules) -> str:
    week: dict[str, list[list[str]]] = {}
    for one in rules.windows.windows:
        week.setdefault(DAYS[one.weekday], []).append(
            [one.start.isoformat("minutes"), one.end.isoformat("minutes")]
        )
    return json.dumps(
        {
            "zone": rules.windows.zone,
            "windows": week,
            "day_cap": rules.day_cap,
            "gap_seconds": rules.gap_seconds,
            "max_late_days": rules.max_late_days,
            "ramp_percent": rules.ramp_percent,
            "domain_cap": rules.domain_cap,
            "country": rules.country,
            "adding": adding_as_map(rules.adding),
            STOPS_ORGANIZATION: rules.stops_organization,
            "clock": rules.clock.value,
        }
    )


@lru_cache(maxsize=_REMEMBERED)
def rules_from_json(text: str) -> CadenceRules:
    """Of what we wrote ourselves; what is not there has its default. The same text is read once."""
    said: dict[str, Any] = json.loads(text or "{}")
    plain = CadenceRules()
    week = {
        day: [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs]
        for day, pairs in said.get("windows", {}).items()
    }
    zone, country = said.get("zone", "UTC"), said.get("country", plain.country)
    off = holidays_of(country)
    return CadenceRules(
        windows=Windows.of_week(zone, week, off)
        if "windows" in said
        else Windows(zone=zone, holidays=off),
        day_cap=said.get("day_cap", plain.day_cap),
        gap_seconds=said.get("gap_seconds", plain.gap_seconds),
        max_late_days=said.get("max_late_days", plain.max_late_days),
        ramp_percent=said.get("ramp_percent", plain.ramp_percent),
        domain_cap=said.get("domain_cap", plain.domain_cap),
        country=country,
        adding=adding_from_map(said.get("adding", {})),
        stops_organization=said.get(STOPS_ORGANIZATION, plain.stops_organization),
        # Of a cadence that was made before there was a choice the hours stay what they were.
        clock=Clock(said.get("clock", Clock.FIXED.value)),
    )
