"""`keys`: the key that seals what the database must not tell, above all the consents of mailboxes."""

from __future__ import annotations

import click

from inboxcrm.cli.house import House, pass_house


@click.group(epilog="Example: inboxcrm keys rotate")
def keys() -> None:
    """Make or exchange the key that seals stored secrets."""


@keys.command(epilog="Example: inboxcrm keys new > secrets/inboxcrm.key")
def new() -> None:
    """Print a new key. Nothing is written; it is a secret from now on."""
    from inboxcrm.store.sealed import new_key

    click.echo(new_key())


@keys.command(epilog="Example: inboxcrm keys rotate")
@pass_house
def rotate(house: House) -> None:
    """Seal everything anew with a new key. The program may run meanwhile."""
    from inboxcrm.services.keys import rotate_keys

    done = rotate_keys(house.desk)
    count = "One mailbox is" if done.resealed == 1 else f"{done.resealed} mailboxes are"
    click.echo(f"{count} sealed with the new key.")
    if done.lost:
        click.echo(f"No key opens: {', '.join(done.lost)}. Reconnect on the Mailboxes page.")
    if done.next:
        click.echo(done.next)
