"""`cadence plan` as people and scripts type it."""

from __future__ import annotations

import pytest


@pytest.fixture
def autumn(terminal):
    (terminal.folder / "empty.mbox").write_text("")
    terminal.config(
        '[[mailbox]]\nname = "alice"\nprovider = "mbox"\npath = "empty.mbox"\naddress = "alice@seller.example"\n'
    )
    terminal.type("sync")
    for name in ("ada", "bea", "cleo", "dora", "elsa"):
        terminal.type(
            "leads", "add", f"{name}@{name}s-firm.example", "--name", f"{name.title()} Roe"
        )
    (terminal.folder / "hello.txt").write_text("Subject: Hello\n\nGood day, stop writing?\n")
    terminal.type("template", "save", "hello", "--text", "hello.txt")
    made = terminal.type(
        "cadence", "merge", "autumn", "--template", "hello", "--segment", "stage is new",
        "--mailbox", "alice", "--day-cap", "2", "--any-hour",
    )  # fmt: skip
    assert made.code == 0, made.err
    terminal.type("cadence", "step", "autumn", "--template", "hello", "--after", "3 days")


@pytest.mark.usefixtures("autumn")
def test_it_is_a_dated_table_with_the_load_of_each_day(terminal):
    document = terminal.type("cadence", "plan", "autumn", "--json").document
    assert (document["people"], document["unplanned"], document["state"]) == (5, 0, "draft")
    assert [one["number"] for one in document["mails"]].count(2) == 5
    assert sum(one["openers"] for one in document["days"]) == 5
    assert document["mails"] == sorted(document["mails"], key=lambda one: one["at"])
    assert document["mails"][0]["at"].endswith("Z")
    shown = terminal.type("cadence", "plan", "autumn", "--mails", "3")
    assert "... and 7 more" in shown.out
    assert "follow-ups" in shown.out
    assert document["mails"][0]["to"] in shown.out
    short = terminal.type("cadence", "plan", "autumn", "--days", "1").out
    assert "of the people get nothing within 1 day." in short


@pytest.mark.usefixtures("autumn")
def test_it_sends_nothing_and_plans_nothing(terminal):
    terminal.type("cadence", "plan", "autumn")
    status = terminal.type("cadence", "status", "autumn", "--json").document
    assert (status["state"], status["mails"]) == ("draft", {})


def test_a_name_there_is_not_is_told(terminal):
    done = terminal.type("cadence", "plan", "nothing")
    assert (done.code, done.out) == (1, "")
    assert "no cadence" in done.err
