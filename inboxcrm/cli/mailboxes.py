"""`mailboxes`: what a mailbox is like as a sender; connecting and reading one are commands of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.template_files import read_text
from inboxcrm.errors import FieldsError, UsageError

if TYPE_CHECKING:
    from inboxcrm.store.mailboxes import MailboxRow
    from inboxcrm.store.senders import SenderLimits

_CALLED = {"day_cap": "--day-cap", "gap_seconds": "--gap", "zone": "--zone"}


@click.group(epilog="Example: inboxcrm mailboxes signature alice --file sig.txt")
def mailboxes() -> None:
    """What a mailbox is like as a sender. NAME is what it is called in the settings or on its page."""


@mailboxes.command("signature", epilog="Example: inboxcrm mailboxes signature alice --file sig.txt")
@click.argument("name")
@click.option("--file", "text_file", metavar="FILE", help="The text; - reads standard input.")
@click.option("--html", "html_file", metavar="FILE", help="The same in HTML.")
@click.option("--remove", "removes", is_flag=True, help="None any more: the name stands there.")
@json_option
@pass_house
def signature(
    house: House,
    name: str,
    text_file: str | None,
    html_file: str | None,
    *,
    removes: bool,
    as_json: bool,
) -> None:
    """What stands under the mail of a mailbox. Without a file: what it is now."""
    from inboxcrm.services.signatures import set_signature

    held = _mailbox(house, name)
    if removes and (text_file or html_file):
        raise UsageError("--remove takes no file.", remedy="Leave one of them out.")
    if removes or text_file or html_file:
        set_signature(
            house.desk,
            house.viewer,
            house.desk.ids.seal("mailbox", held.id),
            text=read_text(text_file) if text_file else "",
            html=read_text(html_file) if html_file else "",
        )
        held = _mailbox(house, name)
    if as_json:
        print_json({"name": name, "text": held.signature, "html": held.signature_html})
    else:
        say(held.signature or "It has none: the sender's name stands there.")


@mailboxes.command(
    "limits",
    short_help="How much goes from a mailbox, and how fast.",
    epilog="Example: inboxcrm mailboxes limits alice --day-cap 80",
)
@click.argument("name")
@click.option("--day-cap", metavar="N", help="At most so many mails in any 24 hours.")
@click.option("--gap", "gap_seconds", metavar="SECONDS", help="At least between two mails.")
@click.option("--zone", metavar="ZONE", help="Of the hours of its new cadences: Europe/Berlin.")
@json_option
@pass_house
def limits(
    house: House,
    name: str,
    day_cap: str | None,
    gap_seconds: str | None,
    zone: str | None,
    *,
    as_json: bool,
) -> None:
    """What holds for a mailbox whatever its cadences say; "none" takes a limit away. Without an option: what holds now.

    Mails that wait are planned anew: nothing bursts, and nothing is late by it.
    """
    from inboxcrm.services.mailbox_limits import limits_of_mailbox, set_mailbox_limits

    sealed = house.desk.ids.seal("mailbox", _mailbox(house, name).id)
    said = {"day_cap": day_cap, "gap_seconds": gap_seconds, "zone": zone}
    given = {
        key: "" if text.strip().lower() == "none" else text
        for key, text in said.items()
        if text is not None
    }
    moved = 0
    if given:
        try:
            done = set_mailbox_limits(house.desk, house.viewer, sealed, given)
        except FieldsError as error:
            lines = [f"{_CALLED[key]}: {text}" for key, text in error.problems.items()]
            raise UsageError("\n".join(lines), remedy="Nothing was changed.") from None
        moved = done.moved
    held = limits_of_mailbox(house.desk, house.viewer, sealed)
    if as_json:
        print_json({"name": name, **held._asdict(), "moved": moved})
        return
    print_facts(_as_facts(held))
    if moved:
        say("1 mail goes at another time." if moved == 1 else f"{moved} mails go at another time.")


def _as_facts(held: SenderLimits) -> dict[str, object]:
    gap = "" if held.gap_seconds is None else f"{held.gap_seconds} seconds at least"
    return {
        "in 24 hours": "as its cadences say" if held.day_cap is None else f"{held.day_cap} at most",
        "between two mails": gap or "as its cadences say",
        "zone of new cadences": held.zone or "that of the house",
    }


def _mailbox(house: House, name: str) -> MailboxRow:
    """Raises UsageError that names those there are."""
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.store.mailboxes import all_mailboxes

    declare(house.settings, house.desk)
    with house.desk.database.read() as tx:
        known = {one.name: one for one in all_mailboxes(tx)}
    if name not in known:
        raise UsageError(
            f'There is no mailbox "{name}".', remedy=f"There are {', '.join(known) or 'none'}."
        )
    return known[name]
