"""What will go, and when: the plan of one cadence with the words of its mails, and what leaves today from all of them.

Both are computed by the code that sends (services/planning_ahead.py). Looking changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from inboxcrm.errors import InboxcrmError
from inboxcrm.services.planned_words import names_of, words_of
from inboxcrm.services.planning_ahead import DayAhead, PlanAhead, plan_ahead, plans_ahead
from inboxcrm.views.cadence_shapes import CadenceLine, CadencePage, Obstacle
from inboxcrm.views.cadences import cadence_list, cadence_page
from inboxcrm.views.places import lead_url
from inboxcrm.web.changes import said, whole_number
from inboxcrm.web.letters import Letter, letter_of
from inboxcrm.web.room import this_room

plan_pages = Blueprint("cadence_plan", __name__)

SPANS = (14, 30, 60)
_SPAN = 30
MAILS_ON_A_PAGE = 25
_DAYS_SHOWN = 10
"""The first ones of the load; the others are folded, so that the mails are not far below."""
MOST_RUNNING = 50
MOST_TODAY = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the mailbox; `most` is where its bar ends."""

    label: str
    day: date
    openers: int
    follow_ups: int
    others: int
    most: int

    @property
    def total(self) -> int:
        return self.openers + self.follow_ups + self.others


@dataclass(frozen=True, slots=True)
class Planned:
    """One mail of the plan: `minute` on the clock of the rules' zone; `number` 0 where its step was taken out."""

    at: datetime
    minute: str
    number: int
    lead: str
    letter: Letter
    there: str = ""
    """The minute on their own clock, where that is another one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A plan as its page shows it. `shown` are the mails of this page by day, behind `before` others."""

    plan: PlanAhead
    first: str
    last: str
    bars: tuple[Bar, ...]
    more_bars: tuple[Bar, ...]
    shown: tuple[tuple[str, tuple[Planned, ...]], ...]
    before: int
    until: int

    @property
    def earlier(self) -> int:
        """Where the page before this one begins; 0 for the first, and behind the last mail."""
        return max(self.before - MAILS_ON_A_PAGE, 0) if self.shown else 0


@dataclass(frozen=True, slots=True)
class Leaving:
    """A mail that leaves today; `zone` is named where not all of the page are of one."""

    at: datetime
    minute: str
    zone: str
    lead_id: str
    address: str
    number: int
    line: CadenceLine


@dataclass(frozen=True, slots=True)
class Sender:
    """A mailbox that has running cadences. `is_held`: nothing goes from it before somebody did something."""

    address: str
    obstacles: tuple[Obstacle, ...]
    count: int
    next_at: datetime | None
    minute: str
    is_held: bool


@plan_pages.get("/cadences/<cadence_id>/plan")
def page(cadence_id: str) -> ResponseReturnValue:
    room = this_room()
    view = cadence_page(room.desk, room.viewer, cadence_id)
    span = _span()
    found, problem = None, ""
    is_over = view.line.state in {"finished", "cancelled"}
    if not is_over:
        try:
            found = _found(view, span, whole_number(request.args, "after"))
        except InboxcrmError as error:
            problem = said(error)
    return render_template(
        "pages/cadence_plan.html",
        here="cadences",
        view=view,
        line=view.line,
        is_over=is_over,
        found=found,
        problem=problem,
        span=span,
        spans=SPANS,
        toast=None,
    )


@plan_pages.get("/cadences/today")
def today() -> ResponseReturnValue:
    room = this_room()
    running, is_more = _running()
    senders, leaving, problems = _leaving_today(running)
    shown = leaving[:MOST_TODAY]
    names = names_of(room.desk, room.viewer, [one.lead_id for one in shown])
    zones = {one.zone for one in shown}
    return render_template(
        "pages/cadence_today.html",
        here="cadences",
        senders=senders,
        mails=[(one, names.get(one.lead_id) or one.address) for one in shown],
        count=len(leaving),
        zones=sorted(zones),
        running=running,
        most_running=MOST_RUNNING if is_more else 0,
        problems=problems,
        lead_url=lead_url,
        toast=None,
    )


# --- the plan of one --------------------------------------------------------------------


