"""Cadences as commands print them: facts for people, JSON for programs, and what starting one would do."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from inboxcrm.cli.output import print_facts, print_json, say

if TYPE_CHECKING:
    from inboxcrm.cli.house import House
    from inboxcrm.services.cadences import CadenceView
    from inboxcrm.services.explaining import Against, LeadStory
    from inboxcrm.store.cadences import StepRow

_SHOWN = 20
Person = TypeVar("Person", bound="Met")


def tell_what_starting_does(house: House, name: str, *, as_json: bool) -> None:
    """What starting it would do: how many, who not, from when to when, and three of the mails."""
    from inboxcrm.services.cadence_preview import previews
    from inboxcrm.services.cadences import cadence_named
    from inboxcrm.services.dry_runs import SPREAD_DAYS
    from inboxcrm.services.planning_ahead import plan_ahead
    from inboxcrm.services.segments import look_at

    view = cadence_named(house.desk, house.viewer, name)
    people = look_at(house.desk, house.viewer, view.row.segment, cadence_id=view.row.id)
    ahead = {}
    if view.row.state == "draft":
        plan = plan_ahead(house.desk, house.viewer, name, days=SPREAD_DAYS)
        ahead = {"planned": len(plan.mails), "first_at": plan.first_at, "last_at": plan.last_at}
    found = previews(house.desk, house.viewer, name)
    if as_json:
        print_json(
            {
                **cadence_as_json(view),
                "people": people.reachable,
                "left_out": {one.words: one.count for one in people.left_out},
                "warnings": list(people.warnings),
                **ahead,
                "previews": [
                    {"to": one.address, "subject": one.subject, "problem": one.problem}
                    for one in found
                ],
            }
        )
        return
    told = {name.replace("_", " "): held for name, held in ahead.items()}
    print_facts(cadence_facts(view) | {"would get it": people.reachable} | told)
    for one in people.left_out:
        say(f"Left out: {one.count}: {one.words}.")
    for line in people.warnings:
        say(f"{line}.")
    for mail in found:
        say(f"  {mail.address}: {mail.problem or mail.subject}")
    click.echo()
    command = (
        f"inboxcrm cadence start {shlex.quote(view.row.name)} --expect {people.reachable} --yes"
    )
    say(f"Nothing was sent. To start it: {command}")


class Met(Protocol):
    """Somebody in a cadence whom a change of it meets."""

    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...


def say_whom_it_meets(people: Sequence[Person], said: Callable[[Person], str]) -> None:
    """The first of them, each with what `said` says of them; how many more there are."""
    for one in people[:_SHOWN]:
        say(f"  {one.name} ({one.address}): {said(one)}")
    if len(people) > _SHOWN:
        say(f"  ... and {len(people) - _SHOWN} more; --json shows them.")


def cadence_facts(view: CadenceView) -> dict[str, Any]:
    return {
        "name": view.row.name,
        "state": view.row.state,
        "mailbox": view.row.mailbox,
        **{f"step {one.number}": _step_in_words(one) for one in view.steps},
        "segment": view.row.segment,
        "cap": f"{view.rules.day_cap} in 24 hours, {view.rules.gap_seconds} seconds apart",
        **view.counts,
    }


def _step_in_words(one: StepRow) -> str:
    from inboxcrm.cadence.steps import delay_in_words

    wait = "" if one.number == 1 else f", {delay_in_words(one.delay, one.delay_unit)}"
    if one.template:
        return f"{one.template}, version {one.template_number}{wait}"
    return f"{one.kind}: {json.loads(one.data).get('title', '')}{wait}"


def cadence_as_json(view: CadenceView) -> dict[str, Any]:
    from inboxcrm.cadence.adding import adding_as_map

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
        "domain_cap": view.rules.domain_cap,
        "ramp_percent": view.rules.ramp_percent,
        "max_late_days": view.rules.max_late_days,
        "holidays": view.rules.country,
        "adding": adding_as_map(view.rules.adding),
        "mails": view.counts,
    }


def tell_story(story: LeadStory) -> None:
    state = (
        f"resting until {story.rests_until.astimezone():%Y-%m-%d}"
        if story.rests_until
        else story.state
    )
    say(f"{story.cadence}: {state}" + (f". {story.reason}" if story.reason else ""))
    if story.message_id:
        say(f"  The mail: inboxcrm messages show {story.message_id}")
    for mail in story.mails:
        say(f"  {mail.step} to {mail.to}: {mail.state}")
        for line in mail.lines:
            say(f"    {line.at.astimezone():%Y-%m-%d %H:%M}  {line.text}")
        for reason in mail.against:
            say(f"    {not_now(reason)}")


def not_now(reason: Against) -> str:
    """What the gate says against a mail, and until when, where it knows that."""
    until = f" Until {reason.until.astimezone():%Y-%m-%d %H:%M}." if reason.until else ""
    return f"not now: {reason.text}{until}"
