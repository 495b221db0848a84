"""`leads`: the list, one lead, and what people change."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from inboxcrm.services.lead_changes import Done
    from inboxcrm.views.leads import LeadPageView, LeadRow

LIST_LENGTH = 50
PAGE = 500
OWES = ("us", "them", "nobody")


@click.group(epilog="Example: inboxcrm leads list --owes us")
def leads() -> None:
    """List, show, add, edit, delete and export leads. LEAD is an id or an address."""


@leads.command("list", epilog="Example: inboxcrm leads list --stage engaged --limit 20")
@click.option("--stage", default="", metavar="KEY", help="Only leads in this stage.")
@click.option(
    "--owes", type=click.Choice(OWES), help="Only where they owe an answer, or we (us) do."
)
@click.option(
    "--limit", type=click.IntRange(0), default=LIST_LENGTH, show_default=True, help="0 lists all."
)
@json_option
@pass_house
def list_(house: House, stage: str, owes: str | None, limit: int, *, as_json: bool) -> None:
    """Leads, the newest sign of life first."""
    from inboxcrm.views.as_json import as_json as to_json

    _check_stage(house, stage)
    rows, total = _rows(house, stage=stage, owes=owes or "", limit=limit)
    if as_json:
        print_json({"leads": to_json(rows), "total": total})
        return
    print_table(
        ("name", "address", "organization", "stage", "days", "owner", "owes", "newest", "id"),
        [
            (
                row.name,
                row.address,
                row.organization,
                row.stage.label,
                row.stage.days,
                row.owner,
                "" if row.owes.who == "nobody" else row.owes.who,
                row.at,
                row.id,
            )
            for row in rows
        ],
        empty="No lead is like that. `inboxcrm leads list` shows all."
        if stage or owes
        else "No leads yet. `inboxcrm sync` reads mail and makes them.",
        spare=("owner", "organization", "days"),
    )


@leads.command("show", epilog="Example: inboxcrm leads show bob@firm.example")
@click.argument("lead")
@json_option
@pass_house
def show(house: House, lead: str, *, as_json: bool) -> None:
    """One lead: where it stands, why it is here, and its timeline."""
    from inboxcrm.views.as_json import as_json as to_json

    page = _page(house, lead_id_of(house, lead))
    if as_json:
        print_json(to_json(page))
        return
    card = page.lead
    print_facts(
        {
            "name": card.name,
            "address": card.address,
            "organization": card.organization,
            "phone": card.phone,
            "stage": f"{card.stage.label}, {_days(card.stage.days)}{', stale' if card.stage.stale else ''}",
            "temperature": f"{card.temperature.key}: {card.temperature.reason}",
            "owes": card.owes.text,
            "value": f"{card.value.amount} {card.value.currency}" if card.value else None,
            "owner": card.owner,
            "source": card.source,
            "why": card.reason.text,
            "id": card.id,
        }
    )
    for task in page.tasks:
        print_facts({"task": f"{task.title} ({task.state}, due {task.due_on or 'some day'})"})
    click.echo()
    print_table(
        ("at", "what", "who", "text"),
        [(item.at, item.kind.replace("_", " "), item.who, item.text) for item in page.timeline],
        empty="Nothing has happened yet.",
    )


@leads.command("add", epilog='Example: inboxcrm leads add bob@firm.example --name "Bob Moss"')
@click.argument("address")
@click.option("--name", default="", help="Else the name in his mail, else the address.")
@click.option("--stage", metavar="KEY", help="Else the first stage.")
@click.option("--phone", default="", help="As you dial it.")
@click.option("--source", default="by hand", show_default=True, help="Where the lead came from.")
@json_option
@pass_house
def add(
    house: House,
    address: str,
    name: str,
    stage: str | None,
    phone: str,
    source: str,
    *,
    as_json: bool,
) -> None:
    """Make a lead by hand; stored mail of ADDRESS is linked to it."""
    from inboxcrm.services.leads import create_lead

    done = create_lead(
        house.desk, house.viewer, address, name, stage=stage, phone=phone, source=source
    )
    _print_done(done, as_json=as_json)


@leads.command("edit", epilog="Example: inboxcrm leads edit bob@firm.example --stage engaged")
@click.argument("lead")
@click.option("--name", help="How the lead is called.")
@click.option("--organization", help="By its name or web domain; empty removes it.")
@click.option("--phone", help="As you dial it; empty removes it.")
@click.option("--source", help="Where the lead came from.")
@click.option("--value", help="What it is worth, as 1200 or 1200.50; empty removes it.")
@click.option("--currency", help="Three letters, as in EUR.")
@click.option("--close", metavar="DATE", help="When it is expected to be won; empty removes it.")
@click.option("--owner", type=click.Choice(("me", "nobody")), help="Who looks after it.")
@click.option(
    "--field", "custom", multiple=True, metavar="KEY=VALUE", help="A field of your own; repeatable."
)
@click.option("--stage", metavar="KEY", help="Move it to this stage, with what that asks for.")
@click.option("--pipeline", metavar="KEY", help="Of this pipeline; its first stage unless --stage.")
@click.option("--reason", default="", help="Why it was moved there; lost leads want one.")
@click.option("--note", help="Add a note.")
@click.option("--version", type=int, help="Change only this version of it; else whatever stands.")
@json_option
@pass_house
def edit(house: House, /, lead: str, version: int | None, *, as_json: bool, **given: Any) -> None:
    """Change fields or stage, or add a note. All of it is done, or nothing where one part is refused."""
    from inboxcrm.cli.lead_edit import edit_asking

    done = edit_asking(
        house.desk,
        house.viewer,
        lead_id_of(house, lead),
        version=version,
        given=given,
        is_asked=sys.stdin.isatty() and not as_json,
    )
    _print_done(done, as_json=as_json)


@leads.command("delete", epilog="Example: inboxcrm leads delete bob@firm.example")
@click.argument("lead")
@json_option
@pass_house
def delete(house: House, lead: str, *, as_json: bool) -> None:
    """Take a lead out of every list. No rule makes its addresses a lead again."""
    from inboxcrm.services.leads import delete_lead

    lead_id = lead_id_of(house, lead)
    version = _page(house, lead_id).lead.version
    done = delete_lead(house.desk, house.viewer, lead_id, version=version)
    _print_done(done, as_json=as_json)


@leads.command("undo", epilog="Example: inboxcrm leads undo k2v5w7x3ab4cd")
@click.argument("token")
@json_option
@pass_house
def undo(house: House, token: str, *, as_json: bool) -> None:
    """Take back a change. TOKEN was printed when it was made."""
    from inboxcrm.services.undo import undo as take_back

    _print_done(take_back(house.desk, house.viewer, token), as_json=as_json)


@leads.command("export", epilog="Example: inboxcrm leads export --format csv --output leads.csv")
@click.option("--format", "form", type=click.Choice(("csv", "json")), help="csv, unless --json.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write here instead of to standard output.",
)
@json_option
@pass_house
def export(house: House, form: str | None, output: Path | None, *, as_json: bool) -> None:
    """All leads as a table for other programs."""
    from inboxcrm.cli.lead_export import export_leads

    chosen = form or ("json" if as_json else "csv")
    count = export_leads(house.desk, house.viewer, form=chosen, output=output)
    if output is not None:
        click.echo(f"Wrote {count} {'lead' if count == 1 else 'leads'} to {output}.", err=True)


def _rows(house: House, *, stage: str, owes: str, limit: int) -> tuple[list[LeadRow], int]:
    from inboxcrm.views.leads import lead_list

    rows: list[LeadRow] = []
    before: str | None = None
    while True:
        many = min(PAGE, limit - len(rows)) if limit else PAGE
        page = lead_list(
            house.desk,
            house.viewer,
            before=before,
            limit=many,
            stage=stage,
            owes=owes,
            exact=True,
        )
        rows += page.rows
        before = page.next
        if before is None or (limit and len(rows) >= limit):
            return rows, page.total


def _check_stage(house: House, key: str) -> None:
    known = [stage.key for one in house.settings.pipelines.pipelines for stage in one.stages]
    if key and key not in known:
        raise UsageError(
            f'There is no stage "{key}".', remedy=f"Stages are {', '.join(dict.fromkeys(known))}."
        )


def _days(count: int) -> str:
    return "one day" if count == 1 else f"{count} days"


def _page(house: House, lead_id: str) -> LeadPageView:
    from inboxcrm.views.leads import lead_page

    return lead_page(house.desk, house.viewer, lead_id)


def lead_id_of(house: House, lead: str) -> str:
    """An id as it is; an address by the panel that would show for it."""
    if "@" not in lead:
        return lead
    from inboxcrm.views.shapes import Context, ContextPerson
    from inboxcrm.views.sidebar import sidebar

    panel = sidebar(house.desk, house.viewer, Context(people=(ContextPerson(lead),)))
    if panel.lead is None:
        raise NotFoundError(
            f"{lead} is no lead.",
            remedy=f"Make one with `inboxcrm leads add {lead}`, or ask `inboxcrm why {lead}`.",
        )
    return panel.lead.id


def _print_done(done: Done, *, as_json: bool) -> None:
    if as_json:
        document = {"lead": {"id": done.lead_id, "version": done.version}, "text": done.text}
        print_json(document | ({"undo": done.undo} if done.undo else {}))
        return
    say(f"{done.text}.")
    if done.undo:
        click.echo(f"To take it back: inboxcrm leads undo {done.undo}")
