"""Many rows at once, in the dialect of the connection; and insert-or-ignore: never look first and insert later.

Rows go to the driver as they are. Our columns are integers, texts and flags, which both drivers take unconverted, and
passing by SQLAlchemy's parameter handling halves the cost of a bulk insert.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Dialect, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from inboxcrm.store.arrays import array_text
from inboxcrm.store.database import Tx

Rows = Sequence[Mapping[str, Any]]

_LONGEST = 100_000_000
"""Characters of one statement's values; PostgreSQL takes a gigabyte in one field."""

_LOCK = 7_110_411
"""Any number will do that no other program takes in the same database."""


def insert_rows(tx: Tx, table: Table, rows: Rows) -> None:
    """Plain inserts: a row whose key stands already is an error."""
    _insert(tx, table, rows, None)


def insert_or_ignore(tx: Tx, table: Table, rows: Rows) -> None:
    """Rows whose unique key stands already are left as they are."""
    _insert(tx, table, rows, ())


def insert_or_replace(tx: Tx, table: Table, rows: Rows, *replacing: str) -> None:
    """On a known primary key the named columns take the new values. A key may stand only once in `rows`."""
    _insert(tx, table, rows, replacing)


def update_rows(tx: Tx, table: Table, rows: Rows, *, by: str | tuple[str, ...] = "id") -> None:
    """Each row's other columns take its values where the columns named in `by` equal its own.

    What `by` names may stand only once in `rows`; a row that finds nothing changes nothing.
    """
    if not rows:
        return
    names, keys = tuple(rows[0]), (by,) if isinstance(by, str) else by
    sql = _compiled_update(tx.dialect, table, names, keys)
    if tx.dialect.name == "sqlite":
        order = (*(name for name in names if name not in keys), *keys)
        tx.exec_driver_sql(sql, _in_order(rows, order))
    else:
        _in_arrays(tx, sql, names, rows)


def one_at_a_time(tx: Tx) -> None:
    """Waits until no other transaction changes mail or what follows from it, until this one ends.

    SQLite has one writer anyway. On PostgreSQL two mailboxes may meet the same stranger at once; each would decide
    without the other's evidence.
    """
    if tx.dialect.name == "postgresql":
        tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def is_alone(tx: Tx) -> bool:
    """As `one_at_a_time`, but waits for nobody: whether no other transaction does. It holds until this one ends."""
    if tx.dialect.name != "postgresql":
        return True
    found: bool = tx.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({_LOCK})").scalar_one()
    return found


def next_ids(tx: Tx, table: Table, many: int) -> list[int]:
    """Rising ids for rows about to be inserted, so that nobody has to ask for them afterwards.

    On SQLite only good in the transaction that asks.
    """
    if tx.dialect.name == "sqlite":
        last = last_id(tx, table)
        return list(range(last + 1, last + 1 + many))
    rows = tx.exec_driver_sql(
        f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, {many})"
    )
    return list(rows.scalars())


def last_id(tx: Tx, table: Table) -> int:
    """The highest id given so far, also to rows that left where ids are given once (`tables.columns`); 0: none was."""
    if tx.dialect.name != "sqlite":
        given = f"pg_sequence_last_value(pg_get_serial_sequence('{table.name}', 'id')::regclass)"
        last = f"SELECT coalesce(greatest({given}, max(id)), 0) FROM {table.name}"
    elif is_given_once(table):
        last = f"SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{table.name}'"
    else:
        last = f"SELECT coalesce(max(id), 0) FROM {table.name}"
    return int(tx.exec_driver_sql(last).scalar_one())


def is_given_once(table: Table) -> bool:
    """Whether SQLite too never gives an id of this table twice."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def chunks(values: Sequence[Any], size: int = 500) -> list[Sequence[Any]]:
    """Pieces short enough for an IN list on either database."""
    return [values[start : start + size] for start in range(0, len(values), size)]


def _insert(tx: Tx, table: Table, rows: Rows, replacing: tuple[str, ...] | None) -> None:
    if not rows:
        return
    names = tuple(rows[0])
    as_arrays = tx.dialect.name != "sqlite"
    sql = _compiled(tx.dialect, table, names, replacing, as_arrays)
    if as_arrays:
        _in_arrays(tx, sql, names, rows)
    else:
        tx.exec_driver_sql(sql, _in_order(rows, names))


def _in_order(rows: Rows, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    if len(names) == 1:
        return [(row[names[0]],) for row in rows]
    return list(map(itemgetter(*names), rows))


def _in_arrays(tx: Tx, sql: str, names: tuple[str, ...], rows: Rows) -> None:
    """One statement with an array a column: a statement a row costs twice to three times as much."""
    arrays = tuple(array_text([row[name] for row in rows]) for name in names)
    if len(rows) > 1 and sum(map(len, arrays)) > _LONGEST:
        half = len(rows) // 2
        del arrays
        _in_arrays(tx, sql, names, rows[:half])
        _in_arrays(tx, sql, names, rows[half:])
        return
    tx.exec_driver_sql(sql, arrays)


@lru_cache(maxsize=256)
def _compiled(
    dialect: Dialect,
    table: Table,
    names: tuple[str, ...],
    replacing: tuple[str, ...] | None,
    as_arrays: bool,  # noqa: FBT001 - part of the key under which statements are kept
) -> str:
    """The statement as the driver's executemany wants it, its placeholders in the order of `names`."""
    insert: Any = (sqlite_insert if dialect.name == "sqlite" else postgresql_insert)(table)
    if replacing:
        insert = insert.on_conflict_do_update(
            index_elements=list(table.primary_key.columns),
            set_={name: insert.excluded[name] for name in replacing},
        )
    elif replacing is not None:
        insert = insert.on_conflict_do_nothing()
    statement: ClauseElement = insert
    # Columns are named in the table's order whatever is asked: the caller's rows are read in that order too.
    sql = str(statement.compile(dialect=dialect, column_keys=list(names)))
    head = sql[: sql.index(" (")]
    columns = ", ".join(dialect.identifier_preparer.format_column(table.c[name]) for name in names)
    tail = sql[sql.index(" ON CONFLICT") :] if " ON CONFLICT" in sql else ""
    if not as_arrays:
        place = "?" if dialect.name == "sqlite" else "%s"
        source = f"VALUES ({', '.join([place] * len(names))})"
    else:
        source = f"SELECT * FROM {_arrays(dialect, table, names)}"
    return f"{head} ({columns}) {source}{tail}"


@lru_cache(maxsize=64)
def _compiled_update(
    dialect: Dialect, table: Table, names: tuple[str, ...], keys: tuple[str, ...]
) -> str:
    """The statement of `update_rows`: a row at a time on SQLite, an array a column on PostgreSQL."""
    column = {name: dialect.identifier_preparer.format_column(table.c[name]) for name in names}
    changing = [name for name in names if name not in keys]
    if dialect.name == "sqlite":
        places = ", ".join(f"{column[name]} = ?" for name in changing)
        found = " AND ".join(f"{column[name]} = ?" for name in keys)
        return f"UPDATE {table.name} SET {places} WHERE {found}"
    places = ", ".join(f"{column[name]} = made.{column[name]}" for name in changing)
    found = " AND ".join(f"{table.name}.{column[name]} = made.{column[name]}" for name in keys)
    made = f"{_arrays(dialect, table, names)} AS made ({', '.join(column.values())})"
    return f"UPDATE {table.name} SET {places} FROM {made} WHERE {found}"


def _arrays(dialect: Dialect, table: Table, names: tuple[str, ...]) -> str:
    types = (table.c[name].type.compile(dialect) for name in names)
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in types)})"
