"""Missing fields, files, snippets, signatures and tests of templates, as people and scripts type them."""

from __future__ import annotations

import pytest

from tests.cli.test_leads import BOB
from tests.cli.test_templates import mailbox as mailbox  # noqa: PLC0414 - a fixture


def write(terminal, name: str, text: str) -> str:
    (terminal.folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.fixture
def bob(terminal):
    terminal.type("leads", "add", BOB, "--name", "Bob Baker")


def saved(terminal, text="Hi {{ first_name }}", *words):
    file = write(terminal, "intro.txt", f"Subject: Hello\n\n{text}\n")
    return terminal.type("template", "save", "intro", "--text", file, *words, "--json").document


def test_who_lacks_something_is_told(terminal, bob):
    saved(terminal, "{{ first_name }} {{ phone }}")
    words = ("template", "missing", "intro", "--segment", "stage is new")
    found = terminal.type(*words, "--json").document
    assert (found["people"], found["refused"]) == (1, 1)
    assert [one["missing"] for one in found["rows"]] == [["phone"]]
    shown = terminal.type(*words)
    assert "phone" in shown.out
    assert "Bob Baker" in shown.out
    assert terminal.type(*words, "--variable", "tags").code == 2
    assert "Nobody lacks anything." in terminal.type(*words, "--variable", "first_name").out


def test_who_lacks_something_in_a_cadence_is_told(terminal, bob, mailbox):
    saved(terminal, "{{ phone }}")
    terminal.type(
        "cadence", "merge", "Autumn", "--template", "intro", "--segment", "stage is new", "--mailbox", "alice"
    )  # fmt: skip
    found = terminal.type("cadence", "missing", "Autumn", "--json").document
    assert [(one["template"], one["refused"]) for one in found["mails"]] == [("intro", 1)]
    assert "Bob Baker" in terminal.type("cadence", "missing", "autumn", "--no-mail").out
    assert terminal.type("cadence", "missing", "nothing").code == 1


def test_files_go_with_a_template(terminal, bob, mailbox):
    attached = saved(terminal, "Hi", "--attach", write(terminal, "list.csv", "a,b\n"))
    assert attached["files"] == [{"name": "list.csv", "size": 4}]
    assert saved(terminal, "Hello")["files"] == attached["files"]
    found = terminal.type("template", "preview", "intro", "--lead", BOB, "--json").document
    assert found["files"] == [{"name": "list.csv", "type": "text/csv", "size": 4}]
    assert "filename=" in found["mime"]
    assert "list.csv (4 bytes)" in terminal.type("template", "preview", "intro", "--lead", BOB).out
    assert saved(terminal, "Hello", "--no-files")["files"] == []
    refused = terminal.type(
        "template", "save", "intro", "--text", "intro.txt", "--attach", write(terminal, "a.exe", "x")
    )  # fmt: skip
    assert (refused.code, "a.exe" in refused.err) == (2, True)
    assert (
        terminal.type("template", "save", "intro", "--text", "intro.txt", "--attach", "no").code
        == 2
    )


def test_snippets_are_kept_and_put_in(terminal, bob, mailbox):
    file = write(terminal, "hours.txt", "9 to 5\n")
    made = terminal.type("snippet", "save", "Opening hours", "--text", file, "--json").document
    assert (made["version"], made["call"]) == (1, '{{ snippet("Opening hours") }}')
    version = saved(terminal, 'Open {{ snippet("opening hours") }}')
    assert version["snippets"] == {"Opening hours": 1}
    assert "Open 9 to 5" in terminal.type("template", "preview", "intro", "--lead", BOB).out
    assert "9 to 5" in terminal.type("snippet", "show", "opening HOURS").out
    assert "Opening hours" in terminal.type("snippet", "list").out
    assert terminal.type("snippet", "remove", "Opening hours").code == 0
    assert terminal.type("snippet", "show", "Opening hours").code == 1
    assert "No snippets yet" in terminal.type("snippet", "list").out


def test_a_mailbox_signs(terminal, bob, mailbox):
    say = ("mailboxes", "signature", "alice")
    assert "has none" in terminal.type(*say).out
    file = write(terminal, "sig.html", "<b>Alice</b><script>x</script>")
    found = terminal.type(*say, "--html", file, "--json").document
    assert found == {"name": "alice", "text": "Alice", "html": "<b>Alice</b>"}
    saved(terminal, "Hi", "--signature")
    assert "Hi\n\nAlice" in terminal.type("template", "preview", "intro", "--lead", BOB).out
    assert terminal.type(*say, "--remove").code == 0
    assert terminal.type(*say, "--remove", "--file", file).code == 2
    assert terminal.type("mailboxes", "signature", "nobody").code == 2


def test_a_mailbox_has_limits_of_its_own(terminal, bob, mailbox):
    say = ("mailboxes", "limits", "alice")
    assert "as its cadences say" in terminal.type(*say).out
    found = terminal.type(*say, "--day-cap", "80", "--gap", "120", "--zone", "asia/tokyo", "--json")
    assert found.document == {
        "name": "alice", "day_cap": 80, "gap_seconds": 120, "zone": "Asia/Tokyo", "moved": 0,
    }  # fmt: skip
    shown = terminal.type(*say, "--gap", "none").out
    assert "80 at most" in shown
    assert "Asia/Tokyo" in shown
    assert terminal.type(*say, "--json").document["gap_seconds"] is None
    wrong = terminal.type(*say, "--day-cap", "0", "--zone", "Mars")
    assert wrong.code == 2
    assert "--day-cap: Write a number from 1 to 2000." in wrong.err
    assert '--zone: "Mars" is no time zone' in wrong.err
    assert terminal.type("mailboxes", "limits", "nobody").code == 2
    saved(terminal)
    merge = ("cadence", "merge", "Autumn", "--template", "intro", "--segment", "stage is new")
    assert terminal.type(*merge, "--mailbox", "alice").code == 0
    assert "Asia/Tokyo" in terminal.type("cadence", "limits", "Autumn").out


def test_a_test_leaves_only_with_yes_and_only_where_sending_is_allowed(terminal, bob, mailbox):
    saved(terminal)
    words = ("template", "test", "intro", "--lead", BOB)
    shown = terminal.type(*words)
    assert "Nothing was sent. To send it: inboxcrm template test intro" in shown.out
    assert "alice@ourfirm.example" in shown.out
    assert terminal.type(*words, "--json").document["is_sent"] is False
    refused = terminal.type(*words, "--yes")
    assert refused.code == 1
    assert "send nothing from it" in refused.err
    saved(terminal, "{{ phone }}")
    assert terminal.type(*words).code == 1
