"""A segment as a form: rows of field, comparison and values, in groups of which all, any or none have to hold.

Every tree becomes a form, and every form without problems a tree that means the same. A row may hold several values:
"is" is then one of them, "is not" none. What is denied stands in the row where people say it so ("does not contain"),
else in a group of which none may hold.

Rows and groups are called by their place: (0, 2) is the third in the first of the outermost group, which is ().
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from inboxcrm.errors import Problem
from inboxcrm.leads.segment_fields import SegmentField, SegmentFields
from inboxcrm.leads.segment_reading import LeafReader
from inboxcrm.leads.segments import (
    EVERYONE,
    EVERYONE_WORD,
    MAX_DEPTH,
    MAX_LEAVES,
    OF_DAYS,
    WITHOUT_VALUE,
    AllOf,
    AnyOf,
    FieldType,
    Leaf,
    Node,
    Not,
    Op,
)

Place = tuple[int, ...]

_DENIED = "not "
_DENIED_IN_A_ROW = frozenset({Op.CONTAINS, Op.STARTS})
_OPPOSITE = {
    Op.IS: Op.IS_NOT,
    Op.IS_NOT: Op.IS,
    Op.IS_SET: Op.IS_UNSET,
    Op.IS_UNSET: Op.IS_SET,
}
_FIRST_ASKED = {
    FieldType.TEXT: Op.CONTAINS,
    FieldType.ADDRESS: Op.CONTAINS,
    FieldType.TIME: Op.WITHIN,
    FieldType.DAY: Op.WITHIN,
}


class Join(StrEnum):
    ALL = "all"
    ANY = "any"
    NONE = "none"


class Shape(StrEnum):
    """What a row is filled with."""

    NOTHING = "nothing"
    DAYS = "days"
    DAY = "day"
    AMOUNT = "amount"
    ONE = "one"
    SOME = "some"
    TEXT = "text"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Row:
    """`comparison` is one of `comparisons` of its field; values are as they were typed."""

    field: str
    comparison: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    join: Join = Join.ALL
    of: tuple[Row | Group, ...] = ()


def comparisons(asked: SegmentField) -> tuple[str, ...]:
    """What may be chosen for that field; `any of` is `is` with several values."""
    found: list[str] = []
    for op in asked.ops:
        if op is not Op.ANY_OF:
            found.append(op.value)
        if op in _DENIED_IN_A_ROW:
            found.append(f"{_DENIED}{op.value}")
    return tuple(found)


def shape_of(asked: SegmentField, comparison: str) -> Shape:
    op = _operator(comparison)[0]
    takes_several = Op.ANY_OF in asked.ops and op in {Op.IS, Op.IS_NOT}
    if op is None or op in WITHOUT_VALUE:
        return Shape.NOTHING
    if op in OF_DAYS:
        return Shape.DAYS
    if asked.type in {FieldType.TIME, FieldType.DAY}:
        return Shape.DAY
    if asked.type in {FieldType.NUMBER, FieldType.MONEY}:
        return Shape.AMOUNT
    if asked.choices:
        return Shape.SOME if takes_several else Shape.ONE
    return Shape.TEXTS if takes_several else Shape.TEXT


def _operator(comparison: str) -> tuple[Op | None, bool]:
    """And whether its opposite is asked."""
    is_denied = comparison.startswith(_DENIED)
    said = comparison.removeprefix(_DENIED)
    return next((op for op in Op if op.value == said), None), is_denied


# --- from a tree ----------------------------------------------------------------


def form_of(node: Node) -> Group:
    made = _part(node)
    return made if isinstance(made, Group) else Group(Join.ALL, (made,))


def _part(node: Node) -> Row | Group:
    if isinstance(node, Leaf):
        return _row(node)
    if isinstance(node, Not):
        if isinstance(node.of, Not):
            return _part(node.of.of)
        denied = _denied_row(node.of) if isinstance(node.of, Leaf) else None
        if denied is not None:
            return denied
        members = node.of.of if isinstance(node.of, AnyOf) else (node.of,)
        return Group(Join.NONE, tuple(map(_part, members)))
    if not node.of:
        return Row(EVERYONE_WORD)
    join = Join.ALL if isinstance(node, AllOf) else Join.ANY
    return Group(join, tuple(map(_part, node.of)))


def _row(leaf: Leaf) -> Row:
    op = Op.IS if leaf.op is Op.ANY_OF else leaf.op
    return Row(leaf.field, op.value, leaf.values)


def _denied_row(leaf: Leaf) -> Row | None:
    """None where people do not say the opposite in one word."""
    if leaf.op is Op.ANY_OF:
        return Row(leaf.field, Op.IS_NOT.value, leaf.values)
    if leaf.op in _OPPOSITE:
        return Row(leaf.field, _OPPOSITE[leaf.op].value, leaf.values)
    if leaf.op in _DENIED_IN_A_ROW:
        return Row(leaf.field, f"{_DENIED}{leaf.op.value}", leaf.values)
    return None


# --- to a tree ------------------------------------------------------------------


def tree_of(form: Group, fields: SegmentFields) -> Node:
    """Raises SegmentError; the problems' places are those of `written_place`, of the whole the empty one."""
    reader = LeafReader(fields)
    node = _read_group(form, (), reader)
    return reader.finish(node)


