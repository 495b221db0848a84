"""What is expected to come and what came, month by month, over the plain list of what happened.

Like leads/numbers.py this is what the figures mean; store/pipeline_forecast.py counts the same in SQL and a property
test holds the two together. A month begins where the house is. Every figure can be asked for the leads behind it:

    forecast:MONTH                  open when the month began and expected in it, as they stood then
    came:SPAN:CURRENCY:OWNER        won within it, and still so
    due:SPAN:CURRENCY:OWNER         open, and expected within it
    due:earlier, later, none, any, passed        before or after the months shown, without a date, all, overdue

SPAN is a month or a quarter; CURRENCY and OWNER may be left out, OWNER 0 is nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from inboxcrm.leads.history import LeadState, Spell, standing_at
from inboxcrm.leads.number_shapes import StageSum, added
from inboxcrm.leads.pipeline import Pipeline, StageKind
from inboxcrm.leads.spans import Span, month_of, moved, span_of

BACK = 6
AHEAD = 6
EARLIER, LATER, NO_DATE, ANY, PASSED = "earlier", "later", "none", "any", "passed"
WORDS = {
    "forecast": (
        "Forecast: the value of the leads that were open when the month began and had their close date in it, each "
        "times the probability of its stage then. What came: the value of the leads won in the month that are still "
        "won. Still expected: open leads with their close date in the month. Currencies are never added up."
    ),
    "coverage": (
        "The value of all open leads over the quota of the period; of an account, of its own leads. Only leads with a "
        "value in the currency of the quota count. Beside it what was won since the period began."
    ),
}
"""Definitions as people read them."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a forecast is asked with: `at` in ms, on the day `today` in `zone`."""

    pipeline: Pipeline
    at: int
    today: date
    zone: str

    @property
    def months(self) -> tuple[Span, ...]:
        """Oldest first: `BACK` before this one, it, `AHEAD` behind it."""
        now = month_of(self.today)
        return tuple(moved(now, by) for by in range(-BACK, AHEAD + 1))

    @property
    def begun(self) -> tuple[Span, ...]:
        return self.months[: BACK + 1]


class DueKey(NamedTuple):
    """`bucket` is a month's key, `EARLIER`, `LATER` or `NO_DATE`; `is_passed`: its close date is before today. Leads
    without a value stand under no currency.
    """

    bucket: str
    is_passed: bool
    owner_id: int | None
    stage: str
    currency: str


class CameKey(NamedTuple):
    bucket: str
    owner_id: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """`then` by month and stage, as it stood when each month began; the others as it stood at the instant."""

    then: Mapping[tuple[str, str], StageSum]
    due: Mapping[DueKey, StageSum]
    came: Mapping[CameKey, StageSum]


class Pick(NamedTuple):
    """A key of a figure, taken apart; `owner` is "" for everybody."""

    kind: str
    where: str
    currency: str = ""
    owner: str = ""

    @property
    def key(self) -> str:
        return ":".join(self).rstrip(":")

    @property
    def span(self) -> Span | None:
        return span_of(self.where)


def pick_of(which: str) -> Pick | None:
    """None for what is no figure of a forecast."""
    parts = which.split(":")
    if not 2 <= len(parts) <= 4:
        return None
    pick = Pick(*parts)
    if pick.owner and not (pick.owner.isascii() and pick.owner.isdigit() and len(pick.owner) < 18):
        return None
    if pick.kind == "forecast":
        is_month = pick.span is not None and pick.span.months == 1
        return pick if is_month and not pick.currency + pick.owner else None
    words = {EARLIER, LATER, NO_DATE, ANY, PASSED} if pick.kind == "due" else set[str]()
    known = pick.kind in {"due", "came"} and (pick.span or pick.where in words)
    return pick if known else None


