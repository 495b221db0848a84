"""`import table`, `import list`, `import undo`: people's tables into leads, and back. Nothing changes without --yes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inboxcrm.cli.house import House, pass_house
from inboxcrm.cli.output import json_option, print_facts, print_json, say
from inboxcrm.cli.tables import print_table
from inboxcrm.errors import UsageError

if TYPE_CHECKING:
    from inboxcrm.services.import_shapes import ImportLine, ImportPreview
    from inboxcrm.services.import_undo import Undone
    from inboxcrm.services.lead_import import Rejecting

_OUTCOMES = ("created", "updated", "unchanged", "skipped", "rejected")


@click.command(
    "table",
    epilog="Example: inboxcrm import table fair.csv --map 'Mail=address' --tag fair --yes",
)
@click.argument("path", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="What a column is, by heading or number; COLUMN= leaves it out; repeatable.",
)
@click.option(
    "--update/--skip",
    "update",
    default=True,
    help="Leads that are there take what the table says (default), or stay as they are.",
)
@click.option("--tag", default="", metavar="NAME", help="Put on every lead of the table.")
@click.option("--encoding", default="", metavar="NAME", help="Where it is found out wrongly.")
@click.option(
    "--rejected",
    "rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the rows that cannot be taken there, with the reason.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; also without --yes.")
@click.option("--yes", is_flag=True, help="Import it; without this nothing changes.")
@json_option
@pass_house
def table(
    house: House,
    path: Path,
    mapping: tuple[str, ...],
    tag: str,
    encoding: str,
    rejected: Path | None,
    *,
    update: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Make leads of a table: CSV, TSV or JSON.

    Columns are known by their headings; leads by any of their addresses. Importing a table twice is importing it once.
    """
    from inboxcrm.files.table_reading import open_table
    from inboxcrm.services.import_shapes import ImportOrder
    from inboxcrm.services.lead_import import preview_import, run_import
    from inboxcrm.worker.memory import collect_rarely

    collect_rarely()
    order = ImportOrder(said=mapping_of(mapping), update=update, tag=tag)
    found = open_table(path, encoding=encoding)
    with _rejected_rows(rejected, found.columns) as on_rejected:
        if yes and not dry_run:
            line = run_import(house.desk, house.viewer, found, order, on_rejected=on_rejected)
            _tell_import(line, rejected, as_json=as_json)
            return
        view = preview_import(house.desk, house.viewer, found, order, on_rejected=on_rejected)
    _tell_preview(view, path, as_json=as_json)


@click.command("list", epilog="Example: inboxcrm import list --json")
@json_option
@pass_house
def list_(house: House, *, as_json: bool) -> None:
    """The tables that were imported, the newest first."""
    from inboxcrm.services.lead_import import import_list

    lines = import_list(house.desk, house.viewer)
    if as_json:
        print_json({"imports": [import_as_json(one) for one in lines]})
        return
    print_table(
        ("number", "file", "at", "by", *_OUTCOMES, "state"),
        [
            (
                one.number,
                one.name,
                one.made_at,
                one.who,
                *(one.counts[name] for name in _OUTCOMES),
                _state(one),
            )
            for one in lines
        ],
        empty="No table was imported yet. `inboxcrm import table --help` tells how.",
        whole=("state",),
        spare=("by", "unchanged", "skipped"),
    )


@click.command("undo", epilog="Example: inboxcrm import undo 3 --yes")
@click.argument("batch", type=click.IntRange(1, 2**31 - 1))
@click.option("--yes", is_flag=True, help="Do it; without this nothing changes.")
@json_option
@pass_house
def undo(house: House, batch: int, *, yes: bool, as_json: bool) -> None:
    """Take a whole import back.

    Leads it made go unless somebody worked on them since; fields get their old values unless changed again. BATCH is
    the number in `import list`.
    """
    from inboxcrm.services.import_undo import undo_import
    from inboxcrm.services.lead_import import import_named

    if not yes:
        line = import_named(house.desk, house.viewer, batch)
        raise UsageError(
            f"Import {batch} ({line.name}) made {line.counts['created']} leads and changed "
            f"{line.counts['updated']}; it would be taken back.",
            remedy="Add --yes to take it back.",
        )
    done = undo_import(house.desk, house.viewer, batch)
    if as_json:
        print_json(_undone_as_json(batch, done))
        return
    print_facts({"removed": done.removed, "put back": done.put_back or ""})
    for reason, many in done.stayed.items():
        say(f"Stays: {many}: {reason}.")
    for one in done.examples[:20]:
        say(f"  line {one.line}: {one.name}: {one.reason}")


