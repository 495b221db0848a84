"""A week of a pipeline in words: how it stood before and after, what happened, who is stuck, who waits for us.

A week begins on Monday, where the house is. It is told as it stood at its end, whenever that was; one that is not over
as it stands now. Figures and words are those of the pipeline's pages, the figures over that week.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import urlencode

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.differences import WORDS, Change, Days
from inboxcrm.leads.number_shapes import DAY_MS, Amounts, StageSum, open_sum, weighted
from inboxcrm.leads.owes import US
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.leads.wording import counted
from inboxcrm.store.accounts import all_accounts
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_lists import LeadLine, leads_by_id
from inboxcrm.store.pipeline_board import past_sums
from inboxcrm.store.pipeline_changes import ChangedLeads
from inboxcrm.store.pipeline_ground import Instant
from inboxcrm.store.pipeline_weeks import (
    Changed,
    ChangedLead,
    Waiting,
    changes_between,
    owed_at,
    owed_now,
    stuck_at,
)
from inboxcrm.views.digest_shapes import DigestLead, DigestPart, DigestSum, DigestView
from inboxcrm.views.outlook_figures import outlook_figures
from inboxcrm.views.parts import owes_line
from inboxcrm.views.pipeline_numbers import asked_over
from inboxcrm.views.pipeline_outlook import Outlook, outlook
from inboxcrm.views.pipeline_when import (
    When,
    amounts_in_words,
    chosen_pipeline,
    refuse_strangers,
    since_sentence,
    when,
)
from inboxcrm.views.places import lead_url

NAMED = 25
"""Leads of a kind that are named; the rest are counted."""
_LONGEST = 120
_TITLES = {
    Change.NEW: "New",
    Change.MOVED: "Moved",
    Change.SLIPPED: "Slipped",
    Change.QUIET: "Went quiet",
    Change.WON: "Won",
    Change.LOST: "Lost",
    Change.GONE: "Gone",
}
_OVER = 'Below, "then" is when the week began and "now" when it ended.'
_UNDER_WAY = 'This week is not over: "then" is when it began, and "now" is now.'
_STUCK = "In an open stage for longer than the settings allow for that stage."
_OWED = "In an open stage, and the last mail of a conversation is theirs: the team owes the answer."
_OWED_THEN = _OWED + " What has been marked as needing no answer since then is left out."


def digest(
    desk: Desk,
    viewer: Viewer,
    *,
    week_of: date | None = None,
    pipeline: str = "",
    public_url: str = "",
) -> DigestView:
    """Of the week in which `week_of` lies, else of the last one that is over. `public_url`: how the pages are reached.

    Raises UsageError for a week to come, NotFoundError for an unknown pipeline, ForbiddenError.
    """
    refuse_strangers(viewer)
    now = when(desk, None)
    monday = _monday(week_of) if week_of else _monday(now.today) - timedelta(days=7)
    when(desk, monday)  # refuses weeks to come, and those before there was mail
    sunday = monday + timedelta(days=6)
    start = when(desk, monday - timedelta(days=1))
    is_over = sunday < now.today
    end = when(desk, sunday) if is_over else now
    last = sunday if is_over else now.today
    days = Days(start.at, (monday - timedelta(days=1)).isoformat(), last.isoformat())
    with desk.database.read() as tx:
        shown, named, _ = chosen_pipeline(tx, desk, pipeline)
        before = past_sums(tx, Instant(shown, start.at))
        after = past_sums(tx, Instant(shown, end.at))
        changes = changes_between(tx, shown, days, until=end.at, most=NAMED)
        stuck = stuck_at(tx, shown, end.at, most=NAMED)
        owed = (owed_at if is_over else owed_now)(tx, shown, end.at, most=NAMED)
        telling = _Telling(desk, shown, end, public_url.rstrip("/"))
        telling.learn(tx, changes, stuck[1], owed[1])
        asked = asked_over(desk, shown, end, (last - monday).days + 1)
        accounts = all_accounts(tx)
        names = {one.id: one.name for one in accounts}
        addresses = {one.address: one.id for one in accounts if one.address}
        figures = outlook_figures(outlook(tx, Outlook(desk, asked, end), names, addresses))
    parts = [telling.change(kind, held) for kind, held in changes.items()]
    parts.append(telling.waiting("stuck", "Stuck", _STUCK, stuck, telling.stuck))
    meaning = _OWED_THEN if is_over else _OWED
    parts.append(telling.waiting("owed", "Waiting for our answer", meaning, owed, telling.owed))
    place = {"pipeline": shown.key, **({"as_of": last.isoformat()} if is_over else {})}
    days_shown = {"days": (last - monday).days + 1}
    return DigestView(
        named,
        monday,
        last,
        is_over,
        since_sentence({kind: _as_on_pages(kind, held) for kind, held in changes.items()}),
        _OVER if is_over else _UNDER_WAY,
        _sums(shown, before, after),
        tuple(parts),
        tuple(one for one in figures if one.key != "owed"),  # the last of the parts says it
        f"{telling.public_url}/pipeline?{urlencode(place)}" if public_url else "",
        f"{telling.public_url}/pipeline/numbers?{urlencode(place | days_shown)}"
        if public_url
        else "",
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _as_on_pages(kind: Change, held: Changed) -> ChangedLeads:
    return ChangedLeads(held.many, [], held.amounts if kind in {Change.WON, Change.LOST} else {})


# --- sums -----------------------------------------------------------------------------


def _sums(
    pipeline: Pipeline, before: Mapping[str, StageSum], after: Mapping[str, StageSum]
) -> tuple[DigestSum, ...]:
    start, end = open_sum(before, pipeline), open_sum(after, pipeline)
    more = end.leads - start.leads
    heavy = weighted(before, pipeline), weighted(after, pipeline)
    return (
        DigestSum("Open leads", str(start.leads), str(end.leads), f"{more:+}" if more else ""),
        DigestSum("Open value", *_values(start.amounts, end.amounts)),
        DigestSum("Weighted", *_values(*heavy)),
    )


def _values(start: Amounts, end: Amounts) -> tuple[str, str, str]:
    moved = {currency: end.get(currency, 0) - start.get(currency, 0) for currency in {*start, *end}}
    difference = " · ".join(
        f"{'+' if cents > 0 else '-'}{amounts_in_words({currency: abs(cents)})}"
        for currency, cents in sorted(moved.items())
        if cents
    )
    return amounts_in_words(start) or "none", amounts_in_words(end) or "none", difference


# --- leads ----------------------------------------------------------------------------


class _Telling:
    """Who is meant, and what is said of them."""

    def __init__(self, desk: Desk, pipeline: Pipeline, end: When, public_url: str) -> None:
        self._desk = desk
        self._pipeline = pipeline
        self._end = end
        self.public_url = public_url
        self._lines: dict[int, LeadLine] = {}

    def learn(
        self, tx: Tx, changes: Mapping[Change, Changed], *waiting: list[Waiting]
    ) -> None:  # fmt: skip
        wanted = {one.lead_id for held in changes.values() for one in held.some}
        wanted |= {one.lead_id for some in waiting for one in some}
        self._lines = leads_by_id(tx, wanted)

    def change(self, kind: Change, held: Changed) -> DigestPart:
        is_closed = kind in {Change.WON, Change.LOST}
        return DigestPart(
            kind.value,
            _TITLES[kind],
            WORDS[kind][1],
            held.many,
            amounts_in_words(held.amounts) if is_closed else "",
            tuple(self._lead(one.lead_id, self._note(kind, one)) for one in held.some),
            held.many - len(held.some),
        )

    def waiting(
        self, key: str, title: str, meaning: str, held: tuple[int, list[Waiting]], note: object
    ) -> DigestPart:
        many, some = held
        assert callable(note)
        leads = tuple(self._lead(one.lead_id, note(one)) for one in some)
        return DigestPart(key, title, meaning, many, "", leads, many - len(some))

    def stuck(self, one: Waiting) -> str:
        stage = self._desk.pipelines.place(self._pipeline.key, one.stage).stage
        days = (self._end.at - one.since_at) // DAY_MS
        return (
            f"{counted(days, 'day')} in {stage.label}, where {stage.stale_after_days} are the limit"
        )

    def owed(self, one: Waiting) -> str:
        at = from_ms(self._end.at)
        name = self._name(one.lead_id)
        return owes_line(self._desk, US, one.since_at, name=name, now=at).text

    def _note(self, kind: Change, one: ChangedLead) -> str:
        then, now = one.then, one.now
        if kind is Change.MOVED and then and now:
            return f"{self._label(then.stage)} → {self._label(now.stage)}"
        if kind is Change.SLIPPED and then and now:
            if now.close_on == then.close_on:
                return f"should have closed on {then.close_on}"
            return f"close date {then.close_on} → {now.close_on or 'none'}"
        if kind in {Change.WON, Change.LOST} and now:
            cents = now.value_cents
            worth = amounts_in_words({now.currency: cents}) if cents is not None else ""
            reason = _one_line(now.stage_reason) if kind is Change.LOST else ""
            label = self._label(now.stage) if kind is Change.LOST else ""
            return ", ".join(one for one in (worth, label, reason) if one)
        state = now or then
        return self._label(state.stage) if state else ""

    def _label(self, stage: str) -> str:
        return self._desk.pipelines.place(self._pipeline.key, stage).stage.label

    def _name(self, lead_id: int) -> str:
        line = self._lines.get(lead_id)
        return _one_line(line.name) if line else "a lead removed since"

    def _lead(self, lead_id: int, note: str) -> DigestLead:
        is_there = lead_id in self._lines and self.public_url
        path = lead_url(self._desk.ids.seal("lead", lead_id)) if is_there else ""
        return DigestLead(self._name(lead_id), note, f"{self.public_url}{path}" if path else "")


def _one_line(text: str) -> str:
    """What strangers wrote makes no line of its own in a mail and turns none around."""
    plain = "".join(
        one for one in " ".join(text.split()) if unicodedata.category(one) not in {"Cc", "Cf", "Cs"}
    )
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"
