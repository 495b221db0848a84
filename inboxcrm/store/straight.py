"""Statements on the way of every mail: written like all others, compiled once for each database, and handed to the
driver as they are.

SQLAlchemy finds a statement by its whole shape at every execution and converts what goes in and comes out: several
times what SQLite takes to answer. Our columns are integers, texts and flags, which both drivers take unconverted (as in
upserts.py). Only a path that is walked for every mail is worth it; everything else asks the plain way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import Dialect, Select, UpdateBase

from inboxcrm.store.database import Tx


class _Made(NamedTuple):
    """`in_order`: of the parameters, those SQLite wants, as it wants them. `fixed` stand in the statement itself."""

    sql: str
    in_order: Callable[[dict[str, Any]], tuple[Any, ...]]
    fixed: dict[str, Any]
    converted: dict[str, Callable[[Any], Any]]


class Straight:
    """A statement whose parameters are named by `bindparam`.

    It has no `in_` and no `at_most("name")`: both are written anew each time.
    """

    is_watched: ClassVar[bool] = False
    """Somebody counts statements by SQLAlchemy's events, past which these go on SQLite. To look for listeners each
    time would cost a fifth of a short statement.
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
        given = made.in_order(values)
        if self.is_watched:
            return tx.exec_driver_sql(made.sql, given)
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
        in_order = _picker(tuple(compiled.positiontup or ()))
        made = _Made(str(compiled), in_order, fixed, converted)
        return self._made.setdefault(dialect.name, made)


def _picker(names: tuple[str, ...]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])
