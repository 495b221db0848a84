"""A group of rows of one table of an export, in the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inboxcrm.errors import Problem
from inboxcrm.files.export_places import FILES
from inboxcrm.leads.capture import Decision, Outcome, Rule
from inboxcrm.leads.export_data import data_with
from inboxcrm.leads.export_fields import ExportTable, Kind, Row
from inboxcrm.services.settling import refresh_leads, settle
from inboxcrm.services.whole_export import as_rows, files_named
from inboxcrm.services.whole_import_shapes import BroughtIn, TableCounts
from inboxcrm.store import whole_import as rows
from inboxcrm.store.captures import set_current
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.export_keys import ids_of, is_opaque, joined_keys, remember_keys
from inboxcrm.store.kept_files import contents_of, keep_file
from inboxcrm.store.made_leads import index_names
from inboxcrm.store.verdicts import address_ids
from inboxcrm.store.whole_export import ROW_ID, SOURCES, column_of, rows_by

_BORN = {
    "accounts": "created_at",
    "leads": "created_at",
    "pasts": "from_at",
    "verdicts": "made_at",
    "tasks": "created_at",
    "activities": "at",
}
"""What never changes about a row: where it differs, the key means another one."""
_ANOTHER_ROW = (
    "its key means another row here: this database had the number of it for something else"
)
Placed = tuple[str, Row]
"""A row and where it stands: "leads.csv, line 3"."""


class Bringing:
    """`problems`: rows that point to what is neither here nor in the export."""

    def __init__(self, tx: Tx, desk: Desk, folder: Path, done: BroughtIn) -> None:
        self._tx = tx
        self._desk = desk
        self._folder = folder
        self._done = done
        self._met_until = rows.newest_address(tx)
        self._merged: dict[int, tuple[str, str]] = {}
        self.problems: list[Problem] = []

    def bring(self, table: ExportTable, group: Sequence[Placed]) -> None:
        """Groups come in the order of TABLES."""
        count = self._done.tables.setdefault(table.name, TableCounts())
        pointed = self._pointed(table, group)
        group = [one for one in group if self._points_well(table, one, pointed)]
        held = self._held(table, group, pointed)
        new = [(place, row) for place, row in group if self._identity(table, row) not in held]
        standing = [(place, row) for place, row in group if self._identity(table, row) in held]
        self._compare(table, standing, held, count)
        if new:
            self._make(table, new, pointed)
            count.added += len(new)

    def finish(self) -> None:
        """Leads that went into another, when all leads are there."""
        homes = ids_of(self._tx, self._desk.ids, "leads", [key for _, key in self._merged.values()])
        for place, key in self._merged.values():
            if key not in homes:
                self.problems.append(Problem(place, _missing("merged_into", "leads")))
        into = {one: homes[key] for one, (_, key) in self._merged.items() if key in homes}
        rows.join_leads(self._tx, into)

    # --- what stands here -------------------------------------------------------------

    def _pointed(self, table: ExportTable, group: Sequence[Placed]) -> dict[str, dict[str, int]]:
        """By table, the rows here that the group points to."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for field in table.fields:
            if field.to and field.to != table.name:
                wanted[field.to] |= {
                    str(row[field.name]) for _, row in group if row[field.name] is not None
                }
        return {name: ids_of(self._tx, self._desk.ids, name, keys) for name, keys in wanted.items()}

    def _points_well(
        self, table: ExportTable, one: Placed, pointed: Mapping[str, Mapping[str, int]]
    ) -> bool:
        place, row = one
        lost = [
            field
            for field in table.fields
            if field.to and field.to != table.name and row[field.name] is not None
            and row[field.name] not in pointed[field.to]
        ]  # fmt: skip
        self.problems += [Problem(place, _missing(field.name, field.to)) for field in lost]
        return not lost

    def _identity(self, table: ExportTable, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in table.identity)

    def _held(
        self, table: ExportTable, group: Sequence[Placed], pointed: Mapping[str, Mapping[str, int]]
    ) -> dict[tuple[Any, ...], dict[str, Any]]:
        """By identity, the rows that stand here, as an export would write them."""
        if is_opaque(table.name) and table.identity == ("key",):
            return self._held_by_key(table, group)
        name = table.identity[-1] if table.name == "suppression" else table.identity[0]
        to = next(one.to for one in table.fields if one.name == name)
        values = {row[name] if not to else pointed[to][str(row[name])] for _, row in group}
        found = rows_by(self._tx, table.name, column_of(table.name, name), values)
        written = as_rows(self._tx, self._desk, table, found)
        return {self._identity(table, row): dict(row) for row in written}

    def _held_by_key(
        self, table: ExportTable, group: Sequence[Placed]
    ) -> dict[tuple[Any, ...], dict[str, Any]]:
        tx, ids = self._tx, self._desk.ids
        keys = [str(row["key"]) for _, row in group]
        known = ids_of(tx, ids, table.name, keys)
        joined = joined_keys(tx, table.name, keys)
        if table.name == "accounts":
            # An address is somebody's name everywhere, whenever their account was made.
            joined |= {str(row["key"]) for _, row in group if row["address"]}
        if table.name == "leads":
            met = self._met_by_address(group, known)
            known |= met
            joined |= met.keys()
        found = rows_by(tx, table.name, "id", set(known.values()))
        written = as_rows(tx, self._desk, table, found)
        by_id = {one[ROW_ID]: row for one, row in zip(found, written, strict=True)}
        born = _BORN[table.name]
        self.problems += [
            Problem(place, _ANOTHER_ROW)
            for place, row in group
            if row["key"] in known.keys() - joined
            and by_id[known[str(row["key"])]][born] != row[born]
        ]
        return {
            (key,): {**by_id[row_id], "key": key}
            for key, row_id in known.items()
            if row_id in by_id
        }

    def _met_by_address(self, group: Sequence[Placed], known: Mapping[str, int]) -> dict[str, int]:
        """Leads that both houses made of the same person; from now on the export's word for them is known."""
        strangers = {
            str(row["address"]): str(row["key"])
            for _, row in group
            if row["address"] and row["key"] not in known
        }
        homes = rows.held_addresses(self._tx, strangers)
        met = {
            strangers[address]: home.lead_id
            for address, home in homes.items()
            if home.lead_id is not None
        }
        remember_keys(self._tx, "leads", met, made_rows=False)
        return met

    def _compare(
        self,
        table: ExportTable,
        group: Sequence[Placed],
        held: Mapping[tuple[Any, ...], Mapping[str, Any]],
        count: TableCounts,
    ) -> None:
        for place, row in group:
            here = held[self._identity(table, row)]
            other = [name for name in table.columns if _differs(table, name, here, row)]
            if other:
                count.differing += 1
                text = (
                    f"stands here already and differs in {', '.join(other)}; it stays as it is here"
                )
                self._done.tell(Problem(place, text))
            else:
                count.unchanged += 1

    # --- what is made -----------------------------------------------------------------

    def _make(
        self, table: ExportTable, new: Sequence[Placed], pointed: Mapping[str, Mapping[str, int]]
    ) -> None:
        if table.name == "addresses":
            self._make_addresses(new, pointed["leads"])
            return
        has_id = "id" in SOURCES[table.name].table.c
        numbers = rows.new_ids(self._tx, table.name, len(new)) if has_id else [0] * len(new)
        own = {str(row["key"]): one for (_, row), one in zip(new, numbers, strict=True)
               if "key" in row}  # fmt: skip
        if table.name == "verdicts":
            new = self._not_against_us(new)
        if table.name == "activities":
            new = self._with_numbers(new, own)
        made = []
        for (place, row), number in zip(new, numbers, strict=True):
            values: dict[str, Any] = {
                field.name: pointed[field.to][str(row[field.name])]
                if field.to and field.to != table.name and row[field.name] is not None
                else row[field.name]
                for field in table.fields
            }
            if has_id:
                values["id"] = number
            if table.name == "leads":
                values["moved_at"] = row["created_at"]
                if row["merged_into"] is not None:
                    self._merged[number] = (place, str(row["merged_into"]))
                    values["merged_into"] = None
            made.append(values)
        rows.insert_exported(self._tx, table.name, made)
        if is_opaque(table.name) and table.identity == ("key",):
            remember_keys(self._tx, table.name, own, made_rows=True)
        if table.name == "template_versions":
            self._keep_files(new)
        if table.name == "verdicts":
            self._heed(new)

    def _with_numbers(self, new: Sequence[Placed], own: Mapping[str, int]) -> list[Placed]:
        """What activities remember, with the numbers that hold here; some remember an earlier one of the group."""
        wanted: dict[str, set[str]] = defaultdict(set)

        def note(name: str, value: Any) -> None:
            if isinstance(value, str):
                wanted[name].add(value)

        for _, row in new:
            data_with(str(row["kind"]), str(row["data"]), note)
        found = {
            name: ids_of(self._tx, self._desk.ids, name, keys) for name, keys in wanted.items()
        }
        found.setdefault("activities", {}).update(own)

        def look(name: str, value: Any) -> int | None:
            return found[name].get(value) if isinstance(value, str) else None

        return [
            (place, {**row, "data": data_with(str(row["kind"]), str(row["data"]), look)})
            for place, row in new
        ]

    def _not_against_us(self, new: Sequence[Placed]) -> list[Placed]:
        """Of a subject we have spoken about ourselves, the export's word comes as one that was taken back."""
        standing = [row for _, row in new if row["removed_at"] is None]
        ours = rows.standing_verdicts(self._tx, [str(row["subject"]) for row in standing])
        found: list[Placed] = []
        for place, row in new:
            if row["removed_at"] is None and (row["scope"], row["subject"]) in ours:
                self._done.tell(Problem(place, "we have said otherwise here, and that holds"))
                found.append((place, {**row, "removed_at": to_ms(self._desk.clock.now())}))
            else:
                found.append((place, row))
        return found

    def _heed(self, new: Sequence[Placed]) -> None:
        """What was said of people who had written before the import is decided anew."""
        met = {
            which
            for _, row in new
            if row["removed_at"] is None
            for which in address_ids(self._tx, str(row["scope"]), str(row["subject"]))
            if which <= self._met_until
        }
        refresh_leads(self._tx, settle(self._tx, self._desk, met).lead_ids)

    def _make_addresses(self, new: Sequence[Placed], leads: Mapping[str, int]) -> None:
        tx, now = self._tx, to_ms(self._desk.clock.now())
        held = rows.held_addresses(tx, [str(row["key"]) for _, row in new])
        fresh: list[dict[str, Any]] = [dict(row) for _, row in new if row["key"] not in held]
        for row, number in zip(fresh, rows.new_ids(tx, "addresses", len(fresh)), strict=True):
            row["id"] = number
        rows.insert_addresses(tx, fresh)
        numbers: dict[Any, int] = {row["key"]: row["id"] for row in fresh}
        numbers |= {key: one.address_id for key, one in held.items()}
        given = [
            (numbers[row["key"]], leads[str(row["lead"])], str(row["added_by"])) for _, row in new
        ]
        rows.give_addresses(tx, given)
        standing = rows.standing_of(tx, {whose for _, whose, _ in given})
        met = {one.address_id for one in held.values()}
        answer = Decision(Outcome.LEAD, Rule.KNOWN_LEAD)
        answers = {
            which: answer for which, whose, _ in given if whose in standing and which not in met
        }
        set_current(tx, answers, now=now)
        index_names(tx, standing)
        refresh_leads(tx, settle(tx, self._desk, met).lead_ids | {
            whose for which, whose, _ in given if which in met
        })  # fmt: skip

    def _keep_files(self, new: Sequence[Placed]) -> None:
        for place, row in new:
            for sha256 in files_named(str(row["files"])):
                if contents_of(self._tx, [sha256]):
                    continue
                content = _content(self._folder / FILES / sha256)
                if content is None or hashlib.sha256(content).hexdigest() != sha256:
                    text = f"the file {sha256[:12]} it bears is not in {FILES}, or is another one"
                    self.problems.append(Problem(place, text))
                else:
                    keep_file(self._tx, sha256, content, at=int(row["made_at"] or 0))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _missing(field: str, name: str) -> str:
    return f"{field} names a row of {name} that is neither here nor in the export"


def _differs(table: ExportTable, name: str, here: Row, row: Row) -> bool:
    if here[name] == row[name]:
        return False
    kind = next(one.kind for one in table.fields if one.name == name)
    if kind in {Kind.DATA, Kind.MAP, Kind.LIST}:
        return bool(json.loads(str(here[name])) != json.loads(str(row[name])))
    return True
