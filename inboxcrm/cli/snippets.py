"""`snippet`: pieces that several templates share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.cli.template_files import read_text

if TYPE_CHECKING:
    from inboxcrm.services.snippets import SnippetView


@click.group(epilog='Example: inboxcrm snippet save "Opening hours" --text hours.txt')
def snippet() -> None:
    """Pieces of text that templates name. A template takes one as it is when the template is saved."""


@snippet.command("list", epilog="Example: inboxcrm snippet list --json")
@json_option
@pass_house
def list_(house: House, *, as_json: bool) -> None:
    """All snippets, each with its newest version."""
    from inboxcrm.services.snippets import snippets

    found = snippets(house.desk, house.viewer)
    if as_json:
        print_json({"snippets": [_as_json(one) for one in found]})
        return
    print_table(
        ("name", "version", "in a template", "text"),
        [(one.name, one.number, one.call, one.text) for one in found],
        empty="No snippets yet. `inboxcrm snippet save NAME --text FILE` makes one.",
        whole=("name", "in a template"),
        spare=("text",),
    )


@snippet.command("show", epilog='Example: inboxcrm snippet show "Opening hours"')
@click.argument("name")
@json_option
@pass_house
def show(house: House, name: str, *, as_json: bool) -> None:
    """The newest version of a snippet."""
    from inboxcrm.services.snippets import snippet_named

    found = snippet_named(house.desk, house.viewer, name)
    if as_json:
        print_json(_as_json(found))
        return
    print_facts({"name": found.name, "version": found.number, "in a template": found.call})
    for part in (found.text, found.html):
        if part:
            click.echo()
            say(part)


@snippet.command("save", epilog='Example: inboxcrm snippet save "Opening hours" --text hours.txt')
@click.argument("name")
@click.option(
    "--text", "text_file", metavar="FILE", required=True,
    help="The text; - reads it from standard input.",
)  # fmt: skip
@click.option("--html", "html_file", metavar="FILE", help="The same in HTML.")
@json_option
@pass_house
def save(house: House, name: str, text_file: str, html_file: str | None, *, as_json: bool) -> None:
    """Save a snippet. Templates keep the version they were saved with."""
    from inboxcrm.services.snippets import save_snippet

    html = read_text(html_file) if html_file else ""
    saved = save_snippet(house.desk, house.viewer, name=name, text=read_text(text_file), html=html)
    if as_json:
        print_json(_as_json(saved))
    else:
        say(f"{saved.name} is at version {saved.number}. A template names it as {saved.call}.")


@snippet.command("remove", epilog='Example: inboxcrm snippet remove "Opening hours"')
@click.argument("name")
@json_option
@pass_house
def remove(house: House, name: str, *, as_json: bool) -> None:
    """Take it out of the list. Templates keep what they were saved with."""
    from inboxcrm.services.snippets import remove_snippet, snippet_named

    gone = snippet_named(house.desk, house.viewer, name)
    remove_snippet(house.desk, house.viewer, name)
    if as_json:
        print_json({"done": True, **_as_json(gone)})
        return
    say("Removed.")


def _as_json(one: SnippetView) -> dict[str, Any]:
    return {
        "name": one.name,
        "version": one.number,
        "text": one.text,
        "html": one.html,
        "call": one.call,
        "saved_at": one.saved_at,
    }
