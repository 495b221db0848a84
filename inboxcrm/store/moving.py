"""All rows from one database into another, of the same or the other kind.

Tables go in the order of their keys, full text last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Table, bindparam, delete, insert, select, text, update

from inboxcrm.store.database import Tx
from inboxcrm.store.search import (
    forget_everything,
    index_leads,
    index_messages,
    indexed_leads,
    indexed_messages,
)
from inboxcrm.store.tables import metadata
from inboxcrm.store.upserts import is_given_once, last_id

_BATCH = 500

Row = TypeVar("Row")


def remove_everything(tx: Tx) -> None:
    forget_everything(tx)
    for table in reversed(metadata.sorted_tables):
        tx.execute(delete(table))


def copy_everything(source: Tx, target: Tx) -> None:
    """Into empty tables, full text included. Both transactions are the caller's."""
    for table in metadata.sorted_tables:
        _copy_table(source, target, table)
    for messages in _batches(indexed_messages(source)):
        index_messages(target, messages)
    for leads in _batches(indexed_leads(source)):
        index_leads(target, leads)
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None:
            _set_counter(target, table, last_id(source, table))


def _copy_table(source: Tx, target: Tx, table: Table) -> None:
    """A column that points into its own table is filled last: its target may be a later row."""
    own = [
        column.name
        for key in table.foreign_keys
        if key.column.table is table
        for column in [key.parent]
    ]
    result = source.execute(select(table).execution_options(yield_per=_BATCH))
    late = []
    for rows in result.mappings().partitions():
        plain = [dict(row) for row in rows]
        for row in plain:
            pointing = {name: row[name] for name in own if row[name] is not None}
            if pointing:
                late.append({"_id": row["id"], **pointing})
                row.update(dict.fromkeys(pointing))
        target.execute(insert(table), plain)
    for row in late:
        target.execute(
            update(table)
            .where(table.c.id == bindparam("_id"))
            .values({name: row[name] for name in row if name != "_id"}),
            {"_id": row["_id"]},
        )


def _set_counter(tx: Tx, table: Table, last: int) -> None:
    """The rows brought their ids along: the next one made must be a new one, and new also to what names rows that left
    before.
    """
    if tx.dialect.name == "postgresql":
        sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
        counted = {"last": max(last, 1), "is_given": last > 0}
        tx.execute(text(f"SELECT setval({sequence}, :last, :is_given)"), counted)
    elif is_given_once(table) and last:
        named = {"name": table.name, "last": last}
        tx.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), named)
        tx.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), named)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
