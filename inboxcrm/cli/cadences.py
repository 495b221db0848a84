"""`cadence`: mails to a segment of leads from one's own mailbox. Nothing leaves without --yes."""

from __future__ import annotations

import click

from inboxcrm.cli.cadence_shown import cadence_as_json, cadence_facts, tell_what_starting_does
from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import UsageError


@click.group(epilog="Example: inboxcrm cadence start autumn --yes")
def cadence() -> None:
    """Mail merges to segments: make, look at, start, pause, cancel. NAME is what a cadence was called."""


@cadence.command(
    "merge",
    epilog="Example: inboxcrm cadence merge autumn --template hello --segment 'tag is fair' "
    "--mailbox sales",
)
@click.argument("name")
@click.option("--template", required=True, metavar="NAME", help="What they get.")
@click.option("--segment", required=True, metavar="NAME_OR_TEXT", help="Who gets it.")
@click.option("--mailbox", required=True, metavar="NAME", help="Where it is sent from.")
@click.option(
    "--day-cap", type=click.IntRange(1, 2_000), help="Mails of the mailbox in any 24 hours."
)
@click.option(
    "--gap", "gap_seconds", type=click.IntRange(0, 86_400), help="Seconds between two mails."
)
@click.option("--any-hour", is_flag=True, help="Also outside office hours and on weekends.")
@json_option
@pass_house
def merge(
    house: House,
    name: str,
    template: str,
    segment: str,
    mailbox: str,
    day_cap: int | None,
    gap_seconds: int | None,
    *,
    any_hour: bool,
    as_json: bool,
) -> None:
    """Prepare one mail to everybody in a segment.

    Nothing is sent; `cadence start` does.
    """
    from inboxcrm.bootstrap import declare
    from inboxcrm.cadence.rules import DAY_CAP, GAP_SECONDS, CadenceRules
    from inboxcrm.cadence.windows import Windows
    from inboxcrm.services.cadences import make_merge

    declare(house.settings, house.desk)
    zone = house.settings.work.zone
    rules = CadenceRules(
        windows=Windows.always(zone) if any_hour else Windows(zone=zone),
        day_cap=DAY_CAP if day_cap is None else day_cap,
        gap_seconds=GAP_SECONDS if gap_seconds is None else gap_seconds,
    )
    made = make_merge(
        house.desk,
        house.viewer,
        name=name,
        template=template,
        segment=segment,
        mailbox=mailbox,
        rules=rules,
    )
    tell_what_starting_does(house, made.row.name, as_json=as_json)


@cadence.command(
    "step",
    epilog="Example: inboxcrm cadence step autumn --template reminder --after '3 business days'",
)
@click.argument("name")
@click.option("--after", required=True, metavar="WAIT", help="Like '3 business days', '1 week'.")
@click.option("--template", default="", metavar="NAME", help="A mail, in the same thread.")
@click.option("--new-thread", is_flag=True, help="The mail opens a thread of its own.")
@click.option("--task", default="", metavar="WORDS", help="A task instead of a mail.")
@click.option("--call", default="", metavar="WORDS", help="A call instead of a mail.")
@json_option
@pass_house
def step(
    house: House,
    name: str,
    after: str,
    template: str,
    task: str,
    call: str,
    *,
    new_thread: bool,
    as_json: bool,
) -> None:
    """Add a step at the end.

    People who are in the cadence already keep the steps they had.
    """
    from inboxcrm.cadence.steps import StepKind
    from inboxcrm.services.cadences import add_step

    given = {StepKind.MAIL: template, StepKind.TASK: task, StepKind.CALL: call}
    kinds = [kind for kind, words in given.items() if words]
    if len(kinds) != 1:
        raise UsageError(
            "A step is one mail, one task or one call.",
            remedy="Give one of --template, --task and --call.",
        )
    view = add_step(
        house.desk,
        house.viewer,
        name,
        after=after,
        template=template,
        task=task or call,
        kind=kinds[0],
        opens_thread=new_thread,
    )
    if as_json:
        print_json(cadence_as_json(view))
        return
    print_facts(cadence_facts(view))


@cadence.command("list", epilog="Example: inboxcrm cadence list --json")
@json_option
@pass_house
def list_(house: House, *, as_json: bool) -> None:
    """All cadences and how their mails stand."""
    from inboxcrm.services.cadences import cadences

    found = cadences(house.desk, house.viewer)
    if as_json:
        print_json({"cadences": [cadence_as_json(one) for one in found]})
        return
    print_table(
        ("name", "state", "mailbox", "sent", "waiting", "segment"),
        [
            (
                one.row.name,
                one.row.state,
                one.row.mailbox,
                one.counts.get("sent", 0) + one.counts.get("unconfirmed", 0),
                one.counts.get("planned", 0) + one.counts.get("drafted", 0),
                one.row.segment,
            )
            for one in found
        ],
        empty="There is no cadence yet. `inboxcrm cadence merge --help` tells how to make one.",
        whole=("name",),
        spare=("segment", "mailbox"),
    )


@cadence.command(
    "preview", epilog="Example: inboxcrm cadence preview autumn --lead bob@firm.example"
)
@click.argument("name")
@click.option("--lead", "address", default="", metavar="ADDRESS", help="Of this lead.")
@json_option
@pass_house
def preview(house: House, name: str, address: str, *, as_json: bool) -> None:
    """The mails as they would go, made by the code that sends them."""
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.cadence_preview import previews

    lead_id = lead_id_of(house, address) if address else ""
    found = previews(house.desk, house.viewer, name, lead_id=lead_id)
    if as_json:
        print_json(
            {
                "previews": [
                    {
                        "to": one.address,
                        "subject": one.subject,
                        "text": one.text,
                        "html": one.html,
                        "problem": one.problem,
                        "frozen": one.is_frozen,
                        "mime": one.mime.decode("utf-8", "replace"),
                    }
                    for one in found
                ]
            }
        )
        return
    for one in found:
        print_facts({"to": one.address, "subject": one.subject, "problem": one.problem})
        if one.text or one.mime:
            click.echo()
            say(one.text or one.mime.decode("utf-8", "replace"))
        click.echo()
