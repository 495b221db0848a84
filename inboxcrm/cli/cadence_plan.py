"""`cadence plan`: the dry run, day by day and mail by mail."""

from __future__ import annotations

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table

_SHOWN = 20


@click.command("plan", epilog="Example: inboxcrm cadence plan autumn --days 14 --json")
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 365), default=60, help="How far to look ahead (60).")
@click.option(
    "--mails", "most", type=click.IntRange(0), default=_SHOWN, help="Show so many mails (20)."
)
@json_option
@pass_house
def plan(house: House, name: str, days: int, most: int, *, as_json: bool) -> None:
    """Who would get which step when, were nobody to answer. Nothing is sent and nothing is planned."""
    from inboxcrm.services.planning_ahead import plan_ahead
    from inboxcrm.views.as_json import as_json as to_json

    found = plan_ahead(house.desk, house.viewer, name, days=days)
    if as_json:
        print_json(to_json(found))
        return
    print_facts(
        {
            "name": found.cadence,
            "state": found.state,
            "mailbox": found.mailbox,
            "people": found.people,
            "mails": len(found.mails),
            "first at": found.mails[0].at if found.mails else None,
            "last at": found.mails[-1].at if found.mails else None,
        }
    )
    if found.unplanned:
        say(
            f"{found.unplanned} of the people get nothing within {days} day{'' if days == 1 else 's'}."
        )
    click.echo()
    print_table(
        ("day", "openers", "follow-ups", "other cadences"),
        [(one.day, one.openers, one.follow_ups, one.others) for one in found.days],
        empty="No mail would go: nobody is in it, or its windows never open.",
        whole=("day",),
    )
    if found.mails and most:
        click.echo()
        print_table(
            ("at", "step", "to"),
            [(one.at, one.number or one.step, one.to) for one in found.mails[:most]],
            empty="",
            whole=("at", "step"),
        )
        if len(found.mails) > most:
            say(f"... and {len(found.mails) - most} more; --mails or --json shows them.")
