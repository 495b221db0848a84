"""Leads, activities and everything people made of them, out of the database: a table a file, row by row.

Mail is not part of it (`db backup` takes all), nor are passwords, sessions, mailboxes and cadences.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
from inboxcrm.files.export_places import ExportTarget
from inboxcrm.leads.export_data import data_with
from inboxcrm.leads.export_fields import WHAT, ExportTable, Kind, Row, tables_of
from inboxcrm.leads.wording import counted
from inboxcrm.services.people import note_export, refuse_all_but_admins
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.export_keys import is_opaque, keys_of
from inboxcrm.store.kept_files import contents_of
from inboxcrm.store.whole_export import ROW_ID, pages


def export_whole(
    desk: Desk, viewer: Viewer, target: ExportTarget, *, what: str = "everything", only: str = ""
) -> dict[str, int]:
    """Rows by table, all of one moment. `what` is one of WHAT; `only` one table of it.

    Raises UsageError, ForbiddenError for all but admins: an export names everybody.
    """
    refuse_all_but_admins(viewer)
    if what not in WHAT:
        raise UsageError(
            f'There is nothing called "{what[:40]}" to export.',
            remedy=f"Choose one of {', '.join(WHAT)}.",
        )
    counts = {}
    with desk.database.read() as tx:
        for table in tables_of(what):
            if not only or table.name == only:
                counts[table.name] = target.write(table, rows_of(tx, desk, table))
                if table.name == "template_versions":
                    _write_files(tx, target)
    note_export(desk, viewer, f"{what}: {counted(sum(counts.values()), 'row')}")
    return counts


def rows_of(tx: Tx, desk: Desk, table: ExportTable) -> Iterator[Row]:
    for page in pages(tx, table.name):
        yield from as_rows(tx, desk, table, page)


def as_rows(
    tx: Tx, desk: Desk, table: ExportTable, page: Collection[Mapping[str, Any]]
) -> list[Row]:
    """Rows of the store as an export writes them: numbers of rows become keys."""
    wanted: dict[str, set[int]] = defaultdict(set)
    has_key = is_opaque(table.name) and table.identity == ("key",)
    if has_key:
        wanted[table.name].update(row[ROW_ID] for row in page)
    for field in table.fields:
        if field.to:
            wanted[field.to].update(row[field.name] for row in page if row[field.name] is not None)
        if field.kind is Kind.DATA:
            _note_mentions(page, field.name, wanted)
    keys = {name: keys_of(tx, desk.ids, name, held) for name, held in wanted.items()}

    def look(name: str, value: Any) -> str | None:
        return keys.get(name, {}).get(value) if isinstance(value, int) else None

    rows: list[Row] = []
    for row in page:
        found = {field.name: row.get(field.name) for field in table.fields}
        if has_key:
            found["key"] = keys[table.name][row[ROW_ID]]
        for field in table.fields:
            if field.to:
                found[field.name] = look(field.to, row[field.name])
            if field.kind is Kind.DATA:
                found[field.name] = _outward(row, field.name, look)
        rows.append(found)
    return rows


def _note_mentions(
    page: Collection[Mapping[str, Any]], name: str, wanted: dict[str, set[int]]
) -> None:
    def note(table: str, value: Any) -> None:
        if isinstance(value, int):
            wanted[table].add(value)

    for row in page:
        _outward(row, name, note)


def _outward(row: Mapping[str, Any], name: str, look: Any) -> str:
    try:
        return data_with(row["kind"], row[name], look)
    except ValueError:
        return "{}"


def _write_files(tx: Tx, target: ExportTarget) -> None:
    """The files that templates bear, each once."""
    done: set[str] = set()
    for page in pages(tx, "template_versions"):
        for row in page:
            for sha256 in files_named(row["files"]):
                if sha256 not in done:
                    done.add(sha256)
                    for content in contents_of(tx, [sha256]).values():
                        target.write_file(sha256, content)


def files_named(text: str) -> list[str]:
    """The hashes in a template version's list of files. Raises ValueError for what is no such list."""
    found = json.loads(text)
    if not isinstance(found, list):
        raise ValueError("is no list of files")  # noqa: TRY004
    names = [one.get("sha256") if isinstance(one, dict) else None for one in found]
    if not all(isinstance(one, str) and len(one) == 64 and one.isalnum() for one in names):
        raise ValueError("names a file that has no such hash")
    return [str(one) for one in names]
