"""Statements on the way of every mail: written like all others, compiled once for each database, and handed to the
driver as they are.

SQLAlchemy finds a statement by its whole shape at every execution and converts what goes in and comes out: several
times what SQLite takes to answer. Our columns are integers, texts and flags, which both drivers take unconverted (as in
upserts.py). Only a path that is walked for every mail is worth it; everything else asks the plain way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Select, UpdateBase

from inboxcrm.store.database import Tx


class _Made(NamedTuple):
    """`order`: the parameters as SQLite wants them. `fixed` stand in the statement itself."""

    sql: str
    order: tuple[str, ...]
    fixed: dict[str, Any]
    converted: dict[str, Callable[[Any], Any]]


class Straight:
    """A statement whose parameters are named by `bindparam`.

    It has no `in_` and no `at_most("name")`: both are written anew each time.
    """

    def __init__(self, statement: Select[Any] | UpdateBase) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def first(self, tx: Tx, **values: Any) -> Sequence[Any] | None:
        """Flags come as the database has them: 0 and 1 on SQLite."""
        found: Sequence[Any] | None = self._run(tx, values).fetchone()
        return found

    def all(self, tx: Tx, **values: Any) -> Sequence[Sequence[Any]]:
        found: Sequence[Sequence[Any]] = self._run(tx, values).fetchall()
        return found

    def change(self, tx: Tx, **values: Any) -> int:
        """How many rows it changed."""
        return int(self._run(tx, values).rowcount)

    def _run(self, tx: Tx, values: dict[str, Any]) -> Any:
        dialect = tx.dialect
        made = self._made.get(dialect.name) or self._make(dialect)
        for name, convert in made.converted.items():
            values[name] = convert(values[name])
        if made.fixed:
            values |= made.fixed
        if dialect.name != "sqlite":
            return tx.exec_driver_sql(made.sql, values)
        given = tuple([values[name] for name in made.order])
        if tx.dispatch.before_cursor_execute:
            return tx.exec_driver_sql(made.sql, given)  # somebody counts or watches statements
        raw: Any = tx.connection.dbapi_connection
        return raw.execute(made.sql, given)

    def _make(self, dialect: Dialect) -> _Made:
        compiled = self._statement.compile(dialect=dialect)
        fixed: dict[str, Any] = {}
        converted: dict[str, Callable[[Any], Any]] = {}
        for bind, name in compiled.bind_names.items():
            if not bind.required:
                fixed[name] = bind.value
            elif convert := bind.type.dialect_impl(dialect).bind_processor(dialect):
                converted[name] = convert
        order = tuple(compiled.positiontup or ())
        made = _Made(str(compiled), order, fixed, converted)
        return self._made.setdefault(dialect.name, made)
