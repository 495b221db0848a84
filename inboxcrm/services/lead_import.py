"""People's tables become leads: looked at first, then imported a group of rows a transaction.

    1. the batch gets its row                      a crash: an empty batch stands in the list
    2. a group of rows: leads, and what each did    a crash: what was committed stands and can be taken back
    3. the batch has ended                          a crash: the same, and the list says it never ended
Importing a table again, after a crash or without one, changes nothing that is as the table says.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.files.table_reading import Table, TableRow
from inboxcrm.files.table_types import detected_types
from inboxcrm.leads.import_cells import LONGEST_TAG, line_of
from inboxcrm.leads.import_columns import Column, map_columns
from inboxcrm.leads.import_rows import RowOutcome, RowReader
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.services.import_lines import Batch
from inboxcrm.services.import_planning import Group, Planned, Seen, plan_group
from inboxcrm.services.import_shapes import (
    ImportLine,
    ImportOrder,
    ImportPreview,
    PreviewRow,
    RejectedRow,
    ShownColumn,
    TableError,
    import_line,
)
from inboxcrm.services.import_stages import EntryRule, entry_rule
from inboxcrm.services.import_writing import write_group
from inboxcrm.services.lead_changes import now_ms, one_line, refuse_strangers
from inboxcrm.services.settling import own_set_of
from inboxcrm.store import imports
from inboxcrm.store.accounts import all_accounts
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.imports import BatchRow
from inboxcrm.store.sessions import note_audit
from inboxcrm.store.upserts import one_at_a_time

GROUP = 2_000
"""Rows a transaction: others may write in between, and a transaction costs nothing a row."""

SAMPLES = 200
_CHARACTERS = 8_000_000
_SHOWN = 20
_SHOWN_NAMES = 5
_SHOWN_CELL = 100
_PAGE = 500


Rejecting = Callable[[RejectedRow], None]


def _ignore_rejected(_row: RejectedRow) -> None:
    """Nobody wants them one by one: the batch keeps them."""


def _ignore_count(_rows: int) -> None:
    """Nobody watches."""


# --- looking ----------------------------------------------------------------------


def preview_import(
    desk: Desk,
    viewer: Viewer,
    table: Table,
    order: ImportOrder,
    *,
    most: int | None = None,
    on_rejected: Rejecting = _ignore_rejected,
) -> ImportPreview:
    """What the import would do now, by the code that imports; of the first `most` rows, or of all. Changes nothing.

    Raises UserError for what cannot be read.
    """
    refuse_strangers(viewer)
    columns, samples = _columns(desk, table, order)
    shown: list[PreviewRow] = []
    counts: Counter[str] = Counter()
    unplaced = 0
    rows = table.rows()
    limited = islice(rows, most) if most is not None else rows
    entry = entry_rule(desk, viewer.account_id, table.name)
    for group, _ in _groups_planned(desk, limited, columns, order, entry):
        for one in group.planned:
            counts[one.outcome.value] += 1
            unplaced += one.is_unplaced
            if one.outcome is RowOutcome.REJECTED:
                on_rejected(_rejected(one))
            if len(shown) < _SHOWN:
                shown.append(_preview_row(one))
    return ImportPreview(
        name=table.name,
        form=table.form,
        encoding=table.encoding,
        columns=_shown_columns(columns, samples),
        counts={one.value: counts[one.value] for one in RowOutcome},
        rows=counts.total(),
        is_whole=most is None or next(rows, None) is None,
        samples=tuple(shown),
        notes=_notes(columns, samples, unplaced),
    )


def import_list(desk: Desk, viewer: Viewer, *, limit: int = 50) -> tuple[ImportLine, ...]:
    """The newest first; everybody works on every lead, so everybody sees every batch."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        return tuple(import_line(desk, row) for row in imports.newest_batches(tx, limit=limit))


