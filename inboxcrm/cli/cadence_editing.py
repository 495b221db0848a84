"""`cadence edit`, `cadence versions`, `cadence rollback`: who would get what differently, and only then the edit."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.cadence_shown import say_whom_it_meets
from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.services.editing import EditLook

_LONGEST_FILE = 1_000_000

for_option = click.option(
    "--for",
    "whom",
    type=click.Choice(["new", "all"]),
    default="new",
    show_default=True,
    help="People who come from now on, or also those who are in it.",
)
dry_option = click.option("--dry-run", is_flag=True, help="Only show who would get what.")
yes_option = click.option("--yes", is_flag=True, help="Do it; without this nothing is changed.")


@click.command("edit", epilog="Example: inboxcrm cadence edit autumn --file steps.toml --for all")
@click.argument("name")
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The steps as they shall be, in TOML or JSON. Without it: the steps as they are, as such a file.",
)
@for_option
@dry_option
@yes_option
@json_option
@pass_house
def edit(
    house: House,
    name: str,
    path: Path | None,
    whom: str,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Change the steps of a cadence, running or not.

    First it says who would get what differently; mails that are on their way or sent stay as they are.
    """
    from inboxcrm.cadence.wanted_steps import plain_steps, read_steps, steps_as_toml
    from inboxcrm.services.editing import edit_cadence, look_at_edit
    from inboxcrm.services.step_versions import kinds_of_steps, steps_now

    version, steps = steps_now(house.desk, house.viewer, name)
    if path is None:
        if as_json:
            print_json({"cadence": name, "version": version, "steps": plain_steps(steps)})
        else:
            say(steps_as_toml(steps))
        return
    wanted = read_steps(_document(path), kinds=kinds_of_steps(house.desk, house.viewer, name))
    if yes and not dry_run:
        look = edit_cadence(
            house.desk, house.viewer, name, wanted, for_all=whom == "all", version=version
        )
    else:
        look = look_at_edit(house.desk, house.viewer, name, wanted, for_all=whom == "all")
    _tell(house, look, is_done=yes and not dry_run, as_json=as_json)


@click.command("versions", epilog="Example: inboxcrm cadence versions autumn --json")
@click.argument("name")
@json_option
@pass_house
def versions(house: House, name: str, *, as_json: bool) -> None:
    """Every version of the steps, and who holds to it."""
    from inboxcrm.cadence.edit_words import step_in_words
    from inboxcrm.cadence.wanted_steps import plain_steps
    from inboxcrm.services.step_versions import versions as versions_of

    found = versions_of(house.desk, house.viewer, name)
    if as_json:
        print_json(
            {
                "cadence": name,
                "versions": [
                    {
                        "version": one.number,
                        "is_newest": one.is_newest,
                        "text": one.text,
                        "by": one.by,
                        "at": one.at,
                        "for": "all" if one.for_all else "new",
                        "people": one.people,
                        "steps": plain_steps(one.steps),
                    }
                    for one in found
                ],
            }
        )
        return
    print_table(
        ("version", "at", "what", "for", "people", "by", "steps"),
        [
            (
                one.number,
                one.at,
                one.text,
                "all" if one.for_all else "new people",
                one.people,
                one.by,
                "; ".join(step_in_words(step, at) for at, step in enumerate(one.steps, start=1)),
            )
            for one in found
        ],
        empty="It has no versions.",
        whole=("version", "at"),
        spare=("steps", "by"),
    )


@click.command("rollback", epilog="Example: inboxcrm cadence rollback autumn 2 --for all --yes")
@click.argument("name")
@click.argument("version", type=click.IntRange(1))
@for_option
@dry_option
@yes_option
@json_option
@pass_house
def rollback(
    house: House,
    name: str,
    version: int,
    whom: str,
    *,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Go back to the steps of an earlier version. First a look at who would get what differently."""
    from inboxcrm.services.editing import look_at_roll_back, roll_back
    from inboxcrm.services.step_versions import steps_now

    is_for_all, is_done = whom == "all", yes and not dry_run
    if is_done:
        seen, _ = steps_now(house.desk, house.viewer, name)
        look = roll_back(house.desk, house.viewer, name, version, for_all=is_for_all, version=seen)
    else:
        look = look_at_roll_back(house.desk, house.viewer, name, version, for_all=is_for_all)
    _tell(house, look, is_done=is_done, as_json=as_json)


def _document(path: Path) -> object:
    """What a file holds. JSON where its name or its first letter says so."""
    if path.stat().st_size > _LONGEST_FILE:
        raise UsageError(f"{path.name} is too large for a list of steps.", remedy="Check the file.")
    try:
        text = path.read_text("utf-8-sig")
        if path.suffix.lower() == ".json" or text.lstrip()[:1] == "{":
            found: object = json.loads(text)
            return found
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path.name} cannot be read: {str(error)[:200]}",
            remedy="`inboxcrm cadence edit NAME` shows the steps as such a file.",
        ) from None


def _tell(house: House, look: EditLook, *, is_done: bool, as_json: bool) -> None:
    from inboxcrm.cadence.edit_words import (
        change_in_words,
        counts_in_words,
        step_in_words,
        steps_changed_in_words,
    )

    if as_json:
        print_json(_as_json(look, is_done=is_done))
        return
    for at, step in enumerate(look.steps, start=1):
        say(f"step {at}: {step_in_words(step, at)}")
    for line in steps_changed_in_words(look.changes, look.steps):
        say(f"  {line}")
    if not look.for_all:
        say(
            f"It holds for people who come from now on; nothing changes for the {look.people} in it."
        )
    else:
        for line in counts_in_words(look.counts) or ["Nobody who is in it gets anything else"]:
            say(f"{line}.")
        zone = house.settings.work.zone
        say_whom_it_meets(
            look.edited,
            lambda one: "; ".join(
                change_in_words(each, look.steps, zone=zone) for each in one.changes.mails
            ),
        )
        if look.on_their_way:
            say(f"{look.on_their_way} have a mail on its way; that one goes as it is.")
        if look.ended:
            say(f"{look.ended} come to the end by it.")
        if look.finished:
            say(f"{look.finished} have come to the end before and get nothing more.")
    say("Done." if is_done else "Nothing was changed. Add --yes to do it.")


def _as_json(look: EditLook, *, is_done: bool) -> dict[str, Any]:
    from inboxcrm.cadence.wanted_steps import plain_steps

    return {
        "cadence": look.cadence,
        "done": is_done,
        "version": look.version,
        "for": "all" if look.for_all else "new",
        "steps": plain_steps(look.steps),
        "changes": [{"step": key, "change": what.value} for key, what in look.changes],
        "people": look.people,
        "counts": {kind.value: many for kind, many in look.counts.items()},
        "on_their_way": look.on_their_way,
        "finished": look.finished,
        "ended": look.ended,
        "edited": [
            {
                "lead": one.id,
                "name": one.name,
                "address": one.address,
                "mails": [
                    {
                        "step": each.step,
                        "changes": [kind.value for kind in each.changes],
                        "before": each.before,
                        "after": each.after,
                    }
                    for each in one.changes.mails
                ],
            }
            for one in look.edited
        ],
    }
