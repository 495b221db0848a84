"""Editing, going back and adding as people and scripts type it."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def autumn(terminal):
    (terminal.folder / "empty.mbox").write_text("")
    terminal.config(
        '[[mailbox]]\nname = "alice"\nprovider = "mbox"\npath = "empty.mbox"\naddress = "alice@seller.example"\n'
    )
    terminal.type("sync")
    terminal.type("leads", "add", "bob@bobs-firm.example", "--name", "Bob Roe")
    (terminal.folder / "hello.txt").write_text("Subject: Hello\n\nGood day, stop writing?\n")
    terminal.type("template", "save", "hello", "--text", "hello.txt")
    made = terminal.type(
        "cadence", "merge", "autumn", "--template", "hello", "--segment", "stage is new", "--mailbox", "alice",
        "--holidays", "DE", "--domain-cap", "3", "--no-ramp", "--late-days", "9", "--window", "mon-sun 00:00-24:00",
        "--quiet-days", "7", "--guard", "block",
    )  # fmt: skip
    assert made.code == 0, made.err
    terminal.type("cadence", "start", "autumn", "--yes")
    return terminal


def test_steps_go_out_as_a_file_and_come_back_as_an_edit(autumn):
    shown = autumn.type("cadence", "edit", "autumn").out
    (autumn.folder / "steps.toml").write_text(
        shown + '\n[[step]]\nafter = "2 days"\ncall = "Ring"\n'
    )
    look = autumn.type("cadence", "edit", "autumn", "--file", "steps.toml", "--for", "all")
    assert (look.code, "step 2: new" in look.out) == (0, True), look.err
    assert "Nothing was changed. Add --yes to do it." in look.out
    done = autumn.type(
        "cadence", "edit", "autumn", "--file", "steps.toml", "--for", "all", "--yes", "--json"
    ).document
    assert (done["done"], done["changes"]) == (True, [{"step": "s2", "change": "added"}])
    dry = ("cadence", "rollback", "autumn", "1", "--yes", "--dry-run")
    assert "step s2: taken out" in autumn.type(*dry).out
    assert autumn.type("cadence", "rollback", "autumn", "1", "--yes").code == 0
    document = autumn.type("cadence", "versions", "autumn", "--json").document
    assert [one["text"] for one in document["versions"]] == ["Back to version 1", "Edited", "Made"]
    assert "Back to version 1" in autumn.type("cadence", "versions", "autumn").out


@pytest.mark.parametrize(
    "text", ["[[step", "{", "\x00", '{"step": [{"template": "none"}]}', "[" * 9_000]
)
def test_a_file_that_cannot_be_taken_changes_nothing(autumn, text):
    (autumn.folder / "steps.toml").write_text(text)
    done = autumn.type("cadence", "edit", "autumn", "--file", "steps.toml", "--yes")
    assert (done.code, done.out) == (2, "")
    assert len(autumn.type("cadence", "versions", "autumn", "--json").document["versions"]) == 1


def test_limits_are_kept_and_all_that_is_wrong_with_them_is_said(autumn):
    told = autumn.type("cadence", "status", "autumn", "--json").document
    held = {
        name: told[name] for name in ("domain_cap", "ramp_percent", "max_late_days", "holidays")
    }
    assert held == {"domain_cap": 3, "ramp_percent": 0, "max_late_days": 9, "holidays": "DE"}
    assert told["adding"]["quiet_days"] == 7
    wrong = autumn.type(
        "cadence", "merge", "more", "--template", "hello", "--segment", "stage is new", "--mailbox", "alice",
        "--holidays", "Atlantis", "--domain-cap", "many", "--window", "daily", "--zone", "Mars",
    )  # fmt: skip
    assert wrong.code == 2
    assert all(one in wrong.err for one in ("--holidays", "--domain-cap", "--window", "--zone"))


def test_one_more_is_added_after_a_look_and_by_the_same_rules(autumn):
    autumn.type("leads", "add", "erin@erins-firm.example", "--name", "Erin Roe")
    look = autumn.type("cadence", "add", "autumn", "erin@erins-firm.example")
    assert "Nothing was changed. Add --yes to add them." in look.out
    done = autumn.type("cadence", "add", "autumn", "erin@erins-firm.example", "--yes", "--json")
    assert (done.document["added"], done.document["against"]) == (True, [])
    again = autumn.type("cadence", "add", "autumn", "erin@erins-firm.example", "--yes")
    assert (again.code, "is or was in it" in again.err) == (1, True)
    assert "Nobody waits for a word." in autumn.type("cadence", "questions").out
    assert autumn.type("cadence", "answer", "autumn", "erin@erins-firm.example", "--no").code == 1


def test_consent_is_noted_with_its_source(autumn):
    noted = (
        "leads",
        "consent",
        "bob@bobs-firm.example",
        "given",
        "--source",
        "Fair",
        "--on",
        "2026-05-01",
    )
    assert autumn.type(*noted).out == "Consent agreed.\n"
    found = autumn.type("segment", "count", "consent is given", "--json").out
    assert json.loads(found)["count"] == 1
