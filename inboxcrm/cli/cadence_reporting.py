"""`cadence report`: what came of the mails, with the definition of every figure beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table

if TYPE_CHECKING:
    from inboxcrm.views.cadence_report_shapes import CadenceReport, FigureCell, ReportLine

_GROUPS = ("cadence", "step", "version", "mailbox", "week")


@click.command("report", epilog="Example: inboxcrm cadence report autumn --by week")
@click.argument("name", required=False, default="")
@click.option(
    "--by",
    type=click.Choice(_GROUPS),
    help="A line for each; of one cadence its steps, else the cadences.",
)
@json_option
@pass_house
def report(house: House, name: str, by: str | None, *, as_json: bool) -> None:
    """What came of the mails of a cadence, or of all of them.

    Sent, bounced, replied, positive, opted out, complained; every figure says what it counts and
    of what it is a share.
    """
    from inboxcrm.cadence.reports import By
    from inboxcrm.views.as_json import as_json as to_json
    from inboxcrm.views.cadence_reports import report_of

    wanted = By(by or ("step" if name else "cadence"))
    found = report_of(house.desk, house.viewer, name, wanted)
    if as_json:
        print_json(to_json(found))
        return
    _tell(found)


def _tell(found: CadenceReport) -> None:
    rows = [*found.lines, *([found.total] if len(found.lines) > 1 else [])]
    labels = [one.label.lower() for one in found.definitions]
    print_table(
        (found.by, *labels),
        [_row(one) for one in rows],
        empty="No mail of a cadence has left yet, so there is nothing to count.",
        whole=tuple(labels),
    )
    click.echo()
    if rows:
        zone = f" ({found.zone})" if found.by == "week" else ""
        say(f"Counted {found.by_words}{zone}.")
    print_facts({one.label: _meaning(one.words, one.of) for one in found.definitions})
    print_facts({"Not counted": "; ".join(found.not_counted)})


def _row(line: ReportLine) -> tuple[object, ...]:
    return (line.label, *(_cell(one) for one in line.figures))


def _cell(one: FigureCell) -> str:
    return str(one.count) if one.share is None else f"{one.count} ({100 * one.share:.1f} %)"


def _meaning(words: str, of: str) -> str:
    return f"{words}. The share is of {of}." if of else f"{words}."
