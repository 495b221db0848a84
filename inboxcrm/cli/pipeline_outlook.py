"""What is expected, slipped, answered and owed, as tables of a terminal; and any table of numbers as CSV."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import click

from inboxcrm.cli.output import say
from inboxcrm.cli.tables import print_table

if TYPE_CHECKING:
    from inboxcrm.views.outlook_shapes import Counted, OutlookView
    from inboxcrm.views.pipeline_shapes import NumbersView
    from inboxcrm.views.shapes import Money

TABLES = (
    "figures", "stages", "funnel", "times", "reasons", "sources", "owners",
    "forecast", "coverage", "slips", "responses", "bands", "owed",
)  # fmt: skip
csv_option = click.option(
    "--csv",
    "table",
    metavar="PART",
    type=click.Choice(TABLES),
    help=f"Print one chart or table as CSV and nothing else: {', '.join(TABLES)}.",
)


def print_csv(view: NumbersView, table: str) -> None:
    from inboxcrm.files.lead_export import write_csv
    from inboxcrm.views.number_rows import part_rows

    columns, rows = part_rows(view, table)
    target = io.StringIO(newline="")
    write_csv(rows, columns, target)
    sys.stdout.write(target.getvalue())


def say_outlook(view: NumbersView) -> None:
    held, meanings = view.outlook, view.meanings
    _say_months(held, meanings["forecast"])
    _say_coverage(held, meanings["coverage"])
    _say_slips(held, meanings["slips"])
    _say_answers(held, meanings)


def _say_months(held: OutlookView, meaning: str) -> None:
    click.echo()
    say(meaning)
    print_table(
        ("month", "forecast when it began", "won", "of it", "expected", "weighted"),
        [
            (
                one.label,
                _sums(one.then.weighted) if one.then else "",
                _leads(one.came),
                " · ".join(f"{kept.currency} {kept.share:.0%}".strip() for kept in one.kept),
                _leads(one.due),
                _sums(one.due.weighted),
            )
            for one in held.months
        ],
        empty="No month is shown.",
    )


def _say_coverage(held: OutlookView, meaning: str) -> None:
    click.echo()
    say(meaning)
    print_table(
        ("whose", "period", "quota", "won", "open", "coverage"),
        [
            (
                one.whose + ("" if one.is_known else " (nobody signs in so)"),
                one.period,
                _sums((one.quota,)),
                f"{_leads(one.won)}, {one.reached:.0%}",
                _leads(one.open),
                f"{one.coverage:.1f}",
            )
            for one in held.coverage
        ],
        empty=held.quota_help,
    )


def _say_slips(held: OutlookView, meaning: str) -> None:
    click.echo()
    say(meaning)
    print_table(
        ("owner", "dated", "put off", "times", "median", "taken away", "overdue"),
        [
            (
                one.label,
                one.dated.count,
                one.put_off.count,
                one.times,
                "" if one.days is None else f"{one.days} d",
                one.dropped.count,
                one.passed.count,
            )
            for one in held.slips
        ],
        empty="No lead has a close date.",
    )


def _say_answers(held: OutlookView, meanings: dict[str, str]) -> None:
    click.echo()
    say(meanings["responses"])
    times = ("a quarter within", "median", "three quarters within", f"within {held.target_hours} h")
    print_table(
        ("owner", "answered", *times, "not answered"),
        [
            (
                one.label,
                one.answered.count,
                _hours(one.first),
                _hours(one.median),
                _hours(one.third),
                "" if one.share is None else f"{one.share:.0%}",
                one.waiting.count,
            )
            for one in held.responses
        ],
        empty="Nobody wrote for the first time within these days.",
    )
    click.echo()
    say(meanings["owed"])
    print_table(
        ("owner", "waiting", "the longest for", "late"),
        [(one.label, one.waiting.count, one.oldest, one.late.count) for one in held.owed],
        empty="Nobody waits for an answer.",
    )


def _hours(value: float | None) -> str:
    return "" if value is None else f"{value:g} h"


def _leads(one: Counted | None) -> str:
    if one is None or not one.count:
        return "" if one is None else "0"
    worth = _sums(one.sums)
    return f"{one.count}" + (f" ({worth})" if worth else "")


def _sums(sums: tuple[Money, ...]) -> str:
    return " · ".join(f"{one.amount} {one.currency}".strip() for one in sums)
