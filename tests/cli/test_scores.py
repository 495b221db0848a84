"""`leads score`, `score explain`, `calls` and `assign` as people and scripts type them; and the rules in the settings."""

from __future__ import annotations

import pytest

from inboxcrm.config import assign_rules, load, score_rules
from inboxcrm.leads.score_rules import ScoreRules, What

BOB, CAROL = "bob@firm.example", "carol@gmail.com"
RULES = """
[[lead_field]]
key = "seats"
label = "Seats"
kind = "number"

[[score.fit]]
when = "seats >= 40"
points = 30
label = "forty seats and more"

[[assign]]
when = "country is de"
to = "you@ourfirm.example"
"""


def furnish(terminal) -> None:
    terminal.type("leads", "add", BOB, "--name", "Bob\x1b[31m Moss", "--phone", "+49 30 1")
    terminal.type("leads", "add", CAROL, "--name", "Carol Reyes")


def test_a_leads_score_is_told_point_by_point(terminal):
    furnish(terminal)
    shown = terminal.type("leads", "score", BOB)
    assert shown.code == 0
    assert "+10     an organization of their own" in shown.out
    assert "+5      a phone number is known" in shown.out
    document = terminal.type("leads", "score", CAROL, "--json").document
    assert document["sum"] == {"total": -5, "fit": -5, "engagement": 0}
    assert [one["text"] for one in document["fit"]] == ["writes from free mail"]
    assert terminal.type("leads", "score", "nobody@firm.example").code == 1
    assert terminal.type("leads", "score").code == 2


def test_the_rules_in_force_are_explained(terminal):
    furnish(terminal)
    shown = terminal.type("score", "explain")
    assert "They asked for a demo or a price" in shown.out
    assert "2 leads have one; 0 wait to be worked out." in shown.out
    terminal.config(RULES)
    terminal.type("leads", "edit", BOB, "--field", "seats=40")
    document = terminal.type("score", "explain", "--json").document
    assert document["rules"][0] == {
        "axis": "fit", "points": 30, "words": "forty seats and more", "half_life_days": 0, "most": 0,
    }  # fmt: skip
    assert terminal.type("leads", "score", BOB, "--json").document["sum"]["fit"] == 30


def test_what_is_due_is_worked_out_without_a_worker(terminal):
    furnish(terminal)
    assert terminal.type("score", "refresh").out == "Worked out 2 scores.\n"
    assert terminal.type("score", "refresh").out == "Nothing was due.\n"
    terminal.type("leads", "edit", BOB, "--phone", "")
    assert terminal.type("score", "refresh", "--json").document == {"worked_out": 1}


def test_whom_to_call_first_and_why(terminal):
    furnish(terminal)
    shown = terminal.type("calls")
    assert "Bob Moss" in shown.out.replace("[31m", "")
    assert "\x1b" not in shown.out
    assert "A phone number is known (+10)" in shown.out
    document = terminal.type("calls", "--json").document
    assert [(one["rank"], one["score"]["total"]) for one in document["lines"]] == [(25, 15)]
    terminal.type("leads", "edit", BOB, "--stage", "won")
    assert "Nobody stands out" in terminal.type("calls", "--team").out
    assert terminal.type("calls", "--limit", "0").code == 2


def test_who_gets_new_leads_is_told_with_what_is_wrong(terminal):
    assert "nobody's until somebody takes it" in terminal.type("assign").out
    terminal.config(RULES)
    document = terminal.type("assign", "--json").document
    assert document == {
        "rules": [{
            "about": "leads where country is de", "to": ["you@ourfirm.example"], "next": "",
            "problem": "no open account: you@ourfirm.example",
        }]
    }  # fmt: skip


# --- the settings -------------------------------------------------------------------------


def test_the_example_spells_out_the_default_rules(pytestconfig):
    example = load(pytestconfig.rootpath / "config.example.toml", {})
    assert score_rules(example) == ScoreRules()
    assert assign_rules(example) == ()


def settings(terminal, text):
    terminal.config(text)
    return load(terminal.folder / "config.toml", {})


def test_an_axis_that_is_written_is_ones_own_alone(terminal):
    found = score_rules(settings(terminal, RULES))
    assert [(one.points, one.words) for one in found.fit] == [(30, "forty seats and more")]
    assert found.engagement == ScoreRules().engagement
    none = score_rules(settings(terminal, "[score]\nfit = []\n"))
    assert none.fit == ()
    own = '[[score.engagement]]\nwhat = "answer"\npoints = 9\nwithin_hours = 2\n'
    [rule] = score_rules(settings(terminal, own)).engagement
    assert (rule.what, rule.points, rule.within_hours) == (What.ANSWER, 9, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[score.fit]]\nwhen = "cuontry is de"\npoints = 1\n', "score.fit[0].when (line 2): column 1"),
        ('[[score.fit]]\nwhen = "stage is new"\npoints = 1\n', 'there is no field "stage"'),
        ('[[score.fit]]\nwhen = "country is de"\npoints = 1.5\n', "should be a whole number"),
        ('[[score.fit]]\nwhen = "country is de"\npoints = 5000\n', "should be at most 1000"),
        ("[[score.fit]]\npoints = 1\n", "when (line 1): is missing"),
        ('[[score.engagement]]\nwhat = "mial"\npoints = 1\n', 'did you mean "mail"?'),
        ('[[score.engagement]]\nwhat = "mail"\npoints = 1\nwithin_hours = 3\n', 'belongs to what = "answer"'),
        ('[[score.engagement]]\nwhat = "mail"\npoints = 1\nhalf_live_days = 3\n', "half_life_days"),
        ('[[assign]]\nwhen = "country is de"\n', "needs to or round_robin"),
        ('[[assign]]\nto = "a@b.example"\nround_robin = ["c@d.example"]\n', "and not both"),
        ('[[assign]]\nto = "Alice"\n', '"Alice" is no mail address'),
        ('[[assign]]\nround_robin = ["a@b.example", "A@b.example"]\n', "names somebody twice"),
        ('[[assign]]\nwhen = "owes is us"\nto = "a@b.example"\n', 'there is no field "owes"'),
    ],
)  # fmt: skip
def test_a_slip_in_a_rule_is_told_with_its_place(terminal, text, told):
    terminal.config(text)
    done = terminal.type("score", "explain")
    assert done.code == 2
    assert told in done.err
