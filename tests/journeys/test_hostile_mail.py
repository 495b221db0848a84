"""Subjects and names that would run, hide, turn the line around or fill the screen: they are text, and only text.

That no command for a terminal comes out is checked by `Home` after every journey, for every command typed in it.
"""

from __future__ import annotations

import csv
import io
from base64 import b64encode

import pytest

from tests.journeys.mails import ARCHIVE, mail

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "title": "Offer \x1b]0;owned\x07 and \x1b[2J\x1b[31mred",
    "c1": "Offer \x9b31m \x85 next \x90q",
    "bidi": "Offer \u202excod.exe\u202c \u2067back\u2069 \u200f\u200e",
    "hidden": "Of\u200bfer\u2060 \ufeff\U000e0041\u00ad",
    "lines": "Offer\r\n\tBcc: all@ourshop.example\u2028next\u2029",
    "markup": "[bold red]Offer[/] :smile: %s {0}",
    "nothing": "\x00\x01\x02",
}


def encoded(text: str) -> str:
    return f"=?utf-8?B?{b64encode(text.encode('utf-8', 'surrogatepass')).decode()}?="


def look_everywhere(home, words: str = "offer") -> str:
    """Types every command that shows mail, for people and for programs; all that was printed."""
    seen = []
    for as_json in ((), ("--json",)):
        seen += [
            home.type("messages", "list", *as_json),
            home.type("leads", "list", *as_json),
            home.type("search", words, *as_json),
            home.type("why", "bob@firm.example", *as_json),
            home.type("leads", "show", "bob@firm.example", *as_json),
            home.type("capture", "rehearse", "--mode", "archive=ask", *as_json),
            home.type("leads", "export", *as_json),
            home.type("sync", *as_json),
        ]
    for row in seen[8].document["messages"]:
        for which in (row["id"], row["thread"]):
            seen.append(home.type("messages", "show", which))
            seen.append(home.type("messages", "show", which, "--json"))
    assert [one for one in seen if one.code] == []
    return "".join(one.out for one in seen)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_subject_and_name_are_only_text(home, kind):
    text = HOSTILE[kind]
    home.config(f'{ARCHIVE}path = "mail.mbox"\n')
    letter = mail(
        1,
        subject=encoded(text),
        sender=f"{encoded(text)} <bob@firm.example>",
        text=f"Offer: {text.replace(chr(0), '')}",
    )
    home.file("mail.mbox", letter.encode("utf-8", "surrogatepass"))
    assert home.type("sync", "--json").report["stored"] == 1
    look_everywhere(home)
    changed = home.type(
        "leads", "edit", "bob@firm.example", "--note", f"Note {text}".replace("\0", "")
    )
    assert changed.code == 0
    look_everywhere(home)
    for line in home.type("messages", "list").out.splitlines():
        assert len(line) <= 80


def test_a_subject_of_a_megabyte_is_a_line(home):
    home.config(f'{ARCHIVE}path = "mail.mbox"\n')
    long = mail(1, subject="Offer " * 175_000, sender=f"{'Bob ' * 500}<bob@firm.example>")
    home.file("mail.mbox", long)
    assert home.type("sync", "--json").report["stored"] == 1
    shown = look_everywhere(home)
    assert len(shown) < 400_000
    assert all(len(line) <= 80 for line in home.type("messages", "list").out.splitlines())
    assert all(len(line) <= 80 for line in home.type("leads", "list").out.splitlines())


@pytest.mark.parametrize("lead", ["=", "+", "-", "@", "\t", "\r", " =", "\u200b="])
def test_no_cell_of_an_export_is_a_formula(home, lead):
    home.config(f'{ARCHIVE}path = "mail.mbox"\n')
    name = f'{lead}HYPERLINK("http://evil.example","Bob")'
    home.file("mail.mbox", mail(1, sender=f"{encoded(name)} <bob@firm.example>"))
    home.type("sync")
    home.type("leads", "add", "carol@shop.example", "--name", f"{lead}cmd|' /C calc'!A0")
    home.type("leads", "export", "--output", "leads.csv")
    text = (home.folder / "leads.csv").read_bytes().decode()
    for source in (text, home.type("leads", "export").out):
        rows = list(csv.reader(io.StringIO(source)))
        assert len(rows) == 3
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_what_a_person_types_is_no_command_either(home):
    evil = "bob\x1b]0;owned\x07@firm.example"
    for words in (
        ("why", evil), ("leads", "add", evil), ("leads", "show", evil), ("capture", "ignore", evil),
        ("capture", "ignore", "--domain", "a\x1b[2J.example"), ("leads", "list", "--stage", "\x1b[2J"),
        ("search", "\x1b[2J"), ("sync", "--mailbox", "\x1b[2J"), ("import", "mbox", "\x1b[2J", "--mailbox", "a"),
        ("--config", "\x1b[2J", "doctor"), ("messages", "show", "\x1b[2J"), ("\x1b[2J",), ("leads", "list", "--\x1b[2J"),
        ("leads", "add", "carol@shop.example", "--name", "Carol\x1b[2J"), ("capture", "rehearse", "--mode", "\x1b=ask"),
    ):  # fmt: skip
        home.type(*words)
