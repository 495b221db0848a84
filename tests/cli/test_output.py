"""What people see in the terminal: rows stay lines, ids stay whole, hostile text commands nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from inboxcrm.cli.output import print_json, safe, safe_lines
from inboxcrm.cli.tables import print_table


@pytest.mark.parametrize("width", [40, 80, 200])
def test_ids_and_numbers_stay_whole_and_a_row_stays_a_line(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    print_table(
        ("subject", "mails", "id"), [("long words " * 30, 12345, "ewnrh56vttk4w")], empty=""
    )
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(len(line) <= width for line in lines)
    assert lines[-1].rstrip().endswith("12345  ewnrh56vttk4w")


def test_a_table_without_rows_is_a_sentence(capsys):
    print_table(("name",), [], empty="No leads yet.")
    assert capsys.readouterr().out == "No leads yet.\n"


def test_markup_in_a_subject_is_only_text(capsys):
    print_table(("subject",), [("[bold red]Sale[/] :smile:",)], empty="")
    assert "[bold red]Sale[/] :smile:" in capsys.readouterr().out


@pytest.mark.parametrize("hostile", ["a\x1b[2Jb", "a\u202eb", "a\x07b", "a\u200bb", "a\ud800b"])
def test_control_characters_are_left_out(hostile):
    assert "a" in safe(hostile)
    assert safe(hostile).isprintable()


def test_line_breaks_stay_only_where_text_has_lines():
    assert safe("one\r\ntwo\tthree") == "one two three"
    assert safe_lines("one\r\ntwo\x1b") == "one\ntwo"


def test_json_keeps_letters_and_writes_times_with_z(capsys):
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    print_json({"name": "李雷", "at": at, "on": date(2026, 3, 2)})
    text = capsys.readouterr().out
    assert "李雷" in text
    assert json.loads(text) == {"name": "李雷", "at": "2026-03-02T09:00:00Z", "on": "2026-03-02"}


def test_a_narrow_terminal_drops_what_is_spare_and_cuts_no_id(capsys, monkeypatch):
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    headings = ("name", "address", "organization", "stage", "days", "newest", "id")
    row = ("Bob " * 9, "bob@" * 9, "Firm " * 9, "Marketing qualified", 12, at, "ewnrh56vttk4w")
    for width, shown in ((200, "organization"), (80, "2026-03-02 "), (70, "ewnrh56vttk4w")):
        monkeypatch.setenv("COLUMNS", str(width))
        print_table(headings, [row], empty="", spare=("organization", "days"))
        out = capsys.readouterr().out
        assert shown in out
        assert "ewnrh56vttk4w" in out
        assert all(len(line) <= width for line in out.splitlines())
        assert ("organization" in out) is (width == 200)


def test_json_says_the_same_and_commands_no_terminal(capsys):
    hostile = "a\x9b31m\u202eb\ud800\x1b"
    print_json({"name": hostile})
    text = capsys.readouterr().out
    assert text.isascii()
    assert json.loads(text) == {"name": hostile}
