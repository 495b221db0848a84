"""The words people use for an operator, more of them than we write ourselves."""

from __future__ import annotations

from typing import NamedTuple

from inboxcrm.leads.segment_fields import SegmentField, nearest
from inboxcrm.leads.segments import Op

Words = tuple[str, ...]

_SAID: dict[str, Op] = {
    "is not set": Op.IS_UNSET,
    "is not": Op.IS_NOT,
    "!=": Op.IS_NOT,
    "is set": Op.IS_SET,
    "is unset": Op.IS_UNSET,
    "is blank": Op.IS_UNSET,
    "is empty": Op.IS_UNSET,
    "is any of": Op.ANY_OF,
    "is one of": Op.ANY_OF,
    "any of": Op.ANY_OF,
    "one of": Op.ANY_OF,
    "contains": Op.CONTAINS,
    "starts with": Op.STARTS,
    "is before": Op.BEFORE,
    "before": Op.BEFORE,
    "is after": Op.AFTER,
    "after": Op.AFTER,
    "within the last": Op.WITHIN,
    "within last": Op.WITHIN,
    "is within": Op.WITHIN,
    "within": Op.WITHIN,
    "is older than": Op.OLDER,
    "older than": Op.OLDER,
    "in the next": Op.NEXT,
    "in next": Op.NEXT,
    ">=": Op.AT_LEAST,
    "at least": Op.AT_LEAST,
    "<=": Op.AT_MOST,
    "at most": Op.AT_MOST,
    ">": Op.MORE,
    "is more than": Op.MORE,
    "more than": Op.MORE,
    "<": Op.LESS,
    "is less than": Op.LESS,
    "less than": Op.LESS,
    "=": Op.IS,
    "is": Op.IS,
}
_DENIED = {"is not any of": Op.ANY_OF, "is not one of": Op.ANY_OF}
_LONGEST_FIRST = sorted(
    ((tuple(words.split()), op, words in _DENIED) for words, op in (_SAID | _DENIED).items()),
    key=lambda one: -len(one[0]),
)
_AGO = {Op.MORE: Op.OLDER, Op.LESS: Op.WITHIN}
"""A time lies more than so many days back, or less."""

RESERVED = frozenset(word for words, _, _ in _LONGEST_FIRST for word in words) | {
    "and", "or", "not", "everyone", "day", "days", "week", "weeks", "ago",
}  # fmt: skip
"""Words that stand in quotes where they are meant as a value."""


class Operator(NamedTuple):
    """`taken`: so many words said it. `is_denied`: the opposite is asked."""

    op: Op
    taken: int
    is_denied: bool = False


def read_operator(words: Words, asked: SegmentField) -> Operator | None:
    """The operator the words begin with. One this field does not take is only found where no other would do."""
    refused: Operator | None = None
    for said, op, is_denied in _LONGEST_FIRST:
        if words[: len(said)] != said:
            continue
        meant = op
        if op in _AGO and op not in asked.ops and _AGO[op] in asked.ops:
            meant = _AGO[op]
        found = Operator(meant, len(said), is_denied)
        if meant in asked.ops:
            return found
        refused = refused or found
    return refused


def nearest_operator(words: Words, asked: SegmentField) -> str:
    """What was most likely meant; empty where nothing is like it."""
    known = [op.value for op in asked.ops]
    return nearest(" ".join(words[:2]), known) or nearest(" ".join(words[:1]), known)
