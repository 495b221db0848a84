"""`within(column, "ids")`: the column is one of a list bound as a single parameter.

An IN list grows a placeholder for each value and is compiled anew for each length; a list of a thousand ids costs more
to write down than to look up. As one parameter it is a JSON text on SQLite and an array on PostgreSQL.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Dialect,
    Integer,
    Text,
    TypeDecorator,
    bindparam,
    literal_column,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from inboxcrm.store.arrays import array_text

AT_ONCE = 5_000
"""How many values a list is given at a time, so that no statement grows without bound."""


EMPTY: ColumnElement[str] = literal_column("''")
"""The empty text, written out: an index that leaves empty ones out serves no question that has it as a parameter."""


class _ListParameter(TypeDecorator[Any]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else NullType())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        values = list(value)
        if dialect.name != "sqlite":
            return array_text(values)
        # Often it is one id, of which a writer of JSON would make much.
        is_one = len(values) == 1 and type(values[0]) is int
        return f"[{values[0]}]" if is_one else json.dumps(values)


class _Within(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "within"

    def self_group(self, against: Any = None) -> Any:
        """As it stands: SQLAlchemy would write `= 1` behind it on SQLite, and no index serves that."""
        del against
        return self


def within(column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
    """The statement is executed with {parameter: any collection of integers or of texts}."""
    return _Within(column, bindparam(parameter, type_=_ListParameter()))


@compiles(_Within, "sqlite")
def _on_sqlite(element: _Within, compiler: SQLCompiler, **rest: Any) -> str:
    column, values = element.clauses
    return (
        f"{compiler.process(column, **rest)} IN "
        f"(SELECT value FROM json_each({compiler.process(values, **rest)}))"
    )


@compiles(_Within, "postgresql")
def _on_postgresql(element: _Within, compiler: SQLCompiler, **rest: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **rest)} = ANY({compiler.process(values, **rest)})"


def at_most(many: int | str) -> ColumnElement[int]:
    """What LIMIT and OFFSET of a page are given: a number, or the name of the parameter that holds it.

    It stands in the statement itself. As a parameter PostgreSQL takes it for a tenth of all rows as soon as it plans
    once for all values, and then sorts a hundred thousand of them to show fifty.
    """
    if isinstance(many, str):
        return bindparam(many, type_=Integer(), literal_execute=True)
    return literal_column(str(int(many)), Integer())


class _Unindexed(FunctionElement[int]):
    type = Integer()
    inherit_cache = True
    name = "unindexed"

    def self_group(self, against: Any = None) -> Any:
        del against
        return self


def unindexed(column: ColumnElement[Any]) -> ColumnElement[int]:
    """The same number, by which SQLite does not start a search.

    It keeps no figures of how much there is, and would gather and sort all mail of a mailbox to show fifty lines of it.
    PostgreSQL knows better, and is not kept from anything.
    """
    return _Unindexed(column)


@compiles(_Unindexed, "sqlite")
def _unindexed_on_sqlite(element: _Unindexed, compiler: SQLCompiler, **rest: Any) -> str:
    (column,) = element.clauses
    return f"+{compiler.process(column, **rest)}"


@compiles(_Unindexed, "postgresql")
def _unindexed_on_postgresql(element: _Unindexed, compiler: SQLCompiler, **rest: Any) -> str:
    (column,) = element.clauses
    return compiler.process(column, **rest)
