"""The small parts every page shows alike: stage chip, who owes whom, money, a due day."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from inboxcrm.leads.owes import NOBODY, US, wait
from inboxcrm.leads.pipeline import StageKind
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_scores import Points
from inboxcrm.views.shapes import Money, NextTask, Owes, ScoreSum, StageChip

_DAY_MS = 86_400_000


def stage_chip(desk: Desk, pipeline: str, stage: str, since_ms: int, now_ms: int) -> StageChip:
    place = desk.pipelines.place(pipeline, stage)
    days = max((now_ms - since_ms) // _DAY_MS, 0)
    limit = place.stage.stale_after_days
    is_open = place.stage.kind is StageKind.OPEN
    return StageChip(
        key=place.stage.key,
        label=place.stage.label,
        index=place.index,
        days=days,
        stale=is_open and limit is not None and days > limit,
        kind=place.stage.kind.value,
        of=place.of,
    )


def owes_line(desk: Desk, who: str, since_ms: int | None, *, name: str, now: datetime) -> Owes:
    since = from_ms(since_ms)
    said = wait(who, since, now=now, hours=desk.working_hours, name=name)
    if who == NOBODY or since is None:
        return Owes(NOBODY, text=said.text)
    hours = None if said.working_hours is None else round(said.working_hours, 1)
    return Owes(who, since, hours, said.text, late=who == US and said.is_late)


def score_sum(points: Points | None) -> ScoreSum | None:
    """None for a lead whose score was never worked out."""
    if points is None:
        return None
    return ScoreSum(points.fit + points.engagement, points.fit, points.engagement)


def money(cents: int | None, currency: str) -> Money | None:
    if cents is None:
        return None
    return Money(f"{cents // 100}.{cents % 100:02d}", currency)


def next_task(
    desk: Desk, task_id: int, title: str, due_on: str | None, *, now: datetime
) -> NextTask:
    """`state` compares the day with today where the working hours are."""
    sealed = desk.ids.seal("task", task_id)
    due = None
    if due_on:
        try:
            due = date.fromisoformat(due_on)
        except ValueError:
            due = None
    if due is None:
        return NextTask(sealed, title, None, "someday")
    today = now.astimezone(ZoneInfo(desk.working_hours.zone)).date()
    state = "overdue" if due < today else "today" if due == today else "later"
    return NextTask(sealed, title, due, state)
