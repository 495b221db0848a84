from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.working_time import WorkingHours, hours_between

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = WorkingHours("Europe/Berlin")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)


def test_a_morning_is_counted_in_hours():
    assert hours_between(OFFICE, at(2026, 5, 4, 9), at(2026, 5, 4, 11, 30)) == 2.5


def test_the_night_does_not_count():
    assert hours_between(OFFICE, at(2026, 5, 4, 16), at(2026, 5, 5, 10)) == 2


def test_a_weekend_does_not_count():
    friday_evening, monday_morning = at(2026, 5, 1, 18), at(2026, 5, 4, 9)
    assert hours_between(OFFICE, friday_evening, monday_morning) == 0


def test_a_whole_week_has_forty_hours():
    assert hours_between(OFFICE, at(2026, 5, 4, 9), at(2026, 5, 11, 9)) == 40


def test_time_does_not_run_backwards():
    assert hours_between(OFFICE, at(2026, 5, 5, 9), at(2026, 5, 4, 9)) == 0


def test_the_clock_change_neither_gives_nor_takes_office_hours():
    # The clock goes forward in the night to Sunday, 29 March 2026.
    assert hours_between(OFFICE, at(2026, 3, 27, 16), at(2026, 3, 30, 10)) == 2


def test_a_night_shift_loses_the_hour_that_does_not_exist():
    nights = WorkingHours("Europe/Berlin", frozenset(range(7)), time(0), time(6))
    assert hours_between(nights, at(2026, 3, 29, 0), at(2026, 3, 29, 12)) == 5
    assert hours_between(nights, at(2026, 3, 28, 0), at(2026, 3, 30, 12)) == 17


def test_a_day_that_gains_an_hour_has_it():
    whole = WorkingHours.parse("mon-sun 00:00-24:00", "Europe/Berlin")
    assert hours_between(whole, at(2026, 10, 25, 0), at(2026, 10, 26, 0)) == 25


def test_hours_are_those_of_the_zone_wherever_the_moments_come_from():
    tokyo = WorkingHours("Asia/Tokyo")
    start = datetime(2026, 5, 4, 0, 0, tzinfo=UTC)  # 9:00 in Tokyo
    assert hours_between(tokyo, start, start + timedelta(hours=10)) == 8


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("", {0, 1, 2, 3, 4}, time(9), time(17)),
        ("mon-fri 08:30-16:00", {0, 1, 2, 3, 4}, time(8, 30), time(16)),
        ("Sun-Thu 9:00-17:00", {6, 0, 1, 2, 3}, time(9), time(17)),
        ("sat 10:00-14:00", {5}, time(10), time(14)),
    ],
)
def test_the_week_is_written_in_words(text, days, start, end):
    read = WorkingHours.parse(text, "UTC")
    assert (read.weekdays, read.start, read.end) == (frozenset(days), start, end)


@pytest.mark.parametrize(
    "text", ["always", "mon-fry 09:00-17:00", "mon-fri 17:00-09:00", "mon-fri 09:00-25:00"]
)
def test_a_week_written_wrongly_says_what_is_wrong(text):
    with pytest.raises(ValueError, match=r"is not like|is no day|ends before|is no time"):
        WorkingHours.parse(text, "UTC")


def slowly(hours: WorkingHours, a: datetime, b: datetime) -> float:
    """Minute by minute: what working hours mean, without cleverness."""
    zone = ZoneInfo(hours.zone)
    count, moment = 0, a
    while moment < b:
        local = moment.astimezone(zone)
        inside = hours.start <= local.time() and (local.time() < hours.end or hours.end == time(0))
        count += inside and local.weekday() in hours.weekdays
        moment += timedelta(minutes=15)
    return count / 4


@given(
    st.integers(0, 4 * 24 * 60),
    st.integers(0, 4 * 24 * 20),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    st.sampled_from(["mon-fri 09:00-17:00", "mon-sun 00:00-06:00", "fri-mon 20:00-24:00"]),
)
def test_it_agrees_with_counting_quarters_of_an_hour(start, length, zone, text):
    a = datetime(2026, 2, 20, tzinfo=UTC) + timedelta(minutes=15 * start)
    b = a + timedelta(minutes=15 * length)
    hours = WorkingHours.parse(text, zone)
    assert hours_between(hours, a, b) == pytest.approx(slowly(hours, a, b))