def written_place(place: Place) -> str:
    return ".".join(map(str, place))


def _read_group(form: Group, place: Place, reader: LeafReader) -> Node | None:
    if not form.of:
        reader.complain(written_place(place), "nothing is asked for here yet; add a condition")
        return None
    read: list[Node] = []
    for number, one in enumerate(form.of):
        where = (*place, number)
        found = (
            _read_row(one, where, reader)
            if isinstance(one, Row)
            else _read_group(one, where, reader)
        )
        if found is not None:
            read.append(found)
    if len(read) < len(form.of):
        return None
    if form.join is Join.NONE:
        return Not(read[0] if len(read) == 1 else AnyOf(tuple(read)))
    if len(read) == 1:
        return read[0]
    return AllOf(tuple(read)) if form.join is Join.ALL else AnyOf(tuple(read))


def _read_row(row: Row, place: Place, reader: LeafReader) -> Node | None:
    if row.field == EVERYONE_WORD:
        return EVERYONE
    at = written_place(place)
    asked = reader.field(row.field, at=at)
    if asked is None:
        return None
    op, is_denied = _operator(row.comparison)
    if op is None:
        reader.complain(at, "choose how it is compared")
        return None
    values = [one for one in row.values if one.strip()]
    if op in WITHOUT_VALUE:
        values = []
    elif not values:
        reader.complain(at, "say what it is compared with")
        return None
    if len(values) > 1 and Op.ANY_OF in asked.ops and op in {Op.IS, Op.IS_NOT}:
        is_denied = op is Op.IS_NOT
        op = Op.ANY_OF
    told = len(reader.problems)
    leaf = reader.leaf(asked, op, values, at=at, values_at=at)
    if leaf is None:
        # Beside its row a problem need not say which field it is about.
        reader.problems[told:] = [
            Problem(at, one.text.removeprefix(f"{asked.key}: ")) for one in reader.problems[told:]
        ]
        return None
    return Not(leaf) if is_denied else leaf


# --- changing it ----------------------------------------------------------------


def with_row(form: Group, place: Place, asked: SegmentField | None) -> Group:
    """A row more in that group, not filled in yet; None asks for everybody. The form itself where there is no room."""
    if asked is None:
        return _added(form, place, Row(EVERYONE_WORD))
    op = _FIRST_ASKED.get(asked.type, asked.ops[0])
    return _added(form, place, Row(asked.key, op.value))


def with_group(form: Group, place: Place) -> Group:
    return _added(form, place, Group(Join.ANY)) if may_nest(place) else form


def may_nest(place: Place) -> bool:
    """Whether a group in that group could still hold a condition."""
    return len(place) + 3 <= MAX_DEPTH


def is_full(form: Group) -> bool:
    return _count(form) >= MAX_LEAVES


def without(form: Group, place: Place) -> Group:
    """What is not there need not be taken out."""
    return _changed(form, place[:-1], lambda group: _dropped(group, place[-1])) if place else form


def _added(form: Group, place: Place, one: Row | Group) -> Group:
    if is_full(form):
        return form
    return _changed(form, place, lambda group: replace(group, of=(*group.of, one)))


def _dropped(group: Group, number: int) -> Group:
    return replace(group, of=group.of[:number] + group.of[number + 1 :])


def _changed(form: Group, place: Place, change: Callable[[Group], Group]) -> Group:
    if not place:
        return change(form)
    number, rest = place[0], place[1:]
    inner = form.of[number] if number < len(form.of) else None
    if not isinstance(inner, Group):
        return form
    made = _changed(inner, rest, change)
    return replace(form, of=(*form.of[:number], made, *form.of[number + 1 :]))


def _count(form: Group) -> int:
    """Rows, and groups too: an empty one takes the room of a row."""
    return sum(1 if isinstance(one, Row) else 1 + _count(one) for one in form.of)
