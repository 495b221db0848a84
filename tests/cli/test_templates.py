"""`template` as people and scripts type it."""

from __future__ import annotations

import io
import sys

import pytest

from tests.cli.test_leads import BOB

INTRO = "Subject: Hello {{ first_name }}\n\nHi {{ first_name }},\n\nhow is {{ organization }}?\n\n{{ signature }}\n"


@pytest.fixture
def intro(terminal):
    (terminal.folder / "intro.txt").write_bytes(
        b"\xef\xbb\xbf" + INTRO.replace("\n", "\r\n").encode()
    )
    return terminal.type("template", "save", "intro", "--text", "intro.txt", "--json").document


@pytest.fixture
def mailbox(terminal):
    (terminal.folder / "empty.mbox").write_text("")
    terminal.config(
        '[[mailbox]]\nname = "alice"\nprovider = "mbox"\npath = "empty.mbox"\naddress = "alice@ourfirm.example"\n'
    )
    terminal.type("sync")


def test_a_file_with_its_subject_is_a_template(terminal, intro):
    assert (intro["subject"], intro["version"], intro["is_new"]) == (
        "Hello {{ first_name }}",
        1,
        True,
    )
    assert intro["text"] == INTRO.partition("\n\n")[2]
    shown = terminal.type("template", "show", "INTRO", "--json").document
    assert shown["text"] == intro["text"]
    assert "how is {{ organization }}?" in terminal.type("template", "show", "intro").out
    listed = terminal.type("template", "list", "--json").document["templates"]
    assert [(one["name"], one["version"]) for one in listed] == [("intro", 1)]
    assert "Hello {{ first_name }}" in terminal.type("template", "list").out


def test_saving_again_makes_a_version_only_where_something_differs(terminal, intro):
    again = terminal.type("template", "save", "intro", "--text", "intro.txt")
    assert "says just that; nothing was saved" in again.out
    words = ("--fallback", "organization=your firm", "--json")
    changed = terminal.type("template", "save", "intro", "--text", "intro.txt", *words).document
    assert (changed["version"], changed["fallbacks"]) == (2, {"organization": "your firm"})


def test_a_subject_may_stand_apart_and_the_text_come_in_by_a_pipe(terminal, monkeypatch):
    monkeypatch.setattr(
        sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Gr\xc3\xbc\xc3\x9fe, stop writing\n"))
    )
    (terminal.folder / "a.html").write_text("<p>Hi</p>")
    done = terminal.type(
        "template", "save", "a", "--subject", "Hello", "--text", "-", "--html", "a.html", "--json"
    ).document
    assert (done["subject"], done["text"], done["html"]) == (
        "Hello",
        "Grüße, stop writing\n",
        "<p>Hi</p>",
    )
    assert done["warnings"] == []


def test_all_problems_are_told_with_their_places_and_nothing_is_saved(terminal):
    (terminal.folder / "bad.txt").write_text("Subject: x\n\n{{ frist_name }}\n{{ name.x }}\n")
    done = terminal.type("template", "save", "bad", "--text", "bad.txt")
    assert (done.code, done.out) == (2, "")
    assert (
        "text, line 1, column 4: There is no variable frist_name; did you mean first_name?"
        in done.err
    )
    assert "text, line 2" in done.err
    assert terminal.type("template", "list", "--json").document == {"templates": []}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--text", "none.txt"), "Cannot read none.txt"),
        (("--text", "latin.txt"), "is not in UTF-8"),
        (("--text", "plain.txt"), "has no subject"),
        (("--subject", "x"), "neither text nor HTML"),
        (("--text", "good.txt", "--fallback", "name"), "is not VARIABLE=WORDS"),
        (("--text", "good.txt", "--fallback", "nmae=x"), "did you mean name?"),
    ],
)
def test_wrong_use_says_what_to_do(terminal, words, said):
    (terminal.folder / "latin.txt").write_bytes(b"Subject: x\n\nGr\xfc\xdfe")
    (terminal.folder / "plain.txt").write_text("Hello\n")
    (terminal.folder / "good.txt").write_text("Subject: x\n\nHello\n")
    done = terminal.type("template", "save", "a", *words)
    assert (done.code, said in done.err) == (2, True), done.err


def test_a_preview_is_the_mail_one_lead_would_get(terminal, mailbox, intro):
    terminal.type("leads", "add", BOB, "--name", "Bob Moss")
    shown = terminal.type("template", "preview", "intro", "--lead", BOB)
    assert shown.code == 0
    assert "alice@ourfirm.example" in shown.out
    assert "Hi Bob," in shown.out
    found = terminal.type("template", "preview", "intro", "--lead", BOB, "--json").document
    assert (found["to"], found["subject"], found["problems"]) == (BOB, "Hello Bob", [])
    assert f"\r\nTo: {BOB}\r\nSubject: Hello Bob\r\n" in found["mime"]
    raw = terminal.type("template", "preview", "intro", "--lead", BOB, "--mime").out
    assert raw.startswith("From: ")


def test_a_preview_that_misses_something_fails_and_says_what(terminal, mailbox, intro):
    terminal.type("leads", "add", "x@firm.example", "--name", "Firm GmbH")
    done = terminal.type("template", "preview", "intro", "--lead", "x@firm.example")
    assert (done.code, done.out) == (1, "")
    assert "first_name is blank" in done.err
    found = terminal.type("template", "preview", "intro", "--lead", "x@firm.example", "--json")
    assert found.code == 1
    assert "first_name is blank" in found.document["problems"][0]


def test_nobody_sends_without_a_mailbox(terminal, intro):
    terminal.type("leads", "add", BOB)
    done = terminal.type("template", "preview", "intro", "--lead", BOB)
    assert (done.code, "No mailbox is known" in done.err) == (2, True)


def test_an_unknown_mailbox_is_answered_with_the_known_ones(terminal, mailbox, intro):
    terminal.type("leads", "add", BOB)
    done = terminal.type("template", "preview", "intro", "--lead", BOB, "--mailbox", "x")
    assert (done.code, "There are alice." in done.err) == (2, True)


def test_lint_says_what_could_be_better(terminal, intro):
    assert "hear no more" in terminal.type("template", "lint", "intro").out
    [warning] = terminal.type("template", "lint", "intro", "--json").document["warnings"]
    assert warning["part"] == "text"
    assert terminal.type("template", "lint", "nothing").code == 1


def test_variables_are_listed_with_the_houses_own(terminal):
    terminal.config('[[lead_field]]\nkey = "met-on"\nlabel = "Met on"\nkind = "date"\n')
    listed = terminal.type("template", "variables", "--json").document["variables"]
    assert {"first_name", "signature", "custom_met_on"} <= {one["name"] for one in listed}
    assert "custom_met_on" in terminal.type("template", "variables").out


def test_a_hostile_template_cannot_command_the_terminal(terminal):
    (terminal.folder / "a.txt").write_text("Subject: x\n\nHello \u202e\n")
    terminal.type("template", "save", "a\x1b[2J", "--text", "a.txt")
    shown = (
        terminal.type("template", "list").out + terminal.type("template", "show", "a\x1b[2J").out
    )
    assert "\x1b" not in shown
    assert "\u202e" not in shown
