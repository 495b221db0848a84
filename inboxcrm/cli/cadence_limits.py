"""The options that limit a cadence: when it may go, how many, how far apart, and who may be added."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inboxcrm.errors import FieldsError, UsageError

if TYPE_CHECKING:
    from inboxcrm.cadence.rules import CadenceRules

Command = TypeVar("Command", bound=Callable[..., Any])

_GUARDS = click.Choice(["off", "warn", "block", "ask"])
_CLOCKS = click.Choice(["lead", "fixed"])
_OPTIONS = (
    click.option("--day-cap", metavar="N", help="Mails of the mailbox in any 24 hours."),
    click.option("--gap", "gap_seconds", metavar="SECONDS", help="Between two mails."),
    click.option("--domain-cap", metavar="N", help="Mails to one company in 24 hours; 0: any."),
    click.option("--no-ramp", is_flag=True, help="The mailbox need not get used to more."),
    click.option(
        "--late-days", "max_late_days", metavar="N", help="Later, a mail waits for a person."
    ),
    click.option(
        "--holidays", "country", metavar="COUNTRY", help="Never on those of DE, DE-BY, US."
    ),
    click.option(
        "--window", "windows", multiple=True, metavar="WHEN", help="'mon-fri 09:00-17:00'."
    ),
    click.option(
        "--clock", type=_CLOCKS, help="Hours by their own clock where known, or by the zone's."
    ),
    click.option("--zone", metavar="ZONE", help="Of the hours, like Europe/Berlin."),
    click.option("--any-hour", is_flag=True, help="Also outside office hours and on weekends."),
    click.option("--quiet-days", metavar="N", help="Leave out whom any of us touched so lately."),
    click.option("--needs-consent", is_flag=True, help="Only those who agreed to be written to."),
    click.option("--guard", type=_GUARDS, help="Where a colleague is talking to them."),
    click.option("--guard-days", metavar="N", help="How long such a talk counts."),
    click.option(
        "--stop-organization",
        "stops_organization",
        is_flag=True,
        help="An answer stops it for all of an organization.",
    ),
)
NAMES = (
    "day_cap",
    "gap_seconds",
    "domain_cap",
    "max_late_days",
    "country",
    "clock",
    "zone",
    "quiet_days",
    "guard",
    "guard_days",
)
_CALLED = {
    "gap_seconds": "--gap",
    "max_late_days": "--late-days",
    "country": "--holidays",
    "windows": "--window",
}


def limit_options(command: Command) -> Command:
    """The command is given what was said as keyword arguments, for `rules_said`."""
    return reduce(lambda made, option: option(made), reversed(_OPTIONS), command)


def rules_said(limits: dict[str, Any], *, zone: str) -> CadenceRules:
    """Raises UsageError with all that is wrong."""
    from inboxcrm.cadence.rule_forms import ANY, rules_from_form

    given = {name: str(limits[name]) for name in NAMES if isinstance(limits[name], str)}
    given["windows"] = "\n".join(limits["windows"])
    given["hours"] = ANY if limits["any_hour"] else ""
    given["ramp"] = "no" if limits["no_ramp"] else ""
    given["needs_consent"] = "yes" if limits["needs_consent"] else ""
    given["stops_organization"] = "yes" if limits["stops_organization"] else ""
    try:
        return rules_from_form(given, zone=zone)
    except FieldsError as error:
        raise wrong_limits(error, "inboxcrm cadence merge --help") from None


def wrong_limits(error: FieldsError, see: str) -> UsageError:
    """All that is wrong, a line each, called as the options are."""
    lines = [
        f"{_CALLED.get(name, '--' + name.replace('_', '-'))}: {text}"
        for name, text in error.problems.items()
    ]
    return UsageError("\n".join(lines), remedy=f"See {see}.")
