"""A step falls due inside a window of its own day, in every zone and through every change of the clock, and stays there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.schedule import CLOSING, day_after, due_at, is_business_day
from inboxcrm.cadence.windows import DAYS, Windows, is_open, local_day, openings_of

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
SECRET = b"s" * 32
TWO = time(2)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
weeks = st.dictionaries(
    st.sampled_from(DAYS), st.lists(st.tuples(times, times), min_size=1, max_size=2), min_size=1
)
holidays = st.frozensets(st.dates(date(2025, 12, 1), date(2027, 2, 1)), max_size=60)
keys = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=24)
units = st.sampled_from(["days", "business_days"])
moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)


@st.composite
def changes_of_the_clock(draw) -> tuple[str, datetime]:
    """A zone, and a moment within two days of a change of its clock where it has one in 2026."""
    zone = draw(st.sampled_from(ZONES))
    info, day = ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC)
    found = [
        at
        for at in (day + timedelta(days=one) for one in range(366))
        if at.astimezone(info).utcoffset() != (at + timedelta(days=1)).astimezone(info).utcoffset()
    ]
    if not found:
        return zone, draw(moments)
    near = draw(st.timedeltas(timedelta(days=-2), timedelta(days=2)))
    return zone, draw(st.sampled_from(found)) + near


def due(delay=0, unit="days", *, base, now=None, windows, key="k"):
    return due_at(delay, unit, base=base, windows=windows, key=key, secret=SECRET, now=now or base)


@given(
    changes_of_the_clock(),
    weeks,
    holidays,
    st.integers(0, 20),
    units,
    keys,
    st.timedeltas(timedelta(days=-40), timedelta(days=40)),
)
def test_it_is_due_in_a_window_on_no_holiday_and_never_in_the_past(
    place, week, off, delay, unit, key, late
):
    zone, base = place
    windows = Windows.of_week(zone, week, off)
    now = base + late
    found = due(delay, unit, base=base, now=now, windows=windows, key=key)
    assert found >= max(base, now)
    assert is_open(windows, found)
    day = local_day(windows, found)
    assert day not in off
    assert day >= day_after(local_day(windows, base), delay, unit, holidays=off)
    assert found == due(delay, unit, base=base, now=now, windows=windows, key=key)


@given(changes_of_the_clock(), weeks, holidays, st.integers(0, 10), units, keys)
def test_it_never_drifts_while_it_lies_ahead_and_never_goes_back(
    place, week, off, delay, unit, key
):
    zone, base = place
    windows = Windows.of_week(zone, week, off)
    planned = due(delay, unit, base=base, windows=windows, key=key)
    for part in (0.1, 0.5, 0.999):
        later = base + (planned - base) * part
        looked = due(delay, unit, base=base, now=later, windows=windows, key=key)
        assert looked == planned
    assert due(delay, unit, base=base, now=planned, windows=windows, key=key) == planned
    behind = planned + timedelta(days=3)
    assert due(delay, unit, base=base, now=behind, windows=windows, key=key) >= behind


@given(changes_of_the_clock(), weeks, keys, st.integers(1, 9), units)
def test_a_step_is_never_due_before_the_one_it_follows(place, week, key, delay, unit):
    zone, base = place
    windows = Windows.of_week(zone, week)
    at = due(base=base, windows=windows, key=key + "1")
    for step in ("2", "3"):
        after = due(delay, unit, base=at, windows=windows, key=key + step)
        assert after > at
        assert local_day(windows, after) > local_day(windows, at)
        at = after


@given(moments, keys, st.sampled_from(ZONES))
def test_a_longer_wait_is_never_over_earlier(base, key, zone):
    windows = Windows(zone)
    for unit in ("days", "business_days"):
        found = [due(one, unit, base=base, windows=windows, key=key) for one in range(12)]
        assert found == sorted(found)


def test_a_day_that_is_moved_gets_the_time_of_its_new_day():
    """Museum 47: moved from a Saturday it left at 18:13, for the hour stayed that of the old day."""
    week = {"mon": [(time(9), time(17))], "sat": [(time(18), time(22))]}
    free = Windows.of_week("Europe/Berlin", week)
    closed = Windows.of_week("Europe/Berlin", week, frozenset({date(2026, 5, 16)}))
    thursday = datetime(2026, 5, 14, 10, tzinfo=UTC)
    on_saturday = due(2, base=thursday, windows=free, key="bob")
    on_monday = due(2, base=thursday, windows=closed, key="bob")
    berlin = ZoneInfo("Europe/Berlin")
    assert (on_saturday.astimezone(berlin).weekday(), on_monday.astimezone(berlin).weekday()) == (
        5,
        0,
    )
    assert 18 <= on_saturday.astimezone(berlin).hour < 22
    assert 9 <= on_monday.astimezone(berlin).hour < 17


def test_a_day_that_is_over_goes_to_the_next_and_gets_its_own_time_there():
    windows = Windows("UTC")
    evening = datetime(2026, 5, 11, 18, tzinfo=UTC)
    found = {due(base=evening, windows=windows, key=str(one)) for one in range(100)}
    assert {at.date() for at in found} == {date(2026, 5, 12)}
    assert len(found) > 90, "they do not leave together at the opening"


def test_times_spread_over_the_day_and_end_before_it_does():
    windows = Windows("Europe/Lisbon")
    base = datetime(2026, 5, 11, 3, tzinfo=UTC)
    opens, closes = openings_of(windows, date(2026, 5, 11))[0]
    found = [due(base=base, windows=windows, key=str(one)) for one in range(2_000)]
    assert min(found) < opens + timedelta(minutes=10)
    assert closes - timedelta(minutes=10) < max(found) < closes - CLOSING + timedelta(seconds=1)
    first_half = sum(at < opens + (closes - opens) / 2 for at in found)
    assert 900 < first_half < 1_100


def test_a_night_window_is_used_on_both_sides_of_midnight():
    windows = Windows.of_week("Asia/Tokyo", {"fri": [(time(22), TWO)]})
    base = datetime(2026, 5, 15, 0, tzinfo=UTC)  # Friday morning in Tokyo
    found = [due(base=base, windows=windows, key=str(one)) for one in range(200)]
    assert {at.astimezone(ZoneInfo("Asia/Tokyo")).weekday() for at in found} == {4}
    late = [due(1, base=base, windows=windows, key=str(one)) for one in range(200)]
    assert {at.astimezone(ZoneInfo("Asia/Tokyo")).hour for at in late} == {0, 1}


@pytest.mark.parametrize(
    ("start", "delay", "end"),
    [
        ("2026-05-14", 0, "2026-05-14"),
        ("2026-05-14", 1, "2026-05-15"),
        ("2026-05-14", 2, "2026-05-19"),  # Friday, then a holiday on Monday
        ("2026-05-15", 1, "2026-05-19"),
        ("2026-05-16", 1, "2026-05-19"),  # from a Saturday
        ("2026-05-17", 0, "2026-05-17"),  # no wait is no wait
        ("2026-05-11", 10, "2026-05-26"),
    ],
)
def test_business_days_leave_out_weekends_and_holidays(start, delay, end):
    off = frozenset({date(2026, 5, 18)})
    found = day_after(date.fromisoformat(start), delay, "business_days", holidays=off)
    assert found == date.fromisoformat(end)
    assert delay == 0 or is_business_day(found, holidays=off)


def test_windows_have_no_say_in_counting_business_days():
    windows = Windows.of_week("UTC", {day: [(time(9), time(17))] for day in ("tue", "thu", "sun")})
    tuesday = datetime(2026, 5, 12, 10, tzinfo=UTC)
    assert due(2, "business_days", base=tuesday, windows=windows).date() == date(2026, 5, 14)
    assert due(3, "business_days", base=tuesday, windows=windows).date() == date(2026, 5, 17)


def test_the_hour_that_is_skipped_and_the_one_that_is_doubled():
    windows = Windows.of_week("Europe/Berlin", {"sun": [(TWO, time(3))]})
    spring = due(base=datetime(2026, 3, 28, 12, tzinfo=UTC), windows=windows)
    assert spring.date() == date(2026, 4, 5), "on 29 March there is no hour between two and three"
    autumn = due(base=datetime(2026, 10, 24, 12, tzinfo=UTC), windows=windows)
    # From two, which comes twice, to three, which comes once: two hours.
    assert datetime(2026, 10, 25, 0, tzinfo=UTC) <= autumn < datetime(2026, 10, 25, 2, tzinfo=UTC)


def test_a_day_that_does_not_exist_is_stepped_over():
    windows = Windows.always("Pacific/Apia")
    assert openings_of(windows, date(2011, 12, 30)) == ()
    office = Windows("Pacific/Apia")
    base = datetime(2011, 12, 29, 20, tzinfo=UTC)  # Thursday 10:00 in Apia; Friday is left out
    found = due(1, base=base, windows=office)
    assert found.astimezone(ZoneInfo("Pacific/Apia")).date() == date(2012, 1, 2)


def test_windows_that_never_open_leave_it_to_the_gate():
    base = datetime(2026, 5, 11, 10, tzinfo=UTC)
    assert due(3, base=base, windows=Windows("UTC", ())) == base + timedelta(days=3)


def test_nothing_is_due_before_its_base_whatever_the_clock_says():
    windows = Windows("UTC")
    base = datetime(2026, 5, 11, 16, 30, tzinfo=UTC)
    for one in range(50):
        assert due(base=base, now=base - timedelta(days=1), windows=windows, key=str(one)) >= base
