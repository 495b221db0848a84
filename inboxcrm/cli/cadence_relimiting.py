"""`cadence limits`: the limits of a cadence as they stand, and who would get what when under other ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.cadence_limits import NAMES, limit_options, wrong_limits
from inboxcrm.cli.cadence_shown import say_whom_it_meets
from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say
from inboxcrm.errors import FieldsError, UsageError

if TYPE_CHECKING:
    from inboxcrm.cadence.rules import CadenceRules
    from inboxcrm.services.limits import Ahead, LimitsLook


@click.command(
    "limits",
    epilog="Example: inboxcrm cadence limits autumn --day-cap 40 --window 'mon-thu 09:00-12:00'",
)
@click.argument("name")
@limit_options
@click.option("--office-hours", is_flag=True, help="Monday to Friday, 09:00 to 17:00.")
@click.option("--ramp", is_flag=True, help="The mailbox gets used to more slowly.")
@click.option("--no-holidays", is_flag=True, help="Also on holidays.")
@click.option("--no-consent", is_flag=True, help="Consent need not be known.")
@click.option("--one-by-one", is_flag=True, help="An answer stops it for who answered alone.")
@click.option("--yes", is_flag=True, help="Do it; without this nothing is changed.")
@json_option
@pass_house
def limits(house: House, /, name: str, *, yes: bool, as_json: bool, **said: Any) -> None:
    """Change its hours, caps and gaps, and who may be added.

    Without an option: the limits as they stand. First it says who would get what when; mails that are claimed stay as
    they are, and what is not said stays as it is.
    """
    from inboxcrm.cadence.limit_forms import form_of, rules_with
    from inboxcrm.services.limits import change_limits, limits_of, look_at_limits

    mark, standing = limits_of(house.desk, house.viewer, name)
    given = _given(said)
    if not given:
        _tell_standing(name, standing, form_of(standing), as_json=as_json)
        return
    try:
        rules = rules_with(standing, given)
    except FieldsError as error:
        raise wrong_limits(error, "inboxcrm cadence limits --help") from None
    if yes:
        look = change_limits(house.desk, house.viewer, name, rules, mark=mark)
    else:
        look = look_at_limits(house.desk, house.viewer, name, rules)
    _tell(house, look, is_done=yes, as_json=as_json)


def _given(said: dict[str, Any]) -> dict[str, str]:
    """The fields that were said. Raises UsageError where two options say the opposite."""
    from inboxcrm.cadence.rule_forms import ANY, OFFICE

    given = {name: str(said[name]) for name in NAMES if isinstance(said[name], str)}
    if said["windows"]:
        given["windows"] = "\n".join(said["windows"])
    for one, other, name, values in (
        ("any_hour", "office_hours", "hours", (ANY, OFFICE)),
        ("no_ramp", "ramp", "ramp", ("no", "")),
        ("needs_consent", "no_consent", "needs_consent", ("yes", "")),
        ("stops_organization", "one_by_one", "stops_organization", ("yes", "")),
    ):
        if said[one] and said[other]:
            options = " and ".join(f"--{each.replace('_', '-')}" for each in (one, other))
            raise UsageError(f"{options} say the opposite.", remedy="Give one of them.")
        if said[one] or said[other]:
            given[name] = values[0] if said[one] else values[1]
    if said["windows"] and "hours" in given:
        raise UsageError("--window gives hours already.", remedy="Leave the other one out.")
    if said["no_holidays"]:
        if "country" in given:
            raise UsageError(
                "--holidays and --no-holidays say the opposite.", remedy="Give one of them."
            )
        given["country"] = ""
    return given


def _tell_standing(
    name: str, standing: CadenceRules, form: dict[str, str], *, as_json: bool
) -> None:
    from inboxcrm.views.cadence_words import rules_in_words

    if as_json:
        print_json({"cadence": name, "limits": form, "words": list(rules_in_words(standing))})
        return
    for line in rules_in_words(standing):
        say(line)


def _tell(house: House, look: LimitsLook, *, is_done: bool, as_json: bool) -> None:
    from inboxcrm.cadence.limit_words import PEOPLE_MET, days_in_words, mail_moved_in_words
    from inboxcrm.views.cadence_words import rules_in_words

    if as_json:
        print_json(_as_json(look, is_done=is_done))
        return
    before, after = (rules_in_words(one) for one in (look.before, look.after))
    for line in before:
        if line not in after:
            say(f"- {line}")
    for line in after:
        if line not in before:
            say(f"+ {line}")
    zone = house.settings.work.zone
    for word, one in (("So far", look.ahead_before), ("Then", look.ahead_after)):
        say(f"{word}: {days_in_words(one.mails, one.first_at, one.last_at, zone=zone)}.")
    for kind, many in look.counts.items():
        one_person, several = PEOPLE_MET[kind]
        say(f"1 person {one_person}." if many == 1 else f"{many} people {several}.")
    if not look.moved:
        say("Nobody gets anything at another time.")
    say_whom_it_meets(
        look.moved,
        lambda one: "; ".join(mail_moved_in_words(each, zone=zone) for each in one.changes.mails),
    )
    if look.not_agreed:
        say(f"{look.not_agreed} have not agreed to be written to, and are stopped by it.")
    if look.on_their_way:
        say(f"{look.on_their_way} mails are on their way and go as they are.")
    say("Done." if is_done else "Nothing was changed. Add --yes to do it.")


def _as_json(look: LimitsLook, *, is_done: bool) -> dict[str, Any]:
    from inboxcrm.cadence.limit_forms import form_of

    return {
        "cadence": look.cadence,
        "done": is_done,
        "before": form_of(look.before),
        "after": form_of(look.after),
        "people": look.people,
        "counts": {kind.value: many for kind, many in look.counts.items()},
        "moved_mails": look.moved_mails,
        "ahead": {"before": _ahead(look.ahead_before), "after": _ahead(look.ahead_after)},
        "on_their_way": look.on_their_way,
        "not_agreed": look.not_agreed,
        "moved": [
            {
                "lead": one.id,
                "name": one.name,
                "address": one.address,
                "mails": [
                    {"step": each.step, "before": each.before, "after": each.after}
                    for each in one.changes.mails
                ],
            }
            for one in look.moved
        ],
    }


def _ahead(one: Ahead) -> dict[str, Any]:
    return {"mails": one.mails, "first_at": one.first_at, "last_at": one.last_at}
