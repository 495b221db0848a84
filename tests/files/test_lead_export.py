"""Leads leave as CSV and JSON, and no name of a stranger becomes a formula."""

from __future__ import annotations

import csv
import io
import json

import pytest

from inboxcrm.files.lead_export import write_csv, write_json

BOB = {"name": 'Bob "the Builder", Jr.', "address": "bob@firm.example", "phone": "+49 30 123-456"}
COLUMNS = ("name", "address", "phone")


def read_back(rows):
    target = io.StringIO(newline="")
    write_csv(rows, COLUMNS, target)
    target.seek(0)
    return list(csv.DictReader(target))


def test_bob_reads_back_as_he_was_written():
    assert read_back([BOB]) == [BOB]


def test_missing_fields_are_empty_cells():
    assert read_back([{"name": "Bob"}]) == [{"name": "Bob", "address": "", "phone": ""}]


@pytest.mark.parametrize("name", ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd()", "@SUM(A1)", "\t=1"])
def test_a_name_that_looks_like_a_formula_is_only_text(name):
    assert read_back([{"name": name}])[0]["name"] == f"'{name}"


@pytest.mark.parametrize("value", ["+49 30 123-456", "-12.50", "(0)30/1", ""])
def test_numbers_and_phone_numbers_stay_as_they_are(value):
    assert read_back([{"phone": value}])[0]["phone"] == value


def test_json_holds_what_is_known_and_keeps_every_letter():
    target = io.StringIO()
    rows = [BOB, {"name": "李雷", "address": None, "ignored": 1}]
    assert write_json(rows, COLUMNS, target) == 2
    assert json.loads(target.getvalue()) == [BOB, {"name": "李雷"}]


def test_no_leads_are_an_empty_list_and_a_heading():
    target = io.StringIO()
    assert write_json([], COLUMNS, target) == 0
    assert json.loads(target.getvalue()) == []
    assert read_back([]) == []
