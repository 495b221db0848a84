"""`quartiles_of(column)`: how durations are spread, an aggregate that comes back as `Quartiles`.

Both databases give the same to the ms. PostgreSQL sorts a group and hands over the three points. SQLite has no such
function, and numbering the rows of each group costs it more than all the rest of the page; it runs in this process, so
it hands over the durations as one text.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Text, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

from inboxcrm.leads.number_shapes import Quartiles, quartiles


class _QuartilesType(TypeDecorator[Quartiles]):
    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else NullType())

    def process_result_value(self, value: Any, dialect: Dialect) -> Quartiles:
        if dialect.name == "sqlite":
            return quartiles(json.loads(f"[{value or ''}]"))
        # The count first; whole ms below each point, as `quartiles` cuts them.
        return Quartiles(*(int(one) for one in value)) if value[0] else Quartiles()


class quartiles_of(FunctionElement[Quartiles]):  # noqa: N801 - written like the functions of SQL
    """Of the values of a group that are not null: whole numbers of ms, none below 0."""

    type = _QuartilesType()
    inherit_cache = True
    name = "quartiles_of"

    def __init__(self, column: ColumnElement[int]) -> None:
        super().__init__(column)


@compiles(quartiles_of, "sqlite")
def _on_sqlite(element: quartiles_of, compiler: SQLCompiler, **rest: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **rest)})"


@compiles(quartiles_of, "postgresql")
def _on_postgresql(element: quartiles_of, compiler: SQLCompiler, **rest: Any) -> str:
    column = compiler.process(element.clauses, **rest)
    points = f"percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY {column})"
    return f"array_prepend(CAST(count({column}) AS double precision), {points})"