def import_named(desk: Desk, viewer: Viewer, number: int) -> ImportLine:
    """Raises NotFoundError."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        return import_line(desk, batch_of(tx, number))


def number_of(desk: Desk, import_id: str) -> int:
    """Of an opaque id; one that nobody was ever given is the number of no batch."""
    return desk.ids.open("import", import_id) or 0


def batch_of(tx: Tx, number: int) -> BatchRow:
    found = imports.batch_by_id(tx, number)
    if found is None:
        raise NotFoundError(
            f"There is no import {number}.", remedy="`inboxcrm import list` names them."
        )
    return found


def rejected_of(
    desk: Desk, viewer: Viewer, number: int
) -> tuple[tuple[str, ...], Iterator[RejectedRow]]:
    """The headings of a batch's table and its rejected rows, in their order. Raises NotFoundError."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        found = batch_of(tx, number)
    return tuple(json.loads(found.columns)), _kept_rejected(desk, number)


def _kept_rejected(desk: Desk, number: int) -> Iterator[RejectedRow]:
    after = 0
    while True:
        with desk.database.read() as tx:
            page = imports.rejected_rows(tx, number, after=after, limit=_PAGE)
        for row in page:
            kept = json.loads(row.data)
            yield RejectedRow(row.line, kept["reason"], tuple(kept["cells"]))
        if len(page) < _PAGE:
            return
        after = page[-1].line


# --- importing --------------------------------------------------------------------


def run_import(
    desk: Desk,
    viewer: Viewer,
    table: Table,
    order: ImportOrder,
    *,
    on_rejected: Rejecting = _ignore_rejected,
    on_rows: Callable[[int], None] = _ignore_count,
) -> ImportLine:
    """`on_rows` hears after every group how many rows are done. Raises UserError before anything is written, or for
    a row far down that cannot be read: what came before it stands, and can be taken back.
    """
    refuse_strangers(viewer)
    columns, _ = _columns(desk, table, order)
    name = line_of(table.name, longest=10_000)[:200]
    tag = one_line(order.tag, "tag", "The tag", longest=LONGEST_TAG)
    at = now_ms(desk)
    with desk.database.write() as tx:
        batch_id = imports.insert_batch(
            tx,
            {
                "name": name,
                "columns": json.dumps([one.name for one in columns]),
                "mapping": json.dumps([one.field for one in columns]),
                "mode": "update" if order.update else "skip",
                "tag": tag,
                "account_id": viewer.account_id,
                "made_at": at,
            },
        )
    batch = Batch(batch_id, name, tag, viewer.account_id, at)
    done = 0
    entry = entry_rule(desk, viewer.account_id, table.name)
    for group, counts in _groups_planned(desk, table.rows(), columns, order, entry, batch=batch):
        for one in group.planned:
            if one.outcome is RowOutcome.REJECTED:
                on_rejected(_rejected(one))
        done += counts.total()
        on_rows(done)
    with desk.database.write() as tx:
        imports.end_batch(tx, batch_id, at=now_ms(desk))
        found = batch_of(tx, batch_id)
        note_audit(
            tx,
            at=at,
            account_id=viewer.account_id,
            kind="import",
            about=f"{found.created + found.updated} leads from {name}",
        )
        return import_line(desk, found)


def _groups_planned(
    desk: Desk,
    rows: Iterator[TableRow],
    columns: Sequence[Column],
    order: ImportOrder,
    entry: EntryRule,
    *,
    batch: Batch | None = None,
) -> Iterator[tuple[Group, Counter[str]]]:
    """Each group with its counts, after it was committed where a `batch` says that it is to be written."""
    with desk.database.read() as tx:
        reader, own = _reader(tx, desk, columns), own_set_of(tx, desk)
    seen = Seen()
    plan = partial(plan_group, own=own, seen=seen, update=order.update, entry=entry)
    while True:
        some = [reader.read(*row) for row in _some(rows, GROUP)]
        if not some:
            return
        if batch is None:
            with desk.database.read() as tx:
                group = plan(tx, some)
            counts = Counter(one.outcome.value for one in group.planned)
        else:
            with desk.database.write() as tx:
                one_at_a_time(tx)
                group = plan(tx, some, locked=True)
                write_group(tx, desk, batch, group)
                counts = Counter(one.outcome.value for one in group.planned)
                imports.add_counts(tx, batch.id, counts)
        yield group, counts


