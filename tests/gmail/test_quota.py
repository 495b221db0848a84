"""The bucket, the pace and the prices, as numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.errors import SettingsError
from inboxcrm.gmail.quota import Bucket, Pace, backoff_seconds, load_prices


def test_a_batch_of_ten_messages_costs_two_hundred_units_today_and_fifty_of_old():
    assert 10 * load_prices("gmail-2026-05").of("gmail.users.messages.get") == 200
    assert 10 * load_prices("gmail-legacy").of("gmail.users.messages.get") == 50


def test_every_profile_prices_the_same_calls():
    profiles = [load_prices(name) for name in ("gmail-2026-05", "gmail-legacy", "generous")]
    assert len({frozenset(profile.units) for profile in profiles}) == 1


def test_an_unknown_price_table_is_named_with_the_known_ones():
    with pytest.raises(SettingsError) as caught:
        load_prices("gmail-2019")
    assert '"gmail-2026-05"' in str(caught.value)


def test_the_settings_may_lower_the_allowance():
    assert load_prices("gmail-2026-05", units_per_minute=1200).units_per_minute == 1200


def test_an_empty_bucket_says_how_long_to_wait():
    bucket = Bucket(capacity=600, per_second=80, tokens=40, at=0)
    unchanged, wait_seconds = bucket.take(200, 0)
    assert wait_seconds == pytest.approx(2.0)
    assert unchanged.tokens == 40
    assert bucket.take(200, 2.0)[1] == 0


def test_a_call_dearer_than_the_bucket_goes_when_it_is_full_and_leaves_a_debt():
    bucket, wait_seconds = Bucket(capacity=10, per_second=1, tokens=10, at=0).take(40, 0)
    assert (wait_seconds, bucket.tokens) == (0, -30)
    assert bucket.take(1, 0)[1] == pytest.approx(31)


def test_a_pause_the_server_asks_for_is_a_debt_that_outlives_a_restart():
    held = Bucket.full(6000, 0).held(120, 0)
    again = Bucket.stored(6000, held.tokens, held.at)
    assert again.take(1, 0)[1] == pytest.approx(120, abs=0.1)
    assert again.take(1, 120.1)[1] == 0


def test_a_clock_that_went_backwards_refills_nothing():
    assert Bucket(100, 10, tokens=5, at=500).refilled(3).tokens == 5


def test_a_lowered_allowance_holds_for_what_was_saved_up():
    assert Bucket.stored(600, tokens=600, at=0).tokens == 60


@given(st.lists(st.tuples(st.integers(1, 600), st.floats(0, 5)), min_size=1, max_size=200))
def test_no_minute_ever_sees_more_than_nine_tenths_of_the_allowance(calls):
    now, bucket, paid = 0.0, Bucket.full(6000, 0), []
    for units, pause in calls:
        now += pause
        bucket, wait_seconds = bucket.take(units, now)
        while wait_seconds:
            now += wait_seconds
            bucket, wait_seconds = bucket.take(units, now)
        paid.append((now, units))
    for start, _ in paid:
        assert sum(units for at, units in paid if start <= at < start + 60) <= 0.9 * 6000 + 0.1


def test_batches_halve_on_a_complaint_and_grow_by_one_after_fifty_clean_ones():
    pace = Pace()
    assert pace.after_complaint().size == 5
    for _ in range(50):
        pace = pace.after_clean()
    assert (pace.size, pace.clean) == (11, 0)


def test_a_complaint_starts_the_count_of_clean_batches_anew():
    pace = Pace(size=8, clean=49).after_complaint()
    assert pace.after_clean().size == 4


def test_a_batch_never_leaves_one_to_twenty_five():
    assert Pace(size=1).after_complaint().size == 1
    assert Pace(size=25, clean=49).after_clean().size == 25


@pytest.mark.parametrize(
    ("attempt", "least", "most"), [(0, 1, 2), (1, 1, 4), (4, 1, 32), (30, 1, 600), (10_000, 1, 600)]
)
def test_backoff_is_jittered_from_a_second_to_a_doubling_ceiling(attempt, least, most):
    assert backoff_seconds(attempt, 0.0) == least
    assert backoff_seconds(attempt, 1.0) == most
