"""`cadence resend`: one step sent once more to one lead, on purpose. Without --yes it shows what would go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inboxcrm.cli.cadence_running import yes_option
from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say

if TYPE_CHECKING:
    from inboxcrm.services.resending import Resend


@click.command(
    "resend", epilog="Example: inboxcrm cadence resend autumn bob@firm.example --step s1 --yes"
)
@click.argument("name")
@click.argument("address", metavar="LEAD")
@click.option("--step", default="", metavar="KEY", help="Like s1; `cadence why LEAD` names them.")
@click.option("--take-back", is_flag=True, help="What was resent and still waits does not go.")
@yes_option
@json_option
@pass_house
def resend(
    house: House,
    name: str,
    address: str,
    step: str,
    *,
    take_back: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Send a step once more to somebody who had it.

    Also where their mail is unconfirmed, was refused or did not go. It goes by all rules, like every mail.
    """
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services import resending

    lead_id = lead_id_of(house, address)
    key = resending.mail_to_repeat(house.desk, house.viewer, name, lead_id, step)
    if take_back:
        resending.call_off(house.desk, house.viewer, key)
        if as_json:
            print_json({"taken_back": key})
        else:
            say("Taken back: it does not go.")
        return
    act = resending.resend if yes else resending.look_at_resend
    _tell(act(house.desk, house.viewer, key), is_done=yes, as_json=as_json)


def _tell(found: Resend, *, is_done: bool, as_json: bool) -> None:
    from inboxcrm.views.as_json import as_json as to_json

    if as_json:
        document = {"done": is_done, **to_json(found)}
        if not is_done:  # there is no such mail
            del document["key"], document["mail_id"]
        print_json(document)
        return
    print_facts(
        {
            "cadence": found.cadence,
            "to": found.to,
            "step": found.step,
            "template": f"{found.template}, version {found.version}" if found.template else "",
            "subject": found.subject,
            "due": found.due_at,
            "key": found.key if is_done else "",
        }
    )
    if not is_done:
        click.echo()
        say(found.text)
        click.echo()
    for line in found.warnings:
        say(f"Mind: {line}")
    for line in found.waits:
        say(f"not now: {line}")
    if found.goes_on:
        say("What follows it in the cadence follows after it.")
    say("Planned; the worker sends it." if is_done else "Nothing was sent. Add --yes to send it.")
