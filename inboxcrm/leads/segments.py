"""What a segment is: a tree of conditions on leads, each joined to the others by all, any or not.

What a condition means, alike here, on SQLite and on PostgreSQL:
- A blank field matches nothing but `is unset`. `is not` says the opposite of `is`, so it holds for blank fields too,
  and `not (...)` the opposite of what stands in it: there is no third answer.
- Of what a lead has several of (tags, addresses, cadences) one that fits is enough for `is`; `is not` wants none.
- Text is compared without regard to capitals, letter by letter: Ü is ü, but ß is not ss and é is not e.
- `within 30 days` is less than 30 times 24 hours ago, or still to come; `older than 30 days` is the opposite where
  there is a time at all. `before` a day ends where that day begins, `after` it begins where it ends, in the house's
  zone. Days that a house declares itself also know `in next 30 days`, and `within` then means the past alone.
- Amounts are compared as numbers, whatever their currency.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from inboxcrm.errors import Problem, UsageError

MAX_DEPTH = 8
MAX_LEAVES = 100
MAX_VALUES = 200
"""Of all conditions together: an `any of` may hold many."""
MAX_VALUE_LENGTH = 500
MAX_DAYS = 36_500
MAX_TEXT = 100_000
"""Characters of a whole segment, written in words or as JSON."""


class Op(StrEnum):
    IS = "is"
    IS_NOT = "is not"
    ANY_OF = "any of"
    CONTAINS = "contains"
    STARTS = "starts with"
    IS_SET = "is set"
    IS_UNSET = "is unset"
    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"
    OLDER = "older than"
    NEXT = "in next"
    MORE = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


class FieldType(StrEnum):
    """How the values of a field are written and compared.

    TIME is a moment, DAY a date without one; NUMBER is a declared field, MONEY the value of a lead; of PRESENCE one
    can only ask whether it is there.
    """

    TEXT = "text"
    CHOICE = "choice"
    TAG = "tag"
    TIME = "time"
    DAY = "day"
    NUMBER = "number"
    MONEY = "money"
    ADDRESS = "address"
    DOMAIN = "domain"
    PRESENCE = "presence"
    FLAG = "flag"
    CADENCE = "cadence"


_SET = (Op.IS_SET, Op.IS_UNSET)
_TEXT = (Op.IS, Op.IS_NOT, Op.ANY_OF, Op.CONTAINS, Op.STARTS, *_SET)
_CHOICE = (Op.IS, Op.IS_NOT, Op.ANY_OF)
_AMOUNT = (Op.IS, Op.IS_NOT, Op.MORE, Op.LESS, Op.AT_LEAST, Op.AT_MOST, *_SET)
OPS: dict[FieldType, tuple[Op, ...]] = {
    FieldType.TEXT: _TEXT,
    FieldType.CHOICE: (*_CHOICE, *_SET),
    FieldType.TAG: (*_CHOICE, *_SET),
    FieldType.TIME: (Op.BEFORE, Op.AFTER, Op.WITHIN, Op.OLDER, *_SET),
    FieldType.DAY: (
        Op.IS, Op.IS_NOT, Op.BEFORE, Op.AFTER, Op.WITHIN, Op.OLDER, Op.NEXT, *_SET,
    ),
    FieldType.NUMBER: _AMOUNT,
    FieldType.MONEY: _AMOUNT,
    FieldType.ADDRESS: _TEXT,
    FieldType.DOMAIN: _TEXT,
    FieldType.PRESENCE: _SET,
    FieldType.FLAG: (Op.IS, Op.IS_NOT),
    FieldType.CADENCE: _CHOICE,
}  # fmt: skip
WITHOUT_VALUE = frozenset(_SET)
OF_DAYS = frozenset({Op.WITHIN, Op.OLDER, Op.NEXT})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition. `values` are in the one form they are compared in: a stage's key, a match key, a plain decimal, an
    ISO day, a number of days; none for `is set`, several only for `any of`.
    """

    field: str
    op: Op
    values: tuple[str, ...]
    type: FieldType

    @property
    def value(self) -> str:
        return self.values[0]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Of nothing: every lead."""

    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: Node


Node = Leaf | AllOf | AnyOf | Not
EVERYONE = AllOf(())
EVERYONE_WORD = "everyone"
"""How it is written, and the field of a row of the form that says so."""


class SegmentError(UsageError):
    """A segment that cannot be taken as it is, with all its problems and where they are ("column 14",
    "all[1].value").
    """

    def __init__(self, problems: Sequence[Problem], *, remedy: str = "") -> None:
        count = "one problem" if len(problems) == 1 else f"{len(problems)} problems"
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"The segment has {count}.\n{lines}", remedy=remedy)
        self.problems = tuple(problems)


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Leaf):
        return ()
    return (node.of,) if isinstance(node, Not) else node.of


def leaves(node: Node) -> Iterator[Leaf]:
    """Every condition, in the order in which it was written."""
    if isinstance(node, Leaf):
        yield node
    for child in children(node):
        yield from leaves(child)


def depth(node: Node) -> int:
    """One condition alone is 1 deep."""
    return 1 + max(map(depth, children(node)), default=0)


def size_problems(node: Node) -> list[Problem]:
    """What is too much of it for a database to be asked at once."""
    every = list(leaves(node))
    values = sum(len(leaf.values) for leaf in every)
    found: list[Problem] = []
    if depth(node) > MAX_DEPTH:
        found.append(
            Problem("", f"conditions may be nested {MAX_DEPTH} deep; these are {depth(node)}")
        )
    if len(every) > MAX_LEAVES:
        found.append(
            Problem("", f"at most {MAX_LEAVES} conditions are taken; these are {len(every)}")
        )
    if values > MAX_VALUES:
        found.append(Problem("", f"at most {MAX_VALUES} values are taken; these are {values}"))
    return found


def tree_as_json(node: Node) -> str:
    """As `tree_from_json` reads it, and as it lies in the database."""
    return json.dumps(_plain(node), ensure_ascii=False)


def _plain(node: Node) -> dict[str, Any]:
    if isinstance(node, Leaf):
        held: dict[str, Any] = {"field": node.field, "op": node.op.value}
        if node.op is Op.ANY_OF:
            held["value"] = list(node.values)
        elif node.op not in WITHOUT_VALUE:
            held["value"] = node.value
        return held
    if isinstance(node, Not):
        return {"not": [_plain(node.of)]}
    return {"all" if isinstance(node, AllOf) else "any": [_plain(child) for child in node.of]}
