"""A score: what counts how much, how it grows old, where a cap ends it, and that nothing else moves it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.condition_fields import condition_fields, parse_condition
from inboxcrm.leads.countries import country_of
from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.score_rules import (
    DEFAULT_FIT,
    ENGAGEMENT,
    FIT,
    EngagementRule,
    FitRule,
    ScoreRules,
    What,
)
from inboxcrm.leads.scoring import (
    Happened,
    ScoreFacts,
    ScoreMail,
    days_until_less,
    deeds_since,
    mails_since,
    score,
    worth,
)
from inboxcrm.leads.segment_facts import LeadFacts
from inboxcrm.leads.segments import SegmentError

NOW = datetime(2026, 5, 14, 15, 30, tzinfo=UTC)
SEATS = LeadField("seats", "Seats", FieldKind.NUMBER)
RENEWAL = LeadField("renewal", "Renewal", FieldKind.DATE)
FIELDS = condition_fields((SEATS, RENEWAL))
BOB = LeadFacts(created_at=NOW, stage_since_at=NOW, name="Bob")


def ago(days: float = 0, hours: float = 0) -> datetime:
    return NOW - timedelta(days=days, hours=hours)


def theirs(
    number: int, days: float, *, text: str = "", subject: str = "", of: int = 1
) -> ScoreMail:
    return ScoreMail(number, ago(days), is_inbound=True, conversation_id=of, subject=subject, text=text)  # fmt: skip


def ours(number: int, days: float, *, of: int = 1) -> ScoreMail:
    return ScoreMail(number, ago(days), is_inbound=False, conversation_id=of)


def only(rule: EngagementRule) -> ScoreRules:
    return ScoreRules((), (rule,))


def points(rules: ScoreRules, *mails: ScoreMail, deeds: tuple[Happened, ...] = (), now=NOW):
    found = score(rules, ScoreFacts(BOB, mails, deeds), now)
    return [(one.points, one.words, one.id) for one in found.points]


# --- fit ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "facts", "holds"),
    [
        ("source is 'web form'", {"source": "Web Form"}, True),
        ('source is "web form"', {"source": "Web Form"}, True),
        ("organization is set", {"organization": "Kitaura"}, True),
        ("country is de", {"addresses": ("bob@firma.de",)}, True),
        ("country is GB", {"addresses": ("bob@shop.co.uk",)}, True),
        ("country is de", {"addresses": ("bob@firma.com",)}, False),
        ("country is io", {"addresses": ("bob@startup.io",)}, False),
        ("free_mail is yes", {"addresses": ("bob@gmail.com",)}, True),
        ("free_mail is yes", {"addresses": ("bob@gmail.com", "bob@firma.de")}, False),
        ("free_mail is yes", {}, False),
        ("free_mail is no", {}, True),
        ("seats >= 40 and not (country any of (fr, it))", {"custom": {"seats": "40"}}, True),
        ("renewal after 2026-05-01", {"custom": {"renewal": "2026-06-01"}}, True),
        ("address_domain is firma.de", {"addresses": ("bob@firma.de",)}, True),
    ],
)
def test_a_rule_asks_who_they_are_in_the_words_of_segments(when, facts, holds):
    if "'" in when:
        with pytest.raises(SegmentError):
            parse_condition(when, FIELDS)
        return
    rules = ScoreRules((FitRule(parse_condition(when, FIELDS), 7, when),), ())
    found = score(rules, ScoreFacts(replace(BOB, **facts)), NOW)
    assert found.total == found.fit == (7 if holds else 0)
    assert [(one.axis, one.points, one.words) for one in found.points] == [(FIT, 7, when)] * holds


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("stage is new", 'no field "stage"'),
        ("score > 5", 'no field "score"'),
        ("last_in within 3 days", 'no field "last_in"'),
        ("renewal within 3 days", "may not change from day to day"),
        ("renewal in next 3 days or country is de", "may not change from day to day"),
        ("cuontry is de", "country"),
    ],
)
def test_a_rule_may_not_rest_on_what_changes_by_itself(when, told):
    with pytest.raises(SegmentError) as caught:
        parse_condition(when, FIELDS)
    assert told in str(caught.value)


def test_without_rules_of_ones_own_there_are_some():
    firm = replace(
        BOB, organization="Kitaura", phone="+49 30 1", source="web form", addresses=("b@kitaura.example",),
    )  # fmt: skip
    assert score(ScoreRules(), ScoreFacts(firm), NOW).fit == 25
    private = replace(BOB, addresses=("bob@gmail.com",))
    assert score(ScoreRules(), ScoreFacts(private), NOW).fit == -5
    assert sum(abs(one.points) for one in DEFAULT_FIT) == 45


def test_the_country_is_what_a_domain_says_and_nothing_more():
    asked = (
        "firma.de",
        "shop.co.uk",
        "a.io",
        "a.com",
        "de",
        "",
        "x.d3",
        "müller.ch",
        "a.xn--p1ai",
        "to",
    )
    assert [country_of(one) for one in asked] == ["de", "gb", "", "", "", "", "", "ch", "", ""]


# --- engagement -------------------------------------------------------------------------


def test_every_point_has_its_reason_and_its_mail():
    rules = ScoreRules((), (
        EngagementRule(What.MAIL, 5), EngagementRule(What.ANSWER, 3, within_hours=24),
        EngagementRule(What.ASKED, 20), EngagementRule(What.QUESTION, 1),
    ))  # fmt: skip
    first = theirs(1, 9, subject="Pricing", text="What would 40 seats cost?")
    assert points(rules, first, ours(2, 8), theirs(3, 7.5, text="Thanks.")) == [
        (5, "They wrote", 3), (5, "They wrote", 1),
        (3, "They answered within 24 hours", 3),
        (20, "They asked for a price", 1),
        (1, "They asked a question", 1),
    ]  # fmt: skip


def test_what_is_not_for_everybody_counts_for_how_often_only():
    rules = ScoreRules((), (EngagementRule(What.MAIL, 5), EngagementRule(What.ASKED, 20)))
    assert points(rules, theirs(1, 1)) == [(5, "They wrote", 1)]


def test_an_answer_is_quick_in_its_own_conversation_once_for_each_mail_of_ours():
    rule = only(EngagementRule(What.ANSWER, 3, within_hours=24))
    assert points(rule, ours(1, 3), theirs(2, 2)) == [(3, "They answered within 24 hours", 2)]
    assert points(rule, ours(1, 3), theirs(2, 2 - 0.001)) == []
    assert points(rule, ours(1, 3), theirs(2, 2.5, of=2)) == []
    assert points(rule, ours(1, 3), theirs(2, 2.5), theirs(3, 2.4)) == [
        (3, "They answered within 24 hours", 2)
    ]
    assert points(rule, theirs(2, 2.5)) == []


def test_calls_meetings_and_a_wish_for_no_more_mail_count():
    rules = ScoreRules((), (
        EngagementRule(What.MEETING, 25), EngagementRule(What.CALL, 10, words="Rang them"),
        EngagementRule(What.OPT_OUT, -40, most=40),
    ))  # fmt: skip
    deeds = (
        Happened(What.CALL, ago(2), "activity", 7), Happened(What.MEETING, ago(1), "activity", 8),
        Happened(What.OPT_OUT, ago(3), "message", 9), Happened(What.OPT_OUT, ago(4), "suppression"),
    )  # fmt: skip
    assert points(rules, deeds=deeds) == [
        (25, "A meeting took place", 8), (10, "Rang them", 7), (-40, "They asked for no more mail", 9),
        (0, "1 more addresses: no more than 40 points count for them", 0),
    ]  # fmt: skip


def test_a_cap_leaves_the_newest_and_says_what_it_left_out():
    rule = only(EngagementRule(What.MAIL, 5, most=12))
    assert points(rule, *(theirs(number, 10 - number) for number in range(1, 6))) == [
        (5, "They wrote", 5), (5, "They wrote", 4), (2, "They wrote", 3),
        (0, "2 more mails: no more than 12 points count for them", 0),
    ]  # fmt: skip


def test_half_is_left_after_the_half_life_and_nothing_in_the_end():
    rule = only(EngagementRule(What.MAIL, 20, half_life_days=30))
    left = [points(rule, theirs(1, days)) for days in (0, 29, 30, 60, 159, 160)]
    assert [sum(one[0] for one in found) for found in left] == [20, 10, 10, 5, 1, 0]


def test_a_deed_that_is_still_to_come_counts_as_one_of_now():
    rule = only(EngagementRule(What.CALL, 10, half_life_days=1))
    assert points(rule, deeds=(Happened(What.CALL, ago(-0.01), "activity", 1),))[0][0] == 10


# --- that it stands still -----------------------------------------------------------------

whats = st.sampled_from([What.CALL, What.MEETING, What.OPT_OUT])
signed = st.integers(-60, 60).filter(bool)
rules_of = st.builds(
    EngagementRule,
    st.sampled_from(list(What)),
    signed,
    half_life_days=st.sampled_from([0, 1, 3, 30, 365]),
    most=st.sampled_from([0, 7, 40]),
    within_hours=st.sampled_from([1, 24, 100]),
)
hours = st.integers(0, 24 * 400)
mails_of = st.builds(
    ScoreMail,
    st.integers(1, 40),
    hours.map(lambda many: ago(hours=many)),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from(["", "Pricing", "Re: Pricing"]),
    st.sampled_from(["", "Could we see a demo?", "{{ 7 * 7 }} \u202e<b>"]),
    st.booleans(),
)
deeds_of = st.builds(
    Happened,
    whats,
    hours.map(lambda many: ago(hours=many)),
    st.just("activity"),
    st.integers(1, 40),
)
everything = st.tuples(
    st.lists(rules_of, max_size=4).map(lambda found: ScoreRules((), tuple(found))),
    st.lists(mails_of, max_size=8, unique_by=lambda one: one.id),
    st.lists(deeds_of, max_size=4, unique_by=lambda one: one.id),
)


@given(everything, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(given_, chance: random.Random):
    rules, mails, deeds = given_
    found = score(rules, ScoreFacts(BOB, mails, deeds), NOW)
    chance.shuffle(mails)
    chance.shuffle(deeds)
    assert score(rules, ScoreFacts(BOB, mails, deeds), NOW) == found
    assert found.engagement == sum(one.points for one in found.points if one.axis == ENGAGEMENT)


@given(everything, st.integers(0, 500 * 24 * 60))
def test_between_the_moments_it_names_a_score_stands_still(given_, minutes):
    """Also by what is read of the past: older facts than `mails_since` and `deeds_since` make no difference."""
    rules, mails, deeds = given_
    found = score(rules, ScoreFacts(BOB, mails, deeds), NOW)
    later = NOW + timedelta(minutes=minutes)
    if found.changes_at is not None:
        later = min(later, found.changes_at - timedelta(milliseconds=1))
    after = score(rules, ScoreFacts(BOB, mails, deeds), later)
    assert (after.fit, after.engagement) == (found.fit, found.engagement)
    assert found.changes_at is None or found.changes_at > NOW
    since, talks = mails_since(rules, NOW), deeds_since(rules, NOW)
    known = ScoreFacts(
        BOB,
        [one for one in mails if since is None or one.at >= since],
        [one for one in deeds if one.what is What.OPT_OUT or talks is None or one.at >= talks],
    )
    assert score(rules, known, NOW).engagement == found.engagement


@given(signed, st.integers(0, 3000), st.integers(0, 365))
def test_the_day_it_is_worth_less_is_the_first_such_day(points_, age, half_life):
    day = days_until_less(points_, age, half_life)
    held = worth(points_, age, half_life)
    if day is None:
        assert held == worth(points_, age + 5000, half_life)
        return
    assert day > age
    assert abs(worth(points_, day, half_life)) < abs(held)
    assert worth(points_, day - 1, half_life) == held
