"""`cadence add`, `cadence questions`, `cadence answer`: one lead more, and the colleagues who have a say in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import NotFoundError

if TYPE_CHECKING:
    from inboxcrm.services.adding import AddingLook


@click.command("add", epilog="Example: inboxcrm cadence add autumn bob@firm.example --yes")
@click.argument("name")
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do it; without this nobody is added.")
@json_option
@pass_house
def add(house: House, name: str, address: str, *, yes: bool, as_json: bool) -> None:
    """Add one lead to a cadence that runs.

    First it says what stands against it, and which colleague is talking to them.
    """
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.adding import add_lead, look_at_adding

    lead_id = lead_id_of(house, address)
    act = add_lead if yes else look_at_adding
    _tell(act(house.desk, house.viewer, name, lead_id), is_done=yes, as_json=as_json)


@click.command("questions", epilog="Example: inboxcrm cadence questions --json")
@click.argument("name", default="")
@json_option
@pass_house
def questions(house: House, name: str, *, as_json: bool) -> None:
    """Who waits for a colleague's word before they are added."""
    from inboxcrm.services.adding import waiting_questions
    from inboxcrm.views.as_json import as_json as to_json

    found = waiting_questions(house.desk, house.viewer, name)
    if as_json:
        print_json({"questions": to_json(found)})
        return
    print_table(
        ("cadence", "lead", "asked by", "since", "why"),
        [(one.cadence, one.lead, one.asked_by, one.at, one.text) for one in found],
        empty="Nobody waits for a word.",
        whole=("cadence", "lead"),
    )


@click.command("answer", epilog="Example: inboxcrm cadence answer autumn bob@firm.example --no")
@click.argument("name")
@click.argument("address")
@click.option("--yes/--no", "yes", required=True, help="May the cadence write to them?")
@json_option
@pass_house
def answer(house: House, name: str, address: str, *, yes: bool, as_json: bool) -> None:
    """Say whether it may write to somebody you talk to."""
    from inboxcrm.cli.leads import lead_id_of
    from inboxcrm.services.adding import answer_question, waiting_questions

    lead_id = lead_id_of(house, address)
    waiting = waiting_questions(house.desk, house.viewer, name)
    found = next((one for one in waiting if one.lead_id == lead_id), None)
    if found is None:
        raise NotFoundError(
            "Nobody asked about them.", remedy="`inboxcrm cadence questions` names those who wait."
        )
    look = answer_question(house.desk, house.viewer, found.id, yes=yes)
    if yes:
        _tell(look, is_done=look.may_be_added, as_json=as_json)
    elif as_json:
        print_json({"cadence": look.cadence, "lead": look.name, "answer": "no"})
    else:
        say(f"{look.cadence} will not write to {look.name}.")


def _tell(look: AddingLook, *, is_done: bool, as_json: bool) -> None:
    added = is_done and not look.against
    if as_json:
        document: dict[str, Any] = {
            "cadence": look.cadence,
            "lead": look.name,
            "address": look.address,
            "added": added,
            "asked": is_done and look.asks,
            "against": list(look.against),
            "warnings": list(look.warnings),
            "first_at": look.first_at,
        }
        print_json(document)
        return
    print_facts({"lead": look.name, "address": look.address, "first at": look.first_at})
    for line in look.against:
        say(f"Against it: {line}.")
    for line in look.warnings:
        say(f"{line}.")
    if added:
        say("Added; the worker sends.")
    elif is_done and look.asks:
        say("The colleague is asked; they are added when the answer is yes.")
    elif not is_done:
        what = "ask the colleague" if look.asks else "add them"
        more = f" Add --yes to {what}." if look.asks or not look.against else ""
        say(f"Nothing was changed.{more}")