def _found(view: CadencePage, span: int, before: int) -> Found:
    room = this_room()
    name = view.line.name
    plan = plan_ahead(room.desk, room.viewer, name, days=span)
    zone = ZoneInfo(plan.zone)
    here = plan.start.astimezone(zone).date()
    asked = plan.mails[before : before + MAILS_ON_A_PAGE]
    written = words_of(room.desk, room.viewer, name, asked)
    names = names_of(room.desk, room.viewer, [one.lead_id for one in asked])
    planned = [
        Planned(
            one.at,
            _minute(one.at, zone),
            one.number,
            names.get(one.lead_id) or one.to,
            letter_of(words, may_read=view.may_change),
            _minute(one.at, ZoneInfo(one.zone)) if one.zone else "",
        )
        for one, words in zip(asked, written, strict=True)
    ]
    bars = tuple(_bar(one, plan.day_cap, here) for one in plan.days)
    return Found(
        plan,
        first=_moment(plan.first_at, zone),
        last=_moment(plan.last_at, zone),
        bars=bars[:_DAYS_SHOWN],
        more_bars=bars[_DAYS_SHOWN:],
        shown=tuple(
            (_day(day, here), tuple(some))
            for day, some in groupby(planned, key=lambda one: one.at.astimezone(zone).date())
        ),
        before=before,
        until=before + len(asked),
    )


def _bar(one: DayAhead, cap: int, today: date) -> Bar:
    # The cap holds for any 24 hours: a day by the clock may have more, and its bar is full.
    most = max(cap, one.openers + one.follow_ups + one.others, 1)
    return Bar(_day(one.day, today), one.day, one.openers, one.follow_ups, one.others, most)


# --- what leaves today --------------------------------------------------------------------


def _running() -> tuple[list[CadenceLine], bool]:
    """The newest ones that run, and whether there are more of them."""
    room, found, after = this_room(), list[CadenceLine](), None
    while len(found) <= MOST_RUNNING:
        some = cadence_list(room.desk, room.viewer, after=after)
        found += [one for one in some.rows if one.state == "running"]
        after = some.next
        if after is None:
            break
    return found[:MOST_RUNNING], len(found) > MOST_RUNNING


def _leaving_today(
    running: Sequence[CadenceLine],
) -> tuple[list[Sender], list[Leaving], list[str]]:
    """Mailboxes by address, mails by time; and what is wrong with mailboxes that cannot be planned."""
    room = this_room()
    by_mailbox: dict[str, list[CadenceLine]] = {}
    for line in running:
        by_mailbox.setdefault(line.mailbox, []).append(line)
    of_mailbox: dict[str, list[Leaving]] = {}
    views: dict[str, CadencePage] = {}
    problems = []
    for name, lines in by_mailbox.items():
        views[name] = cadence_page(room.desk, room.viewer, lines[0].id)
        try:
            plans = plans_ahead(room.desk, room.viewer, [one.name for one in lines], days=1)
        except InboxcrmError as error:
            problems.append(f"{views[name].mailbox_address}: {said(error)}")
            plans = []
        by_name = {one.name: one for one in lines}
        of_mailbox[name] = [mail for one in plans for mail in _of_today(one, by_name[one.cadence])]
    senders = [_sender(views[name], mails) for name, mails in of_mailbox.items()]
    held = {name for name, view in views.items() if _is_held(view)}
    going = [one for name, mails in of_mailbox.items() if name not in held for one in mails]
    senders.sort(key=lambda one: one.address)
    return senders, sorted(going, key=lambda one: one.at), problems


def _of_today(plan: PlanAhead, line: CadenceLine) -> list[Leaving]:
    """By the clock of its rules."""
    zone = ZoneInfo(plan.zone)
    day = plan.start.astimezone(zone).date()
    return [
        Leaving(one.at, _minute(one.at, zone), plan.zone, one.lead_id, one.to, one.number, line)
        for one in plan.mails
        if one.at.astimezone(zone).date() == day
    ]


def _sender(view: CadencePage, mails: Sequence[Leaving]) -> Sender:
    first = min(mails, key=lambda one: one.at, default=None)
    return Sender(
        view.mailbox_address,
        view.obstacles,
        len(mails),
        first.at if first else None,
        f"{first.minute} ({first.zone})" if first else "",
        is_held=_is_held(view),
    )


def _is_held(view: CadencePage) -> bool:
    """What somebody has to mend says where. A pause for a while has no such place: the plan begins behind it."""
    return any(one.url for one in view.obstacles)


# --- words -----------------------------------------------------------------------------


def _span() -> int:
    days = whole_number(request.args, "days")
    return days if days in SPANS else _SPAN


def _minute(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B} at {local:%H:%M}"


def _day(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    near = {0: "Today, ", 1: "Tomorrow, "}.get((day - today).days, "")
    return f"{near}{day:%A} {day.day} {day:%B}{year}"
