"""What a stage asks for, at the command line: told to scripts with the options, asked at a terminal."""

from __future__ import annotations

import sys
from io import StringIO

import pytest

BOB = "bob@firm.example"
CONFIG = """
[[lead_field]]
key = "seats"
label = "Seats"
kind = "number"

[[pipeline]]
key = "sales"
label = "Sales"
lost_reasons = ["Too dear"]
[[pipeline.stage]]
key = "new"
label = "New"
[[pipeline.stage]]
key = "offer"
label = "Offer"
requires = ["value", "close_on", "seats"]
[[pipeline.stage]]
key = "lost"
label = "Lost"
kind = "lost"

[[pipeline]]
key = "support"
label = "Support"
[[pipeline.stage]]
key = "asked"
label = "Asked"
[[pipeline.stage]]
key = "done"
label = "Done"
kind = "won"
"""


class Person(StringIO):
    """Somebody at a terminal who types these lines."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def bob(terminal):
    terminal.config(CONFIG)
    terminal.type("leads", "add", BOB, "--name", "Bob Moss")
    return terminal


def shown(terminal):
    return terminal.type("leads", "show", BOB, "--json").document["lead"]


def test_a_script_is_told_which_options_are_missing(bob):
    done = bob.type("leads", "edit", BOB, "--stage", "offer", "--close", "2026-12-24", "--json")
    assert done.code == 2
    assert done.out == ""
    assert "Offer asks for value and Seats." in done.err
    assert '--value, --field "seats=…"' in done.err
    assert shown(bob)["version"] == 1


def test_fields_and_stage_are_taken_back_by_one_token(bob):
    done = bob.type(
        "leads", "edit", BOB, "--stage", "offer", "--value", "1200", "--close", "2026-12-24",
        "--field", "seats=4", "--json",
    )  # fmt: skip
    assert done.code == 0
    assert (shown(bob)["stage"]["key"], shown(bob)["value"]["amount"]) == ("offer", "1200.00")
    assert bob.type("leads", "undo", done.document["undo"]).code == 0
    assert shown(bob)["stage"]["key"] == "new"
    assert "value" not in shown(bob)


def test_a_person_is_asked_for_exactly_what_is_missing(bob, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Person("a lot\n1200\n40\n"))
    done = bob.type("leads", "edit", BOB, "--stage", "offer", "--close", "2026-12-24")
    assert done.code == 0, done.err
    assert "Offer asks for value and Seats." in done.err
    assert '"a lot" is no amount.' in done.err
    assert "Close" not in done.err
    assert shown(bob)["stage"]["key"] == "offer"


def test_an_empty_answer_leaves_everything_as_it_was(bob, monkeypatch):
    monkeypatch.setattr(sys, "stdin", Person("\n"))
    assert bob.type("leads", "edit", BOB, "--stage", "lost").code != 0
    assert shown(bob)["stage"]["key"] == "new"


def test_a_lost_lead_wants_a_reason(bob):
    refused = bob.type("leads", "edit", BOB, "--stage", "lost")
    assert (refused.code, "Lost asks for a reason." in refused.err) == (2, True)
    assert bob.type("leads", "edit", BOB, "--stage", "lost", "--reason", "too dear").code == 0
    numbers = bob.type("pipeline", "numbers", "--json").document
    assert [one["label"] for one in numbers["reasons"]] == ["Too dear"]


def test_a_lead_goes_to_another_pipeline_and_every_command_chooses_between_them(bob):
    assert bob.type("leads", "edit", BOB, "--pipeline", "nosuch").code == 1
    assert bob.type("leads", "edit", BOB, "--pipeline", "support").code == 0
    assert shown(bob)["stage"]["key"] == "asked"
    assert shown(bob)["pipeline"] == {"key": "support", "label": "Support"}
    for words in (("pipeline", "show"), ("pipeline", "numbers"), ("digest",)):
        document = bob.type(*words, "--pipeline", "support", "--json").document
        named = document.get("pipeline") or document["head"]["pipeline"]
        assert named["label"] == "Support", words
    show = bob.type("pipeline", "show", "--pipeline", "support", "--json").document
    assert [one["count"] for one in show["columns"]] == [1, 0]
    narrowed = bob.type("pipeline", "show", "--filter", "pipeline is support", "--json").document
    assert narrowed["head"]["open_count"] == 0, "of Sales nobody is in Support"
    assert bob.type("leads", "edit", BOB, "--stage", "sales/new").code == 0
    assert shown(bob)["pipeline"]["label"] == "Sales"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1989-12-31"])
def test_absurd_days_are_said_in_a_sentence(bob, day):
    for words in (
        ("pipeline", "show", "--as-of", day),
        ("pipeline", "numbers", "--as-of", day, "--days", "3660"),
        ("digest", "--week-of", day),
        ("leads", "edit", BOB, "--stage", "offer", "--close", day),
    ):
        done = bob.type(*words)
        assert done.code == 2, words
        assert "Traceback" not in done.err
        assert done.err.count(".") >= 1
    assert shown(bob)["version"] == 1
