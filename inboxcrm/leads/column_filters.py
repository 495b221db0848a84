"""What a column of the sheet can be narrowed by, and the condition that a small form about it makes.

A column asks in one of four ways:

    choices   some of the values it can have
    text      some of the values it has, or a part of one
    range     from one number or day to another
    ago       from so many days ago to so many, counted as the column counts them

and may ask for leads that have nothing there. What is chosen in one way widens, what is chosen in two columns narrows:
each column has one condition, and all of them hold together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inboxcrm.errors import FieldsError
from inboxcrm.leads.segment_fields import SegmentField, SegmentFields
from inboxcrm.leads.segment_reading import LeafReader
from inboxcrm.leads.segments import AllOf, AnyOf, FieldType, Leaf, Node, Op, leaves


class Ask(StrEnum):
    CHOICES = "choices"
    TEXT = "text"
    RANGE = "range"
    AGO = "ago"


@dataclass(frozen=True, slots=True)
class FilterColumn:
    """`field` is the segment's name for what stands in the column."""

    key: str
    label: str
    field: str
    ask: Ask
    can_be_blank: bool = False


FILTER_COLUMNS = {
    one.key: one
    for one in (
        FilterColumn("name", "Name", "name", Ask.TEXT),
        FilterColumn("organization", "Organization", "organization", Ask.TEXT, can_be_blank=True),
        FilterColumn("stage", "Stage", "stage", Ask.CHOICES),
        FilterColumn("days", "Days in stage", "stage_since", Ask.AGO),
        FilterColumn("owner", "Owner", "owner", Ask.CHOICES, can_be_blank=True),
        FilterColumn("value", "Value", "value", Ask.RANGE, can_be_blank=True),
        FilterColumn("close", "Close date", "close", Ask.RANGE, can_be_blank=True),
        FilterColumn("owes", "Who owes", "owes", Ask.CHOICES),
        FilterColumn("last_in", "Last in", "last_in", Ask.AGO, can_be_blank=True),
        FilterColumn("last_out", "Last out", "last_out", Ask.AGO, can_be_blank=True),
        FilterColumn("task", "Next task", "task", Ask.RANGE, can_be_blank=True),
        FilterColumn("source", "Source", "source", Ask.TEXT, can_be_blank=True),
        FilterColumn("mails", "Mails", "mails", Ask.RANGE),
        FilterColumn("score", "Score", "score", Ask.RANGE),
        FilterColumn("age", "Age", "appeared", Ask.AGO),
        FilterColumn("temperature", "Temperature", "temperature", Ask.CHOICES),
    )
}
PARTS = {Op.CONTAINS.value: Op.CONTAINS, Op.IS.value: Op.IS, Op.STARTS.value: Op.STARTS}
"""How a text may be asked for, by the word a form sends."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A column's form as it stands: `how` is a word of PARTS; `low` and `high` are the ends of a range."""

    picks: tuple[str, ...] = ()
    text: str = ""
    how: str = Op.CONTAINS.value
    low: str = ""
    high: str = ""
    is_blank: bool = False


def condition_typed(column: FilterColumn, typed: Typed, fields: SegmentFields) -> Node | None:
    """None where nothing was typed. Raises FieldsError, its problems named as the fields of Typed."""
    asked = fields.fields[column.field]
    reader = LeafReader(fields)
    parts: list[Node] = []
    if typed.picks and column.ask in {Ask.CHOICES, Ask.TEXT}:
        parts += _leaf(reader, asked, Op.ANY_OF, typed.picks, "picks")
    if typed.text.strip() and column.ask is Ask.TEXT:
        parts += _leaf(reader, asked, PARTS.get(typed.how, Op.CONTAINS), (typed.text,), "text")
    if column.ask in {Ask.RANGE, Ask.AGO}:
        parts += _range(reader, column, asked, typed)
    if typed.is_blank and column.can_be_blank:
        parts.append(Leaf(asked.key, Op.IS_UNSET, (), asked.type))
    if reader.problems:
        raise FieldsError({one.place: _sentence(one.text) for one in reader.problems})
    return None if not parts else parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _leaf(
    reader: LeafReader, asked: SegmentField, op: Op, values: Sequence[str], place: str
) -> list[Node]:
    found = reader.leaf(asked, op, values, at=place, values_at=place)
    return [] if found is None else [found]


