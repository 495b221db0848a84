"""Segments as people write them: read, written back, said in words, and every slip told with its place."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.leads.segment_reading import tree_from_json
from inboxcrm.leads.segment_text import parse_segment, segment_as_text
from inboxcrm.leads.segment_words import in_words
from inboxcrm.leads.segments import (
    EVERYONE,
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_TEXT,
    MAX_VALUES,
    AllOf,
    AnyOf,
    Leaf,
    Not,
    Op,
    SegmentError,
    size_problems,
    tree_as_json,
)
from tests.segments.house import LETTERS, SEGMENT_FIELDS, trees

EXAMPLE = (
    'stage is new and (tag is fair or last_in within 30 days) and not organization is "Kitaura"'
)


def read(text: str):
    return parse_segment(text, SEGMENT_FIELDS)


def problems(text: str) -> list[str]:
    with pytest.raises(SegmentError) as caught:
        read(text)
    return [str(one) for one in caught.value.problems]


def test_the_example_reads_as_it_looks():
    tree = read(EXAMPLE)
    assert isinstance(tree, AllOf)
    stage, either, no_kitaura = tree.of
    assert (stage.field, stage.op, stage.value) == ("stage", Op.IS, "new")
    assert isinstance(either, AnyOf)
    assert [leaf.field for leaf in either.of] == ["tag", "last_in"]
    assert isinstance(no_kitaura, Not)
    assert segment_as_text(tree) == EXAMPLE.replace('"', "")


@settings(max_examples=200)
@given(trees)
def test_a_tree_survives_being_written_and_read(tree):
    if size_problems(tree):
        return
    assert read(segment_as_text(tree)) == tree
    assert tree_from_json(tree_as_json(tree), SEGMENT_FIELDS) == tree


@settings(max_examples=200)
@given(trees)
def test_every_tree_is_one_sentence(tree):
    for fields in (SEGMENT_FIELDS, None):
        said = in_words(tree, fields)
        assert said.endswith(".")
        assert "\n" not in said
        assert said.count("(") == said.count(")") or any(
            mark in segment_as_text(tree) for mark in "()"
        )


@settings(max_examples=300)
@given(st.text(LETTERS + '()", :', max_size=60))
def test_whatever_is_written_is_read_or_told_what_is_wrong(text):
    with suppress(SegmentError):
        tree = read(text)
        assert read(segment_as_text(tree)) == tree


pieces = st.sampled_from(
    ["stage", "is", "new", "not", "and", "or", "(", ")", ",", "tag", "any", "of", "within", "30", "days", '"x"',
     "last_in", "older", "than", "value", ">", "everyone", "set", "cadence:", "nonsense", "≠"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(pieces, max_size=14).map(" ".join))
def test_words_in_any_order_are_read_or_told_what_is_wrong(text):
    try:
        tree = read(text)
    except SegmentError as error:
        told = error.problems
    else:
        told = ()
        assert read(segment_as_text(tree)) == tree
    assert all(one.place.startswith("column ") or one.place == "" for one in told)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("STAGE IS NEW", "stage is new"),
        ('stage is "Asked"', None),
        ("stage = new", "stage is new"),
        ("stage != new", "stage is not new"),
        ("tags is fair", "tag is fair"),
        ("stage is one of (new, won)", "stage any of (new, won)"),
        ("stage is not any of (new, won)", "not stage any of (new, won)"),
        ("phone is not set", "phone is unset"),
        ("name is blank", "name is unset"),
        ("owner is me", "owner is alice@ourfirm.example"),
        ("owner is ALICE", "owner is alice@ourfirm.example"),
        ("owner is nobody", "owner is unset"),
        ("owner is not nobody", "owner is set"),
        ("owes is nobody", "owes is nobody"),
        ("last_in less than 2 weeks ago", "last_in within 14 days"),
        ("last_in within the last 7 days", "last_in within 7 days"),
        ("last_in more than 30 days ago", "last_in older than 30 days"),
        ("value more than 1000.50", "value > 1000.5"),
        ("value>=10", "value >= 10"),
        ("budget at most 1e3", "custom.budget <= 1000"),
        ("custom.renewal in the next 30 days", "custom.renewal in next 30 days"),
        ("address is Bob.Moss@Googlemail.com", "address is bobmoss@gmail.com"),
        ("domain is @Kitaura.example", "address_domain is kitaura.example"),
        ('cadence:"spring  FAIR" is active', 'cadence:"spring fair" is active'),
        ("cadence is ever", "cadence is ever"),
        ("name is “Bob Moss”", 'name is "Bob Moss"'),
        ('name is "set"', 'name is "set"'),
        ('name contains "say \\"hi\\" \\\\"', 'name contains "say \\"hi\\" \\\\"'),
        ("((stage is new))", "stage is new"),
        ("not not stage is new", "not not stage is new"),
        ("name is before", 'name is "before"'),
    ],
)
def test_there_are_several_ways_to_say_the_same(written, meant):
    if meant is None:
        assert "no stage" in problems(written)[0]
        return
    assert segment_as_text(read(written)) == meant


def test_all_slips_are_told_at_once_with_the_nearest_word():
    found = problems(
        'stge is new and stage is nw adn value > many or cadence:"Sprng fair" is active'
    )
    assert found == [
        'column 1: there is no field "stge"; did you mean stage?',
        'column 26: stage: "nw" is no stage; did you mean "new"?',
        'column 29: "adn" was not expected here; did you mean and?',
        'column 49: there is no cadence "Sprng fair"; did you mean cadence:"Spring fair"?',
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "column 1: nothing is asked for"),
        ("stage is", "column 9: stage is: the value is missing"),
        ("stage iz new", 'column 7: "iz" is no operator; did you mean "is"?'),
        ("last_in withn 3 days", 'column 9: "withn" is no operator; did you mean "within"?'),
        ("last_in within some days", 'column 16: last_in: "some" is no number of days'),
        ("last_in within 99999 days", "write one from 1 to 36500"),
        ("created before May", 'created: "May" is no day; write it as year-month-day'),
        ("created before 0026-05-01", "is no day"),
        ("phone is 030", "phone cannot be asked with"),
        ("stage is set", '"set" is no stage'),
        ("name > 3", 'name cannot be asked with ">"'),
        ("value > lots", 'value: "lots" is no number'),
        ("address is bob", 'address: "bob" is no mail address'),
        ("organization_domain is a..b", "is no domain"),
        ('name is "  "', "name: is blank; for leads without one write: name is unset"),
        ('name is "Bob', "column 9: this quote is never closed"),
        ("(stage is new", "column 1: this bracket is never closed"),
        ("stage is new)", "column 13: this bracket was never opened"),
        ("stage is new tag is fair", 'column 14: "tag" was not expected here'),
        ("and stage is new", 'column 1: a condition begins with a field, not "and"'),
        ("stage is new and", "column 17: a condition begins with a field"),
        ("source is Bob and Carol", 'there is no field "Carol"'),
        ("stage any of ()", "stage any of: the value is missing"),
        ("stage any of (new, won", "a list of values ends with a bracket"),
        ('name is "a\x00b"', "holds what is no letter"),
        ("name is a\ud800b", "holds what is no letter"),
        ("name is " + "x" * 501, "has 501 characters; use at most 500"),
        ('cadence:"Nothing like it" is ever', 'there is no cadence "Nothing like it"; there is none like it'),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_place_and_its_cure(text, said):
    assert said in "\n".join(problems(text))


# --- limits ----------------------------------------------------------------------


def test_what_is_too_much_is_refused_and_what_just_fits_is_not():
    fits = " or ".join(["name is x"] * MAX_LEAVES)
    assert read(fits)
    assert "at most 100 conditions" in problems(f"{fits} or name is x")[0]
    values = ", ".join(f"x{number}" for number in range(MAX_VALUES))
    assert read(f"name any of ({values})")
    assert "at most 200 values" in problems(f"name any of ({values}, y)")[0]
    assert read("not " * (MAX_DEPTH - 1) + "name is x")
    assert "nested 8 deep" in problems("not " * MAX_DEPTH + "name is x")[0]
    assert f"more than {MAX_TEXT}" in problems("x" * (MAX_TEXT + 1))[0]


@pytest.mark.parametrize(
    "text", ["(" * 50_000, "not " * 20_000, "(not " * 15_000 + "name is x", ")" * 50_000]
)
def test_no_depth_brings_the_reader_down(text):
    assert 1 <= len(problems(text)) <= 20


def json_problems(tree) -> list[str]:
    with pytest.raises(SegmentError) as caught:
        tree_from_json(tree, SEGMENT_FIELDS)
    return [str(one) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ("nonsense", "it is no JSON"),
        ('{"all": ' * 5_000, "it is no JSON"),
        ("[1]", "a condition is a map"),
        ({"all": [{"field": "stge", "op": "is", "value": "new"}]}, 'all[0].field: there is no field "stge"; did you mean stage?'),
        ({"any": []}, "any of nothing means nothing"),
        ({"not": []}, "not of nothing means nothing"),
        ({"all": [], "any": []}, "all, any and not stand alone"),
        ({"field": "stage", "op": "iz", "value": "new"}, 'op: there is no op "iz"; did you mean "is"?'),
        ({"field": "stage", "op": "is", "value": "nw"}, 'value: stage: "nw" is no stage; did you mean "new"?'),
        ({"field": "stage", "op": "is", "value": ["new", "won"]}, "takes one value"),
        ({"field": "stage", "op": "is"}, "the value is missing"),
        ({"field": "stage", "op": "is", "value": True}, "a value is a text or a number"),
        ({"field": "stage", "op": "is", "value": {"a": 1}}, "a value is a text or a number"),
        ({"field": "stage", "op": "any of", "value": ["new"] * 1000}, "at most 200 values"),
        ({"field": 1, "op": "is", "value": "new"}, "names a field and an op"),
        ({"field": "stage", "op": "is", "value": "new", "sql": "1=1"}, '"sql" is not known here'),
        ({"field": "lead.id) OR (1=1", "op": "is", "value": "1"}, "there is no field"),
        ({"all": [{"all": []}] * 5_000}, "too much"),
    ],
)  # fmt: skip
def test_json_that_cannot_be_taken_is_told_its_place(tree, said):
    assert said in "\n".join(json_problems(tree))


def test_a_deep_tree_given_as_a_map_is_refused():
    tree = {"field": "stage", "op": "is", "value": "new"}
    for _ in range(20_000):
        tree = {"all": [tree, {"all": []}]}
    assert "too much" in json_problems(tree)[0]


def test_json_may_leave_groups_of_one_and_numbers_as_they_are():
    tree = {"all": [{"any": [{"field": "last_in", "op": "within", "value": 30}]}]}
    assert segment_as_text(tree_from_json(tree, SEGMENT_FIELDS)) == "last_in within 30 days"
    none_of = {
        "not": [
            {"field": "stage", "op": "is", "value": "new"},
            {"field": "tag", "op": "is", "value": "x"},
        ]
    }
    assert (
        segment_as_text(tree_from_json(none_of, SEGMENT_FIELDS)) == "not (stage is new or tag is x)"
    )
    assert tree_from_json({"all": []}, SEGMENT_FIELDS) == EVERYONE


# --- in words --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("everyone", "All leads."),
        ("not everyone", "No lead at all."),
        (EXAMPLE, "Leads whose stage is New, and (who are tagged “fair” or whose last mail from them was less than 30 days ago), and whose organization is not “Kitaura”."),
        ("not (stage is new or tag is fair)", "Leads whose stage is not New, and who are not tagged “fair”."),
        ("not (stage is not new and tag is unset)", "Leads whose stage is New, or who have tags."),
        ("owner is me", "Leads whose owner is Alice."),
        ("owner is nobody", "Leads who have no owner."),
        ("organization is set", "Leads who have an organization."),
        ("stage any of (new, won, lost)", "Leads whose stage is one of New, Won or Lost."),
        ("suppressed is not yes", "Leads who are not suppressed."),
        ('cadence:"Spring fair" is not active', "Leads who are not now in the cadence “Spring fair”."),
        ("cadence any of (active, stopped)", "Leads who are now in or stopped in any cadence."),
        ("owes is us", "Leads to whom we owe an answer."),
        ("vip is yes and budget > 5", "Leads whose VIP is Yes, and whose Budget is more than 5."),
        ("renewal in next 1 day", "Leads whose Renewal is in the next one day."),
        ('name contains "' + "long " * 40 + '"', "Leads whose name contains “" + ("long " * 40).strip()[:60] + "…”."),
    ],
)  # fmt: skip
def test_a_segment_is_said_in_plain_english(text, words):
    assert in_words(read(text), SEGMENT_FIELDS) == words


def test_an_unread_leaf_still_has_words():
    leaf = read("stage_since older than 3 days")
    assert isinstance(leaf, Leaf)
    assert in_words(leaf) == "Leads whose stage since was more than 3 days ago."
