"""The sheet: leads in rows, grouped and sorted, with columns nobody has to fill in; as it is or as it stood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.number_shapes import StageSum, added, open_sum, weighted
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.store.accounts import AccountRow, all_accounts
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_scores import Points, points_of
from inboxcrm.store.pipeline_board import past_sums, stage_sums
from inboxcrm.store.pipeline_ground import Instant
from inboxcrm.store.pipeline_sheet import GROUPS, SORTS, Order, SheetLine, sheet_groups, sheet_page
from inboxcrm.store.segment_heat import hot_leads
from inboxcrm.store.segment_sql import Condition
from inboxcrm.views.leads import Person
from inboxcrm.views.parts import money, owes_line, score_sum, stage_chip
from inboxcrm.views.pipeline_shapes import PipelineHead, SheetGroup, SheetRow, SheetView
from inboxcrm.views.pipeline_when import (
    When,
    chosen_pipeline,
    moneys,
    refuse_strangers,
    since,
    when,
)
from inboxcrm.views.places import lead_url
from inboxcrm.views.scores import scores_behind

ROWS = 100
COLUMNS = (
    ("organization", "Organization"),
    ("stage", "Stage"),
    ("days", "Days in stage"),
    ("owner", "Owner"),
    ("value", "Value"),
    ("close", "Close date"),
    ("owes", "Who owes"),
    ("last_in", "Last in"),
    ("last_out", "Last out"),
    ("task", "Next task"),
    ("source", "Source"),
    ("mails", "Mails"),
    ("score", "Score"),
    ("age", "Age"),
)
"""Key and heading of every column beside the name; all of them can be sorted by."""
USUAL = tuple(key for key, _ in COLUMNS if key not in {"source", "mails"})
EDITABLE = ("stage", "owner", "value", "close")
NOT_KEPT = frozenset({"owes", "last_in", "last_out", "task", "mails", "score"})
"""Columns a past sheet does not have: mail, tasks and scores are not kept as they stood."""
WARMTHS = {"hot": "Hot", "warm": "Warm", "cold": "Cold"}


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """`sort` and `group` as an address asks for them: what is unknown means none."""

    sort: str = ""
    is_descending: bool = False
    group: str = ""


def sheet(
    desk: Desk,
    viewer: Viewer,
    *,
    pipeline: str = "",
    as_of: date | None = None,
    narrowed: Condition | None = None,
    order: SheetOrder = SheetOrder(),
    page: int = 1,
) -> SheetView:
    """Page `page` from 1. Raises UsageError for a day to come, NotFoundError for an unknown pipeline."""
    refuse_strangers(viewer)
    at = when(desk, as_of)
    is_past = at.as_of is not None
    with desk.database.read() as tx:
        shown, named, all_named = chosen_pipeline(tx, desk, pipeline)
        asked = _order(tx, desk, viewer, order, is_past=is_past)
        instant = Instant(shown, at.at, narrowed) if is_past else None
        groups = sheet_groups(tx, instant, shown, asked, narrowed=narrowed)
        total = added(groups.values()).leads
        pages = max(1, -(-total // ROWS))
        page = min(max(page, 1), pages)
        lines = sheet_page(
            tx, instant, shown, asked, narrowed=narrowed, offset=(page - 1) * ROWS, limit=ROWS
        )
        accounts = all_accounts(tx)
        points = points_of(tx, [] if is_past else [one.lead_id for one in lines])
        told = since(tx, desk, shown, at, narrowed=narrowed)
        sums = past_sums(tx, instant) if instant else stage_sums(tx, shown.key, narrowed=narrowed)
        is_behind, scored_at = (False, None) if is_past else scores_behind(tx, at.now)
    names = {one.id: "You" if one.id == viewer.account_id else one.name for one in accounts}
    whole = open_sum(sums, shown)
    head = PipelineHead(
        named,
        all_named,
        whole.leads,
        moneys(whole.amounts),
        moneys(weighted(sums, shown)),
        at.as_of,
        told,
    )
    return SheetView(
        head,
        _groups(desk, shown, lines, groups, asked, names, at, points),
        total,
        page,
        pages,
        tuple((one.key, one.label) for one in shown.stages),
        _people(desk, accounts),
        is_behind,
        scored_at,
    )


def people_to_choose(desk: Desk, viewer: Viewer) -> tuple[Person, ...]:
    """Whom leads can be given to."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        return _people(desk, all_accounts(tx))