def mapping_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """The last sign divides: headings may hold one, fields never do."""
    found = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign or not column.strip():
            raise UsageError(
                f'"{pair[:80]}" is not COLUMN=FIELD.', remedy="As in --map 'E-Mail=address'."
            )
        found[column.strip()] = field.strip()
    return found


@contextmanager
def _rejected_rows(path: Path | None, columns: tuple[str, ...]) -> Iterator[Rejecting]:
    """Rows as they were, in front of them the line and the reason; the file is there only where a row was rejected."""
    if path is None:
        yield lambda _row: None
        return
    from inboxcrm.files.table_rejected import RejectedFile

    with RejectedFile(path, columns) as file:
        yield lambda row: file.add(row.line, row.reason, row.cells)


def _tell_import(line: ImportLine, rejected: Path | None, *, as_json: bool) -> None:
    if as_json:
        print_json(import_as_json(line))
        return
    print_facts({"import": line.number, **line.counts})
    if line.counts["rejected"]:
        where = (
            f"The rejected rows are in {rejected}."
            if rejected
            else "With --rejected FILE they are written down with their reasons."
        )
        say(where)
    say(f"To take it back: inboxcrm import undo {line.number} --yes")


def _tell_preview(view: ImportPreview, path: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(preview_as_json(view))
        return
    print_facts({"file": view.name, "read as": f"{view.form}, {view.encoding}", "rows": view.rows})
    click.echo()
    print_table(
        ("column", "field", "holds", "as in"),
        [(one.name, one.field or "(left out)", one.type, one.sample) for one in view.columns],
        empty="",
        whole=("field",),
        spare=("as in", "holds"),
    )
    click.echo()
    print_table(
        ("line", "name", "address", "what happens"),
        [(one.line, one.name, one.address, f"{one.outcome}: {one.says}") for one in view.samples],
        empty="It has no rows.",
        spare=("name",),
    )
    click.echo()
    print_facts(dict(view.counts))
    for note in view.notes:
        say(note)
    say(f"Nothing was changed. To import it: inboxcrm import table {path} ... --yes")


def _state(one: ImportLine) -> str:
    if one.undone_at is not None:
        return "taken back"
    return "whole" if one.ended_at is not None else "stopped"


def import_as_json(one: ImportLine) -> dict[str, Any]:
    return {
        "import": one.number,
        "file": one.name,
        "mode": one.mode,
        "tag": one.tag,
        "by": one.who,
        "at": one.made_at,
        "ended_at": one.ended_at,
        "undone_at": one.undone_at,
        **one.counts,
    }


def preview_as_json(view: ImportPreview) -> dict[str, Any]:
    return {
        "file": view.name,
        "form": view.form,
        "encoding": view.encoding,
        "rows": view.rows,
        **view.counts,
        "columns": [
            {"column": one.name, "field": one.field, "type": one.type, "sample": one.sample}
            for one in view.columns
        ],
        "samples": [
            {
                "line": one.line,
                "outcome": one.outcome,
                "name": one.name,
                "address": one.address,
                "says": one.says,
            }
            for one in view.samples
        ],
        "notes": list(view.notes),
    }


def _undone_as_json(batch: int, done: Undone) -> dict[str, Any]:
    return {
        "import": batch,
        "removed": done.removed,
        "put_back": done.put_back,
        "stayed": dict(done.stayed),
        "examples": [
            {"line": one.line, "name": one.name, "reason": one.reason} for one in done.examples
        ],
    }
