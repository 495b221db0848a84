"""Today: what do I owe? One sentence that answers it, then the lists behind the sentence, each at most eight long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.owes import THEM, US
from inboxcrm.leads.pipeline import StageKind
from inboxcrm.leads.quiet import QUIET_AFTER_DAYS, quiet_since
from inboxcrm.leads.wording import wait_in_words
from inboxcrm.leads.working_time import hours_between
from inboxcrm.store import today as rows_of
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.planning import plan_for_values
from inboxcrm.store.today import TodayLead, TodayMail, TodayTask, TroubledMailbox
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.parts import next_task, owes_line, stage_chip
from inboxcrm.views.places import lead_url, thread_url
from inboxcrm.views.review import ReviewItem, capped, first_items, queue_count
from inboxcrm.views.shapes import NextTask, Owes, StageChip

AT_MOST = 8
ON_A_PAGE = 50
_FIRST_OF_REVIEW = 3
_MOST_COUNTED = 100


class Section(StrEnum):
    TASKS = "tasks"
    OWED = "owed"
    REPLIES = "replies"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class TaskLine:
    task: NextTask
    lead_name: str
    lead_url: str
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead with the mail that speaks for it. `age` is a wait in working time; `url` None: that mail is not for the
    viewer, who may know its subject all the same.
    """

    id: str
    name: str
    lead_url: str
    stage: StageChip
    at: datetime
    age: str
    owes: Owes
    organization: str | None = None
    subject: str = ""
    snippet: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class TodayList:
    """`count`, up to "99+", is of all, where it is known. `more`: there are others; `next` opens their page."""

    rows: tuple[Any, ...]
    count: str = ""
    more: bool = False
    next: str | None = None


@dataclass(frozen=True, slots=True)
class TodayView:
    heading: str
    is_team: bool
    tasks: TodayList
    owed: TodayList
    replies: TodayList
    quiet: TodayList
    review: tuple[ReviewItem, ...]
    review_count: str
    troubles: tuple[TroubledMailbox, ...]
    quiet_after_days: int = QUIET_AFTER_DAYS


@dataclass(frozen=True, slots=True)
class SectionView:
    section: str
    is_team: bool
    list: TodayList


def today_page(desk: Desk, viewer: Viewer, *, since: datetime, is_team: bool = False) -> TodayView:
    """`since` is since when replies are news to this person (services/looking.py)."""
    with desk.database.read() as tx:
        plan_for_values(tx)
        reader = _Reader(tx, desk, viewer, since, mine=not is_team)
        raw = {section: reader.rows(section, None, AT_MOST + 1) for section in Section}
        mails = reader.mails([row for rows in raw.values() for row in rows])
        owed, due = reader.counts()
        review = first_items(tx, desk, viewer, _FIRST_OF_REVIEW)
        review_count = queue_count(tx, desk, viewer)
        troubles = tuple(rows_of.troubled_mailboxes(tx, viewer))
    counts = {Section.OWED: capped(owed), Section.TASKS: capped(due)}
    lists = {
        section: TodayList(
            tuple(reader.line(section, row, mails) for row in rows[:AT_MOST]),
            counts.get(section, ""),
            len(rows) > AT_MOST,
        )
        for section, rows in raw.items()
    }
    return TodayView(
        heading=_heading(owed, due),
        is_team=is_team,
        tasks=lists[Section.TASKS],
        owed=lists[Section.OWED],
        replies=lists[Section.REPLIES],
        quiet=lists[Section.QUIET],
        review=review,
        review_count=review_count,
        troubles=troubles,
    )


def today_section(
    desk: Desk,
    viewer: Viewer,
    section: str,
    *,
    since: datetime,
    is_team: bool = False,
    after: str | None = None,
) -> SectionView:
    """All of one list, by pages."""
    chosen = Section(section)
    with desk.database.read() as tx:
        plan_for_values(tx)
        reader = _Reader(tx, desk, viewer, since, mine=not is_team)
        rows = reader.rows(chosen, after, ON_A_PAGE + 1)
        mails = reader.mails(rows)
    shown = rows[:ON_A_PAGE]
    more = len(rows) > ON_A_PAGE
    return SectionView(
        chosen.value,
        is_team,
        TodayList(
            tuple(reader.line(chosen, row, mails) for row in shown),
            more=more,
            next=reader.cursor(shown[-1]) if more else None,
        ),
    )


