"""`messages` and `search`: what the inbox page and its search show."""

from __future__ import annotations

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import (
    json_option,
    print_facts,
    print_json,
    safe,
    safe_lines,
)
from inboxcrm.cli.tables import print_table

LIST_LENGTH = 50


@click.group(epilog="Example: inboxcrm messages list")
def messages() -> None:
    """Look at stored mail."""


@messages.command("list", epilog="Example: inboxcrm messages list --limit 20")
@click.option(
    "--limit", type=click.IntRange(1, 500), default=LIST_LENGTH, show_default=True, help="How many."
)
@click.option("--before", metavar="CURSOR", help="Go on where a --json list said `next`.")
@json_option
@pass_house
def list_(house: House, limit: int, before: str | None, *, as_json: bool) -> None:
    """The newest threads, one a line."""
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.inbox import inbox

    view = inbox(house.desk, house.viewer, before=before, limit=limit)
    if as_json:
        document = {"threads": to_json(view.rows)}
        print_json(document | ({"next": view.next} if view.next else {}))
        return
    print_table(
        ("newest", "from", "subject", "mails", "lead", "id"),
        [
            (
                row.at,
                row.who,
                row.subject or "(no subject)",
                row.message_count,
                f"{row.lead.name}, {row.lead.stage.label}" if row.lead else row.note,
                row.id,
            )
            for row in view.rows
        ],
        empty="No mail yet. `inboxcrm sync` reads it.",
        spare=("mails",),
    )


@messages.command("show", epilog="Example: inboxcrm messages show k2v5w7x3ab4cd")
@click.argument("thread_id", metavar="THREAD")
@json_option
@pass_house
def show(house: House, thread_id: str, *, as_json: bool) -> None:
    """The mail of one thread, oldest first. THREAD is an id from `messages list`."""
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.inbox import thread

    view = thread(house.desk, house.viewer, thread_id)
    if as_json:
        print_json(to_json(view))
        return
    print_facts({"subject": view.subject or "(no subject)", "mailbox": view.mailbox})
    for mail in view.messages:
        click.echo(
            f"\n--- {safe(mail.at)}  {safe(mail.who)} <{safe(mail.address)}>  {safe(mail.to)}"
        )
        notes = (mail.note, *mail.defects, *(one.filename for one in mail.attachments))
        for note in filter(None, notes):
            click.echo(f"({safe(note)})")
        click.echo(safe_lines(mail.text))


@click.command(epilog="Example: inboxcrm search offer lisbon")
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--limit", type=click.IntRange(1, 500), default=20, show_default=True, help="How many of each."
)
@json_option
@pass_house
def search(house: House, words: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Find leads and mail that hold all WORDS. The last word may be half written."""
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.leads import search_leads
    from inboxcrm.views.search import search_threads

    asked = " ".join(words)
    leads = search_leads(house.desk, house.viewer, asked, limit=limit)
    threads = search_threads(house.desk, house.viewer, asked, limit=limit)
    if as_json:
        print_json({"leads": to_json(leads), "threads": to_json(threads)})
        return
    if leads:
        print_table(
            ("lead", "address", "stage", "id"),
            [(row.name, row.address, row.stage.label, row.id) for row in leads],
            empty="",
        )
    if threads:
        print_table(
            ("newest", "from", "subject", "id"),
            [(row.at, row.who, row.subject or "(no subject)", row.id) for row in threads],
            empty="",
        )
    if not leads and not threads:
        click.echo("Nothing found. Every word has to occur; try fewer, or the beginning of one.")
