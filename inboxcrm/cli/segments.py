"""`segment`: groups of leads by what is known of them, to look at before anything is sent to them."""

from __future__ import annotations

import shlex

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table


@click.group(epilog="Example: inboxcrm segment show 'stage is new and last_in within 30 days'")
def segment() -> None:
    """Save, show and count groups of leads. NAME_OR_TEXT is a saved segment's name, or a filter in words."""


@segment.command("list", epilog="Example: inboxcrm segment list")
@json_option
@pass_house
def list_(house: House, *, as_json: bool) -> None:
    """Saved segments and how many leads are in each now."""
    from inboxcrm.services.segments import segments
    from inboxcrm.views.as_json import as_json as to_json

    found = segments(house.desk, house.viewer, with_counts=True)
    if as_json:
        print_json({"segments": to_json(found)})
        return
    print_table(
        ("name", "kind", "leads", "filter"),
        [
            (one.name, one.kind, "?" if one.count is None else one.count, one.problem or one.text)
            for one in found
        ],
        empty="No segment is saved yet. `inboxcrm segment save NAME TEXT` saves one.",
        whole=("leads",),
    )


@segment.command("show", epilog="Example: inboxcrm segment show 'tag is fair'")
@click.argument("name_or_text")
@json_option
@pass_house
def show(house: House, name_or_text: str, *, as_json: bool) -> None:
    """Who is in it, and who would get no mail.

    How many, twenty of them, and why somebody is left out.
    """
    from inboxcrm.services.segments import look_at
    from inboxcrm.views.as_json import as_json as to_json

    view = look_at(house.desk, house.viewer, name_or_text)
    if as_json:
        print_json(to_json(view))
        return
    say(view.words)
    click.echo()
    print_facts(
        {
            "name": view.name,
            "kind": view.kind if view.name else "",
            "filter": view.text,
            "leads": str(view.count),
            "reachable": str(view.reachable),
        }
    )
    for note in view.notes:
        say(note)
    click.echo()
    if view.left_out:
        rows = [(one.count, one.words) for one in view.left_out]
        print_table(("leads", "get no mail, because"), rows, empty="")
        click.echo()
    print_table(
        ("name", "address", "organization", "stage", "left out", "id"),
        [
            (one.name, one.address, one.organization, one.stage, ", ".join(one.left_out), one.id)
            for one in view.samples
        ],
        empty="No lead is like that.",
        spare=("organization", "stage"),
    )


@segment.command("count", epilog="Example: inboxcrm segment count 'owes is us'")
@click.argument("name_or_text")
@json_option
@pass_house
def count(house: House, name_or_text: str, *, as_json: bool) -> None:
    """How many leads are in it."""
    from inboxcrm.services.segments import count_leads

    many = count_leads(house.desk, house.viewer, name_or_text)
    if as_json:
        print_json({"count": many})
        return
    click.echo(many)


@segment.command("save", epilog="Example: inboxcrm segment save 'Spring fair' 'tag is fair'")
@click.argument("name")
@click.argument("text")
@click.option(
    "--frozen", is_flag=True, help="Keep the leads it finds now, whatever happens to them."
)
@json_option
@pass_house
def save(house: House, name: str, text: str, *, frozen: bool, as_json: bool) -> None:
    """Save TEXT, a filter in words or as JSON, under NAME. One of that name is replaced."""
    from inboxcrm.leads.wording import counted
    from inboxcrm.services.segments import save_segment
    from inboxcrm.views.as_json import as_json as to_json

    saved = save_segment(
        house.desk, house.viewer, name=name, text=text, kind="frozen" if frozen else "live"
    )
    if as_json:
        print_json({"segment": to_json(saved)})
        return
    held = f" It holds {counted(saved.count, 'lead')}." if saved.count is not None else ""
    say(f"Saved {saved.name}: {saved.words}{held}")


@segment.command("remove", epilog="Example: inboxcrm segment remove 'Spring fair'")
@click.argument("name")
@json_option
@pass_house
def remove(house: House, name: str, *, as_json: bool) -> None:
    """Take a saved segment out of the list. Who was enrolled by it stays enrolled."""
    from inboxcrm.services.segments import remove_segment
    from inboxcrm.views.as_json import as_json as to_json

    gone = remove_segment(house.desk, house.viewer, name)
    if as_json:
        print_json({"segment": to_json(gone)})
        return
    again = shlex.join(("inboxcrm", "segment", "save", gone.name, gone.text))
    say(f"Removed {gone.name}. To have it back: {again}")
