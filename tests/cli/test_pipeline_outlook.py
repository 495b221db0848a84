"""`pipeline numbers` says what is expected, slipped and owed; and gives any of its tables as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from inboxcrm.cli.pipeline_outlook import TABLES

BOB = "bob@firm.example"
QUOTA = """
[[quota]]
period = "month"
amount = 2400
currency = "EUR"
"""


def furnish(terminal) -> str:
    """Bob is expected in this month; returns its key."""
    today = date.today()
    terminal.config(QUOTA)
    terminal.type("leads", "add", BOB, "--name", "Bob\x1b[31m Moss")
    terminal.type("leads", "edit", BOB, "--value", "1200.50", "--currency", "eur", "--close", today.isoformat(), "--stage", "sql")  # fmt: skip
    return today.isoformat()[:7]


def test_numbers_say_what_is_expected_and_how_quotas_are_covered(terminal):
    furnish(terminal)
    shown = terminal.type("pipeline", "numbers")
    assert shown.code == 0
    for said in ("Forecast: the value of the leads", "600.25 EUR", "2400.00 EUR", "0.5", "Nobody waits", "\x1b"):  # fmt: skip
        assert (said in shown.out) is (said != "\x1b"), said


def test_without_a_quota_the_figure_says_how_to_set_one(terminal):
    shown = terminal.type("pipeline", "numbers")
    assert "[[quota]]" in shown.out


def test_scripts_get_the_same_in_one_document(terminal):
    month = furnish(terminal)
    held = terminal.type("pipeline", "numbers", "--json").document["outlook"]
    due = {one["key"]: one["due"] for one in held["months"]}
    assert due[month]["weighted"] == [{"amount": "600.25", "currency": "EUR"}]
    assert held["coverage"][0]["open"]["count"] == 1


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_printed_as_csv_now_and_on_a_past_day(terminal, table):
    furnish(terminal)
    terminal.type("leads", "edit", BOB, "--source", "=cmd|' /C calc'!A0")
    for more in ((), ("--as-of", "2020-01-31", "--days", "30")):
        shown = terminal.type("pipeline", "numbers", "--csv", table, *more)
        assert shown.code == 0
        rows = list(csv.reader(io.StringIO(shown.out)))
        assert rows[0][0].isidentifier() or rows[0][0] == "working hours"
        assert {len(row) for row in rows} == {len(rows[0])}
        assert not any(cell.startswith("=") for row in rows for cell in row)
    if table == "sources":
        assert terminal.type("pipeline", "numbers", "--csv", table).out.count("\r\n'=cmd") == 1


def test_a_table_is_printed_as_csv_and_nothing_else(terminal):
    month = furnish(terminal)
    rows = list(csv.DictReader(io.StringIO(terminal.type("pipeline", "numbers", "--csv", "forecast").out)))  # fmt: skip
    assert {one["month"]: one["expected EUR"] for one in rows}[month] == "1200.50"
    assert terminal.type("pipeline", "numbers", "--csv", "nonsense").code == 2
    both = terminal.type("pipeline", "numbers", "--csv", "owed", "--json")
    assert (both.code, both.out) == (2, "")
