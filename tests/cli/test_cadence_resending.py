"""`cadence resend` and `cadence limits` as people and scripts type them: a look first, and nothing without --yes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from inboxcrm.cli.cadence_shown import not_now
from inboxcrm.services.explaining import Against


@pytest.fixture
def autumn(terminal):
    """Bob's mail is planned, and counts as sent; Erin's waits."""
    (terminal.folder / "empty.mbox").write_text("")
    terminal.config(
        '[[mailbox]]\nname = "alice"\nprovider = "mbox"\npath = "empty.mbox"\naddress = "alice@seller.example"\n'
    )
    terminal.type("sync")
    for name in ("bob", "erin"):
        terminal.type(
            "leads", "add", f"{name}@{name}s-firm.example", "--name", f"{name.title()} Roe"
        )
    (terminal.folder / "hello.txt").write_text("Subject: Hello\n\nGood day, stop writing?\n")
    terminal.type("template", "save", "hello", "--text", "hello.txt")
    made = terminal.type(
        "cadence", "merge", "autumn", "--template", "hello", "--segment", "stage is new", "--mailbox", "alice",
        "--window", "mon-sun 00:00-24:00", "--zone", "UTC", "--holidays", "DE",
    )  # fmt: skip
    assert made.code == 0, made.err
    terminal.type("cadence", "start", "autumn", "--yes")
    return terminal


def change(terminal, statement: str) -> None:
    (path,) = terminal.folder.glob("*.db")
    with create_engine(f"sqlite:///{path}").begin() as tx:
        tx.execute(text(statement))


def went(terminal, state: str = "sent") -> None:
    change(terminal, f"UPDATE outbox SET state = '{state}' WHERE to_address LIKE 'bob%'")


BOB = "bob@bobs-firm.example"


def test_a_step_is_shown_and_with_yes_sent_once_more(autumn):
    went(autumn)
    look = autumn.type("cadence", "resend", "autumn", BOB, "--step", "s1")
    assert look.code == 0, look.err
    for said in ("Hello", "Good day, stop writing?", "They get it a second time", "not now: "):
        assert said in look.out
    assert "Nothing was sent. Add --yes to send it." in look.out
    document = autumn.type("cadence", "resend", "autumn", BOB, "--json").document
    assert (document["done"], document["step"], "key" in document) == (False, "s1", False)
    assert len(autumn.type("outbox", "list", "--state", "planned", "--json").document["mails"]) == 1
    done = autumn.type(
        "cadence", "resend", "autumn", BOB, "--step", "s1", "--yes", "--json"
    ).document
    assert (done["done"], done["may_double"]) == (True, False)
    planned = autumn.type("outbox", "list", "--state", "planned", "--json").document["mails"]
    assert done["key"] in [one["key"] for one in planned]
    why = autumn.type("cadence", "why", BOB).out
    assert "s1 to bob@bobs-firm.example: planned" in why
    assert "asked to have it sent once more" in why
    again = autumn.type("cadence", "resend", "autumn", BOB, "--yes")
    assert (again.code, "on its way to them already" in again.err) == (1, True)
    back = autumn.type("cadence", "resend", "autumn", BOB, "--take-back", "--json")
    assert back.document == {"taken_back": done["key"]}
    late = autumn.type("cadence", "resend", "autumn", BOB, "--take-back")
    assert (late.code, "cannot be taken back" in late.err) == (1, True)


def test_of_an_unconfirmed_mail_it_is_said_that_it_may_double(autumn):
    went(autumn, "unconfirmed")
    look = autumn.type("cadence", "resend", "autumn", BOB)
    assert "Mind: Nobody could tell whether the mail of" in look.out
    assert "they get it twice" in look.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("autumn", BOB, "--step", "s9"), 1, "Those they had: s1."),
        (("autumn", BOB, "--step", "\u202e\x1b[2J" * 900), 1, "Those they had: s1."),
        (("winter", BOB), 1, 'There is no cadence "winter"'),
        (("autumn", "nobody@nowhere.example"), 1, "is no lead"),
        (("autumn",), 2, "LEAD"),
    ],
)
def test_what_cannot_be_sent_once_more_is_said_plainly(autumn, words, code, said):
    went(autumn)
    done = autumn.type("cadence", "resend", *words, "--yes")
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "\x1b[2J" not in done.err
    assert "\u202e" not in done.err


# --- limits ------------------------------------------------------------------------------------------


def test_limits_are_shown_looked_at_and_changed(autumn):
    far = (datetime.now(UTC) + timedelta(hours=12)).hour  # an hour nobody gets a mail at as it is
    standing = autumn.type("cadence", "limits", "autumn", "--json").document["limits"]
    assert (standing["hours"], standing["country"]) == ("any", "DE")
    assert "Mails go" in autumn.type("cadence", "limits", "autumn").out
    window = f"mon-sun {far:02}:00-{far:02}:20"
    words = ("cadence", "limits", "autumn", "--window", window, "--day-cap", "1")
    look = autumn.type(*words)
    assert look.code == 0, look.err
    assert f"+ Mails go Monday to Sunday between {far:02}:00 and {far:02}:20" in look.out
    assert "+ At most 1 mails leave the mailbox" in look.out
    assert "2 people get a mail at another time." in look.out
    assert "Nothing was changed. Add --yes to do it." in look.out
    assert autumn.type("cadence", "limits", "autumn", "--json").document["limits"] == standing
    done = autumn.type(*words, "--yes", "--json").document
    assert (done["done"], done["moved_mails"], done["counts"]) == (True, 2, {"time": 2})
    assert done["ahead"]["after"]["mails"] == 2
    now = autumn.type("cadence", "limits", "autumn", "--json").document["limits"]
    assert now == standing | {"hours": "own", "windows": window, "day_cap": "1"}
    same = autumn.type(*words, "--yes")
    assert (same.code, "Nothing of it would change." in same.err) == (1, True)
    back = autumn.type(
        "cadence", "limits", "autumn", "--any-hour", "--no-holidays", "--no-ramp", "--yes"
    )
    assert back.code == 0, back.err
    found = autumn.type("cadence", "limits", "autumn", "--json").document["limits"]
    assert (found["hours"], found["country"], found["ramp"], found["day_cap"]) == (
        "any",
        "",
        "no",
        "1",
    )


def test_all_that_is_wrong_with_limits_is_said_at_once(autumn):
    wrong = autumn.type(
        "cadence", "limits", "autumn", "--holidays", "Atlantis", "--day-cap", "many", "--window", "daily\x1b[2J",
        "--zone", "Mars", "--yes",
    )  # fmt: skip
    assert (wrong.code, wrong.out) == (2, "")
    assert all(one in wrong.err for one in ("--holidays", "--day-cap", "--window", "--zone"))
    for both in (("--ramp", "--no-ramp"), ("--any-hour", "--office-hours"), ("--needs-consent", "--no-consent"),
                 ("--holidays", "US", "--no-holidays"), ("--window", "mon 09:00-10:00", "--any-hour")):  # fmt: skip
        assert autumn.type("cadence", "limits", "autumn", *both).code == 2, both


def test_what_keeps_a_mail_is_told_with_its_end_where_it_has_one():
    nine = datetime(2026, 5, 14, 9).astimezone()
    due = Against("not_due", "wait", "It is not due yet.", nine)
    assert not_now(due) == "not now: It is not due yet. Until 2026-05-14 09:00."
    paused = Against("paused", "wait", "The cadence is paused.")
    assert not_now(paused) == "not now: The cadence is paused."
