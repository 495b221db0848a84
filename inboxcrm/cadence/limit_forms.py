"""The limits a cadence has, as the fields of a form: what stands is shown in it, and what is not said stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from inboxcrm.cadence.rule_forms import ANY, OFFICE, OWN, rules_from_form
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import DAYS, Window, Windows

_MIDNIGHT = time(0)


def form_of(rules: CadenceRules) -> dict[str, str]:
    """Every field that `rule_forms.rules_from_form` reads, so that it reads the same rules again."""
    hours, zone = _hours(rules.windows), rules.windows.zone
    return {
        "hours": hours,
        "windows": windows_as_text(rules.windows.windows) if hours == OWN else "",
        "clock": rules.clock.value,
        "zone": zone,
        "country": rules.country,
        "day_cap": str(rules.day_cap),
        "gap_seconds": str(rules.gap_seconds),
        "domain_cap": str(rules.domain_cap),
        "max_late_days": str(rules.max_late_days),
        "ramp": "" if rules.ramp_percent else "no",
        "quiet_days": str(rules.adding.quiet_days),
        "needs_consent": "yes" if rules.adding.needs_consent else "",
        "guard": rules.adding.guard.value,
        "guard_days": str(rules.adding.guard_days),
        "stops_organization": "yes" if rules.stops_organization else "",
    }


def rules_with(standing: CadenceRules, given: Mapping[str, str]) -> CadenceRules:
    """`given` are fields that were said; an empty one has its default again. Raises FieldsError with all that is wrong.

    Windows that are given are the hours, whatever these were.
    """
    fields = form_of(standing) | dict(given)
    if given.get("windows", "").strip() and not given.get("hours"):
        fields["hours"] = OWN
    made = rules_from_form(fields, zone=standing.windows.zone)
    if standing.ramp_percent and made.ramp_percent:
        made = replace(made, ramp_percent=standing.ramp_percent)
    return made


def windows_as_text(windows: tuple[Window, ...]) -> str:
    """Lines like "mon-fri 09:00-17:00", as `rule_forms.windows_of` reads them. Days in a row with the same hours share
    a line.
    """
    hours = [
        tuple((one.start, one.end) for one in windows if one.weekday == day)
        for day in range(len(DAYS))
    ]
    lines, first = [], 0
    for day in range(1, len(DAYS) + 1):
        if day < len(DAYS) and hours[day] == hours[first]:
            continue
        days = DAYS[first] if day - first == 1 else f"{DAYS[first]}-{DAYS[day - 1]}"
        lines += [f"{days} {opens:%H:%M}-{_closes(closes)}" for opens, closes in hours[first]]
        first = day
    return "\n".join(lines)


def _closes(at: time) -> str:
    return "24:00" if at == _MIDNIGHT else f"{at:%H:%M}"


def _hours(windows: Windows) -> str:
    if windows.windows == Windows().windows:
        return OFFICE
    return ANY if windows.is_always else OWN
