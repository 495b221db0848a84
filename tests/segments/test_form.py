"""A segment as a form: every tree becomes one and means the same again, and what is wrong is told at its row."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.leads.segment_facts import matches
from inboxcrm.leads.segment_fields import SegmentFields
from inboxcrm.leads.segment_form import (
    Group,
    Join,
    Row,
    Shape,
    comparisons,
    form_of,
    is_full,
    may_nest,
    shape_of,
    tree_of,
    with_group,
    with_row,
    without,
)
from inboxcrm.leads.segment_form_words import comparison_label, field_label, offered
from inboxcrm.leads.segment_text import parse_segment, segment_as_text
from inboxcrm.leads.segments import (
    EVERYONE,
    EVERYONE_WORD,
    MAX_DEPTH,
    MAX_LEAVES,
    AllOf,
    SegmentError,
    depth,
    leaves,
    size_problems,
)
from tests.segments.house import NOW, SEGMENT_FIELDS, ZONE, some_leads, trees


def said(form: Group) -> str:
    return segment_as_text(tree_of(form, SEGMENT_FIELDS))


def shown(text: str) -> Group:
    return form_of(parse_segment(text, SEGMENT_FIELDS))


def problems(form: Group) -> list[tuple[str, str]]:
    with pytest.raises(SegmentError) as caught:
        tree_of(form, SEGMENT_FIELDS)
    return [(one.place, one.text) for one in caught.value.problems]


@settings(max_examples=200)
@given(tree=trees, drawn=some_leads())
def test_what_was_shown_as_a_form_still_means_the_same(tree, drawn):
    if size_problems(tree):
        return
    again = tree_of(form_of(tree), SEGMENT_FIELDS)
    for facts in drawn:
        assert matches(again, facts, NOW, zone=ZONE) == matches(tree, facts, NOW, zone=ZONE)
    assert form_of(again) == form_of(tree_of(form_of(again), SEGMENT_FIELDS))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("stage is new", Group(Join.ALL, (Row("stage", "is", ("new",)),))),
        ("everyone", Group(Join.ALL, (Row(EVERYONE_WORD),))),
        ("tag any of (a, b)", Group(Join.ALL, (Row("tag", "is", ("a", "b")),))),
        ("not tag any of (a, b)", Group(Join.ALL, (Row("tag", "is not", ("a", "b")),))),
        ("not name contains x", Group(Join.ALL, (Row("name", "not contains", ("x",)),))),
        ("not name is set", Group(Join.ALL, (Row("name", "is unset"),))),
        (
            "not last_in within 3 days",
            Group(Join.NONE, (Row("last_in", "within", ("3",)),)),
        ),
        (
            "phone is set and (tag is a or not (tag is b or name is set))",
            Group(
                Join.ALL,
                (
                    Row("phone", "is set"),
                    Group(
                        Join.ANY,
                        (
                            Row("tag", "is", ("a",)),
                            Group(Join.NONE, (Row("tag", "is", ("b",)), Row("name", "is set"))),
                        ),
                    ),
                ),
            ),
        ),
    ],
)
def test_a_form_shows_what_was_written(text, form):
    assert shown(text) == form


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (Row("tag", "is", ("a", " ", "b")), "tag any of (a, b)"),
        (Row("tag", "is not", ("a", "b")), "not tag any of (a, b)"),
        (Row("tag", "is not", ("a",)), "tag is not a"),
        (Row("stage", "is", ("new", "new")), "stage any of (new)"),
        (Row("name", "not starts with", ("x",)), "not name starts with x"),
        (Row("name", "is unset", ("left over",)), "name is unset"),
        (Row("last_in", "within", ("30",)), "last_in within 30 days"),
        (Row("owner", "is", ("me",)), "owner is alice@ourfirm.example"),
        (Row(EVERYONE_WORD, "", ("x",)), "everyone"),
    ],
)
def test_a_row_says_what_it_looks_like(row, text):
    assert said(Group(Join.ALL, (row,))) == text


@pytest.mark.parametrize(
    ("join", "text"),
    [
        (Join.ALL, "phone is set and name is set"),
        (Join.ANY, "phone is set or name is set"),
        (Join.NONE, "not (phone is set or name is set)"),
    ],
)
def test_a_group_joins_its_rows(join, text):
    assert said(Group(join, (Row("phone", "is set"), Row("name", "is set")))) == text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row("tag", "is", ("  ",)), "say what it is compared with"),
        (Row("tag", "smells like", ("x",)), "choose how it is compared"),
        (Row("last_in", "within", ("soon",)), '"soon" is no number of days'),
        (Row("last_in", "before", ("May",)), '"May" is no day; write it as year-month-day'),
        (Row("name", "contains", ("a", "b")), "takes one value"),
        (Row("suppressed", "is", ("yes", "no")), "takes one value"),
        (Row("stage", "is", ("nowhere",)), '"nowhere" is no stage'),
        (Row("phone", "contains", ("1",)), "it can with is set"),
        (Row("colour", "is", ("red",)), 'there is no field "colour"'),
    ],
)
def test_a_slip_is_told_at_its_row_without_naming_the_field_again(row, words):
    inner = Group(Join.ANY, (Row("phone", "is set"), row))
    ((place, text),) = problems(Group(Join.ALL, (Row("name", "is set"), inner)))
    assert place == "1.1"
    assert words in text
    assert not text.startswith(f"{row.field}:")


def test_all_slips_are_told_at_once():
    rows = (Row("tag", "is"), Row("phone", "is set"), Group(Join.ANY), Row("name", "is", ()))
    assert [place for place, _ in problems(Group(Join.ALL, rows))] == ["0", "2", "3"]


def test_a_form_that_asks_for_nothing_is_not_everybody():
    ((place, text),) = problems(Group())
    assert place == ""
    assert "add a condition" in text
    assert tree_of(Group(Join.ALL, (Row(EVERYONE_WORD),)), SEGMENT_FIELDS) == EVERYONE


def test_what_is_too_deep_is_told_of_the_whole():
    form = Group(Join.NONE, (Row("phone", "is set"),) * 2)
    for _ in range(MAX_DEPTH):
        form = Group(Join.NONE, (form, Row("phone", "is set")))
    ((place, text),) = problems(form)
    assert place == ""
    assert "nested" in text


# --- changing it ----------------------------------------------------------------


def test_rows_and_groups_are_added_and_taken_out_where_they_stand():
    tag, phone = (SEGMENT_FIELDS.fields[key] for key in ("tag", "phone"))
    form = with_row(Group(), (), tag)
    form = with_group(form, ())
    form = with_row(with_row(form, (1,), phone), (1,), None)
    assert form == Group(
        Join.ALL,
        (
            Row("tag", "is"),
            Group(Join.ANY, (Row("phone", "is set"), Row(EVERYONE_WORD))),
        ),
    )
    assert without(form, (1, 0)).of[1] == Group(Join.ANY, (Row(EVERYONE_WORD),))
    assert without(form, (1,)) == Group(Join.ALL, (Row("tag", "is"),))


@pytest.mark.parametrize("place", [(), (0,), (7,), (0, 0), (1, 9), (9, 9, 9)])
def test_what_is_not_there_is_neither_changed_nor_taken_out(place):
    form = shown("phone is set and (tag is a or tag is b)")
    changed = with_row(form, place, None)
    assert changed == form or place == ()
    if place not in {(), (0,)}:
        assert without(form, place) == form


def test_no_more_is_added_than_a_segment_takes():
    form = Group(Join.ALL, (Row("phone", "is set"),) * (MAX_LEAVES - 1))
    assert not is_full(form)
    form = with_row(form, (), None)
    assert is_full(form)
    assert with_row(form, (), None) == with_group(form, ()) == form
    assert len(list(leaves(AllOf((tree_of(form, SEGMENT_FIELDS),))))) == MAX_LEAVES - 1


def test_groups_are_offered_as_deep_as_a_segment_takes_them():
    form, place = with_row(Group(), (), None), ()
    while may_nest(place):
        form = with_group(form, place)
        place = (*place, 1)
        form = with_row(form, place, None)
    assert with_group(form, place) == form
    assert depth(tree_of(with_row(form, place, None), SEGMENT_FIELDS)) == MAX_DEPTH


# --- words ----------------------------------------------------------------------


def test_every_field_is_offered_once_under_a_name_of_its_own():
    options = [one for _, members in offered(SEGMENT_FIELDS) for one in members]
    keys, labels = [key for key, _ in options], [label for _, label in options]
    named = [f"cadence:{one.key}" for one in SEGMENT_FIELDS.cadences]
    assert sorted(keys) == sorted([*SEGMENT_FIELDS.fields, *named, EVERYONE_WORD])
    assert len(set(labels)) == len(labels)
    assert [title for title, _ in offered(SegmentFields())] == ["All of them"]


def test_every_comparison_is_offered_in_words_and_can_be_filled_in():
    for key in (*SEGMENT_FIELDS.fields, "cadence:spring fair"):
        asked = SEGMENT_FIELDS.find(key)
        labels = [comparison_label(asked, one) for one in comparisons(asked)]
        assert len(set(labels)) == len(labels), key
        assert not [one for one in labels if one[0] in "<>="], key
        assert field_label(asked)[0].isupper(), key
        shapes = [shape_of(asked, one) for one in comparisons(asked)]
        assert (Shape.NOTHING in shapes) == any("set" in one for one in comparisons(asked)), key


@pytest.mark.parametrize(
    ("field", "comparison", "shape"),
    [
        ("stage", "is", Shape.SOME),
        ("suppressed", "is", Shape.ONE),
        ("tag", "is not", Shape.TEXTS),
        ("name", "contains", Shape.TEXT),
        ("last_in", "within", Shape.DAYS),
        ("last_in", "before", Shape.DAY),
        ("custom.renewal", "is", Shape.DAY),
        ("value", ">=", Shape.AMOUNT),
        ("phone", "is set", Shape.NOTHING),
        ("cadence:spring fair", "is", Shape.SOME),
        ("name", "no such thing", Shape.NOTHING),
    ],
)
def test_a_row_asks_for_what_its_comparison_takes(field, comparison, shape):
    assert shape_of(SEGMENT_FIELDS.find(field), comparison) is shape


@settings(max_examples=100)
@given(st.data())
def test_whatever_a_form_is_sent_with_is_read_or_told_what_is_wrong(data):
    words = st.sampled_from(
        [*SEGMENT_FIELDS.fields, "cadence:x", "cadence:", "is", "not is", "not ", "", "\x00", "né"]
    )
    rows = st.builds(Row, words, words, st.lists(words, max_size=3).map(tuple))
    groups = st.recursive(
        rows,
        lambda inner: st.builds(
            Group, st.sampled_from(Join), st.lists(inner, max_size=3).map(tuple)
        ),
        max_leaves=6,
    )
    drawn = data.draw(groups)
    form = drawn if isinstance(drawn, Group) else Group(Join.ALL, (drawn,))
    with suppress(SegmentError):
        tree = tree_of(form, SEGMENT_FIELDS)
        assert parse_segment(segment_as_text(tree), SEGMENT_FIELDS) == tree
