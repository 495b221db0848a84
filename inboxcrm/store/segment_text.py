"""Text, declared fields and their numbers and days as conditions of SQL that mean the same on both databases.

Neither database folds letters for us, see leads/segment_folding.py: SQLite matches a pattern that names both cases,
PostgreSQL compares after an exchange of letter for letter. Numbers are compared exactly: PostgreSQL has numbers without
end; SQLite has not, but two plain decimals without spare zeros compare by the length of their whole part, then as text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from inboxcrm.leads.segment_bounds import DAY, NUMBER
from inboxcrm.leads.segment_folding import alphabets, folded, glob_pattern
from inboxcrm.leads.segments import Op
from inboxcrm.store.tables import lead


def _given(value: str) -> ColumnElement[str]:
    return bindparam(None, value, type_=Text(), unique=True)


class _Condition(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """It brings its own brackets."""
        del against
        return self


# --- text ----------------------------------------------------------------------


class _Equals(_Condition):
    inherit_cache = True
    name = "segment_equals"


class _Contains(_Condition):
    inherit_cache = True
    name = "segment_contains"


class _Starts(_Condition):
    inherit_cache = True
    name = "segment_starts"


_TEXT_OPS = {Op.CONTAINS: _Contains, Op.STARTS: _Starts}


def text_is(column: ColumnElement[Any], op: Op, value: str) -> ColumnElement[bool]:
    """CONTAINS, STARTS, else the whole text; capitals do not matter. Never null for a text that is not null."""
    capitals, letters = alphabets(value)
    kind = _TEXT_OPS.get(op, _Equals)
    pattern = glob_pattern(value, starts=op is not Op.CONTAINS, ends=kind is _Equals)
    return kind(column, _given(pattern), _given(capitals), _given(letters), _given(folded(value)))


@compiles(_Equals, "sqlite")
@compiles(_Contains, "sqlite")
@compiles(_Starts, "sqlite")
def _glob(element: _Condition, compiler: SQLCompiler, **rest: Any) -> str:
    column, pattern, *_ = (compiler.process(one, **rest) for one in list(element.clauses)[:2])
    return f"({column} GLOB {pattern})"


def _exchanged(element: _Condition, compiler: SQLCompiler, rest: dict[str, Any]) -> tuple[str, str]:
    column, _, *others = element.clauses
    stored, capitals, letters, value = (compiler.process(one, **rest) for one in (column, *others))
    return f"translate({stored}, {capitals}, {letters})", value


@compiles(_Equals, "postgresql")
def _equals(element: _Equals, compiler: SQLCompiler, **rest: Any) -> str:
    text, value = _exchanged(element, compiler, rest)
    return f"({text} = {value})"


@compiles(_Contains, "postgresql")
def _contains(element: _Contains, compiler: SQLCompiler, **rest: Any) -> str:
    text, value = _exchanged(element, compiler, rest)
    return f"(strpos({text}, {value}) > 0)"


@compiles(_Starts, "postgresql")
def _starts(element: _Starts, compiler: SQLCompiler, **rest: Any) -> str:
    text, value = _exchanged(element, compiler, rest)
    return f"starts_with({text}, {value})"


# --- declared fields -------------------------------------------------------------


class _Declared(FunctionElement[str]):
    type = Text()
    inherit_cache = True
    name = "segment_declared"


def declared(key: str) -> ColumnElement[str]:
    """What the lead holds in that declared field; empty where nothing."""
    return _Declared(lead.c.custom, _given(f'$."{key}"'), _given(key))


@compiles(_Declared, "sqlite")
def _declared_on_sqlite(element: _Declared, compiler: SQLCompiler, **rest: Any) -> str:
    column, path, _ = element.clauses
    return f"coalesce(json_extract({compiler.process(column, **rest)}, {compiler.process(path, **rest)}), '')"


@compiles(_Declared, "postgresql")
def _declared_on_postgresql(element: _Declared, compiler: SQLCompiler, **rest: Any) -> str:
    column, _, key = element.clauses
    return f"coalesce({compiler.process(column, **rest)}::jsonb ->> {compiler.process(key, **rest)}, '')"


class _IsDay(_Condition):
    inherit_cache = True
    name = "segment_is_day"


class _Between(_Condition):
    inherit_cache = True
    name = "segment_between"


def is_day(text: ColumnElement[str]) -> ColumnElement[bool]:
    return _IsDay(text)


def day_between(text: ColumnElement[str], first: str, last: str) -> ColumnElement[bool]:
    """Both included; for a text that is a day."""
    return _Between(text, _given(first), _given(last))


_DIGIT = "[0-9]"
_DAY_GLOB = "-".join((_DIGIT * 4, _DIGIT * 2, _DIGIT * 2))


@compiles(_IsDay, "sqlite")
def _is_day_on_sqlite(element: _IsDay, compiler: SQLCompiler, **rest: Any) -> str:
    (text,) = element.clauses
    return f"({compiler.process(text, **rest)} GLOB '{_DAY_GLOB}')"


@compiles(_IsDay, "postgresql")
def _is_day_on_postgresql(element: _IsDay, compiler: SQLCompiler, **rest: Any) -> str:
    (text,) = element.clauses
    return f"({compiler.process(text, **rest)} ~ '^({DAY.pattern})$')"


@compiles(_Between, "sqlite")
def _between_on_sqlite(element: _Between, compiler: SQLCompiler, **rest: Any) -> str:
    text, first, last = (compiler.process(one, **rest) for one in element.clauses)
    return f"({text} BETWEEN {first} AND {last})"


@compiles(_Between, "postgresql")
def _between_on_postgresql(element: _Between, compiler: SQLCompiler, **rest: Any) -> str:
    text, first, last = (compiler.process(one, **rest) for one in element.clauses)
    return f'({text} COLLATE "C" BETWEEN {first} AND {last})'


# --- numbers ---------------------------------------------------------------------


class _IsNumber(_Condition):
    inherit_cache = True
    name = "segment_is_number"


class _Above(_Condition):
    inherit_cache = True
    name = "segment_above"


class _Below(_Condition):
    inherit_cache = True
    name = "segment_below"


def is_number(text: ColumnElement[str]) -> ColumnElement[bool]:
    return _IsNumber(text)


def number_above(text: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """Greater than the plain decimal `value`; false for a text that is no number."""
    return _Above(text, *_parts(value))


def number_below(text: ColumnElement[str], value: str) -> ColumnElement[bool]:
    return _Below(text, *_parts(value))


def _parts(value: str) -> tuple[ColumnElement[str], ...]:
    """The number itself; its sign; how long its whole part is, in a form that sorts; its figures."""
    figures = value.removeprefix("-")
    length = f"{len(figures.partition('.')[0]):05d}"
    sign = "-" if value.startswith("-") else ""
    return _given(value), _given(sign), _given(length + figures)


@compiles(_IsNumber, "sqlite")
def _is_number_on_sqlite(element: _IsNumber, compiler: SQLCompiler, **rest: Any) -> str:
    (text,) = (compiler.process(one, **rest) for one in element.clauses)
    return _plain_decimal(text)


def _plain_decimal(text: str) -> str:
    """NUMBER in GLOBs: figures with at most one point in them, a sign only before them, no spare zeros."""
    figures = f"ltrim({text}, '-')"
    return (
        f"({text} NOT GLOB '--*' AND {text} <> '-0' AND {figures} NOT GLOB '*[^0-9.]*'"
        f" AND {figures} GLOB '[0-9]*' AND {figures} NOT GLOB '0[0-9]*'"
        f" AND {figures} NOT GLOB '*.*.*' AND {figures} NOT GLOB '*.'"
        f" AND {figures} NOT GLOB '*.*0')"
    )


@compiles(_IsNumber, "postgresql")
def _is_number_on_postgresql(element: _IsNumber, compiler: SQLCompiler, **rest: Any) -> str:
    (text,) = (compiler.process(one, **rest) for one in element.clauses)
    return f"({text} ~ '^({NUMBER.pattern})$')"


_SORTED = "printf('%05d', instr(ltrim({0}, '-') || '.', '.') - 1) || ltrim({0}, '-')"


@compiles(_Above, "sqlite")
def _above_on_sqlite(element: _Above, compiler: SQLCompiler, **rest: Any) -> str:
    return _by_figures(
        element,
        compiler,
        "WHEN '' THEN {text} NOT GLOB '-*' AND {own} > {value}"
        " ELSE {text} NOT GLOB '-*' OR {own} < {value}",
        rest,
    )


@compiles(_Below, "sqlite")
def _below_on_sqlite(element: _Below, compiler: SQLCompiler, **rest: Any) -> str:
    return _by_figures(
        element,
        compiler,
        "WHEN '' THEN {text} GLOB '-*' OR {own} < {value}"
        " ELSE {text} GLOB '-*' AND {own} > {value}",
        rest,
    )


def _by_figures(
    element: _Condition, compiler: SQLCompiler, cases: str, rest: dict[str, Any]
) -> str:
    """`cases` by the sign of the value asked for: the first where it has none, the other below zero."""
    column, _, sign, sorted_value = element.clauses
    text, is_negative, value = (
        compiler.process(one, **rest) for one in (column, sign, sorted_value)
    )
    chosen = cases.format(text=text, own=_SORTED.format(text), value=value)
    return f"({_plain_decimal(text)} AND CASE {is_negative} {chosen} END)"


@compiles(_Above, "postgresql")
def _above_on_postgresql(element: _Above, compiler: SQLCompiler, **rest: Any) -> str:
    return _numeric(element, compiler, ">", rest)


@compiles(_Below, "postgresql")
def _below_on_postgresql(element: _Below, compiler: SQLCompiler, **rest: Any) -> str:
    return _numeric(element, compiler, "<", rest)


def _numeric(element: _Condition, compiler: SQLCompiler, sign: str, rest: dict[str, Any]) -> str:
    """The CASE keeps what is no number from being read as one: PostgreSQL would refuse the whole question."""
    column, number, *_ = element.clauses
    text, value = (compiler.process(one, **rest) for one in (column, number))
    return (
        f"(CASE WHEN {text} ~ '^({NUMBER.pattern})$'"
        f" THEN ({text})::numeric {sign} ({value})::numeric ELSE false END)"
    )
