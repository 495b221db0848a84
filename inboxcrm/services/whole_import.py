"""An export into this database: what is missing is added, what stands here is never changed.

A row is known by its key (leads/export_fields.py); a lead also by its address. One that stands here and says something
else is a conflict: told with its place, and left as it is. So an export changes nothing where it came from, and
importing twice is importing once. All of it is one transaction.

1. every file is read through; what cannot be taken is told at once, and nothing is changed
2. table by table, some hundred rows at a time: what they point to, which stand here, the others are made
3. leads that were merged, when all of them are there
4. addresses: search and capture learn of them as of any lead added by hand
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import Problem, UsageError
from inboxcrm.files.whole_export import Reading, file_of
from inboxcrm.leads.export_fields import TABLES, ExportTable, Row
from inboxcrm.leads.wording import counted
from inboxcrm.mail.addresses import match_key
from inboxcrm.services.people import note, refuse_all_but_admins
from inboxcrm.services.whole_export import files_named
from inboxcrm.services.whole_import_rows import Bringing
from inboxcrm.services.whole_import_shapes import BroughtIn, ExportError
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_scores import note_every_score_due

_AT_ONCE = 500
_MOST_PROBLEMS = 1000


class _Rehearsed(Exception):
    """Leaves the transaction without a trace."""


def import_whole(desk: Desk, viewer: Viewer, folder: Path, *, dry_run: bool = False) -> BroughtIn:
    """`dry_run`: says exactly what would happen, and changes nothing.

    Raises ExportError with all problems, UsageError for what is no export, ForbiddenError for all but admins: it may
    bring accounts.
    """
    refuse_all_but_admins(viewer)
    readings = _readings(folder)
    problems = [one for table, reading in readings for one in _problems(table, reading)]
    if problems:
        raise ExportError(problems)
    done = BroughtIn()
    try:
        with desk.database.write() as tx:
            _bring(Bringing(tx, desk, folder, done), readings, dry_run=dry_run)
            added = sum(one.added for one in done.tables.values())
            if added:
                note_every_score_due(tx)
            note(
                tx, viewer, "import", f"an export: {counted(added, 'row')} added", desk.clock.now()
            )
    except _Rehearsed:
        pass
    return done


def _bring(
    bringing: Bringing, readings: list[tuple[ExportTable, Reading]], *, dry_run: bool
) -> None:
    for table, reading in readings:
        for some in _groups(table, reading.rows()):
            bringing.bring(table, some)
            if len(bringing.problems) >= _MOST_PROBLEMS:
                raise ExportError(bringing.problems)
    bringing.finish()
    if bringing.problems:
        raise ExportError(bringing.problems)
    if dry_run:
        raise _Rehearsed


def _readings(folder: Path) -> list[tuple[ExportTable, Reading]]:
    found = []
    for table in TABLES:
        path = file_of(folder, table)
        if path is not None:
            found.append((table, Reading(path, table)))
    if not found:
        raise UsageError(
            f"{folder} holds no export.",
            remedy="Name a folder as `inboxcrm export` writes it: leads.csv or leads.jsonl and the like.",
        )
    return found


def _problems(table: ExportTable, reading: Reading) -> list[Problem]:
    """Of a file in which nothing fits the first thousand say enough."""
    found: list[Problem] = []
    for place, row in reading.rows():
        found += [Problem(place, text) for text in _WRONG.get(table.name, _nothing)(row)]
        if len(found) + len(reading.problems) >= _MOST_PROBLEMS:
            break
    return reading.problems + found


def _groups(table: ExportTable, rows: Iterable[tuple[str, Row]]) -> Iterator[list[tuple[str, Row]]]:
    """No row stands twice in a group: the second one is to find the first."""
    group: list[tuple[str, Row]] = []
    met: set[tuple[Any, ...]] = set()
    for place, row in rows:
        identity = tuple(row[name] for name in table.identity)
        if len(group) == _AT_ONCE or identity in met:
            yield group
            group, met = [], set()
        met.add(identity)
        group.append((place, row))
    if group:
        yield group


# --- what no field by itself can say --------------------------------------------------


def _nothing(_row: Row) -> Iterator[str]:
    return iter(())


def _account(row: Row) -> Iterator[str]:
    address = str(row["address"])
    if address and match_key(address) != address:
        yield "address is no address as people sign in with"
    if address and row["key"] != address:
        yield "key and address of an account are the same"
    try:
        ZoneInfo(str(row["zone"]))
    except (KeyError, ValueError, OSError):
        yield "zone is no time zone"


def _address(row: Row) -> Iterator[str]:
    if match_key(str(row["key"])) != row["key"]:
        yield "key is no address"


def _files(row: Row) -> Iterator[str]:
    try:
        files_named(str(row["files"]))
    except ValueError as error:
        yield f"files {error}"


_WRONG = {"accounts": _account, "addresses": _address, "template_versions": _files}
