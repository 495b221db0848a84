"""`cadence`: mails to a segment of leads from one's own mailbox. Nothing leaves without --yes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from inboxcrm.cli.cadence_limits import limit_options, rules_said
from inboxcrm.cli.cadence_shown import cadence_as_json, cadence_facts, tell_what_starting_does
from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import UsageError


@click.group(epilog="Example: inboxcrm cadence start autumn --yes")
def cadence() -> None:
    """Mails to segments of leads, each at most once. NAME is what a cadence was called."""


@cadence.command(
    "merge",
    epilog="Example: inboxcrm cadence merge autumn --template hello --segment 'tag is fair' "
    "--mailbox sales",
)
@click.argument("name")
@click.option("--template", required=True, metavar="NAME", help="What they get.")
@click.option("--segment", default="", metavar="NAME_OR_TEXT", help="Who gets it.")
@click.option(
    "--from-table",
    "table",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    metavar="FILE",
    help="The people of this table get it: CSV, TSV or JSON, imported first.",
)
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column of the table is, as `import table` takes it.",
)
@click.option("--mailbox", required=True, metavar="NAME", help="Where it is sent from.")
@click.option(
    "--from",
    "from_address",
    default="",
    metavar="ADDRESS",
    help="Its From, if not the mailbox's own.",
)
@limit_options
@json_option
@pass_house
def merge(
    house: House,
    /,
    name: str,
    template: str,
    segment: str,
    table: Path | None,
    mapping: tuple[str, ...],
    mailbox: str,
    from_address: str,
    *,
    as_json: bool,
    **limits: Any,
) -> None:
    """Prepare one mail to everybody in a segment or table.

    Nothing is sent; `cadence start` does.
    """
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.cli.table_merging import merged_from_table, one_of_both
    from inboxcrm.services.cadences import make_merge
    from inboxcrm.services.mailbox_limits import zone_of_mailbox

    one_of_both(segment, table, mapping)
    declare(house.settings, house.desk)
    rules = rules_said(limits, zone=zone_of_mailbox(house.desk, mailbox))
    if table is not None:
        made = merged_from_table(
            house,
            table,
            mapping,
            name=name,
            template=template,
            mailbox=mailbox,
            from_address=from_address,
            rules=rules,
        )
    else:
        made = make_merge(
            house.desk,
            house.viewer,
            name=name,
            template=template,
            segment=segment,
            mailbox=mailbox,
            from_address=from_address,
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
    """The mails as they would go, by the code that sends."""
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
