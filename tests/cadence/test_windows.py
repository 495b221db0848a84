"""Mail goes only while a window is open, in every zone and through every change of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.windows import DAYS, Window, Windows, is_open, next_opening

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
)
times = st.times(min_value=time(0), max_value=time(23, 59)).map(
    lambda at: at.replace(second=0, microsecond=0)
)
weeks = st.dictionaries(
    st.sampled_from(DAYS), st.lists(st.tuples(times, times), min_size=1, max_size=2), min_size=1
)
moments = st.datetimes(min_value=datetime(2024, 1, 1), max_value=datetime(2027, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)


@given(
    weeks, st.sampled_from(ZONES), moments, st.sets(st.dates(date(2024, 1, 1), date(2027, 1, 1)))
)
def test_the_next_opening_is_open_and_nothing_before_it_is(week, zone, after, holidays):
    windows = Windows.of_week(zone, week, frozenset(holidays))
    found = next_opening(windows, after)
    if found is None:
        return
    assert found >= after
    assert is_open(windows, found)
    assert found.astimezone(ZoneInfo(zone)).date() not in holidays
    step = (found - after) / 50
    if step > timedelta(seconds=1):
        assert not any(is_open(windows, after + number * step) for number in range(49))


@given(weeks, st.sampled_from(ZONES), moments)
def test_open_is_what_the_clock_on_the_wall_says(week, zone, at):
    """Away from the nights on which clocks change."""
    local = at.astimezone(ZoneInfo(zone))
    if (
        local.utcoffset() != (local + timedelta(hours=26)).utcoffset()
        or local.utcoffset() != (local - timedelta(hours=26)).utcoffset()
    ):
        return
    windows = Windows.of_week(zone, week)

    def within(one: Window) -> bool:
        ends = one.end == time(0)
        return (
            one.weekday == local.weekday()
            and one.start <= local.time()
            and (ends or local.time() < one.end)
        )

    # A clock that was put a whole day forward (Apia, 2011) is no matter of these years.
    assert is_open(windows, at) == any(within(one) for one in windows.windows)


@pytest.mark.parametrize(
    ("after", "opens"),
    [
        # Two to three in the morning does not exist on 29 March 2026 in Berlin.
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # It exists twice on 25 October; the first one counts.
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_an_hour_that_is_skipped_opens_behind_the_gap_and_a_doubled_one_the_first_time(
    after, opens
):
    windows = Windows.of_week("Europe/Berlin", {"sun": [(time(2, 30), time(4))]})
    assert next_opening(windows, after) == opens


def test_a_window_over_midnight_is_two():
    windows = Windows.of_week("UTC", {"fri": [(time(22), time(2))]})
    friday = datetime(2026, 5, 15, tzinfo=UTC)
    assert [
        is_open(windows, friday + timedelta(hours=hours)) for hours in (21, 22, 24, 25.9, 26, 46)
    ] == [False, True, True, True, False, False]


def test_always_is_always():
    assert is_open(Windows.always("Asia/Tokyo"), datetime(2026, 5, 17, 3, 33, tzinfo=UTC))


def test_windows_that_never_open_say_so():
    assert next_opening(Windows("UTC", ()), datetime(2026, 5, 17, tzinfo=UTC)) is None
