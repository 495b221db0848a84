"""The list of leads, one lead's page, and leads found by words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.store import leads as lead_rows
from inboxcrm.store import search
from inboxcrm.store.accounts import all_accounts
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_lists import (
    COUNTED_TO,
    LeadLine,
    Narrowed,
    count_some,
    leads_by_id,
    newest_leads,
)
from inboxcrm.store.tags import known_tags, tag_by_key, tag_key
from inboxcrm.store.tasks import open_tasks
from inboxcrm.views.cards import card_of_lead
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.parts import money, next_task, owes_line, stage_chip
from inboxcrm.views.places import lead_url
from inboxcrm.views.shapes import LeadCard, Money, NextTask, Owes, StageChip, TimelineItem
from inboxcrm.views.timeline import timeline_page

MOST_ROWS = 500
_TIMELINE = 50
_TAGS = 200


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead in a list. `at` is its newest sign of life."""

    id: str
    url: str
    version: int
    name: str
    address: str
    stage: StageChip
    owes: Owes
    at: datetime
    created_at: datetime
    organization: str | None = None
    owner: str | None = None
    value: Money | None = None
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    next_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class StageCount:
    pipeline: str
    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody leads can belong to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LeadListView:
    """`total` and the counts stop at a thousand a stage unless exact ones were asked for: then `is_capped` is true."""

    rows: tuple[LeadRow, ...]
    stages: tuple[StageCount, ...]
    """Every stage that leads stand in, in the order of the pipelines; keys unknown to settings
    last.
    """
    total: int
    next: str | None = None
    is_capped: bool = False
    owners: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeadPageView:
    """The card (without its short timeline), every open task, and one page of the whole past."""

    lead: LeadCard
    tasks: tuple[NextTask, ...]
    timeline: tuple[TimelineItem, ...]
    next: str | None = None


def lead_list(
    desk: Desk,
    viewer: Viewer,
    *,
    before: str | None = None,
    limit: int = 50,
    stage: str = "",
    owes: str = "",
    owner: str = "",
    tag: str = "",
    exact: bool = False,
) -> LeadListView:
    """Leads with the newest sign of life first. `stage`, `owes` (us, them, nobody), `owner` (an account's id, "me" or
    "nobody") and `tag` (its name) narrow it; `exact` counts everything, for commands that can wait.
    """
    many = max(1, min(limit, MOST_ROWS))
    known = tuple((one.key, each.key) for one in desk.pipelines.pipelines for each in one.stages)
    with desk.database.read() as tx:
        narrowed = _narrowed(tx, desk, viewer, stage=stage, owes=owes, owner=owner, tag=tag)
        lines = (
            newest_leads(tx, narrowed, before=open_cursor(desk, before), limit=many + 1)
            if narrowed
            else []
        )
        counts = lead_rows.count_by_stage(tx) if exact else count_some(tx, known)
        people = all_accounts(tx)
        tags = known_tags(tx, limit=_TAGS)
    now = desk.clock.now()
    cursor = None
    if len(lines) > many:
        last = lines[many - 1]
        cursor = seal_cursor(desk, last.sort_at, last.lead_id)
    return LeadListView(
        tuple(lead_row(desk, viewer, line, now) for line in lines[:many]),
        _counted(desk, counts),
        sum(min(count, COUNTED_TO) if not exact else count for _, _, count in counts),
        cursor,
        is_capped=not exact and any(count > COUNTED_TO for _, _, count in counts),
        owners=tuple(
            Person(desk.ids.seal("account", one.id), one.name)
            for one in people
            if not one.is_closed
        ),
        tags=tuple(one.name for one in tags),
    )


def _narrowed(
    tx: Tx, desk: Desk, viewer: Viewer, *, stage: str, owes: str, owner: str, tag: str
) -> Narrowed | None:
    """None where what was asked for does not exist: then nothing is found."""
    owner_id = None
    if owner:
        named = {"me": viewer.account_id, "nobody": 0}
        owner_id = named[owner] if owner in named else desk.ids.open("account", owner)
        if owner_id is None:
            return None
    tag_id = None
    if tag:
        found = tag_by_key(tx, tag_key(tag))
        if found is None:
            return None
        tag_id = found.tag_id
    stages = tuple((one.key, stage) for one in desk.pipelines.pipelines if one.stage(stage))
    if stage and not stages:
        return None
    return Narrowed(stages, owes, owner_id, tag_id)


def lead_page(
    desk: Desk, viewer: Viewer, lead_id: str, *, before: str | None = None
) -> LeadPageView:
    """Raises NotFoundError. A lead that was merged answers with the one it went into."""
    with desk.database.read() as tx:
        found, card = card_of_lead(tx, desk, viewer, lead_id)
        tasks = open_tasks(tx, found.lead_id)
        page = timeline_page(tx, desk, viewer, found.lead_id, before=before, limit=_TIMELINE)
    now = desk.clock.now()
    return LeadPageView(
        card,
        tuple(next_task(desk, one.task_id, one.title, one.due_on, now=now) for one in tasks),
        page.items,
        page.next,
    )


def search_leads(desk: Desk, viewer: Viewer, words: str, *, limit: int = 20) -> tuple[LeadRow, ...]:
    """Leads found by name, address or organization, best first."""
    with desk.database.read() as tx:
        found = search.search_leads(tx, viewer, words, limit)
        lines = leads_by_id(tx, found)
    now = desk.clock.now()
    return tuple(lead_row(desk, viewer, lines[one], now) for one in found if one in lines)


def lead_row(desk: Desk, viewer: Viewer, line: LeadLine, now: datetime) -> LeadRow:
    """A line of any list of leads."""
    sealed = desk.ids.seal("lead", line.lead_id)
    is_mine = line.owner_id is not None and line.owner_id == viewer.account_id
    return LeadRow(
        id=sealed,
        url=lead_url(sealed),
        version=line.version,
        name=line.name,
        address=line.address or "",
        stage=stage_chip(desk, line.pipeline, line.stage, line.stage_since_at, to_ms(now)),
        owes=owes_line(desk, line.owes, line.owes_since_at, name=line.name, now=now),
        at=from_ms(line.sort_at),
        created_at=from_ms(line.created_at),
        organization=line.organization or None,
        owner="You" if is_mine else line.owner,
        value=money(line.value_cents, line.value_currency),
        last_in_at=from_ms(line.last_in_at),
        last_out_at=from_ms(line.last_out_at),
        next_due_on=date.fromisoformat(line.next_due_on) if line.next_due_on else None,
    )


def _counted(desk: Desk, counts: Collection[tuple[str, str, int]]) -> tuple[StageCount, ...]:
    order = {
        (pipeline.key, stage.key): place
        for place, (pipeline, stage) in enumerate(
            (pipeline, stage) for pipeline in desk.pipelines.pipelines for stage in pipeline.stages
        )
    }
    ranked = sorted(counts, key=lambda one: (order.get(one[:2], len(order)), one))
    return tuple(
        StageCount(one, key, desk.pipelines.place(one, key).stage.label, count)
        for one, key, count in ranked
    )
