"""`cadence`: mails to a segment of leads from one's own mailbox. Nothing leaves without --yes."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.services.cadences import CadenceView
    from inboxcrm.services.explaining import LeadStory

yes_option = click.option("--yes", is_flag=True, help="Do it; without this nothing leaves.")


@click.group(epilog="Example: inboxcrm cadence start autumn --yes")
def cadence() -> None:
    """Mail merges to segments: make, look at, start, pause, cancel. NAME is what a cadence was called."""


@cadence.command(
    "merge",
    epilog="Example: inboxcrm cadence merge autumn --template hello --segment 'tag is fair' "
    "--mailbox sales",
)
@click.argument("name")
@click.option("--template", required=True, metavar="NAME", help="What they get.")
@click.option("--segment", required=True, metavar="NAME_OR_TEXT", help="Who gets it.")
@click.option("--mailbox", required=True, metavar="NAME", help="Where it is sent from.")
@click.option(
    "--day-cap", type=click.IntRange(1, 2_000), help="Mails of the mailbox in any 24 hours."
)
@click.option(
    "--gap", "gap_seconds", type=click.IntRange(0, 86_400), help="Seconds between two mails."
)
@click.option("--any-hour", is_flag=True, help="Also outside office hours and on weekends.")
@json_option
@pass_house
def merge(
    house: House,
    name: str,
    template: str,
    segment: str,
    mailbox: str,
    day_cap: int | None,
    gap_seconds: int | None,
    *,
    any_hour: bool,
    as_json: bool,
) -> None:
    """Prepare one mail to everybody in a segment. Nothing is sent; `cadence start` does."""
    from inboxcrm.bootstrap import declare
    from inboxcrm.cadence.rules import DAY_CAP, GAP_SECONDS, CadenceRules
    from inboxcrm.cadence.windows import Windows
    from inboxcrm.services.cadences import make_merge

    declare(house.settings, house.desk)
    zone = house.settings.work.zone
    rules = CadenceRules(
        windows=Windows.always(zone) if any_hour else Windows(zone=zone),
        day_cap=DAY_CAP if day_cap is None else day_cap,
        gap_seconds=GAP_SECONDS if gap_seconds is None else gap_seconds,
    )
    made = make_merge(
        house.desk,
        house.viewer,
        name=name,
        template=template,
        segment=segment,
        mailbox=mailbox,
        rules=rules,
    )
    _look(house, made.row.name, as_json=as_json)


@cadence.command("list", epilog="Example: inboxcrm cadence list --json")
@json_option
@pass_house
def list_(house: House, *, as_json: bool) -> None:
    """All cadences and how their mails stand."""
    from inboxcrm.services.cadences import cadences

    found = cadences(house.desk, house.viewer)
    if as_json:
        print_json({"cadences": [_as_json(one) for one in found]})
        return
    print_table(
        ("name", "state", "mailbox", "sent", "waiting", "segment"),
        [
            (
                one.row.name,
                one.row.state,
                one.row.mailbox,
                one.counts.get("sent", 0) + one.counts.get("unconfirmed", 0),
                one.counts.get("planned", 0) + one.counts.get("drafted", 0),
                one.row.segment,
            )
            for one in found
        ],
        empty="There is no cadence yet. `inboxcrm cadence merge --help` tells how to make one.",
        whole=("name",),
        spare=("segment", "mailbox"),
    )


@cadence.command(
    "preview", epilog="Example: inboxcrm cadence preview autumn --lead bob@firm.example"
)
@click.argument("name")
@click.option("--lead", "address", default="", metavar="ADDRESS", help="Of this lead.")
@json_option
@pass_house
def preview(house: House, name: str, address: str, *, as_json: bool) -> None:
    """The mails as they would go, made by the code that sends them."""
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.cadence_preview import previews

    lead_id = lead_id_of(house, address) if address else ""
    found = previews(house.desk, house.viewer, name, lead_id=lead_id)
    if as_json:
        print_json(
            {
                "previews": [
                    {
                        "to": one.address,
                        "subject": one.subject,
                        "text": one.text,
                        "html": one.html,
                        "problem": one.problem,
                        "frozen": one.is_frozen,
                        "mime": one.mime.decode("utf-8", "replace"),
                    }
                    for one in found
                ]
            }
        )
        return
    for one in found:
        print_facts({"to": one.address, "subject": one.subject, "problem": one.problem})
        if one.text or one.mime:
            click.echo()
            say(one.text or one.mime.decode("utf-8", "replace"))
        click.echo()


@cadence.command("start", epilog="Example: inboxcrm cadence start autumn --yes")
@click.argument("name")
@click.option("--expect", "expected", type=int, help="Refuse if another number would get mail.")
@yes_option
@json_option
@pass_house
def start(house: House, name: str, expected: int | None, *, yes: bool, as_json: bool) -> None:
    """Add the segment's people and plan their mails; the worker sends them. Started again it adds who came since."""
    if not yes:
        _look(house, name, as_json=as_json)
        return
    from inboxcrm.services.cadences import start as start_cadence

    done = start_cadence(house.desk, house.viewer, name, expected=expected)
    if as_json:
        print_json({"name": name, "people": done.count, "left_out": dict(done.left_out)})
        return
    say(f"{done.count} people are in; the worker sends. `inboxcrm cadence status {name}` tells.")
    for reason, many in done.left_out:
        say(f"Left out: {many}: {reason}.")


