"""Batches of imported rows, what each row did, and files that wait to be imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, or_, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.tables import (
    account,
    import_batch,
    import_file,
    import_row,
)
from inboxcrm.store.upserts import (
    Rows,
    insert_rows,
    update_rows,
)

COUNTED = ("created", "updated", "unchanged", "skipped", "rejected")


class BatchRow(NamedTuple):
    id: int
    name: str
    columns: str
    mapping: str
    mode: str
    tag: str
    account_id: int | None
    account: str | None
    made_at: int
    ended_at: int | None
    undone_at: int | None
    created: int
    updated: int
    unchanged: int
    skipped: int
    rejected: int


class ImportRow(NamedTuple):
    line: int
    outcome: str
    lead_id: int | None
    activity_id: int | None
    data: str


_BATCHES = select(
    *(import_batch.c[name] for name in BatchRow._fields[:7]),
    account.c.name,
    *(import_batch.c[name] for name in BatchRow._fields[8:]),
).outerjoin(account, account.c.id == import_batch.c.account_id)


def insert_batch(tx: Tx, values: Mapping[str, Any]) -> int:
    made = tx.execute(insert(import_batch), dict(values))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def batch_by_id(tx: Tx, batch_id: int) -> BatchRow | None:
    row = tx.execute(_BATCHES.where(import_batch.c.id == batch_id)).first()
    return BatchRow._make(row) if row else None


def newest_batches(tx: Tx, *, limit: int) -> list[BatchRow]:
    rows = tx.execute(_BATCHES.order_by(import_batch.c.id.desc()).limit(limit))
    return [BatchRow._make(row) for row in rows]


def add_counts(tx: Tx, batch_id: int, counts: Mapping[str, int]) -> None:
    grown = {name: import_batch.c[name] + many for name, many in counts.items() if many}
    if grown:
        tx.execute(update(import_batch).where(import_batch.c.id == batch_id).values(grown))


def end_batch(tx: Tx, batch_id: int, *, at: int) -> None:
    tx.execute(update(import_batch).where(import_batch.c.id == batch_id).values(ended_at=at))


def set_batch_undone(tx: Tx, batch_id: int, *, at: int) -> None:
    tx.execute(update(import_batch).where(import_batch.c.id == batch_id).values(undone_at=at))


# --- rows -----------------------------------------------------------------------


def insert_import_rows(tx: Tx, rows: Rows) -> None:
    insert_rows(tx, import_row, rows)


_ROWS = select(*(import_row.c[name] for name in ImportRow._fields)).where(
    import_row.c.batch_id == bindparam("batch_id")
)
_STANDING = (
    _ROWS.where(
        import_row.c.undone_at.is_(None), import_row.c.lead_id.is_not(None),
        import_row.c.line < bindparam("before"),
    )
    .order_by(import_row.c.line.desc())
    .limit(at_most("many"))
)  # fmt: skip
_REJECTED = (
    _ROWS.where(import_row.c.outcome == "rejected", import_row.c.line > bindparam("after"))
    .order_by(import_row.c.line)
    .limit(at_most("many"))
)


def standing_rows(tx: Tx, batch_id: int, *, before: int, limit: int) -> list[ImportRow]:
    """Rows that did something to a lead and were not taken back, from below `before` upwards in the file."""
    asked = {"batch_id": batch_id, "before": before, "many": limit}
    return [ImportRow._make(row) for row in tx.execute(_STANDING, asked)]


def rejected_rows(tx: Tx, batch_id: int, *, after: int, limit: int) -> list[ImportRow]:
    asked = {"batch_id": batch_id, "after": after, "many": limit}
    return [ImportRow._make(row) for row in tx.execute(_REJECTED, asked)]


def set_rows_undone(tx: Tx, batch_id: int, lines: Collection[int], *, at: int) -> None:
    update_rows(
        tx,
        import_row,
        [{"undone_at": at, "batch_id": batch_id, "line": line} for line in sorted(lines)],
        by=("batch_id", "line"),
    )


# --- uploads --------------------------------------------------------------------


def keep_file(tx: Tx, *, account_id: int, name: str, content: bytes, at: int) -> int:
    made = tx.execute(
        insert(import_file),
        {"account_id": account_id, "name": name, "content": content, "made_at": at},
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def kept_file(tx: Tx, file_id: int, *, account_id: int) -> tuple[str, bytes] | None:
    """Name and content; nobody sees what another account uploaded."""
    row = tx.execute(
        select(import_file.c.name, import_file.c.content).where(
            import_file.c.id == file_id,
            import_file.c.account_id == account_id,
            import_file.c.content != b"",
        )
    ).first()
    return (row[0], bytes(row[1])) if row else None


def drop_files(tx: Tx, *, before: int, file_id: int = 0) -> None:
    """That one, and whatever was uploaded before that time. The rows stay, so that no number is given twice."""
    tx.execute(
        update(import_file)
        .where(
            import_file.c.content != b"",
            or_(import_file.c.id == file_id, import_file.c.made_at < before),
        )
        .values(name="", content=b"")
    )