def _some(rows: Iterator[TableRow], most: int) -> Iterator[TableRow]:
    """So many, or fewer where they are long: what is held at once has a bound."""
    left = _CHARACTERS
    for row in islice(rows, most):
        yield row
        left -= sum(map(len, row.cells))
        if left <= 0:
            return


def _reader(tx: Tx, desk: Desk, columns: Sequence[Column]) -> RowReader:
    stages: dict[str, str] = {}
    for one in desk.pipelines.default.stages:
        stages[folded_name(one.key)] = one.key
        stages.setdefault(folded_name(one.label), one.key)
    owners: dict[str, int] = {}
    for account in all_accounts(tx):
        if not account.is_closed:
            for word in filter(None, (account.name, account.address)):
                owners.setdefault(folded_name(word), account.id)
    return RowReader(columns, fields=desk.lead_fields, stages=stages, owners=owners)


def _columns(
    desk: Desk, table: Table, order: ImportOrder
) -> tuple[tuple[Column, ...], list[TableRow]]:
    samples = list(_some(table.rows(), SAMPLES))
    columns, problems = map_columns(
        table.columns, [row.cells for row in samples], desk.lead_fields, order.said
    )
    if problems:
        raise TableError(table.name, problems)
    return columns, samples


# --- in words ---------------------------------------------------------------------


def _rejected(one: Planned) -> RejectedRow:
    return RejectedRow(one.row.line, one.reason, tuple(one.row.cells))


def _preview_row(one: Planned) -> PreviewRow:
    address = next(iter(one.row.addresses.values()), ("", ""))[0]
    name = one.row.values.get("name") or (one.lead.name if one.lead else "")
    return PreviewRow(one.row.line, one.outcome.value, str(name), address, _says(one))


def _says(one: Planned) -> str:
    if one.outcome is RowOutcome.REJECTED:
        return one.reason
    if one.outcome is RowOutcome.CREATED:
        return "becomes a lead" if one.lead is None else "becomes a lead again"
    if one.outcome is RowOutcome.SKIPPED:
        return "is a lead already and stays as it is"
    if one.outcome is RowOutcome.UNCHANGED:
        return "is a lead already, with all of this"
    changed = [name.removesuffix("_id").removesuffix("_cents") for name in one.changes]
    if one.missing:
        changed.append("another address")
    return f"gets {', '.join(changed)}"


def _shown_columns(
    columns: Sequence[Column], samples: Sequence[TableRow]
) -> tuple[ShownColumn, ...]:
    types = detected_types([one.name for one in columns], samples)
    return tuple(
        ShownColumn(
            one.name,
            one.field,
            one.is_guessed,
            types[one.name],
            next(filter(None, (line_of(row.cells[at][:_SHOWN_CELL]) for row in samples)), ""),
        )
        for at, one in enumerate(columns)
    )


def _notes(
    columns: Sequence[Column], samples: Sequence[TableRow], unplaced: int
) -> tuple[str, ...]:
    """What is lost on the way, and how to keep it."""
    notes = []
    left = [
        one.name
        for at, one in enumerate(columns)
        if not one.field and any(row.cells[at].strip() for row in samples)
    ]
    if left:
        shown = ", ".join(left[:_SHOWN_NAMES]) + (" and others" if len(left) > _SHOWN_NAMES else "")
        notes.append(
            f"Left out: {shown}. To keep such a column, declare it as [[lead_field]] in config.toml; "
            "templates then know it too."
        )
    if unplaced:
        notes.append(
            f"{unplaced} rows name an organization nobody knows yet, with a free-mail address: it is left out. "
            "A column with its web domain would tell it apart."
        )
    if any(one.field == "stage" for one in columns):
        notes.append("Stages count for new leads only: people move leads.")
    return tuple(notes)
