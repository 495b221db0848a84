"""A lead's score: a function of what is known of it and of `now`, every point with its reason and where it comes from.

    score = fit + engagement
    fit          the points of every rule whose condition holds
    engagement   for each rule its deeds, the newest first, each worth points x 1/2^(whole days ago / half-life),
                 rounded half up to whole points, until the rule's cap is reached

Whole points and whole days make a score a number that stands still between known moments: `changes_at` says when it is
next to be worked out though nothing happened. The same facts give the same score in whatever order they are given.

A score is one number for the whole house. What was said in a mail therefore counts only where everybody may read it;
that there was a mail, and when, counts always (as on timelines, where mail one may not read is a line without words).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from inboxcrm.leads.asking import asked_for
from inboxcrm.leads.score_rules import (
    ENGAGEMENT,
    FIT,
    MANY,
    EngagementRule,
    ScoreRules,
    What,
)
from inboxcrm.leads.segment_facts import LeadFacts, matches

FIELD = "field"
MESSAGE = "message"
ACTIVITY = "activity"
SUPPRESSION = "suppression"
_QUESTION_MARKS = ("?", "？", "؟", "՞")
_MAIL_WHATS = frozenset({What.MAIL, What.ANSWER, What.POSITIVE, What.ASKED, What.QUESTION})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ScoreMail:
    """A human mail of the lead's past: theirs, written by the lead itself, or ours. `subject` and `text` are empty
    where not everybody in the house may read them; `is_positive`: somebody marked it as a good answer.
    """

    id: int
    at: datetime
    is_inbound: bool
    conversation_id: int = 0
    subject: str = ""
    text: str = ""
    is_positive: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """A deed that is no mail of theirs: `source` and `id` say what to look at, id 0 for nothing."""

    what: What
    at: datetime
    source: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """`mails` and `deeds` from `facts_since` on, in any order."""

    lead: LeadFacts
    mails: Sequence[ScoreMail] = ()
    deeds: Sequence[Happened] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """`points` of one deed or field, why, and what it rests on; `at` None for a field. A line of no points says what
    a cap left out.
    """

    axis: str
    points: int
    words: str
    source: str = FIELD
    id: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Score:
    fit: int = 0
    engagement: int = 0
    points: tuple[Point, ...] = field(default=())
    changes_at: datetime | None = None

    @property
    def total(self) -> int:
        return self.fit + self.engagement


def score(rules: ScoreRules, facts: ScoreFacts, now: datetime) -> Score:
    """Points of fit in the order of the rules, those of engagement by rule and then the newest first."""
    points = [
        Point(FIT, rule.points, rule.words)
        for rule in rules.fit
        if rule.points and matches(rule.when, facts.lead, now)
    ]
    changes: list[datetime] = []
    for rule in rules.engagement:
        found, changing = _of_rule(rule, _events(rule, facts), now)
        points += found
        changes += changing
    return Score(
        sum(one.points for one in points if one.axis == FIT),
        sum(one.points for one in points if one.axis == ENGAGEMENT),
        tuple(points),
        min(changes, default=None),
    )


def mails_since(rules: ScoreRules, now: datetime) -> datetime | None:
    """Older mail of theirs counts nothing any more, an older one of ours makes no answer quick. None: all counts."""
    held = [rule for rule in rules.engagement if rule.what in _MAIL_WHATS and rule.points]
    longest = max((one.within_hours for one in held if one.what is What.ANSWER), default=0)
    return _since([_life(rule) for rule in held], now, timedelta(hours=longest))


def deeds_since(rules: ScoreRules, now: datetime) -> datetime | None:
    """The same of calls and meetings."""
    lives = [
        _life(rule)
        for rule in rules.engagement
        if rule.what in {What.CALL, What.MEETING} and rule.points
    ]
    return _since(lives, now, timedelta())


def worth(points: int, age_days: int, half_life_days: int) -> int:
    """What is left of so many points after so many days."""
    if not half_life_days:
        return points
    left = math.floor(abs(points) * math.pow(2.0, -max(age_days, 0) / half_life_days) + 0.5)
    return -left if points < 0 else left


def days_until_less(points: int, age_days: int, half_life_days: int) -> int | None:
    """At how many days of age it is worth less than at `age_days`; None where it never is again."""
    now_worth = abs(worth(points, age_days, half_life_days))
    if not half_life_days or not now_worth:
        return None
    day = math.floor(half_life_days * math.log2(abs(points) / (now_worth - 0.5)))
    # The logarithm may be a hair off: the days beside it decide.
    day = max(day - 1, age_days)
    while abs(worth(points, day, half_life_days)) == now_worth:
        day += 1
    return day


# --- events -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime
    words: str
    source: str
    id: int


def _events(rule: EngagementRule, facts: ScoreFacts) -> list[_Event]:
    if rule.what not in _MAIL_WHATS:
        return [
            _Event(one.at, rule.said(), one.source, one.id)
            for one in facts.deeds
            if one.what is rule.what
        ]
    theirs = [one for one in facts.mails if one.is_inbound]
    match rule.what:
        case What.ANSWER:
            found = [(one, "") for one in _answers(facts.mails, rule.within_hours)]
        case What.POSITIVE:
            found = [(one, "") for one in theirs if one.is_positive]
        case What.ASKED:
            found = [(one, what) for one in theirs if (what := asked_for(one.subject, one.text))]
        case What.QUESTION:
            found = [(one, "") for one in theirs if any(m in one.text for m in _QUESTION_MARKS)]
        case _:
            found = [(one, "") for one in theirs]
    return [_Event(one.at, rule.said(what), MESSAGE, one.id) for one, what in found]


def _answers(mails: Iterable[ScoreMail], within_hours: int) -> list[ScoreMail]:
    """Theirs that follow a mail of ours in the same conversation, the first of theirs after it, within the hours."""
    in_order = sorted(mails, key=lambda one: (one.conversation_id, one.at, one.id))
    found = []
    for _, group in groupby(in_order, key=lambda one: one.conversation_id):
        ours: datetime | None = None
        for one in group:
            if not one.is_inbound:
                ours = one.at
                continue
            if ours is not None and one.at - ours <= timedelta(hours=within_hours):
                found.append(one)
            ours = None
    return found


def _of_rule(
    rule: EngagementRule, events: list[_Event], now: datetime
) -> tuple[list[Point], list[datetime]]:
    """Its points, and when each of the deeds is worth less."""
    points: list[Point] = []
    changes: list[datetime] = []
    room = rule.most or sum(abs(rule.points) for _ in events)
    left_out = 0
    for one in sorted(events, key=lambda one: (one.at, one.id), reverse=True):
        age = max((now - one.at) // _DAY, 0)
        whole = worth(rule.points, age, rule.half_life_days)
        if not whole:
            continue
        counted = min(abs(whole), room)
        room -= counted
        less_at = days_until_less(rule.points, age, rule.half_life_days)
        if less_at is not None:
            changes.append(one.at + less_at * _DAY)
        if counted:
            value = counted if whole > 0 else -counted
            points.append(Point(ENGAGEMENT, value, one.words, one.source, one.id, one.at))
        else:
            left_out += 1
    if left_out:
        more = f"{left_out} more {MANY[rule.what]}: no more than {rule.most} points count for them"
        points.append(Point(ENGAGEMENT, 0, more))
    return points, changes


# --- how far back -----------------------------------------------------------------


def _life(rule: EngagementRule) -> int | None:
    """After so many days a deed of this rule is worth nothing; None: it always is worth something."""
    if not rule.half_life_days:
        return None
    return math.ceil(rule.half_life_days * math.log2(2 * abs(rule.points))) + 1


def _since(lives: list[int | None], now: datetime, earlier: timedelta) -> datetime | None:
    known = [one for one in lives if one is not None]
    if len(known) < len(lives):
        return None
    # A rule that counts nothing at all needs no mail.
    return now - timedelta(days=max(known, default=0)) - earlier
