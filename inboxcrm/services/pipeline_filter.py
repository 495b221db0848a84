"""What a pipeline is narrowed to: a saved segment by its name or a filter in words, and what its columns were asked.

Both hold together. The columns' conditions are kept as text in the address, in the words of segments, so that a link
says all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import FieldsError, NotFoundError
from inboxcrm.leads.column_filters import (
    FILTER_COLUMNS,
    Ask,
    FilterColumn,
    Typed,
    column_of,
    condition_typed,
    joined,
    parts_of,
    typed_before,
    without_column,
)
from inboxcrm.leads.segment_fields import Choice, SegmentFields
from inboxcrm.leads.segment_text import parse_segment, segment_as_text
from inboxcrm.leads.segment_words import in_words
from inboxcrm.leads.segments import Node, SegmentError, size_problems
from inboxcrm.services.lead_changes import refuse_strangers
from inboxcrm.services.segment_house import house_fields, house_ground
from inboxcrm.services.segments import segment_meant
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.pipeline_values import frequent_values
from inboxcrm.store.segment_sql import Condition, both, compile_segment

LONGEST = 2_000
"""Characters of either, so that the address they stand in is one that every server takes."""
_PREFIX = "column"
_VALUES = 12


@dataclass(frozen=True, slots=True)
class FilterWord:
    """One condition in words ("whose stage is New"), its column, and the conditions that remain without it."""

    words: str
    column: str
    rest: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """`condition` None: every lead. `words` are the columns' conditions."""

    condition: Condition | None = None
    words: tuple[FilterWord, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnForm:
    """The form of one column: `choices` are values to tick; what was typed stays, what is wrong is said beside it."""

    column: FilterColumn
    choices: tuple[Choice, ...]
    typed: Typed
    kind: str = ""
    problems: dict[str, str] = field(default_factory=dict)


def narrowed_by(desk: Desk, viewer: Viewer, name_or_text: str) -> Condition | None:
    """None for nothing said. It looks at leads as they are today.

    Raises SegmentError, and NotFoundError for what is neither a segment nor a filter.
    """
    return narrowing(desk, viewer, name_or_text).condition


def narrowing(desk: Desk, viewer: Viewer, name_or_text: str, conditions: str = "") -> Narrowing:
    """The same together with what the columns were asked. At most eight statements, for nothing said none.

    Raises SegmentError, NotFoundError.
    """
    if not name_or_text.strip() and not conditions.strip():
        return Narrowing()
    with desk.database.read() as tx:
        condition = segment_meant(tx, desk, viewer, name_or_text) if name_or_text.strip() else None
        if not conditions.strip():
            return Narrowing(condition)
        fields = house_fields(tx, desk, viewer)
        node = parse_segment(conditions, fields)
        own = compile_segment(node, house_ground(tx, desk, viewer, node), prefix=_PREFIX)
    return Narrowing(both(condition, own) if condition else own, _words(node, fields))


def column_form(
    desk: Desk, viewer: Viewer, key: str, *, conditions: str = "", pipeline: str = ""
) -> ColumnForm:
    """As it stands before anything is typed. Raises NotFoundError for what is no column."""
    refuse_strangers(viewer)
    column = _column(key)
    with desk.database.read() as tx:
        fields = house_fields(tx, desk, viewer)
        choices = _choices(tx, desk, column, fields, pipeline)
    typed = typed_before(column, _read_or_none(conditions, fields))
    held = {one.key for one in choices}
    if column.ask is Ask.TEXT:
        choices += tuple(Choice(one, one) for one in typed.picks if one not in held)
    return ColumnForm(column, choices, typed, fields.fields[column.field].type.value)


def ask_column(desk: Desk, viewer: Viewer, key: str, typed: Typed, *, conditions: str = "") -> str:
    """The conditions with that column's anew; what was asked of it before leaves, and all of it where nothing is typed.

    Raises NotFoundError, SegmentError for conditions that cannot be read, FieldsError for what was typed.
    """
    refuse_strangers(viewer)
    column = _column(key)
    with desk.database.read() as tx:
        fields = house_fields(tx, desk, viewer)
    before = parse_segment(conditions, fields) if conditions.strip() else None
    made = condition_typed(column, typed, fields)
    parts = without_column(before, key) + (() if made is None else (made,))
    node = joined(parts)
    if node is None:
        return ""
    problems = size_problems(node)
    text = segment_as_text(node)
    if problems or len(text) > LONGEST:
        why = problems[0].text if problems else f"it has {len(text)} characters of {LONGEST}"
        raise FieldsError(
            {"all": f"That is too much at once: {why}. Save some of it as a segment."}
        )
    return text


def _words(node: Node, fields: SegmentFields) -> tuple[FilterWord, ...]:
    parts = parts_of(node)
    found = []
    for place, part in enumerate(parts):
        rest = joined((*parts[:place], *parts[place + 1 :]))
        said = in_words(part, fields).removeprefix("Leads ").removesuffix(".")
        found.append(
            FilterWord(said, column_of(part), "" if rest is None else segment_as_text(rest))
        )
    return tuple(found)


def _column(key: str) -> FilterColumn:
    found = FILTER_COLUMNS.get(key)
    if found is None:
        raise NotFoundError(
            f'There is no column "{key[:40]}" to ask.',
            remedy=f"Choose one of {', '.join(FILTER_COLUMNS)}.",
        )
    return found


def _choices(
    tx: Tx, desk: Desk, column: FilterColumn, fields: SegmentFields, pipeline: str
) -> tuple[Choice, ...]:
    shown = desk.pipelines.pipeline(pipeline) or desk.pipelines.default
    if column.key == "stage":
        return tuple(Choice(one.key, one.label) for one in shown.stages)
    if column.ask is Ask.CHOICES:
        return fields.fields[column.field].choices
    values = frequent_values(tx, pipeline or shown.key, column.field, limit=_VALUES)
    return tuple(Choice(one, one) for one in values)


def _read_or_none(conditions: str, fields: SegmentFields) -> Node | None:
    """What cannot be read is said by the page itself; its form begins empty."""
    try:
        return parse_segment(conditions, fields) if conditions.strip() else None
    except SegmentError:
        return None
