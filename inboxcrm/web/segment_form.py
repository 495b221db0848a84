"""The form of a segment on its page: read from what was sent, changed by its buttons, drawn.

A row or a group is called "q" and its place: "q.0.2" is the third in the first of the outermost group. The form travels
with every click, so it works without script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from inboxcrm.errors import Problem
from inboxcrm.leads.segment_fields import SegmentField
from inboxcrm.leads.segment_form import (
    Group,
    Join,
    Place,
    Row,
    Shape,
    comparisons,
    is_full,
    may_nest,
    shape_of,
    with_group,
    with_row,
    without,
    written_place,
)
from inboxcrm.leads.segment_form_words import EVERYBODY, comparison_label, field_label, offered
from inboxcrm.leads.segments import (
    EVERYONE_WORD,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    FieldType,
)
from inboxcrm.services.segment_choices import SegmentChoices

ROOT = "q"
_NAMED = re.compile(r"q((?:\.[0-9]{1,3})*)\.(join|field)", re.ASCII)
_PLACED = re.compile(r"q(?:\.[0-9]{1,3})*", re.ASCII)
_MOST_NODES = 4 * MAX_LEAVES

Offered = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """`choices` are (key, label, is chosen). Without `comparisons` there is nothing to fill in: it is about everybody,
    or about a field that is gone.
    """

    name: str
    label: str
    field: str
    comparison: str
    comparisons: tuple[tuple[str, str], ...] = ()
    shape: Shape = Shape.NOTHING
    values: tuple[str, ...] = ()
    choices: tuple[tuple[str, str, bool], ...] = ()
    problem: str = ""
    is_tag: bool = False

    @property
    def is_group(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class DrawnGroup:
    name: str
    join: Join
    of: tuple[DrawnRow | DrawnGroup, ...]
    problem: str = ""
    may_nest: bool = True

    @property
    def is_group(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class DrawnForm:
    """`fresh` is the name of what was added last, for the next keystroke to go there."""

    root: DrawnGroup
    offered: Offered
    tags: tuple[str, ...]
    is_full: bool = False
    fresh: str = ""


# --- what was sent ----------------------------------------------------------------


def form_sent(given: MultiDict[str, str]) -> Group:
    """In the order of its places; what has no group around it, or is more than any form holds, is not read."""
    children: dict[Place, list[int]] = {}
    fields: set[Place] = set()
    for name in list(given)[: 4 * _MOST_NODES]:
        found = _NAMED.fullmatch(name)
        if found is None:
            continue
        place = _read_place(found[1])
        if found[2] == "field":
            fields.add(place)
        if place:
            children.setdefault(place[:-1], []).append(place[-1])
    return _group_sent(given, (), children, fields)


def _group_sent(
    given: MultiDict[str, str],
    place: Place,
    children: dict[Place, list[int]],
    fields: set[Place],
) -> Group:
    members: list[Row | Group] = []
    for number in sorted(set(children.get(place, ())))[:_MOST_NODES]:
        where = (*place, number)
        if where in fields:
            members.append(_row_sent(given, _name(where)))
        elif len(where) <= 2 * MAX_DEPTH:
            members.append(_group_sent(given, where, children, fields))
    said = given.get(f"{_name(place)}.join", "")
    return Group(Join(said) if said in set(Join) else Join.ALL, tuple(members))


def _row_sent(given: MultiDict[str, str], name: str) -> Row:
    longest = MAX_VALUE_LENGTH + 1  # so that what is too long is told and not cut
    values = (one[:longest] for one in given.getlist(f"{name}.value")[: MAX_VALUES + 1])
    field, comparison = given.get(f"{name}.field", ""), given.get(f"{name}.op", "")
    return Row(field[:longest], comparison[:40], tuple(one for one in values if one.strip()))


def _read_place(written: str) -> Place:
    return tuple(int(one) for one in written.split(".")[1:])


def _name(place: Place) -> str:
    return ROOT + "".join(f".{number}" for number in place)


# --- its buttons ------------------------------------------------------------------


def is_edit(do: str) -> bool:
    return do.partition(":")[0] in {"add", "group", "drop", "redraw"}


def edited(
    form: Group, do: str, given: Mapping[str, str], choices: SegmentChoices
) -> tuple[Group, str]:
    """`do` is "add:NAME" with the field in NAME.new, "group:NAME", "drop:NAME" or "redraw:NAME".

    With the name of what is new, or was changed; empty where nothing is.
    """
    what, _, name = do.partition(":")
    if not _PLACED.fullmatch(name):
        return form, ""
    place = _read_place(name)
    if what == "drop":
        return without(form, place), ""
    if what == "redraw":
        return form, name
    if what == "group":
        made = with_group(form, place)
    else:
        wanted = given.get(f"{name}.new", "")[:MAX_VALUE_LENGTH]
        asked = choices.fields.find(wanted)
        if asked is None and wanted != EVERYONE_WORD:
            return form, ""
        made = with_row(form, place, asked)
    return made, "" if made == form else _name((*place, _last_of(made, place)))


def _last_of(form: Group, place: Place) -> int:
    group = form
    for number in place:
        inner = group.of[number]
        assert isinstance(inner, Group), "something was added to it"
        group = inner
    return len(group.of) - 1


# --- drawing ----------------------------------------------------------------------


def drawn(
    form: Group, choices: SegmentChoices, problems: Iterable[Problem] = (), *, fresh: str = ""
) -> DrawnForm:
    """`problems` are those of `tree_of`."""
    told = {one.place: f"{one.text[:1].upper()}{one.text[1:]}." for one in problems}
    return DrawnForm(
        _drawn_group(form, (), choices, told),
        offered(choices.fields),
        choices.tags,
        is_full(form),
        fresh,
    )


def problem_lines(form: Group, choices: SegmentChoices, problems: Iterable[Problem]) -> list[str]:
    """Each with the row it is about, for who does not see the form beside them."""
    found = []
    for one in problems:
        row = _row_at(form, one.place)
        asked = choices.fields.find(row.field) if row else None
        found.append(f"{field_label(asked)}: {one.text}" if asked else one.text)
    return found


def _row_at(form: Group, place: str) -> Row | None:
    inner: Row | Group = form
    for number in filter(None, place.split(".")):
        assert isinstance(inner, Group), "a problem's place is one of its form"
        inner = inner.of[int(number)]
    return inner if isinstance(inner, Row) else None


def _drawn_group(
    form: Group, place: Place, choices: SegmentChoices, told: dict[str, str]
) -> DrawnGroup:
    members = tuple(
        _drawn_row(one, (*place, number), choices, told)
        if isinstance(one, Row)
        else _drawn_group(one, (*place, number), choices, told)
        for number, one in enumerate(form.of)
    )
    problem = told.get(written_place(place), "")
    return DrawnGroup(_name(place), form.join, members, problem, may_nest(place))


def _drawn_row(row: Row, place: Place, choices: SegmentChoices, told: dict[str, str]) -> DrawnRow:
    name, problem = _name(place), told.get(written_place(place), "")
    asked = choices.fields.find(row.field)
    if asked is None:
        label = EVERYBODY if row.field == EVERYONE_WORD else row.field
        return DrawnRow(name, label, row.field, row.comparison, problem=problem)
    shape = shape_of(asked, row.comparison)
    return DrawnRow(
        name,
        field_label(asked),
        row.field,
        row.comparison,
        tuple((one, comparison_label(asked, one)) for one in comparisons(asked)),
        shape,
        _shown_values(row, shape),
        _ticked(asked, row) if shape in {Shape.SOME, Shape.ONE} else (),
        problem,
        asked.type is FieldType.TAG,
    )


def _shown_values(row: Row, shape: Shape) -> tuple[str, ...]:
    """One field to fill in at least; where several may stand, one more than do."""
    if shape is Shape.TEXTS:
        return (*row.values, "")
    return row.values[:1] or ("",)


def _ticked(asked: SegmentField, row: Row) -> tuple[tuple[str, str, bool], ...]:
    chosen = {found.key for one in row.values if (found := asked.choice(one)) is not None}
    return tuple((one.key, one.label or one.key, one.key in chosen) for one in asked.choices)