def _people(desk: Desk, accounts: Iterable[AccountRow]) -> tuple[Person, ...]:
    return tuple(
        Person(desk.ids.seal("account", one.id), one.name) for one in accounts if not one.is_closed
    )


def _order(tx: Tx, desk: Desk, viewer: Viewer, asked: SheetOrder, *, is_past: bool) -> Order:
    sort = asked.sort if asked.sort in SORTS and not (is_past and asked.sort in NOT_KEPT) else ""
    group = asked.group if asked.group in GROUPS else ""
    if is_past and group == "temperature":
        group = ""
    now = desk.clock.now()
    hot: list[int] = []
    if group == "temperature":
        zone = desk.working_hours.zone
        hot = hot_leads(tx, viewer, now=now, cold_after_days=desk.cold_after_days, zone=zone)
    return Order(
        sort or "newest",
        asked.is_descending or not sort,
        group,
        hot,
        to_ms(now - timedelta(days=desk.cold_after_days)),
    )


def _groups(
    desk: Desk,
    pipeline: Pipeline,
    lines: list[SheetLine],
    sums: Mapping[Any, StageSum],
    order: Order,
    names: Mapping[int, str],
    at: When,
    points: Mapping[int, Points],
) -> tuple[SheetGroup, ...]:
    """The rows of the page under the groups they belong to, in the order they came in."""
    hot = set(order.hot)

    def key(line: SheetLine) -> Any:
        if order.group == "owner":
            return line.owner_id
        if order.group == "temperature":
            if line.last_in_at is None or line.last_in_at <= order.cold_until:
                return "cold"
            return "hot" if line.lead_id in hot else "warm"
        return getattr(line, order.group) if order.group else None

    rows: dict[Any, list[SheetRow]] = {}
    for line in lines:
        row = _row(desk, pipeline, line, names, at)
        scored = replace(row, score=score_sum(points.get(line.lead_id)))
        rows.setdefault(key(line), []).append(scored)
    return tuple(
        SheetGroup(
            "" if which is None else str(which),
            _label(desk, pipeline, order.group, which, names),
            sums.get(which, StageSum()).leads,
            moneys(sums.get(which, StageSum()).amounts),
            tuple(held),
        )
        for which, held in rows.items()
    )


def _label(desk: Desk, pipeline: Pipeline, group: str, key: Any, names: Mapping[int, str]) -> str:
    if group == "owner":
        return "Nobody" if key is None else names.get(key, "an account that is gone")
    if group == "stage":
        return desk.pipelines.place(pipeline.key, key).stage.label
    if group == "temperature":
        return WARMTHS[key]
    return str(key) or "No source" if group else ""


def _row(
    desk: Desk, pipeline: Pipeline, line: SheetLine, names: Mapping[int, str], at: When
) -> SheetRow:
    sealed = desk.ids.seal("lead", line.lead_id)
    is_past = at.as_of is not None
    row = SheetRow(
        sealed,
        lead_url(sealed),
        0 if is_past else line.version,
        line.name,
        line.organization or None,
        stage_chip(desk, pipeline.key, line.stage, line.stage_since_at, at.at),
        None if line.owner_id is None else names.get(line.owner_id, "an account that is gone"),
        "" if line.owner_id is None else desk.ids.seal("account", line.owner_id),
        line.source,
        money(line.value_cents, line.value_currency),
        date.fromisoformat(line.close_on) if line.close_on else None,
        from_ms(line.came_at),
        max((at.at - line.came_at) // 86_400_000, 0),
    )
    if is_past:
        return row
    return replace(
        row,
        last_in_at=from_ms(line.last_in_at),
        last_out_at=from_ms(line.last_out_at),
        mails=line.mails,
        owes=owes_line(desk, line.owes, line.owes_since_at, name=line.name, now=at.now),
        task=line.task,
        task_due_on=date.fromisoformat(line.task_due_on) if line.task_due_on else None,
    )