def bucket_of(close_on: str | None, months: tuple[Span, ...]) -> str:
    if close_on is None:
        return NO_DATE
    if close_on < months[0].first.isoformat():
        return EARLIER
    return LATER if close_on > months[-1].last.isoformat() else close_on[:7]


def forecast(spells: Iterable[Spell], asked: Ahead) -> Forecast:
    held = list(spells)
    then: dict[tuple[str, str], list[LeadState]] = defaultdict(list)
    for month in asked.begun:
        for state in _expected(held, asked, month).values():
            then[month.key, state.stage].append(state)
    due: dict[DueKey, list[LeadState]] = defaultdict(list)
    came: dict[CameKey, list[LeadState]] = defaultdict(list)
    for state in _standing(held, asked, asked.at).values():
        kind = _kind(asked.pipeline, state)
        currency = "" if state.value_cents is None else state.currency
        if kind is StageKind.OPEN:
            passed = state.close_on is not None and state.close_on < asked.today.isoformat()
            bucket = bucket_of(state.close_on, asked.months)
            due[DueKey(bucket, passed, state.owner_id, state.stage, currency)].append(state)
        elif kind is StageKind.WON:
            for month in asked.begun:
                if _is_in(state.stage_since_at, month, asked.zone):
                    came[CameKey(month.key, state.owner_id, currency)].append(state)
    return Forecast(
        {key: _sum(states) for key, states in then.items()},
        {key: _sum(states) for key, states in due.items()},
        {key: _sum(states) for key, states in came.items()},
    )


def leads_picked(spells: Iterable[Spell], asked: Ahead, pick: Pick) -> list[int]:
    """The leads behind a figure, ascending."""
    held = list(spells)
    if pick.kind == "forecast":
        assert pick.span is not None
        return sorted(_expected(held, asked, pick.span))
    found = []
    for lead_id, state in _standing(held, asked, asked.at).items():
        if pick.currency and (state.currency != pick.currency or state.value_cents is None):
            continue
        if pick.owner and str(state.owner_id or 0) != pick.owner:
            continue
        if _is_picked(state, asked, pick):
            found.append(lead_id)
    return sorted(found)


def _is_picked(state: LeadState, asked: Ahead, pick: Pick) -> bool:
    kind = _kind(asked.pipeline, state)
    if pick.kind == "came":
        span = pick.span
        inside = span is not None and _is_in(state.stage_since_at, span, asked.zone)
        return kind is StageKind.WON and inside
    if kind is not StageKind.OPEN:
        return False
    if pick.where == ANY:
        return True
    if pick.where == PASSED:
        return state.close_on is not None and state.close_on < asked.today.isoformat()
    if span := pick.span:
        first, last = span.first.isoformat(), span.last.isoformat()
        return state.close_on is not None and first <= state.close_on <= last
    return bucket_of(state.close_on, asked.months) == pick.where


def _standing(held: list[Spell], asked: Ahead, at: int) -> dict[int, LeadState]:
    return {
        lead_id: state
        for lead_id, state in standing_at(held, at).items()
        if state.pipeline == asked.pipeline.key
    }


def _expected(held: list[Spell], asked: Ahead, month: Span) -> dict[int, LeadState]:
    """Who was open when the month began, and expected within it."""
    return {
        lead_id: state
        for lead_id, state in _standing(held, asked, month.begins_at(asked.zone)).items()
        if _kind(asked.pipeline, state) is StageKind.OPEN
        and state.close_on is not None
        and state.close_on[:7] == month.key
    }


def _kind(pipeline: Pipeline, state: LeadState) -> StageKind:
    stage = pipeline.stage(state.stage)
    return stage.kind if stage else StageKind.OPEN


def _is_in(at: int, span: Span, zone: str) -> bool:
    return span.begins_at(zone) <= at < moved(span, span.months).begins_at(zone)


def _sum(states: Iterable[LeadState]) -> StageSum:
    return added(
        StageSum(1, {} if one.value_cents is None else {one.currency: one.value_cents})
        for one in states
    )
