"""Links for people, made at the machine: for the first colleague, or for an admin who forgot the password."""

from __future__ import annotations

import click

from inboxcrm.cli.house import House, pass_house


@click.command(epilog="Example: inboxcrm invite bea@ourfirm.example --role rep")
@click.argument("address")
@click.option(
    "--role",
    type=click.Choice(["rep", "manager", "admin"]),
    default="rep",
    show_default=True,
    help="What they work as; who has an account keeps the role.",
)
@pass_house
def invite(house: House, address: str, role: str) -> None:
    """Print a link for ADDRESS to sign in by.

    Who opens it makes an account; who has one already chooses a new password.
    """
    from inboxcrm.errors import FieldsError, UsageError
    from inboxcrm.services import invitations
    from inboxcrm.worker.clock import machine_now

    try:
        token = invitations.invite(
            house.desk, house.viewer, role=role, address=address, now=machine_now()
        )
    except FieldsError as error:
        raise UsageError(" ".join(error.problems.values())) from None
    web = house.settings.web
    base = web.public_url or f"http://{web.host}:{web.port}"
    click.echo(f"{base}/welcome?token={token}")
    click.echo("The link works once, for 7 days.", err=True)
