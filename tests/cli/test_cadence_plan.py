"""`cadence plan` as people and scripts type it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

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
def test_whoever_lives_elsewhere_has_their_own_minute_beside_it(terminal):
    config = (terminal.folder / "config.toml").read_text()
    terminal.config(f'{config}[[lead_field]]\nkey = "where"\nlabel = "Where"\nkind = "time_zone"\n')
    done = terminal.type("leads", "edit", "ada@adas-firm.example", "--field", "where=asia/tokyo")
    assert done.code == 0, done.err
    mails = terminal.type("cadence", "plan", "autumn", "--json").document["mails"]
    assert {one["to"]: one["zone"] for one in mails if one["zone"]} == {
        "ada@adas-firm.example": "Asia/Tokyo"
    }
    at = datetime.fromisoformat(next(one["at"] for one in mails if one["zone"]))
    shown = terminal.type("cadence", "plan", "autumn").out
    row = next(line for line in shown.splitlines() if "ada@" in line)
    assert row.rstrip().endswith(f"{at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}")


@pytest.mark.usefixtures("autumn")
def test_asked_for_words_it_says_what_each_mail_would(terminal):
    shown = terminal.type("cadence", "plan", "autumn", "--mails", "2", "--words").out
    assert shown.count("    Good day, stop writing?") == 2
    assert re.search(r"to \w+@\w+-firm\.example: Hello\n", shown)
    typed = ("cadence", "plan", "autumn", "--mails", "10", "--words", "--json")
    said = terminal.type(*typed).document["mails"]
    assert [one["subject"] for one in said].count("Hello") == 5
    assert [one["subject"] for one in said].count("Re: Hello") == 5
    assert all("Good day" in one["text"] and not one["problem"] for one in said)
    assert "text" not in terminal.type("cadence", "plan", "autumn", "--json").document["mails"][0]


@pytest.mark.usefixtures("autumn")
def test_who_is_about_to_start_it_is_told_from_when_to_when(terminal):
    mails = terminal.type("cadence", "plan", "autumn", "--days", "365", "--json").document["mails"]
    document = terminal.type("cadence", "start", "autumn", "--json").document
    assert document["planned"] == len(mails) == 10
    for name, mail in (("first_at", mails[0]), ("last_at", mails[-1])):
        away = datetime.fromisoformat(document[name]) - datetime.fromisoformat(mail["at"])
        assert away < timedelta(minutes=1), "asked a moment later"
    shown = terminal.type("cadence", "start", "autumn").out
    assert re.search(r"planned +10\n", shown)
    assert "last at" in shown


@pytest.mark.usefixtures("autumn")
def test_it_sends_nothing_and_plans_nothing(terminal):
    terminal.type("cadence", "plan", "autumn")
    status = terminal.type("cadence", "status", "autumn", "--json").document
    assert (status["state"], status["mails"]) == ("draft", {})


def test_a_name_there_is_not_is_told(terminal):
    done = terminal.type("cadence", "plan", "nothing")
    assert (done.code, done.out) == (1, "")
    assert "no cadence" in done.err
