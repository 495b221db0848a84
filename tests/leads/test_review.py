"""What the review proposes, when an item leaves by age, what counts as news and as silence."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from inboxcrm.leads.capture import Rule
from inboxcrm.leads.expiry import expires_before
from inboxcrm.leads.looks import Looks, look_again, news_since
from inboxcrm.leads.proposing import Proposal, propose
from inboxcrm.leads.quiet import quiet_since
from inboxcrm.leads.working_time import WorkingHours

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("rule", "match", "proposed"),
    [
        (Rule.ROLE_ADDRESS, None, Proposal.LEAD),
        (Rule.ROLE_ADDRESS, "organization", Proposal.LEAD),
        (Rule.PLUS_ADDRESS, "plus", Proposal.JOIN),
        (Rule.SAME_NAME, "name", Proposal.JOIN),
        (Rule.SAME_NAME, None, Proposal.LEAD),
        (Rule.AWAITS_ANSWER, "name", Proposal.JOIN),
        (Rule.UNDISCLOSED, None, Proposal.IGNORE),
        (Rule.UNDISCLOSED, "name", Proposal.JOIN),
        (Rule.WE_WROTE_MANY, "organization", Proposal.LATER),
        (Rule.PERSON, None, Proposal.LEAD),
        ("a rule of tomorrow", None, Proposal.LEAD),
    ],
)
def test_what_is_proposed(rule, match, proposed):
    assert propose(rule, match) is proposed


def test_an_item_leaves_after_so_many_days_or_never():
    assert expires_before(NOW, 60) == NOW - timedelta(days=60)
    assert expires_before(NOW, 0) is None


@pytest.mark.parametrize(
    ("days", "since"),
    [(1, 19), (2, 18), (3, 15), (5, 13), (6, 12)],
)
def test_weekends_are_no_silence(days, since):
    assert quiet_since(NOW, WorkingHours(), days) == NOW.replace(day=since)


def test_silence_is_counted_in_the_zone_of_the_working_hours():
    # Monday, 00:30 in Auckland is still Sunday in UTC.
    monday = datetime(2026, 5, 17, 12, 30, tzinfo=UTC)
    assert quiet_since(monday, WorkingHours("Pacific/Auckland"), 1).day == 14
    never = WorkingHours("UTC", frozenset(), time(9), time(17))
    assert quiet_since(NOW, never, 5) == NOW - timedelta(days=5)


def test_the_first_look_tells_of_the_last_day():
    looks = look_again(Looks(), NOW)
    assert looks == Looks(None, NOW)
    assert news_since(looks, NOW) == NOW - timedelta(days=1)


def test_news_since_friday_stay_news_all_of_monday_morning():
    friday, monday = NOW - timedelta(days=5), NOW
    looks = look_again(Looks(None, friday), monday)
    assert news_since(looks, monday) == friday
    later = monday + timedelta(hours=2)
    assert news_since(look_again(looks, later), later) == friday


def test_a_look_a_minute_later_writes_nothing():
    looks = Looks(NOW - timedelta(days=2), NOW)
    assert look_again(looks, NOW + timedelta(minutes=1)) is looks
    assert look_again(looks, NOW + timedelta(minutes=11)) is not looks


def test_after_a_long_journey_two_weeks_are_news():
    looks = look_again(Looks(None, NOW - timedelta(days=90)), NOW)
    assert news_since(looks, NOW) == NOW - timedelta(days=14)
