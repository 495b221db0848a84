"""The kinds of columns all tables are made of.

Times (`*_at`) are integers: milliseconds since 1970 in UTC, as Gmail gives them; dates (`*_on`) are ISO text. Both
sort and compare alike on SQLite and PostgreSQL, and no driver converts them row by row
(docs/decisions/0002-times-as-integers.md). Lists and maps are JSON text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, MetaData, Text, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows itself only in a column of type INTEGER; PostgreSQL needs 64 bits said.
Id = BigInteger().with_variant(Integer(), "sqlite")
Ms = BigInteger()

# Said of tables whose rows leave while their numbers are still told: in a column without a foreign key, on a timeline,
# in a link or a form somebody has open. PostgreSQL never gives a number twice; SQLite must be told, table by table.
GIVEN_ONCE = True


def row_id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def points_to(name: str, target: str, *, null: bool = False, cascade: bool = False) -> Column[int]:
    return Column(
        name, Id, ForeignKey(target, ondelete="CASCADE" if cascade else None), nullable=null
    )


def words(name: str, default: str | None = "") -> Column[str]:
    if default is None:
        return Column(name, Text, nullable=False)
    return Column(name, Text, nullable=False, server_default=text(f"'{default}'"))


def flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default=text("0"))


def of_rows(condition: str) -> dict[str, Any]:
    """An index of those rows alone; serves questions that have the condition written out, word for word."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
