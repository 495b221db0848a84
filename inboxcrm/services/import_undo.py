"""A whole import taken back, as far as nobody built on it: from its last row upwards, a group a transaction.

A lead the import made goes, unless somebody worked on it, a cadence writes to it or mail passed since; a field it
changed gets its old value, unless it was changed again; tags and addresses it added are taken off. What stays is said
with the reason. A crash leaves the rows from some line on taken back; doing it again goes on there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import RefusedError
from inboxcrm.leads.import_rows import RowOutcome, put_back_fields
from inboxcrm.services.import_planning import fields_of
from inboxcrm.services.lead_changes import now_ms, refuse_strangers
from inboxcrm.services.lead_fields import as_columns
from inboxcrm.services.lead_import import batch_of
from inboxcrm.services.settling import refresh_leads, settle
from inboxcrm.store import import_leads, import_marks, imports
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.import_leads import Worked
from inboxcrm.store.imports import BatchRow, ImportRow
from inboxcrm.store.lead_past import KEPT
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.made_leads import index_names
from inboxcrm.store.search import forget_leads
from inboxcrm.store.sessions import note_audit
from inboxcrm.store.upserts import one_at_a_time

_GROUP = 2_000
_SHOWN = 100
_BELOW = (1 << 31) - 1
_COLUMNS = (
    "name", "phone", "source", "value_cents", "value_currency", "close_on", "owner_id", "organization_id",
    "custom",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stayed:
    """A lead that stays, or stays as it is, and why."""

    line: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Undone:
    """`put_back`: leads that have their old values again. `stayed`: how many by reason; `examples` are the first."""

    name: str
    removed: int
    put_back: int
    stayed: Mapping[str, int]
    examples: tuple[Stayed, ...]


@dataclass(slots=True)
class _Tally:
    removed: int = 0
    put_back: int = 0
    stayed: Counter[str] = field(default_factory=Counter)
    examples: list[Stayed] = field(default_factory=list)

    def stays(self, row: ImportRow, lead: LeadRow, reason: str) -> None:
        self.stayed[reason] += 1
        if len(self.examples) < _SHOWN:
            self.examples.append(Stayed(row.line, lead.name, reason))


def undo_import(desk: Desk, viewer: Viewer, number: int) -> Undone:
    """Raises NotFoundError, RefusedError where it was taken back already."""
    refuse_strangers(viewer)
    tally = _Tally()
    before = _BELOW
    with desk.database.read() as tx:
        batch = batch_of(tx, number)
    if batch.undone_at is not None:
        raise RefusedError(
            f"Import {number} was taken back already.",
            remedy="Import the table again if it is wanted.",
        )
    while True:
        with desk.database.write() as tx:
            one_at_a_time(tx)
            rows = imports.standing_rows(tx, number, before=before, limit=_GROUP)
            if rows:
                _take_back(tx, desk, viewer, batch, rows, tally)
                before = rows[-1].line
            if len(rows) < _GROUP:
                _end(tx, desk, viewer, batch, tally)
                break
    return Undone(
        batch.name, tally.removed, tally.put_back, dict(tally.stayed), tuple(tally.examples)
    )


def _end(tx: Tx, desk: Desk, viewer: Viewer, batch: BatchRow, tally: _Tally) -> None:
    at = now_ms(desk)
    imports.set_batch_undone(tx, batch.id, at=at)
    note_audit(
        tx,
        at=at,
        account_id=viewer.account_id,
        kind="import_undone",
        about=f"{batch.name}: {tally.removed} leads removed, {tally.put_back} put back",
    )


def _take_back(
    tx: Tx, desk: Desk, viewer: Viewer, batch: BatchRow, rows: Sequence[ImportRow], tally: _Tally
) -> None:
    at = now_ms(desk)
    held = import_leads.leads_to_change(tx, {_lead_id(row) for row in rows}, locked=True)
    data = {row.line: json.loads(row.data) for row in rows}
    rows_there = [row for row in rows if _lead_id(row) in held]
    import_marks.take_tags(
        tx,
        [
            (_lead_id(row), tag_id)
            for row in rows_there
            for tag_id in data[row.line].get("tags", ())
        ],
    )
    gone = _made(tx, batch, rows_there, data, held, tally)
    changed, freed = _changed(tx, rows_there, data, held, tally, at=at)
    import_leads.set_leads_withdrawn(tx, gone)
    forget_leads(tx, gone)
    settled = settle(tx, desk, freed | import_leads.addresses_held(tx, gone))
    refresh_leads(tx, settled.lead_ids)
    index_names(tx, changed)
    done = [
        row.activity_id for row in rows_there if row.activity_id and _lead_id(row) in gone | changed
    ]
    import_leads.mark_activities_undone(tx, done, at=at)
    import_leads.insert_activities(
        tx,
        [
            {
                "lead_id": lead_id,
                "at": at,
                "kind": "undo",
                "account_id": viewer.account_id,
                "text": f"Taken back: imported from {batch.name}"[:500],
                "data": json.dumps({"batch": batch.id}),
            }
            for lead_id in sorted(gone | changed)
        ],
    )
    imports.set_rows_undone(tx, batch.id, [row.line for row in rows], at=at)


def _lead_id(row: ImportRow) -> int:
    assert row.lead_id is not None
    return row.lead_id


def _made(
    tx: Tx,
    batch: BatchRow,
    rows: Sequence[ImportRow],
    data: Mapping[int, dict[str, Any]],
    held: Mapping[int, LeadRow],
    tally: _Tally,
) -> set[int]:
    """The leads it made that nobody worked on since."""
    made = {_lead_id(row): row for row in rows if row.outcome == RowOutcome.CREATED}
    worked = import_leads.worked_on(
        tx, {lead_id: row.activity_id or 0 for lead_id, row in made.items()}, since=batch.made_at
    )
    gone: set[int] = set()
    for lead_id, row in made.items():
        became = worked[lead_id]
        if became.is_withdrawn:
            continue
        reason = _why_it_stays(became, data[row.line].get("version", 1))
        if reason:
            tally.stays(row, held[lead_id], reason)
        else:
            gone.add(lead_id)
    tally.removed += len(gone)
    return gone


def _why_it_stays(became: Worked, version: int) -> str:
    for is_so, reason in (
        (became.is_merged, "merged with another lead"),
        (became.is_in_cadence, "in a cadence"),
        (became.has_mail_since, "mail passed since"),
        (became.version != version, "changed since"),
        (became.has_deeds, "somebody worked on it"),
    ):
        if is_so:
            return reason
    return ""


def _changed(
    tx: Tx,
    rows: Sequence[ImportRow],
    data: Mapping[int, dict[str, Any]],
    held: Mapping[int, LeadRow],
    tally: _Tally,
    *,
    at: int,
) -> tuple[set[int], set[int]]:
    """Leads that got old values back, and the addresses that were taken off them."""
    written: list[dict[str, Any]] = []
    freed: set[int] = set()
    taken: list[tuple[int, int]] = []
    moved: list[int] = []
    for row in rows:
        if row.outcome != RowOutcome.UPDATED:
            continue
        lead, did = held[_lead_id(row)], data[row.line]
        if lead.merged_into is not None:
            tally.stays(row, lead, "merged with another lead")
            continue
        changes = {name: (was, then) for name, (was, then) in did["changes"].items()}
        back, kept = put_back_fields(fields_of(lead), changes)
        added = did["added"]
        if kept:
            tally.stays(row, lead, "changed since")
        if not back and not added:
            continue
        taken += [(which, lead.lead_id) for which in added]
        freed.update(added)
        if not KEPT.isdisjoint(back):
            moved.append(lead.lead_id)
        columns = {name: getattr(lead, name) for name in _COLUMNS} | as_columns(lead, back)
        # Whom no person had touched before the import is the rules' again.
        is_touched = did["was_touched"] or lead.version != did["version"]
        written.append(
            {
                "id": lead.lead_id,
                **columns,
                "version": lead.version + 1,
                "is_touched": is_touched,
            }
        )
    import_leads.take_addresses(tx, taken)
    import_leads.keep_states_of(tx, moved, at=at)
    import_leads.write_leads(tx, written)
    tally.put_back += len(written)
    return {row["id"] for row in written}, freed
