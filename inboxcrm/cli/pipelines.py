"""`pipeline`: what stands where and what it is worth, now or at the end of a day; and the numbers managers ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.pipeline_outlook import csv_option, print_csv, say_outlook
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.views.pipeline_shapes import Since
    from inboxcrm.views.shapes import Money

Command = TypeVar("Command", bound=Callable[..., Any])


def asked(command: Command) -> Command:
    """What both commands can be asked."""
    for option in (
        json_option,
        click.option("--pipeline", default="", metavar="KEY", help="Not the first pipeline."),
        click.option("--filter", "filter_", default="", metavar="TEXT", help="Only such leads."),
        click.option(
            "--as-of",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="DATE",
            help="As it stood at the end of that day.",
        ),
    ):
        command = option(command)
    return command


@click.group(epilog="Example: inboxcrm pipeline show --as-of 2026-05-01")
def pipeline() -> None:
    """What stands in each stage, its worth, how it moves."""


@pipeline.command("show", epilog="Example: inboxcrm pipeline show --filter 'owner is me'")
@asked
@pass_house
def show(
    house: House, as_of: datetime | None, filter_: str, pipeline: str, *, as_json: bool
) -> None:
    """Every stage with its leads, their value and what it weighs."""
    from inboxcrm.services.pipeline_filter import narrowed_by
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.pipeline import board

    view = board(
        house.desk,
        house.viewer,
        pipeline=pipeline,
        as_of=_day(as_of),
        narrowed=narrowed_by(house.desk, house.viewer, filter_),
    )
    if as_json:
        print_json(to_json(view))
        return
    head = view.head
    print_table(
        ("stage", "leads", "value", "weighted", "first of them"),
        [
            (
                column.stage.label + ("" if column.is_known else " (not in the settings)"),
                column.count,
                _sums(column.sums),
                _sums(column.weighted),
                ", ".join(card.name for card in column.cards[:3]),
            )
            for column in view.columns
        ],
        empty="This pipeline has no stages.",
        spare=("first of them",),
        whole=("leads",),
    )
    click.echo()
    print_facts(
        {
            "open leads": str(head.open_count),
            "open value": _sums(head.open_sums),
            "weighted": _sums(head.weighted),
            "as of the end of": head.as_of.isoformat() if head.as_of else "",
        }
    )
    _say_since(head.since)


@pipeline.command("numbers", epilog="Example: inboxcrm pipeline numbers --days 30")
@click.option("--days", type=click.IntRange(1, 3660), default=90, show_default=True, help="Period.")
@csv_option
@asked
@pass_house
def numbers(
    house: House,
    as_of: datetime | None,
    filter_: str,
    pipeline: str,
    days: int,
    table: str | None,
    *,
    as_json: bool,
) -> None:
    """Win rate, sales cycle, funnel, forecast, each with its meaning."""
    if table and as_json:
        raise UsageError("--json and --csv cannot both be printed.", remedy="Say one of them.")
    from inboxcrm.services.pipeline_filter import narrowed_by
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.pipeline_numbers import numbers_page

    view = numbers_page(
        house.desk,
        house.viewer,
        pipeline=pipeline,
        as_of=_day(as_of),
        days=days,
        narrowed=narrowed_by(house.desk, house.viewer, filter_),
    )
    if table:
        print_csv(view, table)
        return
    if as_json:
        print_json(to_json(view))
        return
    say(f"{view.pipeline.label}, {view.from_on.isoformat()} to {view.to_on.isoformat()}")
    click.echo()
    for one in view.figures:
        say(f"{one.label}: {one.text}" + (f" ({one.note})" if one.note else ""))
        say(f"  {one.meaning}")
    click.echo()
    say(view.meanings["funnel"])
    print_table(
        ("stage", "came in", "came on", "share", "half of them within"),
        [
            (
                one.stage.label,
                one.entered,
                one.reached,
                "" if one.share is None else f"{one.share:.0%}",
                "" if one.days is None else f"{one.days:g} d",
            )
            for one in view.funnel
        ],
        empty="This pipeline has no open stages.",
    )
    click.echo()
    say(view.meanings["times"])
    print_table(
        ("stage", "stays", "a quarter within", "median", "three quarters within"),
        [
            (
                one.stage.label,
                one.stays,
                f"{one.first:g} d",
                f"{one.median:g} d",
                f"{one.third:g} d",
            )
            for one in view.times
        ],
        empty="No lead left a stage within these days.",
    )
    click.echo()
    print_table(
        ("lost because", "leads"),
        [(one.label, one.count) for one in view.reasons],
        empty="No lead was lost within these days.",
    )
    say_outlook(view)
    _say_since(view.since)


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _sums(sums: tuple[Money, ...]) -> str:
    return " · ".join(f"{one.amount} {one.currency}".strip() for one in sums)


def _say_since(since: Since | None) -> None:
    if since is None:
        return
    click.echo()
    say(f"Since the end of {since.day.isoformat()}: {since.sentence}")
    for line in since.lines:
        if line.count:
            names = ", ".join(one.name for one in line.some)
            more = line.count - len(line.some)
            say(f"  {line.words}: {names}" + (f" and {more} more" if more else ""))
