"""A segment as one English sentence, for people to check what they asked for.

What is denied is said where it belongs ("whose stage is not New"), so that nobody has to think a "not" through a pair
of brackets.
"""

from __future__ import annotations

from inboxcrm.leads.segment_fields import CADENCE, EVER, SegmentFields
from inboxcrm.leads.segments import AllOf, FieldType, Leaf, Node, Not, Op

_SHOWN = 60
_VOWELS = frozenset("aeiou")


def in_words(node: Node, fields: SegmentFields | None = None) -> str:
    """Like "Leads whose stage is New, and whose tags include “fair”." With `fields` stages and owners bear their
    labels.
    """
    if isinstance(node, AllOf) and not node.of:
        return "All leads."
    if isinstance(node, Not) and node.of == AllOf(()):
        return "No lead at all."
    return f"Leads {_said(node, fields, denied=False, inner=False)}."


def _said(node: Node, fields: SegmentFields | None, *, denied: bool, inner: bool) -> str:
    if isinstance(node, Leaf):
        return _leaf(node, fields, denied=denied)
    if isinstance(node, Not):
        return _said(node.of, fields, denied=not denied, inner=inner)
    if not node.of:
        return "who are none of these" if denied else "who are anybody"
    joint = "and" if isinstance(node, AllOf) is not denied else "or"
    parts = [_said(one, fields, denied=denied, inner=True) for one in node.of]
    said = f", {joint} ".join(parts) if not inner else f" {joint} ".join(parts)
    return f"({said})" if inner else said


def _leaf(leaf: Leaf, fields: SegmentFields | None, *, denied: bool) -> str:
    is_not = denied
    op = leaf.op
    if op is Op.IS_NOT:
        op, is_not = Op.IS, not is_not
    elif op is Op.IS_UNSET:
        op, is_not = Op.IS_SET, not is_not
    special = _special(leaf, op, fields, is_not=is_not)
    if special:
        return special
    found = fields.find(leaf.field) if fields else None
    noun = found.noun if found and found.noun else leaf.field.rpartition(".")[2].replace("_", " ")
    if op is Op.IS_SET:
        article = "an" if noun[:1].lower() in _VOWELS else "a"
        return f"who have {'no' if is_not else article} {noun}"
    verb = _VERBS[op][is_not]
    if op in {Op.WITHIN, Op.OLDER, Op.NEXT}:
        many = "one day" if leaf.value == "1" else f"{leaf.value} days"
        return f"whose {noun} {verb.format(many)}"
    return f"whose {noun} {verb} {_values(leaf, fields)}"


_VERBS: dict[Op, tuple[str, str]] = {
    Op.IS: ("is", "is not"),
    Op.ANY_OF: ("is one of", "is none of"),
    Op.CONTAINS: ("contains", "does not contain"),
    Op.STARTS: ("starts with", "does not start with"),
    Op.BEFORE: ("was before", "was not before"),
    Op.AFTER: ("was after", "was not after"),
    Op.WITHIN: ("was less than {} ago", "was not less than {} ago"),
    Op.OLDER: ("was more than {} ago", "was not more than {} ago"),
    Op.NEXT: ("is in the next {}", "is not in the next {}"),
    Op.MORE: ("is more than", "is not more than"),
    Op.LESS: ("is less than", "is not less than"),
    Op.AT_LEAST: ("is at least", "is not at least"),
    Op.AT_MOST: ("is at most", "is not at most"),
}
_OWES = {
    "us": ("to whom we owe an answer", "to whom we owe no answer"),
    "them": ("who owe us an answer", "who owe us no answer"),
    "nobody": ("with whom no answer is owed", "with whom an answer is owed"),
}
_STATES = {EVER: "ever in", "active": "now in", "finished": "through", "stopped": "stopped in"}


def _special(leaf: Leaf, op: Op, fields: SegmentFields | None, *, is_not: bool) -> str:
    """Conditions that read better with verbs of their own; empty for the others."""
    if leaf.type is FieldType.TAG:
        if op is Op.IS_SET:
            return f"who have {'no tags' if is_not else 'tags'}"
        names = _joined([_quoted(value) for value in leaf.values])
        return f"who are {'not ' if is_not else ''}tagged {names}"
    if leaf.type is FieldType.FLAG:
        is_yes = (leaf.value == "yes") is not is_not
        return f"who are {'' if is_yes else 'not '}suppressed"
    if leaf.type is FieldType.CADENCE:
        found = fields.find(leaf.field) if fields else None
        name = found.noun if found else leaf.field.partition(":")[2]
        states = _joined([_STATES[value] for value in leaf.values])
        which = f"the {CADENCE} {_quoted(name)}" if name else f"any {CADENCE}"
        return f"who are {'not ' if is_not else ''}{states} {which}"
    if leaf.field == "owes" and op is Op.IS:
        return _OWES[leaf.value][is_not]
    return ""


def _values(leaf: Leaf, fields: SegmentFields | None) -> str:
    found = fields.find(leaf.field) if fields and leaf.type is FieldType.CHOICE else None
    labels = {one.key: one.label for one in found.choices} if found else {}
    is_plain = leaf.type in {FieldType.CHOICE, FieldType.MONEY, FieldType.NUMBER, FieldType.DAY}
    is_plain = is_plain or leaf.type is FieldType.TIME
    said = [
        _short(labels.get(value) or value) if is_plain else _quoted(value) for value in leaf.values
    ]
    return _joined(said)


def _joined(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _quoted(value: str) -> str:
    return f"“{_short(value)}”"


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
