"""`inboxcrm segment` as people and scripts type it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import terminal

__all__ = ["terminal"]


@pytest.fixture
def peopled(terminal):
    terminal.type("leads", "add", "bob@firm.example", "--name", "Bob Moss")
    terminal.type("leads", "add", "info@firm.example", "--name", "Front desk")
    return terminal


def test_a_filter_is_shown_with_its_people_and_who_is_left_out(peopled):
    shown = peopled.type("segment", "show", "organization is firm")
    assert shown.code == 0
    for words in (
        "Leads whose organization is “firm”.",
        "Bob Moss",
        "several people share this address",
    ):
        assert words in shown.out
    view = peopled.type("segment", "show", "organization is firm", "--json").document
    assert (view["count"], view["reachable"]) == (2, 1)
    assert view["left_out"] == [
        {"reason": "role_address", "words": "several people share this address", "count": 1}
    ]
    assert {one["name"] for one in view["samples"]} == {"Bob Moss", "Front desk"}


def test_a_segment_is_saved_listed_counted_and_removed(peopled):
    saved = peopled.type("segment", "save", "Firm", "organization is firm")
    assert saved.out == "Saved Firm: Leads whose organization is “firm”.\n"
    frozen = peopled.type("segment", "save", "Was", "everyone", "--frozen", "--json").document
    assert (frozen["segment"]["kind"], frozen["segment"]["count"]) == ("frozen", 2)
    peopled.type("leads", "add", "carol@firm.example")
    assert peopled.type("segment", "count", "firm").out == "3\n"
    assert peopled.type("segment", "count", "was", "--json").document == {"count": 2}
    listed = peopled.type("segment", "list", "--json").document["segments"]
    assert [(one["name"], one["count"]) for one in listed] == [("Firm", 3), ("Was", 2)]
    assert "organization is firm" in peopled.type("segment", "list").out
    gone = peopled.type("segment", "remove", "firm")
    assert "inboxcrm segment save Firm 'organization is firm'" in gone.out
    assert [
        one["name"] for one in peopled.type("segment", "list", "--json").document["segments"]
    ] == ["Was"]


def test_nothing_saved_says_how_to_save(terminal):
    assert "segment save" in terminal.type("segment", "list").out
    assert terminal.type("segment", "list", "--json").document == {"segments": []}


def test_slips_end_with_code_two_and_their_columns(terminal):
    done = terminal.type("segment", "count", "stage is nw and tgs is fair")
    assert (done.code, done.out) == (2, "")
    assert 'column 10: stage: "nw" is no stage; did you mean "new"?' in done.err
    assert 'column 17: there is no field "tgs"' in done.err


def test_an_unknown_name_ends_with_code_one(terminal):
    done = terminal.type("segment", "show", "nosuch")
    assert done.code == 1
    assert 'no segment called "nosuch"' in done.err


def test_words_of_other_people_command_no_terminal(peopled):
    peopled.type("leads", "add", "dave@firm.example", "--name", "Da\x1b[31mve\u202e")
    shown = peopled.type("segment", "show", "everyone")
    assert "\x1b[31m" not in shown.out
    assert "\u202e" not in shown.out
