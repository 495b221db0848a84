"""A column's form and the condition it makes are two ways to say one thing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.errors import FieldsError
from inboxcrm.leads.column_filters import (
    FILTER_COLUMNS,
    Ask,
    Typed,
    column_of,
    condition_typed,
    joined,
    parts_of,
    typed_before,
    without_column,
)
from inboxcrm.leads.segment_text import parse_segment, segment_as_text
from tests.segments.house import SEGMENT_FIELDS, days, text_values

NUMBERS = st.one_of(
    st.integers(0, 400).map(str), st.sampled_from(["12.50", "-3", "1e3", "x", " 7 "])
)


@st.composite
def forms(draw):
    column = draw(st.sampled_from(list(FILTER_COLUMNS.values())))
    known = [one.key for one in SEGMENT_FIELDS.fields[column.field].choices]
    ends = st.one_of(st.just(""), days if column.key in {"close", "task"} else NUMBERS)
    typed = Typed(
        tuple(draw(st.lists(st.sampled_from(known) if known else text_values, max_size=3))),
        draw(st.one_of(st.just(""), text_values)),
        draw(st.sampled_from(["contains", "is", "starts with", "nonsense"])),
        draw(ends),
        draw(ends),
        draw(st.booleans()),
    )
    return column, typed


@settings(max_examples=150)
@given(asked=forms())
def test_the_form_of_a_condition_makes_that_condition_again(asked):
    column, typed = asked
    made, problems = None, {}
    try:
        made = condition_typed(column, typed, SEGMENT_FIELDS)
    except FieldsError as error:
        problems = error.problems
    assert set(problems) <= {"picks", "text", "low", "high"}
    if made is None:
        return
    assert parse_segment(segment_as_text(made), SEGMENT_FIELDS) == made
    assert all(column_of(one) == column.key for one in parts_of(made))
    again = condition_typed(column, typed_before(column, made), SEGMENT_FIELDS)
    assert again == made
    assert without_column(made, column.key) == ()


@settings(max_examples=60)
@given(asked=st.lists(forms(), min_size=2, max_size=4, unique_by=lambda one: one[0].key))
def test_columns_asked_together_are_told_apart_again(asked):
    made = {}
    for column, typed in asked:
        try:
            found = condition_typed(column, typed, SEGMENT_FIELDS)
        except FieldsError:
            continue
        if found is not None:
            made[column.key] = found
    whole = joined(made.values())
    if whole is None:
        return
    read = parse_segment(segment_as_text(whole), SEGMENT_FIELDS)
    for key, condition in made.items():
        again = condition_typed(
            FILTER_COLUMNS[key], typed_before(FILTER_COLUMNS[key], read), SEGMENT_FIELDS
        )
        assert again == condition
        assert {column_of(one) for one in without_column(read, key)} == made.keys() - {key}


@pytest.mark.parametrize("key", list(FILTER_COLUMNS))
def test_nothing_typed_asks_nothing(key):
    column = FILTER_COLUMNS[key]
    assert condition_typed(column, Typed(), SEGMENT_FIELDS) is None
    assert typed_before(column, None) == Typed()
    blank = condition_typed(column, Typed(is_blank=True), SEGMENT_FIELDS)
    assert (blank is not None) is column.can_be_blank
    assert column.ask in set(Ask)
