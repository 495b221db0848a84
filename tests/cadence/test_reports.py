"""What figures are shares of, and in which week of a zone a moment lies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.reports import (
    DEFINITIONS,
    GROUPS,
    LABELS,
    MONDAY_MS,
    WEEK_MS,
    By,
    Counts,
    Figure,
    base_of,
    monday_of,
    of_what,
    share_of,
    week_from,
    zone_offsets,
)

SOME = Counts(
    sent=30,
    unconfirmed=3,
    recipients=10,
    enrollments=12,
    bounced=2,
    replied=4,
    positive=3,
    opted_out=1,
    complained=2,
)


def test_every_figure_and_every_grouping_says_what_it_means():
    assert set(DEFINITIONS) == set(LABELS) == set(Figure)
    assert set(GROUPS) == set(By)


@pytest.mark.parametrize(
    ("figure", "share", "base", "of"),
    [
        (Figure.SENT, None, None, ""),
        (Figure.UNCONFIRMED, 3 / 30, 30, "mails sent"),
        (Figure.BOUNCED, 2 / 10, 10, "addresses written to"),
        (Figure.NOT_BOUNCED, 8 / 10, 10, "addresses written to"),
        (Figure.REPLIED, 4 / 12, 12, "leads written to"),
        (Figure.POSITIVE, 3 / 4, 4, "leads who replied"),
        (Figure.OPTED_OUT, 1 / 10, 10, "addresses written to"),
        (Figure.COMPLAINED, 2 / 10, 10, "addresses written to"),
    ],
)
def test_a_share_names_what_it_is_a_share_of(figure, share, base, of):
    assert (share_of(SOME, figure), base_of(SOME, figure), of_what(figure)) == (share, base, of)


def test_where_nothing_was_sent_there_is_no_share():
    assert {share_of(Counts(), one) for one in Figure} == {None}


@given(st.dates(date(1970, 1, 5), date(2100, 1, 1)))
def test_a_week_begins_on_its_monday(day):
    monday = monday_of(week_from(day))
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(7)


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Lisbon", "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu"]
)
@given(at=st.datetimes(datetime(2025, 1, 2), datetime(2026, 12, 30), timezones=st.just(UTC)))
def test_the_week_of_a_moment_is_the_one_on_the_wall_of_the_zone(zone, at):
    since, until = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000) for year in (2025, 2027))  # fmt: skip
    ms = int(at.timestamp() * 1000)
    offsets = zone_offsets(zone, since=since, until=until)
    *earlier, (_, last) = offsets
    offset = next((by for before, by in earlier if ms < before), last)
    found = monday_of((ms + offset + MONDAY_MS) // WEEK_MS)
    assert found == monday_of(week_from(at.astimezone(ZoneInfo(zone)).date()))


def test_nothing_has_left_yet_and_still_there_is_an_offset():
    [(_, offset)] = zone_offsets("Asia/Kathmandu", since=0, until=0)
    assert offset == 330 * 60_000
