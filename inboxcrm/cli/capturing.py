"""`why` and `capture`: why somebody is a lead or not, and a person's word on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

MODES = ("enquiry", "exchange", "ask", "none")


@click.command(epilog="Example: inboxcrm why bob@firm.example")
@click.argument("address")
@json_option
@pass_house
def why(house: House, address: str, *, as_json: bool) -> None:
    """Say why an address is a lead or not. Names the rule, and the messages it rests on."""
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.why import why as explain

    found = explain(house.desk, house.viewer, address)
    if as_json:
        print_json(to_json(found))
        return
    print_facts(
        {
            "address": found.address,
            "name": found.name,
            "outcome": found.outcome,
            "reason": found.reason,
            "rule": found.rule,
            "decided": found.decided_at,
            "by": found.decided_by,
            "lead": f"{found.lead_name} ({found.lead_id})" if found.lead_id else None,
        }
    )
    if found.evidence:
        click.echo()
        print_table(
            ("how", "mails", "mailbox", "first", "subject"),
            [
                (met.how, met.messages, met.mailbox, met.first_at, met.subject)
                for met in found.evidence
            ],
            empty="",
            spare=("mailbox",),
        )


@click.group(epilog="Example: inboxcrm capture ignore --domain shop.example")
def capture() -> None:
    """Overrule who becomes a lead; see what rules would do."""


@capture.command(epilog="Example: inboxcrm capture accept bob@firm.example")
@click.argument("address")
@json_option
@pass_house
def accept(house: House, address: str, *, as_json: bool) -> None:
    """Make ADDRESS a lead, whatever the rules say."""
    _give(house, "lead", address=address, domain=None, as_json=as_json)


@capture.command(epilog="Example: inboxcrm capture ignore --domain shop.example")
@click.argument("address", required=False)
@click.option("--domain", help="Everybody at this domain, instead of one address.")
@json_option
@pass_house
def ignore(house: House, address: str | None, domain: str | None, *, as_json: bool) -> None:
    """Never make ADDRESS, or anybody at a domain, a lead by rule."""
    _give(house, "ignored", address=address, domain=domain, as_json=as_json)


@capture.command(epilog="Example: inboxcrm capture undo k2v5w7x3ab4cd")
@click.argument("token")
@pass_house
def undo(house: House, token: str) -> None:
    """Take back an `accept` or `ignore`. TOKEN was printed then."""
    from inboxcrm.services.capturing import take_back_verdict

    take_back_verdict(house.desk, house.viewer, token)
    click.echo("Taken back; the rules decide again.")


@capture.command(epilog="Example: inboxcrm capture rehearse --mode sales=exchange")
@click.option(
    "--mode",
    "modes",
    multiple=True,
    metavar="MAILBOX=MODE",
    help=f"Suppose this mode for a mailbox ({', '.join(MODES)}); repeatable.",
)
@json_option
@pass_house
def rehearse(house: House, modes: tuple[str, ...], *, as_json: bool) -> None:
    """Show what other rules would do. They decide on the stored mail; nothing is written."""
    from inboxcrm.leads.capture import explain
    from inboxcrm.services.capturing import rehearse as suppose
    from inboxcrm.views.as_json import as_json as to_json

    changes = suppose(house.desk, modes=_modes(house, modes))
    if as_json:
        print_json({"changes": [to_json(one) for one in changes]})
        return
    rows = [
        (one.address, one.name, one.before, one.after, explain(one.rule, one.detail))
        for one in changes
    ]
    print_table(
        ("address", "name", "now", "then", "because"),
        rows,
        empty="Nothing would change.",
        spare=("name",),
    )


def _give(
    house: House, outcome: str, *, address: str | None, domain: str | None, as_json: bool
) -> None:
    from inboxcrm.services.capturing import give_verdict

    if (address is None) == (domain is None):
        raise UsageError("Name one address or one --domain.", remedy="See --help for an example.")
    token = give_verdict(house.desk, house.viewer, outcome=outcome, address=address, domain=domain)
    subject = address or domain
    if as_json:
        print_json({"subject": subject, "outcome": outcome, "undo": token})
        return
    say(f"{subject}: {outcome} from now on. To take it back: inboxcrm capture undo {token}")


def _modes(house: House, given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        name, _, mode = one.rpartition("=")
        if mode not in MODES or not name:
            raise UsageError(
                f'"{one}" is not MAILBOX=MODE.', remedy=f"Modes are {', '.join(MODES)}."
            )
        if house.settings.mailbox(name) is None:
            known = ", ".join(box.name for box in house.settings.mailboxes)
            raise UsageError(
                f'No mailbox is called "{name}".', remedy=f"Settings declare: {known}."
            )
        found[name] = mode
    return found