class _Reader:
    """The lists for one viewer at one moment."""

    def __init__(self, tx: Tx, desk: Desk, viewer: Viewer, since: datetime, *, mine: bool) -> None:
        self._tx, self._desk, self._viewer, self._mine = tx, desk, viewer, mine
        self._now, self._since = desk.clock.now(), since
        self._today = self._now.astimezone(ZoneInfo(desk.working_hours.zone)).date()

    def rows(self, section: Section, after: str | None, limit: int) -> Sequence[Any]:
        read: dict[Section, Callable[[str | None, int], Sequence[Any]]] = {
            Section.TASKS: self._tasks,
            Section.OWED: self._owed,
            Section.REPLIES: self._replies,
            Section.QUIET: self._quiet,
        }
        return read[section](after, limit)

    def _common(self, after: str | None, limit: int) -> dict[str, Any]:
        return {
            "mine": self._mine,
            "now": to_ms(self._now),
            "after": open_cursor(self._desk, after),
            "limit": limit,
        }

    def _tasks(self, after: str | None, limit: int) -> Sequence[TodayTask]:
        asked = self._common(after, limit)
        if asked["after"]:
            days, number = asked["after"]
            asked["after"] = (_day(days), number)
        return rows_of.due_tasks(self._tx, self._viewer, today=self._today.isoformat(), **asked)

    def _owed(self, after: str | None, limit: int) -> Sequence[TodayLead]:
        return rows_of.owed_leads(self._tx, self._viewer, **self._common(after, limit))

    def _replies(self, after: str | None, limit: int) -> Sequence[TodayLead]:
        asked = self._common(after, limit)
        return rows_of.replied_leads(self._tx, self._viewer, since=to_ms(self._since), **asked)

    def _quiet(self, after: str | None, limit: int) -> Sequence[TodayLead]:
        desk = self._desk
        closed = tuple(
            (pipeline.key, stage.key)
            for pipeline in desk.pipelines.pipelines
            for stage in pipeline.stages
            if stage.kind is not StageKind.OPEN
        )
        return rows_of.quiet_leads(
            self._tx,
            self._viewer,
            before=to_ms(quiet_since(self._now, desk.working_hours)),
            warm=to_ms(self._now - timedelta(days=desk.cold_after_days)),
            closed=closed,
            **self._common(after, limit),
        )

    def counts(self) -> tuple[int, int]:
        return rows_of.count_owed_and_due(
            self._tx,
            self._viewer,
            mine=self._mine,
            now=to_ms(self._now),
            today=self._today.isoformat(),
            most=_MOST_COUNTED,
        )

    def mails(self, rows: Sequence[Any]) -> dict[tuple[int, int], TodayMail]:
        wanted = {
            (row.lead_id, row.message_id)
            for row in rows
            if isinstance(row, TodayLead) and row.message_id is not None
        }
        return rows_of.mail_shown(self._tx, self._viewer, wanted)

    def line(
        self, section: Section, row: Any, mails: dict[tuple[int, int], TodayMail]
    ) -> TaskLine | LeadLine:
        desk = self._desk
        url = lead_url(desk.ids.seal("lead", row.lead_id))
        if isinstance(row, TodayTask):
            task = next_task(desk, row.task_id, row.title, row.due_on, now=self._now)
            return TaskLine(task, row.lead_name, url, row.organization)
        mail = mails.get((row.lead_id, row.message_id))
        thread_id = mail.thread_id if mail else None
        who = THEM if section is Section.QUIET else US
        at = from_ms(row.at)
        return LeadLine(
            id=desk.ids.seal("lead", row.lead_id),
            name=row.name,
            lead_url=url,
            stage=stage_chip(desk, row.pipeline, row.stage, row.stage_since_at, to_ms(self._now)),
            at=at,
            age=self._age(at),
            owes=owes_line(desk, who, row.at, name=row.name, now=self._now),
            organization=row.organization,
            subject=mail.subject if mail else "",
            snippet=mail.snippet if mail else "",
            url=thread_url(desk.ids.seal("thread", thread_id)) if thread_id is not None else None,
        )

    def _age(self, at: datetime) -> str:
        hours = self._desk.working_hours
        worked = hours_between(hours, at, self._now)
        # However long: here the numbers stand one below the other.
        return wait_in_words(worked, hours) or f"{int(worked / hours.hours_a_day)} working days"

    def cursor(self, row: Any) -> str:
        if isinstance(row, TodayTask):
            return seal_cursor(self._desk, date.fromisoformat(row.due_on).toordinal(), row.task_id)
        return seal_cursor(self._desk, row.at, row.lead_id)


def _day(ordinal: int) -> str:
    """The first day there is for a number that is none: a cursor may be made up."""
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal())).isoformat()


def _heading(owed: int, due: int) -> str:
    """Like "2 people wait for an answer, 1 task is due"."""
    people = "1 person waits" if owed == 1 else f"{capped(owed)} people wait"
    tasks = "1 task is due" if due == 1 else f"{capped(due)} tasks are due"
    if owed and due:
        return f"{people} for an answer, {tasks}"
    if owed:
        return f"{people} for an answer"
    return tasks if due else "Nobody waits for an answer, nothing is due"
