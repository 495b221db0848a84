"""A segment as people write it:

    stage is new and (tag is fair or last_in within 30 days) and not organization is "Kitaura"

A condition is a field, an operator and what it is compared with; a value of more than one word stands in quotes, where
a backslash keeps a quote from ending it. `not` binds closest, then `and`, then `or`; brackets say otherwise, and
`everyone` is a condition of its own. Whatever is wrong is told at once, each with the column it begins in.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from inboxcrm.errors import Problem
from inboxcrm.leads.segment_fields import SegmentField, SegmentFields, nearest
from inboxcrm.leads.segment_operators import RESERVED, Words, nearest_operator, read_operator
from inboxcrm.leads.segment_reading import EXAMPLE, LeafReader
from inboxcrm.leads.segment_tokens import Token, read_tokens
from inboxcrm.leads.segments import (
    EVERYONE,
    EVERYONE_WORD,
    MAX_TEXT,
    OF_DAYS,
    WITHOUT_VALUE,
    AllOf,
    AnyOf,
    Leaf,
    Node,
    Not,
    Op,
    SegmentError,
)

MAX_NESTING = 32
"""Brackets and nots in each other, before the depth of the tree is asked for."""

_BARE = re.compile(r"[A-Za-z0-9_@.+:/-]+", re.ASCII)
_JOINTS = ("and", "or", "not")
_SHOWN = 40


def parse_segment(text: str, fields: SegmentFields) -> Node:
    """The tree of what somebody wrote. Raises SegmentError with every problem in it."""
    if len(text) > MAX_TEXT:
        raise SegmentError([Problem("", f"it has more than {MAX_TEXT} characters")])
    reader = LeafReader(fields)
    tokens, problems = read_tokens(text)
    if problems:
        raise SegmentError(problems, remedy=EXAMPLE)
    if not tokens:
        raise SegmentError([Problem("column 1", "nothing is asked for")], remedy=EXAMPLE)
    node = _Parser(tokens, len(text), reader).whole()
    reader.problems.sort(key=lambda one: int(one.place.rpartition(" ")[2]))
    return reader.finish(node)


class _Deep(Exception):
    """Nested so deep that reading on would be unwise."""


class _Parser:
    """Reads on after a mistake at the next and, or or bracket; what it made by then is thrown away."""

    def __init__(self, tokens: list[Token], length: int, reader: LeafReader) -> None:
        self._tokens = tokens
        self._at = 0
        self._end = Token("end", "", length + 1, length + 1)
        self._reader = reader
        self._nesting = 0

    def whole(self) -> Node | None:
        try:
            node = self._or()
            while self._now.kind != "end":
                self._unexpected()
                self._skip()
                if self._now.is_mark(")"):
                    self._at += 1
                elif self._now.says("and", "or"):
                    self._at += 1
                    self._or()
            return node
        except _Deep:
            return None

    @property
    def _now(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else self._end

    def _take(self) -> Token:
        token = self._now
        self._at += 1
        return token

    def _complain(self, token: Token, text: str) -> None:
        self._reader.complain(f"column {token.column}", text)

    def _unexpected(self) -> None:
        token = self._now
        if token.is_mark(")"):
            self._complain(token, "this bracket was never opened")
            return
        like = nearest(token.text, _JOINTS[:2]) if token.kind == "word" else ""
        advice = (
            f"did you mean {like}?"
            if like
            else "write and or or between conditions, and quotes around a value of several words"
        )
        self._complain(token, f'"{token.text[:_SHOWN]}" was not expected here; {advice}')

    def _skip(self) -> None:
        while self._now.kind != "end" and not (
            self._now.says("and", "or") or self._now.is_mark(")")
        ):
            self._at += 1

    def _or(self) -> Node:
        return self._joined("or", self._and, AnyOf)

    def _and(self) -> Node:
        return self._joined("and", self._not, AllOf)

    def _joined(
        self, word: str, read: Callable[[], Node], made: Callable[[tuple[Node, ...]], Node]
    ) -> Node:
        found = [read()]
        while self._now.says(word):
            self._at += 1
            found.append(read())
        return found[0] if len(found) == 1 else made(tuple(found))

    def _not(self) -> Node:
        token = self._now
        if not token.says("not") and not token.is_mark("("):
            return self._leaf()
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            self._complain(token, "brackets and nots are nested too deep here")
            raise _Deep
        self._at += 1
        if token.says("not"):
            node: Node = Not(self._not())
        else:
            node = self._or()
            if not self._now.is_mark(")"):
                if self._now.kind != "end":
                    self._unexpected()
                    self._skip()
                else:
                    self._complain(token, "this bracket is never closed")
            if self._now.is_mark(")"):
                self._at += 1
        self._nesting -= 1
        return node

    def _leaf(self) -> Node:
        """What stands for a condition that is wrong does not matter: nothing comes of the tree then."""
        token = self._now
        if token.says(EVERYONE_WORD):
            self._at += 1
            return EVERYONE
        if token.kind != "word" or token.says("and", "or"):
            said = f', not "{token.text[:_SHOWN]}"' if token.text else ""
            self._complain(token, f"a condition begins with a field{said}")
            self._skip()
            return EVERYONE
        name = self._name()
        asked = self._reader.field(name, at=f"column {token.column}")
        if asked is None:
            self._skip()
            return EVERYONE
        return self._condition(asked) or EVERYONE

    def _name(self) -> str:
        token = self._take()
        follows = self._now
        if token.text.endswith(":") and follows.kind == "quoted" and follows.column == token.end:
            return token.text + self._take().text
        return token.text

    def _condition(self, asked: SegmentField) -> Node | None:
        token = self._now
        words = self._words()
        found = read_operator(words, asked)
        if found is None:
            like = nearest_operator(words, asked)
            can = ", ".join(one.value for one in asked.ops)
            said = (
                f'"{token.text[:_SHOWN]}" is no operator'
                if token.text
                else "an operator is missing"
            )
            advice = f'did you mean "{like}"?' if like else f"{asked.key} takes {can}"
            self._complain(token, f"{said}; {advice}")
            self._skip()
            return None
        self._at += found.taken
        return self._valued(asked, found.op, token, is_denied=found.is_denied)

    def _words(self) -> Words:
        """What may belong to the operator, in lower case; a quoted text never does."""
        ahead = self._tokens[self._at : self._at + 8]
        words: list[str] = []
        for token in ahead:
            if token.kind not in {"word", "compare"} or (words and token.says("and", "or")):
                break
            words.append(token.text.casefold())
        return tuple(words)

    def _valued(self, asked: SegmentField, op: Op, token: Token, *, is_denied: bool) -> Node | None:
        at = f"column {token.column}"
        first = self._now
        values: list[str] = []
        if op is Op.ANY_OF:
            values = self._list()
        elif op not in WITHOUT_VALUE and self._is_value():
            values = [self._take().text]
            if op in OF_DAYS:
                values = [self._days(values[0])]
        leaf = self._reader.leaf(asked, op, values, at=at, values_at=f"column {first.column}")
        if leaf is None:
            if not values:
                self._skip()
            return None
        return Not(leaf) if is_denied else leaf

    def _is_value(self) -> bool:
        return self._now.kind == "quoted" or (
            self._now.kind == "word" and not self._now.says("and", "or")
        )

    def _list(self) -> list[str]:
        if not self._now.is_mark("("):
            return [self._take().text] if self._is_value() else []
        self._at += 1
        values: list[str] = []
        while self._is_value():
            values.append(self._take().text)
            if self._now.is_mark(","):
                self._at += 1
        if self._now.is_mark(")"):
            self._at += 1
        else:
            self._complain(self._now, "a list of values ends with a bracket")
        return values

    def _days(self, number: str) -> str:
        """The unit behind a number, and the word after it; weeks become days."""
        many = number
        if self._now.says("day", "days"):
            self._at += 1
        elif self._now.says("week", "weeks"):
            self._at += 1
            is_plain = number.isascii() and number.isdigit()
            many = str(int(number[:9]) * 7) if is_plain else number
        if self._now.says("ago"):
            self._at += 1
        return many[:_SHOWN]


def segment_as_text(node: Node) -> str:
    """What `parse_segment` reads as this very tree."""
    if isinstance(node, Leaf):
        return _leaf_text(node)
    if isinstance(node, Not):
        inner = segment_as_text(node.of)
        return f"not ({inner})" if _is_group(node.of) else f"not {inner}"
    if not node.of:
        return EVERYONE_WORD
    joint = " and " if isinstance(node, AllOf) else " or "
    return joint.join(
        f"({segment_as_text(one)})" if _is_group(one) else segment_as_text(one) for one in node.of
    )


def _is_group(node: Node) -> bool:
    return isinstance(node, (AllOf, AnyOf)) and bool(node.of)


def _leaf_text(leaf: Leaf) -> str:
    head, colon, rest = leaf.field.partition(":")
    name = f"{head}:{_quoted(rest)}" if colon else leaf.field
    if leaf.op in WITHOUT_VALUE:
        return f"{name} {leaf.op.value}"
    if leaf.op is Op.ANY_OF:
        return f"{name} any of ({', '.join(map(_quoted, leaf.values))})"
    if leaf.op in OF_DAYS:
        return f"{name} {leaf.op.value} {leaf.value} days"
    return f"{name} {leaf.op.value} {_quoted(leaf.value)}"


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value) and value.casefold() not in RESERVED:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
