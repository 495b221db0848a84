"""`cadence start` and what follows: pause, resume, stop, cancel, status, why, run. Nothing leaves without --yes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from inboxcrm.cli.cadence_shown import (
    cadence_as_json,
    cadence_facts,
    tell_story,
    tell_what_starting_does,
)
from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.services.lead_changes import Done

lead_option = click.option(
    "--lead", "address", default="", metavar="ADDRESS", help="Only for this lead."
)
yes_option = click.option("--yes", is_flag=True, help="Do it; without this nothing leaves.")


@click.command("start", epilog="Example: inboxcrm cadence start autumn --yes")
@click.argument("name")
@click.option("--expect", "expected", type=int, help="Refuse if another number would get mail.")
@yes_option
@json_option
@pass_house
def start(house: House, name: str, expected: int | None, *, yes: bool, as_json: bool) -> None:
    """Add the segment's people and plan their mails.

    The worker sends them. Started again it adds whoever came into the segment since.
    """
    if not yes:
        tell_what_starting_does(house, name, as_json=as_json)
        return
    from inboxcrm.services.cadences import start as start_cadence

    done = start_cadence(house.desk, house.viewer, name, expected=expected)
    if as_json:
        print_json({"name": name, "people": done.count, "left_out": dict(done.left_out)})
        return
    say(f"{done.count} people are in; the worker sends. `inboxcrm cadence status {name}` tells.")
    for reason, many in done.left_out:
        say(f"Left out: {many}: {reason}.")


@click.command(
    "pause", epilog="Example: inboxcrm cadence pause --lead bob@firm.example --until 2026-12-01"
)
@click.argument("name", default="")
@lead_option
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Go on by itself then."
)
@json_option
@pass_house
def pause(house: House, name: str, address: str, until: datetime | None, *, as_json: bool) -> None:
    """Nothing of it goes until it is resumed.

    With --lead nothing of any cadence goes to that one lead.
    """
    _one_of(name, address)
    if address:
        from inboxcrm.cli.leads import lead_id_of
        from inboxcrm.services.lead_pauses import pause_lead

        day = until.date() if until else None
        done = pause_lead(house.desk, house.viewer, lead_id_of(house, address), until=day)
        _tell_lead(house, done, as_json=as_json)
        return
    from inboxcrm.services.cadences import pause as pause_cadence

    if until is not None:
        raise UsageError(
            "A whole cadence has no day to go on by itself.", remedy="Leave out --until."
        )
    pause_cadence(house.desk, house.viewer, name)
    _tell_cadence(house, name, "Paused.", as_json=as_json)


@click.command("resume", epilog="Example: inboxcrm cadence resume autumn --yes")
@click.argument("name", default="")
@lead_option
@yes_option
@json_option
@pass_house
def resume(house: House, name: str, address: str, *, yes: bool, as_json: bool) -> None:
    """Go on. What fell due meanwhile goes under the caps, never at once."""
    _one_of(name, address)
    if not yes:
        raise UsageError("Its mails would go again.", remedy="Add --yes to resume it.")
    if address:
        from inboxcrm.cli.leads import lead_id_of
        from inboxcrm.services.lead_pauses import resume_lead

        done = resume_lead(house.desk, house.viewer, lead_id_of(house, address))
        _tell_lead(house, done, as_json=as_json)
        return
    from inboxcrm.services.cadences import resume as resume_cadence

    resume_cadence(house.desk, house.viewer, name)
    _tell_cadence(house, name, "Running again.", as_json=as_json)


@click.command("stop", epilog="Example: inboxcrm cadence stop bob@firm.example")
@click.argument("address")
@json_option
@pass_house
def stop(house: House, address: str, *, as_json: bool) -> None:
    """No cadence writes to this lead any more.

    Only adding it anew brings it back.
    """
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.lead_stops import stop_lead

    done = stop_lead(house.desk, house.viewer, lead_id_of(house, address))
    _tell_lead(house, done, as_json=as_json)


def _one_of(name: str, address: str) -> None:
    if bool(name) == bool(address):
        raise UsageError("Name a cadence, or a lead with --lead.", remedy="One of the two.")


@click.command("cancel", epilog="Example: inboxcrm cadence cancel autumn")
@click.argument("name")
@json_option
@pass_house
def cancel(house: House, name: str, *, as_json: bool) -> None:
    """End it for good: none of its future mails goes."""
    from inboxcrm.services.cadences import cancel as cancel_cadence

    many = cancel_cadence(house.desk, house.viewer, name)
    _tell_cadence(
        house, name, f"Cancelled; {many} mails will not go.", as_json=as_json, mails_cancelled=many
    )


def _tell_lead(house: House, done: Done, *, as_json: bool) -> None:
    """What was done for one lead; for programs also how it stands now in every cadence it is or was in."""
    if not as_json:
        say(f"{done.text}.")
        return
    from inboxcrm.services.explaining import why_lead

    print_json(
        {
            "done": True,
            "lead": done.lead_id,
            "text": done.text,
            "cadences": [
                {
                    "cadence": one.cadence,
                    "state": one.state,
                    "reason": one.reason,
                    "rests_until": one.rests_until,
                }
                for one in why_lead(house.desk, house.viewer, done.lead_id)
            ],
        }
    )


def _tell_cadence(house: House, name: str, text: str, *, as_json: bool, **counts: int) -> None:
    if not as_json:
        say(text)
        return
    from inboxcrm.services.cadences import cadence_named

    row = cadence_named(house.desk, house.viewer, name).row
    print_json({"done": True, "cadence": row.name, "state": row.state, **counts})


@click.command("status", epilog="Example: inboxcrm cadence status autumn --json")
@click.argument("name")
@json_option
@pass_house
def status(house: House, name: str, *, as_json: bool) -> None:
    """How many mails were sent, wait, or need somebody."""
    from inboxcrm.services.cadences import cadence_named

    view = cadence_named(house.desk, house.viewer, name)
    if as_json:
        print_json(cadence_as_json(view))
        return
    print_facts(cadence_facts(view))


@click.command("why", epilog="Example: inboxcrm cadence why bob@firm.example")
@click.argument("address")
@json_option
@pass_house
def why(house: House, address: str, *, as_json: bool) -> None:
    """Why a lead has got its mail, or has not."""
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.explaining import why_lead
    from inboxcrm.views.as_json import as_json as to_json

    found = why_lead(house.desk, house.viewer, lead_id_of(house, address))
    if as_json:
        print_json({"cadences": to_json(found)})
        return
    if not found:
        say("This lead is in no cadence.")
    for one in found:
        tell_story(one)


@click.command("run", epilog="Example: inboxcrm cadence run --mailbox sales --yes")
@click.option("--mailbox", required=True, metavar="NAME", help="Of this mailbox.")
@yes_option
@json_option
@pass_house
def run(house: House, mailbox: str, *, yes: bool, as_json: bool) -> None:
    """Read a mailbox, then send what is due from it.

    Once; the worker does the same by itself.
    """
    if not yes:
        raise UsageError("Mails would leave.", remedy="Add --yes to send what is due.")
    from inboxcrm.bootstrap.desk import declare
    from inboxcrm.bootstrap.jobs import send_one

    declare(house.settings, house.desk)
    report = send_one(house.settings, house.desk, mailbox)
    if as_json:
        print_json(report.as_json())
        return
    print_facts(
        {
            "sent": report.sent,
            "failed": report.failed or "",
            "skipped": report.skipped or "",
            "stopped": report.cancelled or "",
            "looked into": report.unknown or "",
            "unconfirmed": report.unconfirmed or "",
        }
    )
    for line in report.waits:
        say(line)
