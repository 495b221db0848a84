"""People are called as they would call themselves."""

from __future__ import annotations

import pytest

from inboxcrm.leads.naming import name_from_address, person_name


@pytest.mark.parametrize(
    ("display", "name"),
    [
        ("Bob Tanaka", "Bob Tanaka"),
        ("Yardley, Peter", "Peter Yardley"),
        ("O'Neill, Anne-Marie", "Anne-Marie O'Neill"),
        ('"Vogt, Maren"', "Maren Vogt"),
        ("Harbour Pike, Ltd.", "Harbour Pike, Ltd."),
        ("Tanaka, Bob, Kitaura", "Tanaka, Bob, Kitaura"),
        ("  Ines   Duarte ", "Ines Duarte"),
        ("田中, 太郎", "太郎 田中"),
        ("", ""),
    ],
)
def test_last_name_first_is_turned_round(display: str, name: str) -> None:
    assert person_name(display) == name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("bob.tanaka@kitaura.example", "Bob Tanaka"),
        ("maren_vogt+crm@vogt.example", "Maren Vogt"),
        ("q7@x.example", "Q7"),
        ("-@x.example", ""),
    ],
)
def test_an_address_without_a_name_is_read_aloud(key: str, name: str) -> None:
    assert name_from_address(key) == name
