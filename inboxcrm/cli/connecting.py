"""`connect`: a person's consent, obtained in the browser, kept in a file only they can read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.config import MailboxSettings


@click.group(epilog="Example: inboxcrm connect gmail --mailbox sales")
def connect() -> None:
    """Connect a mailbox."""


@connect.command(epilog="Example: inboxcrm connect gmail --mailbox sales")
@click.option("--mailbox", "name", metavar="NAME", help="Which one; needed when there are several.")
@click.option(
    "--no-browser", is_flag=True, help="Print the address to open instead of opening a browser."
)
@click.option("--sending", is_flag=True, help="Also ask for the right to write and send mail.")
@pass_house
def gmail(house: House, name: str | None, *, no_browser: bool, sending: bool) -> None:
    """Ask Google for read-only access to a Gmail account. The README lists the steps before."""
    from inboxcrm.gmail.auth import connect as ask_for_consent
    from inboxcrm.ports import Right

    mailbox = _gmail_mailbox(house, name)
    client_file = house.settings.gmail.client_file
    if client_file is None:
        raise UsageError(
            "The settings name no OAuth client, and Google lets only registered ones ask.",
            remedy='Download yours and set client_file = "..." under [gmail]; '
            'the README says where ("Connect Gmail").',
        )
    assert mailbox.token_file is not None, "settings refuse a gmail mailbox without token_file"
    ask_for_consent(
        client_file,
        mailbox.token_file,
        mailbox=mailbox.name,
        right=Right.SEND if sending else Right.READ,
        api_endpoint=house.settings.gmail.api_endpoint,
        open_browser=not no_browser,
    )
    click.echo(
        f'Mailbox "{mailbox.name}" is connected; access is kept in {_shown(mailbox.token_file)}.'
    )
    click.echo(f"Next: inboxcrm sync --mailbox {mailbox.name}")


def _gmail_mailbox(house: House, name: str | None) -> MailboxSettings:
    found = [one for one in house.settings.mailboxes if one.provider == "gmail"]
    names = ", ".join(one.name for one in found)
    chosen = [one for one in found if name in (None, one.name)]
    if not found:
        raise UsageError(
            "The settings declare no gmail mailbox.",
            remedy='Add a [[mailbox]] with provider = "gmail" and a token_file (see config.example.toml).',
        )
    if not chosen:
        raise UsageError(
            f'No gmail mailbox is called "{name}".', remedy=f"Settings declare: {names}."
        )
    if len(chosen) > 1:
        raise UsageError(
            "There are several gmail mailboxes.",
            remedy=f"Say which: --mailbox with one of {names}.",
        )
    return chosen[0]


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
