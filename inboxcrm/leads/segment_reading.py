"""From JSON to a tree: every condition is looked up in the table of fields, and all problems are told at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from inboxcrm.errors import Problem
from inboxcrm.leads.segment_fields import NOBODY, SegmentField, SegmentFields, nearest
from inboxcrm.leads.segment_values import read_value
from inboxcrm.leads.segments import (
    EVERYONE,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_TEXT,
    MAX_VALUES,
    WITHOUT_VALUE,
    AllOf,
    AnyOf,
    Leaf,
    Node,
    Not,
    Op,
    SegmentError,
    size_problems,
)

_JOINTS = ("all", "any", "not")
_SHOWN = 60
_MOST_PROBLEMS = 20


class LeafReader:
    """Reads conditions and keeps what is wrong with them; a condition that is wrong is read as None."""

    def __init__(self, fields: SegmentFields) -> None:
        self.fields = fields
        self.problems: list[Problem] = []

    def complain(self, place: str, text: str) -> None:
        self.problems.append(Problem(place, text))

    def field(self, name: str, *, at: str) -> SegmentField | None:
        found = self.fields.find(name)
        if found is None:
            like = self.fields.nearest(name)
            what = "cadence" if name.casefold().startswith("cadence:") else "field"
            shown = name.partition(":")[2] if what == "cadence" else name
            advice = (
                f"did you mean {like}?"
                if like
                else f"fields are {', '.join(self.fields.fields)}"
                if what == "field"
                else "there is none like it"
            )
            self.complain(at, f'there is no {what} "{shown[:_SHOWN]}"; {advice}')
        return found

    def leaf(
        self, asked: SegmentField, op: Op, values: Sequence[str], *, at: str, values_at: str
    ) -> Leaf | None:
        if asked.key == "owner" and [one.casefold() for one in values] == [NOBODY]:
            op = {Op.IS: Op.IS_UNSET, Op.IS_NOT: Op.IS_SET}.get(op, op)
        if op not in asked.ops:
            can = ", ".join(one.value for one in asked.ops)
            self.complain(at, f'{asked.key} cannot be asked with "{op.value}"; it can with {can}')
            return None
        if op in WITHOUT_VALUE:
            return Leaf(asked.key, op, (), asked.type)
        read: list[str] = []
        wrong = False
        for value in values:
            try:
                read.append(read_value(self.fields, asked, op, value))
            except ValueError as error:
                self.complain(values_at, f"{asked.key}: {error}")
                wrong = True
        if wrong or not read:
            if not wrong:
                self.complain(values_at, f"{asked.key} {op.value}: the value is missing")
            return None
        if op is not Op.ANY_OF and len(read) != 1:
            self.complain(
                values_at, f"{asked.key} {op.value} takes one value; any of takes several"
            )
            return None
        return Leaf(asked.key, op, tuple(dict.fromkeys(read)), asked.type)

    def finish(self, node: Node | None) -> Node:
        """The tree, or all that is wrong with it. Raises SegmentError."""
        if node is not None and not self.problems:
            self.problems += size_problems(node)
        if self.problems or node is None:
            raise SegmentError(self.problems[:_MOST_PROBLEMS], remedy=EXAMPLE)
        return node


EXAMPLE = 'Write it like: stage is new and (tag is fair or last_in within 30 days) and not organization is "Kitaura"'


def tree_from_json(given: str | Mapping[str, Any], fields: SegmentFields) -> Node:
    """`{"all"|"any"|"not": [...]}` and leaves `{"field", "op", "value"}`; `not` of several is none of them; an empty
    `all` is everybody. Raises SegmentError.
    """
    reader = LeafReader(fields)
    tree: Any = given
    if isinstance(given, str):
        if len(given) > MAX_TEXT:
            raise SegmentError([Problem("", f"it has more than {MAX_TEXT} characters")])
        try:
            tree = json.loads(given)
        except (ValueError, RecursionError):
            raise SegmentError([Problem("", "it is no JSON")], remedy=EXAMPLE) from None
    return reader.finish(_Walk(reader).read(tree, "", 1))


class _Walk:
    """It stops at what is too deep or too much, whatever it is given."""

    def __init__(self, reader: LeafReader) -> None:
        self._reader = reader
        self._seen = 0

    def read(self, given: Any, place: str, level: int) -> Node | None:
        # A group of one stands for what is in it, so a few levels more than a tree may have.
        self._seen += 1
        if level > 2 * MAX_DEPTH or self._seen > 4 * MAX_LEAVES:
            if self._seen >= 0:
                self._reader.complain(
                    place,
                    f"too much: at most {MAX_LEAVES} conditions, nested {MAX_DEPTH} deep, are taken",
                )
            self._seen = -(10**9)
            return None
        if not isinstance(given, Mapping):
            self._reader.complain(place, "a condition is a map of field, op and value")
            return None
        joints = [name for name in _JOINTS if name in given]
        if not joints:
            return self._leaf(given, place)
        if len(given) != 1 or not isinstance(given[joints[0]], list):
            self._reader.complain(
                place, "all, any and not stand alone, each with a list of conditions"
            )
            return None
        return self._group(joints[0], given[joints[0]], place, level)

    def _group(self, joint: str, members: list[Any], place: str, level: int) -> Node | None:
        dot = f"{place}." if place else ""
        read: list[Node] = []
        for number, one in enumerate(members):
            if self._seen < 0:
                return None
            found = self.read(one, f"{dot}{joint}[{number}]", level + 1)
            if found is not None:
                read.append(found)
        if len(read) < len(members):
            return None
        if not read and joint != "all":
            self._reader.complain(place, f"{joint} of nothing means nothing; put conditions in it")
            return None
        if joint == "not":
            return Not(read[0] if len(read) == 1 else AnyOf(tuple(read)))
        if len(read) == 1:
            return read[0]
        if not read:
            return EVERYONE
        return AllOf(tuple(read)) if joint == "all" else AnyOf(tuple(read))

    def _leaf(self, given: Mapping[str, Any], place: str) -> Leaf | None:
        dot = f"{place}." if place else ""
        unknown = [str(name)[:_SHOWN] for name in given if name not in {"field", "op", "value"}]
        if unknown:
            self._reader.complain(
                place, f'"{unknown[0]}" is not known here; a condition has field, op and value'
            )
            return None
        name, said = given.get("field"), given.get("op")
        if not isinstance(name, str) or not isinstance(said, str):
            self._reader.complain(place, "a condition names a field and an op, both as text")
            return None
        asked = self._reader.field(name, at=f"{dot}field")
        if asked is None:
            return None
        op = next((one for one in Op if one.value == said.strip().casefold()), None)
        if op is None:
            like = nearest(said, [one.value for one in asked.ops])
            can = ", ".join(one.value for one in asked.ops)
            advice = f'did you mean "{like}"?' if like else f"{asked.key} takes {can}"
            self._reader.complain(f"{dot}op", f'there is no op "{said[:_SHOWN]}"; {advice}')
            return None
        held = given.get("value")
        several = held if isinstance(held, list) else [] if held is None else [held]
        if any(isinstance(one, bool) or not isinstance(one, (str, int, float)) for one in several):
            self._reader.complain(f"{dot}value", "a value is a text or a number")
            return None
        if len(several) > MAX_VALUES:
            self._reader.complain(f"{dot}value", f"at most {MAX_VALUES} values are taken")
            return None
        return self._reader.leaf(
            asked, op, [str(one) for one in several], at=f"{dot}op", values_at=f"{dot}value"
        )
