"""`mailboxes`: what a mailbox is like as a sender; connecting and reading one are commands of their own."""

from __future__ import annotations

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say
from inboxcrm.cli.template_files import read_text
from inboxcrm.errors import UsageError


@click.group(epilog="Example: inboxcrm mailboxes signature alice --file sig.txt")
def mailboxes() -> None:
    """What stands under the mail of a mailbox. NAME is what it is called in the settings or on its page."""


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
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.services.signatures import set_signature
    from inboxcrm.store.mailboxes import all_mailboxes

    declare(house.settings, house.desk)
    with house.desk.database.read() as tx:
        known = {one.name: one for one in all_mailboxes(tx)}
    if name not in known:
        raise UsageError(
            f'There is no mailbox "{name}".', remedy=f"There are {', '.join(known) or 'none'}."
        )
    if removes and (text_file or html_file):
        raise UsageError("--remove takes no file.", remedy="Leave one of them out.")
    if removes or text_file or html_file:
        set_signature(
            house.desk,
            house.viewer,
            house.desk.ids.seal("mailbox", known[name].id),
            text=read_text(text_file) if text_file else "",
            html=read_text(html_file) if html_file else "",
        )
        with house.desk.database.read() as tx:
            known = {one.name: one for one in all_mailboxes(tx)}
    held = known[name]
    if as_json:
        print_json({"name": name, "text": held.signature, "html": held.signature_html})
    else:
        say(held.signature or "It has none: the sender's name stands there.")
