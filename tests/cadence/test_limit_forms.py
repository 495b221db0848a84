"""Limits as a form: whatever stands is read from its own form again, and what is not said stays."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inboxcrm.cadence.adding import AddingRules, Guard
from inboxcrm.cadence.days_off import holidays_of
from inboxcrm.cadence.limit_forms import form_of, rules_with, windows_as_text
from inboxcrm.cadence.rule_forms import rules_from_form, windows_of
from inboxcrm.cadence.rules import CadenceRules, Clock, rules_as_json, rules_from_json
from inboxcrm.cadence.windows import DAYS, Windows
from inboxcrm.errors import FieldsError

clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
weeks = st.dictionaries(
    st.sampled_from(DAYS), st.lists(st.tuples(clocks, clocks), min_size=1, max_size=3), min_size=1
)


@st.composite
def limits(draw) -> CadenceRules:
    country = draw(st.sampled_from(("", "DE", "DE-BY")))
    zone = draw(st.sampled_from(("UTC", "Europe/Lisbon", "Asia/Tokyo")))
    off = holidays_of(country)
    hours = draw(st.sampled_from(("office", "any", "own")))
    windows = Windows(zone, holidays=off)
    if hours == "any":
        windows = Windows(zone, Windows.always(zone).windows, off)
    elif hours == "own":
        windows = Windows.of_week(zone, draw(weeks), off)
    return CadenceRules(
        windows,
        day_cap=draw(st.integers(1, 2_000)),
        gap_seconds=draw(st.integers(0, 86_400)),
        max_late_days=draw(st.integers(1, 60)),
        ramp_percent=draw(st.sampled_from((0, 20, 35))),
        domain_cap=draw(st.integers(0, 2_000)),
        country=country,
        adding=AddingRules(
            draw(st.integers(0, 99)),
            draw(st.booleans()),
            draw(st.sampled_from(Guard)),
            draw(st.integers(1, 99)),
        ),
        clock=draw(st.sampled_from(Clock)),
    )


@settings(max_examples=60, deadline=None)
@given(limits())
def test_what_stands_is_read_from_its_form_again(rules: CadenceRules) -> None:
    assert rules_with(rules, {}) == rules
    assert rules_from_json(rules_as_json(rules)) == rules


@settings(max_examples=40, deadline=None)
@given(limits(), st.integers(1, 2_000))
def test_what_is_not_said_stays(rules: CadenceRules, cap: int) -> None:
    changed = form_of(rules_with(rules, {"day_cap": str(cap)}))
    assert changed == form_of(rules) | {"day_cap": str(cap)}


@settings(max_examples=60, deadline=None)
@given(weeks)
def test_windows_are_written_as_they_are_read(week) -> None:
    windows = Windows.of_week("UTC", week).windows
    text = windows_as_text(windows)
    assert Windows.of_week("UTC", windows_of(text)).windows == windows


def test_days_in_a_row_with_the_same_hours_share_a_line() -> None:
    week = windows_of("mon-wed 09:00-12:00; mon-wed 13:00-24:00; fri 22:00-02:00")
    assert windows_as_text(Windows.of_week("UTC", week).windows).split("\n") == [
        "mon-wed 09:00-12:00", "mon-wed 13:00-24:00", "fri 22:00-24:00", "sat 00:00-02:00",
    ]  # fmt: skip


def test_windows_that_are_given_are_the_hours_and_an_empty_field_has_its_default() -> None:
    standing = rules_from_form({"hours": "any", "day_cap": "7", "ramp": "no"}, zone="UTC")
    made = rules_with(standing, {"windows": "mon 09:00-10:00"})
    assert (windows_as_text(made.windows.windows), made.day_cap) == ("mon 09:00-10:00", 7)
    assert rules_with(standing, {"day_cap": ""}).day_cap == CadenceRules().day_cap
    assert rules_with(standing, {"ramp": ""}).ramp_percent == CadenceRules().ramp_percent


@pytest.mark.parametrize(
    "bad", ["x" * 10_000, "mon-fri 25:00-26:00", "<b>", "{{ 1 }}", "\u202e", "mon\n-"]
)
def test_hostile_words_are_wrong_words(bad: str) -> None:
    with pytest.raises(FieldsError) as raised:
        rules_with(CadenceRules(), {"windows": bad, "zone": bad, "day_cap": bad, "guard": bad})
    assert set(raised.value.problems) == {"windows", "zone", "day_cap", "guard"}
    assert all(len(one) < 300 for one in raised.value.problems.values())
