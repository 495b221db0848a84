"""Caps, gaps and the ramp, and when bounces stop the sending."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.caps import (
    DAY,
    RAMP_START,
    day_cap,
    gap_before,
    habit_of,
    has_domain_cap,
    pause_reason,
    provider_cap,
    room_at,
)
from inboxcrm.cadence.jitter import stable_share

MONDAY = datetime(2026, 5, 11, 9, tzinfo=UTC)
TODAY = MONDAY.date()
counts = st.dictionaries(
    st.dates(date(2026, 4, 1), date(2026, 5, 20)), st.integers(0, 3_000), max_size=40
)


@given(counts, st.integers(1, 2_000), st.sampled_from([500, 2_000]), st.integers(10, 25))
def test_the_cap_is_the_least_of_what_anybody_allows(history, user, provider, percent):
    habit = habit_of(history, TODAY)
    cap = day_cap(habit=habit, user_cap=user, provider_day_cap=provider, ramp_percent=percent).mails
    assert 1 <= cap <= user
    assert cap <= 0.8 * provider
    assert cap <= max(RAMP_START, habit * (1 + percent / 100) + 1)


def test_the_ramp_doubles_nothing_and_comes_to_the_cap_within_two_weeks():
    history: dict[date, int] = {}
    caps = []
    for day in (TODAY + timedelta(days=one) for one in range(14)):
        habit = habit_of(history, day)
        caps.append(day_cap(habit=habit, user_cap=100, provider_day_cap=500).mails)
        if day.weekday() < 5:
            history[day] = caps[-1]
    assert caps == [20, 24, 29, 35, 42, 51, 51, 51, 62, 75, 90, 100, 100, 100]


def test_a_mailbox_that_sends_much_by_hand_starts_from_there_and_an_idle_one_anew():
    history = {TODAY - timedelta(days=3): 90, TODAY - timedelta(days=15): 400, TODAY: 300}
    assert habit_of(history, TODAY) == 90
    assert day_cap(habit=90, user_cap=500, provider_day_cap=2_000).mails == 108
    assert habit_of(history, TODAY + timedelta(days=40)) == 0


def test_a_cap_that_is_not_a_persons_says_whose_it_is():
    assert "used to more" in day_cap(habit=0, user_cap=500, provider_day_cap=500).because
    low = day_cap(habit=0, user_cap=900, provider_day_cap=500, ramp_percent=0)
    assert (low.mails, "provider" in low.because) == (400, True)
    assert day_cap(habit=0, user_cap=9, provider_day_cap=500).because == ""


@given(
    st.lists(st.integers(0, 100_000), max_size=60).map(sorted),
    st.integers(1, 20),
    st.integers(0, 200_000),
)
def test_room_is_there_exactly_when_a_day_would_hold_one_more(seconds, cap, now):
    left = [MONDAY + timedelta(seconds=one) for one in seconds if one <= now]
    at = MONDAY + timedelta(seconds=now)
    until = room_at(left, cap, at)
    assert (until is None) == (sum(one > at - DAY for one in left) < cap)
    if until is not None:
        assert until > at
        assert room_at(left, cap, until) is None
        assert room_at(left, cap, until - timedelta(seconds=1)) is not None


@given(st.text(min_size=1), st.integers(0, 86_400))
def test_a_gap_is_never_shorter_than_the_least_and_stable(key, gap):
    share = stable_share(key, b"secret", purpose="gap")
    assert share == stable_share(key, b"secret", purpose="gap")
    assert timedelta(seconds=gap) <= gap_before(share, gap) <= timedelta(seconds=gap * 1.5)


def test_gaps_differ_from_mail_to_mail_and_from_the_times_of_the_day():
    keys = [str(one) for one in range(200)]
    assert len({stable_share(one, b"s", purpose="gap") for one in keys}) == 200
    assert all(
        stable_share(one, b"s", purpose="gap") != stable_share(one, b"s", purpose="due")
        for one in keys
    )
    assert len({stable_share("k", bytes([one]), purpose="gap") for one in range(9)}) == 9


@pytest.mark.parametrize(
    ("last", "is_paused"),
    [
        ([], False),
        ([True, True], False),
        ([True] * 3, True),
        ([True, *[False] * 40, True, True], True),
        ([*[False] * 48, True, True], False),
        ([*[False] * 50, *[True] * 10], False),
    ],
)
def test_more_than_one_bounce_in_twenty_of_the_last_fifty_pauses(last, is_paused):
    assert (pause_reason(last) is not None) == is_paused


def test_a_pause_says_how_many_bounced():
    assert pause_reason([True] * 3 + [False] * 30) == (
        "3 of the last 33 mails bounced: the addresses need a look."
    )


def test_what_the_provider_allows_depends_on_whose_the_domain_is():
    assert provider_cap("alice@gmail.com") == 500
    assert provider_cap("alice@seller.example") == 2_000


def test_a_domain_of_free_mail_has_no_cap_of_its_own():
    assert has_domain_cap("bobs-firm.example")
    assert not has_domain_cap("gmail.com")
    assert not has_domain_cap("")
