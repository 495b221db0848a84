"""What single conditions mean, beside the databases: the lines between fitting and not."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.segment_facts import LeadFacts, matches
from inboxcrm.leads.segment_folding import alphabets, folded, glob_pattern, other_case
from inboxcrm.leads.segment_left_out import LeftOut, Reach, reasons_left_out
from inboxcrm.leads.segment_text import parse_segment
from tests.segments.house import LETTERS, NOW, SEGMENT_FIELDS


def holds(text: str, zone: str = "UTC", **facts) -> bool:
    facts.setdefault("created_at", NOW)
    facts.setdefault("stage_since_at", NOW)
    return matches(parse_segment(text, SEGMENT_FIELDS), LeadFacts(**facts), NOW, zone=zone)


@pytest.mark.parametrize(
    "text",
    ["source is web", "source contains w", "value > 1", "value < 1", "last_in older than 1 days", "last_in within 9 days",
     "last_in before 2026-01-01", "tag is fair", "owner is me", "budget < 5", "renewal after 2020-01-01",
     "address is bob@x.example", "cadence is ever", "vip is no"],
)  # fmt: skip
def test_a_blank_field_matches_nothing_but_its_opposite(text):
    assert not holds(text)
    assert holds(f"not {text}")


def test_is_not_holds_for_blank_fields_too():
    assert holds("source is not web")
    assert holds("source is unset")
    assert not holds("source is set")


@pytest.mark.parametrize(
    ("ago", "text", "fits"),
    [
        (timedelta(days=30), "last_in within 30 days", False),
        (timedelta(days=30), "last_in older than 30 days", True),
        (timedelta(days=30) - timedelta(milliseconds=1), "last_in within 30 days", True),
        (timedelta(days=-1), "last_in within 1 days", True),
    ],
)
def test_days_ago_are_counted_in_hours(ago, text, fits):
    assert holds(text, last_in_at=NOW - ago) is fits


@pytest.mark.parametrize(
    ("zone", "at", "text", "fits"),
    [
        ("UTC", datetime(2026, 5, 13, 23, 59, tzinfo=UTC), "before 2026-05-14", True),
        ("UTC", datetime(2026, 5, 14, tzinfo=UTC), "before 2026-05-14", False),
        ("UTC", datetime(2026, 5, 14, 23, 59, tzinfo=UTC), "after 2026-05-14", False),
        ("UTC", datetime(2026, 5, 15, tzinfo=UTC), "after 2026-05-14", True),
        # In São Paulo the day begins three hours later.
        ("America/Sao_Paulo", datetime(2026, 5, 14, 2, 59, tzinfo=UTC), "before 2026-05-14", True),
        ("America/Sao_Paulo", datetime(2026, 5, 15, 2, 59, tzinfo=UTC), "after 2026-05-14", False),
    ],
)
def test_a_day_begins_and_ends_where_the_house_is(zone, at, text, fits):
    assert holds(f"created {text}", zone, created_at=at) is fits


@pytest.mark.parametrize(
    ("day", "text", "fits"),
    [
        ("2026-05-20", "renewal within 1 days", True),
        ("2026-05-19", "renewal within 1 days", False),
        ("2026-05-21", "renewal within 1 days", False),
        ("2026-05-19", "renewal older than 1 days", True),
        ("2026-05-20", "renewal in next 1 days", True),
        ("2026-05-21", "renewal in next 1 days", True),
        ("2026-05-22", "renewal in next 1 days", False),
        ("soon", "renewal is set", False),
    ],
)
def test_a_declared_day_is_counted_in_days(day, text, fits):
    assert holds(text, custom={"renewal": day}) is fits


@pytest.mark.parametrize(
    ("cents", "text", "fits"),
    [
        (1050, "value is 10.5", True),
        (1050, "value > 10.5", False),
        (1050, "value >= 10.5", True),
        (1050, "value > 10.495", True),
        (1049, "value > 10.495", False),
        (1050, "value < 10.505", True),
        (1051, "value < 10.505", False),
        (1050, "value is 10.505", False),
        (0, "value < 99999999999999999999999999", True),
    ],
)
def test_an_amount_may_fall_between_two_hundredths(cents, text, fits):
    assert holds(text, value_cents=cents) is fits


def test_one_of_several_is_enough_and_is_not_wants_none():
    both = ("bob@x.example", "bob@kitaura.example")
    assert holds("address_domain is kitaura.example", addresses=both)
    assert not holds("address_domain is not kitaura.example", addresses=both)
    enrolled = (("spring fair", "finished"),)
    assert holds('cadence:"Spring fair" is ever', cadences=enrolled)
    assert not holds('cadence:"Spring fair" is active', cadences=enrolled)
    assert not holds('cadence:"Déjà vu" is ever', cadences=enrolled)


# --- letters ---------------------------------------------------------------------


def test_two_letters_fold_to_one_only_where_each_leads_to_the_other():
    """Else what is asked for could not say which stored letters count as equal."""
    for number in range(sys.maxunicode + 1):
        letter = chr(number)
        if letter.lower() == letter == letter.upper():
            continue
        small = folded(letter)
        assert len(small) == 1
        assert folded(small) == small
        if small != letter:
            assert other_case(small) == letter


@given(st.text(LETTERS, max_size=6), st.text(LETTERS, min_size=1, max_size=3))
def test_what_the_databases_are_handed_says_what_folding_says(stored, asked):
    capitals, letters = alphabets(asked)
    exchanged = stored.translate(str.maketrans(capitals, letters))
    assert (folded(asked) in exchanged) is (folded(asked) in folded(stored))
    # fnmatch is GLOB but for its sign of exclusion, which no pattern of ours has.
    pattern = glob_pattern(asked, starts=True, ends=False)
    assert fnmatchcase(stored, pattern) is folded(stored).startswith(folded(asked))


# --- who is left out -------------------------------------------------------------


@pytest.mark.parametrize(
    ("reach", "reasons"),
    [
        (Reach("bob@x.example"), ()),
        (Reach(""), (LeftOut.NO_ADDRESS,)),
        (Reach("info@x.example"), (LeftOut.ROLE_ADDRESS,)),
        (Reach("noreply@x.example"), (LeftOut.NO_REPLY_ADDRESS,)),
        (
            Reach("info@x.example", is_suppressed=True, is_domain_suppressed=True, is_active_elsewhere=True),
            (LeftOut.SUPPRESSED_ADDRESS, LeftOut.SUPPRESSED_DOMAIN, LeftOut.ROLE_ADDRESS, LeftOut.ACTIVE_ELSEWHERE),
        ),
    ],
)  # fmt: skip
def test_every_reason_is_told_the_gravest_first(reach, reasons):
    assert reasons_left_out(reach) == reasons
