"""`template test`: a mail as a lead would get it, sent to the mailbox itself. Nothing leaves without --yes."""

from __future__ import annotations

import secrets
import shlex

import click

from inboxcrm.cli.cadence_running import yes_option
from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.templates import sender_of_mailbox
from inboxcrm.errors import RefusedError


@click.command("test", epilog="Example: inboxcrm template test intro --lead bob@firm.example --yes")
@click.argument("name")
@click.option("--lead", required=True, help="An id or an address: whose words it has.")
@click.option("--mailbox", metavar="NAME", help="Where it goes from and to; else the first one.")
@yes_option
@json_option
@pass_house
def test(
    house: House, name: str, lead: str, mailbox: str | None, *, yes: bool, as_json: bool
) -> None:
    """Send what a lead would get to yourself. It counts as nothing, and its unsubscribe is inert."""
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.bootstrap.jobs import post_of
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.own_tests import send_test
    from inboxcrm.services.templates import preview

    declare(house.settings, house.desk)
    box, sender = sender_of_mailbox(house, mailbox)
    lead_id = lead_id_of(house, lead)
    if not yes:
        made = preview(house.desk, house.viewer, name, lead_id, sender=sender)
        if made.problems:
            raise RefusedError(f"There is no mail to send: {' '.join(made.problems)}")
        if as_json:
            print_json({"is_sent": False, "to": box.address, "subject": made.subject})
            return
        print_facts({"to": box.address, "subject": made.subject})
        command = f"inboxcrm template test {shlex.quote(name)} --lead {shlex.quote(lead)} --yes"
        say(f"Nothing was sent. To send it: {command}")
        return
    done = send_test(
        house.desk,
        house.viewer,
        post_of(house.settings, house.desk),
        template=name,
        lead_id=lead_id,
        mailbox=box.name,
        request=f"command:{secrets.token_hex(12)}",
    )
    if as_json:
        print_json(
            {
                "is_sent": done.went,
                "to": done.to,
                "subject": done.subject,
                "state": done.state,
                "said": done.said,
            }
        )
    else:
        say(f"{done.to}: {done.said}")
    if done.went is False:
        raise click.exceptions.Exit(1)