@cadence.command("pause", epilog="Example: inboxcrm cadence pause autumn")
@click.argument("name")
@pass_house
def pause(house: House, name: str) -> None:
    """Nothing of it goes until it is resumed."""
    from inboxcrm.services.cadences import pause as pause_cadence

    pause_cadence(house.desk, house.viewer, name)
    say("Paused.")


@cadence.command("resume", epilog="Example: inboxcrm cadence resume autumn --yes")
@click.argument("name")
@yes_option
@pass_house
def resume(house: House, name: str, *, yes: bool) -> None:
    """Go on. What fell due meanwhile goes under the caps, never at once."""
    from inboxcrm.services.cadences import resume as resume_cadence

    if not yes:
        raise UsageError("Its mails would go again.", remedy="Add --yes to resume it.")
    resume_cadence(house.desk, house.viewer, name)
    say("Running again.")


@cadence.command("cancel", epilog="Example: inboxcrm cadence cancel autumn")
@click.argument("name")
@pass_house
def cancel(house: House, name: str) -> None:
    """End it for good: none of its future mails goes."""
    from inboxcrm.services.cadences import cancel as cancel_cadence

    many = cancel_cadence(house.desk, house.viewer, name)
    say(f"Cancelled; {many} mails will not go.")


@cadence.command("status", epilog="Example: inboxcrm cadence status autumn --json")
@click.argument("name")
@json_option
@pass_house
def status(house: House, name: str, *, as_json: bool) -> None:
    """How many mails were sent, wait, or need somebody."""
    from inboxcrm.services.cadences import cadence_named

    view = cadence_named(house.desk, house.viewer, name)
    if as_json:
        print_json(_as_json(view))
        return
    print_facts(_facts(view))


@cadence.command("why", epilog="Example: inboxcrm cadence why bob@firm.example")
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
        _tell_story(one)


@cadence.command("run", epilog="Example: inboxcrm cadence run --mailbox sales --yes")
@click.option("--mailbox", required=True, metavar="NAME", help="Of this mailbox.")
@yes_option
@json_option
@pass_house
def run(house: House, mailbox: str, *, yes: bool, as_json: bool) -> None:
    """Read the mailbox, then send what is due from it, once. The worker does the same by itself."""
    if not yes:
        raise UsageError("Mails would leave.", remedy="Add --yes to send what is due.")
    from inboxcrm.bootstrap import declare, send_one

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


# --- pieces -------------------------------------------------------------------


def _look(house: House, name: str, *, as_json: bool) -> None:
    """What starting it would do: how many, who not, from when, and three of the mails."""
    from inboxcrm.services.cadence_preview import previews
    from inboxcrm.services.cadences import cadence_named, planned_from
    from inboxcrm.services.segments import look_at

    view = cadence_named(house.desk, house.viewer, name)
    people = look_at(house.desk, house.viewer, view.row.segment)
    first = planned_from(view, house.desk.clock.now())
    found = previews(house.desk, house.viewer, name)
    if as_json:
        print_json(
            {
                **_as_json(view),
                "people": people.reachable,
                "left_out": {one.words: one.count for one in people.left_out},
                "first_at": first,
                "previews": [
                    {"to": one.address, "subject": one.subject, "problem": one.problem}
                    for one in found
                ],
            }
        )
        return
    print_facts(_facts(view) | {"would get it": people.reachable, "first at": first})
    for one in people.left_out:
        say(f"Left out: {one.count}: {one.words}.")
    for mail in found:
        say(f"  {mail.address}: {mail.problem or mail.subject}")
    click.echo()
    command = (
        f"inboxcrm cadence start {shlex.quote(view.row.name)} --expect {people.reachable} --yes"
    )
    say(f"Nothing was sent. To start it: {command}")


def _facts(view: CadenceView) -> dict[str, Any]:
    first = view.steps[0]
    return {
        "name": view.row.name,
        "state": view.row.state,
        "mailbox": view.row.mailbox,
        "template": f"{first.template}, version {first.template_number}",
        "segment": view.row.segment,
        "cap": f"{view.rules.day_cap} in 24 hours, {view.rules.gap_seconds} seconds apart",
        **view.counts,
    }


def _as_json(view: CadenceView) -> dict[str, Any]:
    return {
        "name": view.row.name,
        "state": view.row.state,
        "mailbox": view.row.mailbox,
        "segment": view.row.segment,
        "steps": [
            {
                "key": one.key,
                "kind": one.kind,
                "template": one.template,
                "version": one.template_number,
            }
            for one in view.steps
        ],
        "day_cap": view.rules.day_cap,
        "gap_seconds": view.rules.gap_seconds,
        "mails": view.counts,
    }


def _tell_story(story: LeadStory) -> None:
    say(f"{story.cadence}: {story.state}" + (f". {story.reason}" if story.reason else ""))
    for mail in story.mails:
        say(f"  to {mail.to}: {mail.state}")
        for line in mail.lines:
            say(f"    {line.at.astimezone():%Y-%m-%d %H:%M}  {line.text}")
        for reason in mail.against:
            say(f"    not now: {reason.text}")
