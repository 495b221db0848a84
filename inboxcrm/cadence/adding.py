"""May this lead be added to a cadence now? What its own rules say, besides what stands against any mail to them.

- Quiet: whoever wrote to us, or was touched by any of us, within so many days is left alone. A touch is a mail a person
  wrote, in either direction and in any mailbox of the house, a mail of a cadence, a logged call or a meeting.
- Consent: where the cadence wants it, those who gave it and did not take it back.
- Guard: a colleague who is talking to them, or to somebody else of their organization, comes first. The cadence warns,
  leaves them out, or asks: then they wait for the colleague's word. The newest talk counts, theirs before their
  organization's. Of mail in a mailbox one may not read no more is told than that it was a colleague, and when.

Times "within n days" are less than n times 24 hours ago, or still to come, as in segments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from inboxcrm.leads.consent import ConsentState
from inboxcrm.leads.segment_left_out import LeftOut

GUARD_DAYS = 30
MOST_DAYS = 3_650
SOMEBODY = "a colleague"


class Guard(StrEnum):
    OFF = "off"
    WARN = "warn"
    BLOCK = "block"
    ASK = "ask"


class Answer(StrEnum):
    """What the colleague who was asked said."""

    NOT_ASKED = ""
    WAITS = "waits"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class AddingRules:
    """`quiet_days` 0: touched or not. `guard_days`: how long a talk counts."""

    quiet_days: int = 0
    needs_consent: bool = False
    guard: Guard = Guard.WARN
    guard_days: int = GUARD_DAYS


@dataclass(frozen=True, slots=True)
class Talk:
    """A colleague's last exchange. `who` is SOMEBODY where the viewer may not know; `with_lead`: with the lead itself,
    else with somebody of its organization. `asks` is the account that has a say in it, None where there is none.
    """

    at: datetime
    who: str
    with_lead: bool
    asks: int | None = None


@dataclass(frozen=True, slots=True)
class AddingFacts:
    """What is known of one lead. `touched_at`: the last touch by anybody of us, or of theirs."""

    touched_at: datetime | None = None
    consent: str = ""
    talk: Talk | None = None
    answer: Answer = Answer.NOT_ASKED


def against_adding(facts: AddingFacts, rules: AddingRules, now: datetime) -> frozenset[LeftOut]:
    """Why they are left out; none: they may be added, as far as these rules go."""
    found = set()
    if rules.quiet_days and is_within(facts.touched_at, rules.quiet_days, now):
        found.add(LeftOut.TOUCHED)
    if rules.needs_consent and facts.consent != ConsentState.GIVEN:
        found.add(LeftOut.NO_CONSENT)
    if rules.guard is not Guard.OFF and facts.answer is Answer.NO:
        found.add(LeftOut.COLLEAGUE_SAID_NO)
    elif rules.guard is Guard.ASK and facts.answer is Answer.WAITS:
        found.add(LeftOut.ASKS_COLLEAGUE)
    elif facts.answer is not Answer.YES:
        talk = talk_that_counts(facts, rules, now)
        if talk is not None and rules.guard is not Guard.WARN:
            # Where nobody can be asked the talk stands against them.
            is_asked = rules.guard is Guard.ASK and talk.asks is not None
            found.add(LeftOut.ASKS_COLLEAGUE if is_asked else LeftOut.COLLEAGUE)
    return frozenset(found)


def talk_that_counts(facts: AddingFacts, rules: AddingRules, now: datetime) -> Talk | None:
    """The talk the guard speaks of; None where there is none, or it is not on guard."""
    if rules.guard is Guard.OFF or facts.talk is None:
        return None
    return facts.talk if is_within(facts.talk.at, rules.guard_days, now) else None


def newest_talk(talks: Iterable[Talk]) -> Talk | None:
    """Theirs before their organization's, the newest of them; of two at once the one whose name comes first."""
    return min(
        talks, key=lambda one: (not one.with_lead, -one.at.timestamp(), one.who), default=None
    )


def is_within(at: datetime | None, days: int, now: datetime) -> bool:
    return at is not None and now - at < timedelta(days=days)


def talk_in_words(talk: Talk, now: datetime) -> str:
    """Like "Carla wrote with them 3 days ago"."""
    days = max((now - talk.at).days, 0)
    ago = "today" if days == 0 else "yesterday" if days == 1 else f"{days} days ago"
    whom = "them" if talk.with_lead else "somebody of their organization"
    return f"{talk.who[:1].upper()}{talk.who[1:]} was in touch with {whom} {ago}"


def adding_in_words(rules: AddingRules) -> tuple[str, ...]:
    """Sentences people check before they start a cadence."""
    found = []
    if rules.quiet_days:
        many = "a day" if rules.quiet_days == 1 else f"{rules.quiet_days} days"
        found.append(f"Whoever wrote to us, or whom any of us touched, within {many} is left out.")
    if rules.needs_consent:
        found.append("Only those get it who have agreed to be written to.")
    guard = {
        Guard.WARN: "you are told of it first",
        Guard.BLOCK: "they are left out",
        Guard.ASK: "the colleague is asked, and they wait for the answer",
    }.get(rules.guard)
    if guard:
        found.append(
            "Where a colleague was in touch with them or their organization in the last "
            f"{rules.guard_days} days, {guard}."
        )
    return tuple(found)


def adding_as_map(rules: AddingRules) -> dict[str, Any]:
    return {
        "quiet_days": rules.quiet_days,
        "needs_consent": rules.needs_consent,
        "guard": rules.guard.value,
        "guard_days": rules.guard_days,
    }


def adding_from_map(said: dict[str, Any]) -> AddingRules:
    """Of what we wrote ourselves; what is not there has its default."""
    plain = AddingRules()
    return AddingRules(
        said.get("quiet_days", plain.quiet_days),
        said.get("needs_consent", plain.needs_consent),
        Guard(said.get("guard", plain.guard)),
        said.get("guard_days", plain.guard_days),
    )
