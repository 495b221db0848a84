"""`cadence plan`: the dry run, day by day and mail by mail."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inboxcrm.services.cadence_preview import MailPreview
    from inboxcrm.services.planning_ahead import MailAhead

_SHOWN = 20


@click.command("plan", epilog="Example: inboxcrm cadence plan autumn --days 14 --json")
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 365), default=60, help="How far to look ahead (60).")
@click.option(
    "--mails", "most", type=click.IntRange(0), default=_SHOWN, help="Show so many mails (20)."
)
@click.option("--words", is_flag=True, help="With what each of these mails would say.")
@json_option
@pass_house
def plan(house: House, name: str, days: int, most: int, *, words: bool, as_json: bool) -> None:
    """Who would get which step when, were nobody to answer. Nothing is sent and nothing is planned."""
    from inboxcrm.services.planned_words import words_of
    from inboxcrm.services.planning_ahead import plan_ahead
    from inboxcrm.views.as_json import as_json as to_json

    found = plan_ahead(house.desk, house.viewer, name, days=days)
    shown = found.mails[:most]
    said = words_of(house.desk, house.viewer, name, shown) if words else []
    if as_json:
        document = to_json(found)
        for mail, one in zip(document["mails"], said, strict=False):
            mail |= {"subject": one.subject, "text": one.words()[0], "problem": one.problem}
        print_json(document)
        return
    print_facts(
        {
            "name": found.cadence,
            "state": found.state,
            "mailbox": found.mailbox,
            "people": found.people,
            "mails": len(found.mails),
            "first at": found.first_at,
            "last at": found.last_at,
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
            ("at", "step", "to", "there"),
            [(one.at, one.number or one.step, one.to, _there(one)) for one in shown],
            empty="",
            whole=("at", "step"),
        )
        if len(found.mails) > most:
            say(f"... and {len(found.mails) - most} more; --mails or --json shows them.")
    if words:
        _say_words(shown, said)


def _say_words(mails: Sequence[MailAhead], said: Sequence[MailPreview]) -> None:
    for mail, one in zip(mails, said, strict=True):
        click.echo()
        say(f"{mail.at.astimezone():%Y-%m-%d %H:%M} to {mail.to}: {one.problem or one.subject}")
        if not one.problem:
            say(indent(one.words()[0], "    "))


def _there(mail: MailAhead) -> str:
    """The minute on their own clock, where that is another one than the cadence's."""
    return f"{mail.at.astimezone(ZoneInfo(mail.zone)):%H:%M}" if mail.zone else ""