def _range(
    reader: LeafReader, column: FilterColumn, asked: SegmentField, typed: Typed
) -> list[Node]:
    low_op, high_op = _ENDS[Ask.AGO if column.ask is Ask.AGO else asked.type]
    low, high = typed.low.strip(), typed.high.strip()
    if column.ask is Ask.AGO:
        low, high = _days_ago(reader, low, high)
    ends: list[Node] = []
    if low:
        ends += _leaf(reader, asked, low_op, (low,), "low")
    if high:
        ends += _leaf(reader, asked, high_op, (high,), "high")
    if len(ends) < 2:
        return ends
    if _is_turned(ends, column):
        reader.complain("high", "the second is below the first, so no lead is between them")
    return [AllOf(tuple(ends))]


_ENDS = {
    Ask.AGO: (Op.OLDER, Op.WITHIN),
    FieldType.DAY: (Op.AFTER, Op.BEFORE),
    FieldType.MONEY: (Op.AT_LEAST, Op.AT_MOST),
    FieldType.NUMBER: (Op.AT_LEAST, Op.AT_MOST),
}


def _days_ago(reader: LeafReader, low: str, high: str) -> tuple[str, str]:
    """The sheet counts whole days that have passed: at most 3 is less than 4 days ago, at least 0 is everybody."""
    for place, text in (("low", low), ("high", high)):
        if text and not (text.isascii() and text.isdigit() and len(text) < 6):
            reader.complain(place, f'"{text[:40]}" is no number of days; write one like 14')
            return "", ""
    if low and int(low) == 0 and not high:
        reader.complain("low", "at least 0 days is every lead; write 1 or more")
    return ("" if low and int(low) == 0 else low), (str(int(high) + 1) if high else "")


def _is_turned(ends: Sequence[Node], column: FilterColumn) -> bool:
    low, high = (one.value for one in ends if isinstance(one, Leaf))
    if column.ask is Ask.AGO:
        return int(low) >= int(high)
    if "-" in low[1:]:
        return low >= high
    return Decimal(low) > Decimal(high)


def _sentence(text: str) -> str:
    """The reader of conditions names the field first; beside the field that goes without saying."""
    _, colon, rest = text.partition(": ")
    said = rest if colon else text
    return f"{said[:1].upper()}{said[1:]}." if not said.endswith(".") else said


# --- conditions of several columns ---------------------------------------------------


def parts_of(node: Node | None) -> tuple[Node, ...]:
    """What holds together at the top."""
    if node is None:
        return ()
    return node.of if isinstance(node, AllOf) else (node,)


def joined(parts: Iterable[Node]) -> Node | None:
    """The opposite; None for nothing."""
    held = tuple(parts)
    if len(held) < 2:
        return held[0] if held else None
    return AllOf(held)


def column_of(part: Node) -> str:
    """The key of the column that such a condition is about; empty where it is about several or none."""
    asked = {leaf.field for leaf in leaves(part)}
    found = [one.key for one in FILTER_COLUMNS.values() if {one.field} == asked]
    return found[0] if found else ""


def without_column(node: Node | None, key: str) -> tuple[Node, ...]:
    return tuple(one for one in parts_of(node) if column_of(one) != key)


def typed_before(column: FilterColumn, node: Node | None) -> Typed:
    """The form that makes what is asked of the column now, as far as a form can."""
    picks: list[str] = []
    text, how, low, high, is_blank = "", Op.CONTAINS.value, "", "", False
    for part in parts_of(node):
        for leaf in leaves(part) if column_of(part) == column.key else ():
            match leaf.op:
                case Op.ANY_OF:
                    picks += leaf.values
                case Op.IS if column.ask is Ask.CHOICES:
                    picks += leaf.values
                case Op.IS | Op.CONTAINS | Op.STARTS:
                    text, how = leaf.value, leaf.op.value
                case Op.IS_UNSET:
                    is_blank = True
                case Op.OLDER | Op.AFTER | Op.AT_LEAST:
                    low = leaf.value
                case Op.WITHIN if column.ask is Ask.AGO:
                    high = str(int(leaf.value) - 1)
                case Op.BEFORE | Op.AT_MOST:
                    high = leaf.value
                case _:
                    pass
    return Typed(tuple(picks), text, how, low, high, is_blank)
