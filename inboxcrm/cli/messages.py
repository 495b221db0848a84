"""`messages` and `search`: stored mail with what was decided on it, and what words find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import (
    json_option,
    print_facts,
    print_json,
    safe,
    safe_lines,
    say,
)
from inboxcrm.cli.tables import print_table

if TYPE_CHECKING:
    from datetime import datetime

    from inboxcrm.views.inbox_shapes import ThreadView
    from inboxcrm.views.messages import MessageDetail

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
    """The newest messages, one a line, each with what was decided."""
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.messages import decisions_in_words, newest_messages

    view = newest_messages(house.desk, house.viewer, before=before, limit=limit)
    if as_json:
        print_json(to_json(view))
        return
    print_table(
        ("at", "from", "subject", "decision", "id"),
        [
            (
                line.at,
                line.author,
                line.subject or "(no subject)",
                decisions_in_words(line.decisions),
                line.id,
            )
            for line in view.messages
        ],
        empty="No mail yet. `inboxcrm sync` reads it.",
    )


@messages.command("show", epilog="Example: inboxcrm messages show k2v5w7x3ab4cd")
@click.argument("message_id", metavar="MESSAGE")
@json_option
@pass_house
def show(house: House, message_id: str, *, as_json: bool) -> None:
    """One message with its decisions. MESSAGE is an id from `messages list`.

    The id of a thread shows all its messages, oldest first.
    """
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.inbox_shapes import ThreadView
    from inboxcrm.views.messages import message_or_thread

    view = message_or_thread(house.desk, house.viewer, message_id)
    if as_json:
        print_json(to_json(view))
    elif isinstance(view, ThreadView):
        _print_thread(view)
    else:
        _print_message(view)


@messages.command("verdict", epilog="Example: inboxcrm messages verdict k2v5w7x3ab4cd automatic")
@click.argument("message_id", metavar="MESSAGE")
@click.argument(
    "kind",
    type=click.Choice(
        ["human", "opt_out", "absence", "automatic", "bulk", "bounce_hard", "bounce_soft", "found"]
    ),
)
@click.option(
    "--back-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Of an absence: the day of return.",
)
@click.option("--yes", is_flag=True, help="Also where mails to them then go again.")
@json_option
@pass_house
def verdict(
    house: House,
    message_id: str,
    kind: str,
    back_on: datetime | None,
    *,
    yes: bool,
    as_json: bool,
) -> None:
    """Say what a message is, where the rules misread it.

    Cadences it stopped, parked or should have are set right. KIND found takes back what was said.
    """
    from inboxcrm.mail.said import Said
    from inboxcrm.services.verdicts import correct_verdict, take_back_word
    from inboxcrm.views.as_json import as_json as to_json

    desk, viewer = house.desk, house.viewer
    if kind == "found":
        done = take_back_word(desk, viewer, message_id, may_reopen=yes)
    else:
        day = back_on.date() if back_on else None
        done = correct_verdict(desk, viewer, message_id, Said(kind), back_on=day, may_reopen=yes)
    if as_json:
        print_json(to_json(done))
        return
    say(done.text)


def _print_thread(view: ThreadView) -> None:
    print_facts({"subject": view.subject or "(no subject)", "mailbox": view.mailbox})
    for mail in view.messages:
        click.echo(
            f"\n--- {safe(mail.at)}  {safe(mail.who)} <{safe(mail.address)}>  {safe(mail.to)}"
        )
        notes = (mail.note, *mail.defects, *(one.filename for one in mail.attachments))
        for note in filter(None, notes):
            click.echo(f"({safe(note)})")
        click.echo(safe_lines(mail.text))


def _print_message(view: MessageDetail) -> None:
    print_facts(
        {
            "subject": view.subject or "(no subject)",
            "at": view.at,
            "from": f"{view.author} <{view.author_address}>",
            "to": view.to.removeprefix("to "),
            "kind": f"{view.kind}: {view.kind_evidence}" if view.kind_evidence else view.kind,
            "rules found": f"{view.verdict.ruled}: {view.verdict.ruled_evidence}"
            if view.verdict.ruled
            else "",
            "note": view.note,
            "thread": view.thread,
        }
    )
    for copy in view.copies:
        labels = f" ({', '.join(copy.labels)})" if copy.labels else ""
        click.echo(safe(f"In {copy.mailbox}{labels}"))
    click.echo("")
    for decision in view.decisions:
        click.echo(safe(f"{decision.address}: {decision.words}. {decision.reason}"))
    if not view.decisions:
        click.echo("Nobody outside takes part in this message.")
    click.echo("")
    for note in (*view.defects, *(one.filename for one in view.attachments)):
        click.echo(f"({safe(note)})")
    click.echo(safe_lines(view.text))
    if view.quoted:
        click.echo("\n--- quoted")
        click.echo(safe_lines(view.quoted))


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
