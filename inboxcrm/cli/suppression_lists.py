"""`suppress import` and `suppress export`: whole lists of whom nothing is sent to."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_json, say

_MOST_TOLD = 10


@click.command("import", epilog="Example: inboxcrm suppress import opted-out.csv")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--column", default="", metavar="NAME", help="The column of addresses and domains.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the rows that cannot be read there, with the reason.",
)
@json_option
@pass_house
def import_(house: House, path: Path, column: str, rejected: Path | None, *, as_json: bool) -> None:
    """Take in a list of addresses and domains: CSV, TSV or JSON.

    Twice is once; a file of nothing but addresses needs no heading.
    """
    from inboxcrm.files.table_reading import open_table
    from inboxcrm.files.table_rejected import RejectedFile
    from inboxcrm.services.suppression_lists import TakenIn, rows_of, take_in

    table = open_table(path)
    done = TakenIn()
    refused: list[dict[str, object]] = []
    count = 0
    rows = rows_of(table, column)
    keeping = RejectedFile(rejected, table.columns) if rejected else nullcontext()
    with keeping as kept:
        for found in take_in(house.desk, house.viewer, rows, source=f"imported from {path.name}"):
            if isinstance(found, TakenIn):
                done = found
                continue
            row, why = found
            count += 1
            if len(refused) < _MOST_TOLD:
                refused.append({"line": row.line, "problem": why})
            if kept is not None:
                kept.add(row.line, why, row.cells)
    if as_json:
        print_json({"new": done.new, "known": done.known, "rejected": count, "problems": refused})
        return
    say(f"{done.new} new, {done.known} stood already, {count} could not be read.")
    for one in refused:
        say(f"Line {one['line']}: {one['problem']}")


@click.command("export", epilog="Example: inboxcrm suppress export --output suppressed.csv")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="A table, or one JSON document.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Instead of standard output.",
)
@json_option
@pass_house
def export(house: House, form: str, output: Path | None, *, as_json: bool) -> None:
    """Write all of it as a table; `suppress import` reads it again.

    With --json the list is printed as one JSON document; with --output too, the table goes there and the document
    says how many entries it has.
    """
    from inboxcrm.cli.lead_export import whole_file
    from inboxcrm.files.lead_export import write_csv, write_json
    from inboxcrm.services.people import note_export
    from inboxcrm.views.suppression import COLUMNS, suppression_table

    rows = suppression_table(house.desk, house.viewer)
    if as_json and output is None:
        listed = list(rows)
        note_export(house.desk, house.viewer, f"{len(listed)} suppressions")
        print_json({"suppressed": listed})
        return
    with whole_file(output) as target:
        count = (write_csv if form == "csv" else write_json)(rows, COLUMNS, target)
    note_export(house.desk, house.viewer, f"{count} suppressions")
    if as_json:
        print_json({"done": True, "output": str(output), "format": form, "count": count})
    elif output is not None:
        say(f"{count} entries written to {output}.")
