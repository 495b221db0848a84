"""`template missing` and `cadence missing`: who lacks what a template names, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table

if TYPE_CHECKING:
    from inboxcrm.services.missing_fields import GapFilter, MissingFields

_variable_option = click.option("--variable", default="", help="Only people who lack this one.")
_refused_option = click.option(
    "--no-mail", "only_refused", is_flag=True, help="Only people who would get no mail."
)
_limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="People shown."
)


@click.command(
    "missing", epilog='Example: inboxcrm template missing intro --segment "stage is new"'
)
@click.argument("name")
@click.option("--segment", required=True, help="A saved one's name, or a filter in words.")
@_variable_option
@_refused_option
@_limit_option
@json_option
@pass_house
def of_template(
    house: House,
    name: str,
    segment: str,
    variable: str,
    limit: int,
    *,
    only_refused: bool,
    as_json: bool,
) -> None:
    """Who of a segment lacks what the template names. Also where its fallbacks stand in."""
    from inboxcrm.services.missing_fields import missing_fields

    wanted = _wanted(variable, limit, only_refused=only_refused)
    found = missing_fields(house.desk, house.viewer, template=name, segment=segment, wanted=wanted)
    if as_json:
        print_json(_as_json(found))
    else:
        _tell(found)


@click.command("missing", epilog="Example: inboxcrm cadence missing autumn --no-mail")
@click.argument("name")
@_variable_option
@_refused_option
@_limit_option
@json_option
@pass_house
def of_cadence(
    house: House, name: str, variable: str, limit: int, *, only_refused: bool, as_json: bool
) -> None:
    """Who of its segment lacks what its mails name."""
    from inboxcrm.services.missing_fields import missing_in_cadence

    wanted = _wanted(variable, limit, only_refused=only_refused)
    found = missing_in_cadence(house.desk, house.viewer, name, wanted=wanted)
    if as_json:
        print_json({"name": name, "mails": [_as_json(one) for one in found]})
        return
    for one in found:
        _tell(one)


def _wanted(variable: str, limit: int, *, only_refused: bool) -> GapFilter:
    from inboxcrm.services.missing_fields import GapFilter

    return GapFilter(variable, only_refused=only_refused, limit=limit)


def _tell(found: MissingFields) -> None:
    print_facts(
        {
            "template": f"{found.template}, version {found.number}",
            "people": found.people,
            "lack nothing": found.whole,
            "get no mail": found.refused,
            "left out anyway": found.left_out or "",
        }
    )
    click.echo()
    print_table(
        ("variable", "no mail", "fallback", "what it is"),
        [
            (one.name, one.missing, one.fell_back if one.has_words else "", one.sentence)
            for one in found.fields
        ],
        empty="The template names no variable.",
        whole=("variable",),
        spare=("what it is",),
    )
    click.echo()
    print_table(
        ("lead", "name", "address", "lacks", "fallback for"),
        [
            (
                one.lead_id,
                one.name,
                one.address,
                ", ".join(one.missing) or one.problem,
                ", ".join(one.fell_back),
            )
            for one in found.rows
        ],
        empty="Nobody lacks anything.",
        whole=("lead",),
        spare=("name",),
    )
    if found.next:
        say(f"There are more; --limit shows more than {len(found.rows)}.")


def _as_json(found: MissingFields) -> dict[str, Any]:
    from inboxcrm.views.as_json import as_json

    document: dict[str, Any] = as_json(found)
    return document
