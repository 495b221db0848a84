"""`template`: what cadences say, checked when it is saved and shown as it would be sent."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say, tell
from inboxcrm.cli.tables import print_table
from inboxcrm.cli.template_files import fallback_pair, read_file, read_text, subject_and_text
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.cadence.lead_values import Sender
    from inboxcrm.cadence.problems import TemplateProblem
    from inboxcrm.services.templates import Preview
    from inboxcrm.store.mailboxes import MailboxRow
    from inboxcrm.store.templates import TemplateVersion


@click.group(epilog="Example: inboxcrm template preview intro --lead bob@firm.example")
def template() -> None:
    """List, show, save, preview and check templates. NAME is what a template was saved as."""


@template.command("list", epilog="Example: inboxcrm template list --json")
@json_option
@pass_house
def list_(house: House, *, as_json: bool) -> None:
    """All templates, each with its newest version."""
    from inboxcrm.services.templates import templates

    found = templates(house.desk, house.viewer)
    if as_json:
        print_json({"templates": [_as_json(version) for version in found]})
        return
    print_table(
        ("name", "version", "subject", "html", "saved"),
        [
            (one.name, one.number, one.subject, "yes" if one.html else "", _saved_at(one))
            for one in found
        ],
        empty="No templates yet. `inboxcrm template save NAME --text FILE` makes one.",
        whole=("name",),
        spare=("html",),
    )


@template.command("show", epilog="Example: inboxcrm template show intro")
@click.argument("name")
@json_option
@pass_house
def show(house: House, name: str, *, as_json: bool) -> None:
    """The newest version of a template, as it was written."""
    version = _version(house, name)
    if as_json:
        print_json(_as_json(version))
        return
    from inboxcrm.services.rendering import fallbacks_of
    from inboxcrm.services.template_files import files_held

    print_facts(
        {
            "name": version.name,
            "version": version.number,
            "saved": _saved_at(version),
            "subject": version.subject,
            **{f"fallback {key}": words for key, words in fallbacks_of(version).items()},
            "signature": "at the end" if version.signs else "",
            "files": ", ".join(f"{one.name} ({one.size:,} bytes)" for one in files_held(version)),
        }
    )
    for part in (version.text, version.html):
        if part:
            click.echo()
            say(part)


@template.command("variables", epilog="Example: inboxcrm template variables")
@json_option
@pass_house
def variables(house: House, *, as_json: bool) -> None:
    """Every variable a template may name."""
    from inboxcrm.cadence.variables import variables_with

    known = variables_with(house.desk.lead_fields).values()
    if as_json:
        print_json({"variables": [{"name": one.name, "text": one.sentence} for one in known]})
        return
    print_table(
        ("variable", "what it is"),
        [(one.name, one.sentence) for one in known],
        empty="",
        whole=("variable",),
    )


@template.command("save", epilog="Example: inboxcrm template save intro --text intro.txt")
@click.argument("name")
@click.option(
    "--subject", help="Else the first line of the text, as in `Subject: Hello {{ name }}`."
)
@click.option(
    "--text", "text_file", metavar="FILE", help="The text; - reads it from standard input."
)
@click.option("--html", "html_file", metavar="FILE", help="The same in HTML.")
@click.option(
    "--fallback", "fallbacks", multiple=True, metavar="VARIABLE=WORDS",
    help="What stands where it is blank; repeatable. A variable without one is required.",
)  # fmt: skip
@click.option(
    "--attach", "paths", multiple=True, metavar="PATH",
    help="A file that goes with it; repeatable. Those of the version before stay.",
)  # fmt: skip
@click.option("--no-files", is_flag=True, help="Without the files of the version before.")
@click.option(
    "--signature/--no-signature", "signs", default=None,
    help="The mailbox's signature at the end, or not; else as before.",
)  # fmt: skip
@json_option
@pass_house
def save(
    house: House,
    name: str,
    subject: str | None,
    text_file: str | None,
    html_file: str | None,
    fallbacks: tuple[str, ...],
    paths: tuple[str, ...],
    *,
    no_files: bool,
    signs: bool | None,
    as_json: bool,
) -> None:
    """Save a template. What differs becomes a new version; mail that was planned keeps the old one."""
    from inboxcrm.services.templates import lint, save_template, templates

    text = read_text(text_file) if text_file else ""
    html = read_text(html_file) if html_file else ""
    if subject is None:
        subject, text = subject_and_text(text)
    before = {one.version_id for one in templates(house.desk, house.viewer)}
    version = save_template(
        house.desk,
        house.viewer,
        name=name,
        subject=subject,
        text=text,
        html=html,
        fallbacks=dict(map(fallback_pair, fallbacks)),
        signs=signs,
        files=list(map(read_file, paths)),
        without=None if no_files else (),
    )
    warnings = lint(house.desk, version)
    is_new = version.version_id not in before
    if as_json:
        print_json({**_as_json(version), "is_new": is_new, "warnings": _places(warnings)})
        return
    if is_new:
        say(f"Saved {version.name} as version {version.number}.")
    else:
        say(f"Version {version.number} of {version.name} says just that; nothing was saved.")
    for warning in warnings:
        tell(str(warning))


@template.command(
    "preview", epilog="Example: inboxcrm template preview intro --lead bob@firm.example"
)
@click.argument("name")
@click.option("--lead", required=True, help="An id or an address.")
@click.option("--mailbox", metavar="NAME", help="Whose mail it is; else the first mailbox.")
@click.option("--mime", is_flag=True, help="The mail byte for byte, as it would be handed over.")
@json_option
@pass_house
def preview(
    house: House, name: str, lead: str, mailbox: str | None, *, mime: bool, as_json: bool
) -> None:
    """What a lead would get now. Nothing is sent."""
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.templates import preview as make_preview

    _, sender = sender_of_mailbox(house, mailbox)
    made = make_preview(house.desk, house.viewer, name, lead_id_of(house, lead), sender=sender)
    if as_json:
        print_json(_preview_as_json(made, sender))
    elif made.problems:
        for problem in made.problems:
            tell(problem, "Fill the field, or save the template with --fallback VARIABLE=WORDS.")
    elif mime:
        sys.stdout.buffer.write(made.mime)
    else:
        print_facts(
            {
                "from": f"{sender.name} <{sender.address}>",
                "to": made.address,
                "subject": made.subject,
                "files": ", ".join(f"{one.name} ({one.size:,} bytes)" for one in made.files),
            }
        )
        click.echo()
        say(made.text)
    if made.problems:
        raise click.exceptions.Exit(1)


@template.command("lint", epilog="Example: inboxcrm template lint intro")
@click.argument("name")
@json_option
@pass_house
def lint_(house: House, name: str, *, as_json: bool) -> None:
    """What the newest version might do better. What is wrong in it could not be saved."""
    from inboxcrm.services.templates import lint

    version = _version(house, name)
    warnings = lint(house.desk, version)
    if as_json:
        print_json({"name": version.name, "version": version.number, "warnings": _places(warnings)})
        return
    for warning in warnings:
        say(str(warning))
    if not warnings:
        say(f"Nothing to say against version {version.number} of {version.name}.")


def _version(house: House, name: str) -> TemplateVersion:
    from inboxcrm.services.templates import template_named

    with house.desk.database.read() as tx:
        return template_named(tx, name)


def sender_of_mailbox(house: House, mailbox: str | None) -> tuple[MailboxRow, Sender]:
    """The mailbox of that name, else the first, and how it signs. Raises UsageError."""
    from inboxcrm.services.rendering import sender_of
    from inboxcrm.store.mailboxes import all_mailboxes

    with house.desk.database.read() as tx:
        known = {one.name: one for one in all_mailboxes(tx) if one.is_read and one.address}
        if not known:
            raise UsageError(
                "No mailbox is known yet, so that nobody sends.",
                remedy="Connect one with `inboxcrm connect gmail`, then sync it once.",
            )
        chosen = known.get(mailbox) if mailbox else next(iter(known.values()))
        if chosen is None:
            raise UsageError(
                f'There is no mailbox "{mailbox}".', remedy=f"There are {', '.join(known)}."
            )
        return chosen, sender_of(tx, chosen)


def _saved_at(version: TemplateVersion) -> Any:
    from inboxcrm.store.clocks import from_ms

    return from_ms(version.made_at)


def _as_json(version: TemplateVersion) -> dict[str, Any]:
    from inboxcrm.services.rendering import fallbacks_of
    from inboxcrm.services.template_files import files_held

    return {
        "name": version.name,
        "version": version.number,
        "subject": version.subject,
        "text": version.text,
        "html": version.html,
        "fallbacks": fallbacks_of(version),
        "signature_at_end": bool(version.signs),
        "snippets": json.loads(version.ready).get("snippets", {}),
        "files": [{"name": one.name, "size": one.size} for one in files_held(version)],
        "saved_at": _saved_at(version),
    }


def _preview_as_json(made: Preview, sender: Sender) -> dict[str, Any]:
    return {
        "name": made.version.name,
        "version": made.version.number,
        "from": {"name": sender.name, "address": sender.address},
        "to": made.address,
        "subject": made.subject,
        "text": made.text,
        "html": made.html,
        "files": [{"name": one.name, "type": one.kind, "size": one.size} for one in made.files],
        "mime": made.mime.decode("ascii"),
        "problems": list(made.problems),
    }


def _places(problems: list[TemplateProblem]) -> list[dict[str, Any]]:
    return [
        {"part": one.part, "line": one.line, "column": one.column, "text": one.text}
        for one in problems
    ]
