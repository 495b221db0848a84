"""The board: a column a stage with what stands in it, as it is or as it stood at the end of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.number_shapes import StageSum, open_sum, weigh, weighted
from inboxcrm.leads.pipeline import Pipeline, Stage, StageKind
from inboxcrm.store.accounts import all_accounts
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_lists import LeadLine, leads_by_id
from inboxcrm.store.lead_scores import Points, points_of
from inboxcrm.store.pipeline_board import (
    PastCard,
    first_cards,
    past_cards,
    past_sums,
    stage_sums,
)
from inboxcrm.store.pipeline_ground import Instant
from inboxcrm.store.segment_sql import Condition
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.parts import money, owes_line, score_sum, stage_chip
from inboxcrm.views.pipeline_shapes import BoardCard, BoardColumn, BoardView, PipelineHead
from inboxcrm.views.pipeline_when import (
    When,
    chosen_pipeline,
    moneys,
    refuse_strangers,
    since,
    when,
)
from inboxcrm.views.places import lead_url

CARDS = 20
"""Of a stage at first; more of them are asked for."""


def board(
    desk: Desk,
    viewer: Viewer,
    *,
    pipeline: str = "",
    as_of: date | None = None,
    narrowed: Condition | None = None,
    only: str = "",
    before: str | None = None,
) -> BoardView:
    """`only` one stage, from the cursor `before` on; `narrowed` is a filter over the leads as they are today.

    Raises UsageError for a day to come, NotFoundError for an unknown pipeline, ForbiddenError.
    """
    refuse_strangers(viewer)
    at = when(desk, as_of)
    with desk.database.read() as tx:
        shown, named, all_named = chosen_pipeline(tx, desk, pipeline)
        instant = Instant(shown, at.at, narrowed)
        is_past = at.as_of is not None
        sums = past_sums(tx, instant) if is_past else stage_sums(tx, shown.key, narrowed=narrowed)
        stages = _stages(shown, sums, only)
        if is_past:
            cards, nexts = _past(tx, desk, viewer, instant, at, only=only, before=before)
        else:
            cards, nexts = _now(tx, desk, viewer, instant, stages, before=before)
        told = since(tx, desk, shown, at, narrowed=narrowed)
    total = open_sum(sums, shown)
    head = PipelineHead(
        named,
        all_named,
        total.leads,
        moneys(total.amounts),
        moneys(weighted(sums, shown)),
        at.as_of,
        told,
    )
    columns = [
        _column(desk, shown, stage, sums.get(stage.key, StageSum()), cards, nexts)
        for stage in stages
    ]
    return BoardView(head, tuple(columns))


def _stages(pipeline: Pipeline, sums: Mapping[str, StageSum], only: str) -> list[Stage]:
    """Those of the settings in their order, then what else leads stand in."""
    known = {one.key for one in pipeline.stages}
    found = [*pipeline.stages, *(Stage(one, one) for one in sorted(sums) if one not in known)]
    return [one for one in found if not only or one.key == only]


def _column(
    desk: Desk,
    pipeline: Pipeline,
    stage: Stage,
    total: StageSum,
    cards: Mapping[str, list[BoardCard]],
    nexts: Mapping[str, str],
) -> BoardColumn:
    is_open = stage.kind is StageKind.OPEN
    worth = {
        currency: weigh(cents, stage.probability) if is_open else 0
        for currency, cents in total.amounts.items()
    }
    return BoardColumn(
        stage_chip(desk, pipeline.key, stage.key, 0, 0),
        total.leads,
        moneys(total.amounts),
        moneys(worth) if is_open else (),
        stage.probability,
        tuple(cards.get(stage.key, ())),
        nexts.get(stage.key),
        is_known=stage in pipeline.stages,
    )


def _now(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    instant: Instant,
    stages: list[Stage],
    *,
    before: str | None,
) -> tuple[dict[str, list[BoardCard]], dict[str, str]]:
    ids = first_cards(
        tx,
        instant.pipeline.key,
        [one.key for one in stages],
        limit=CARDS + 1,
        before=open_cursor(desk, before),
        narrowed=instant.narrowed,
    )
    lines = leads_by_id(tx, ids)
    by_stage: dict[str, list[LeadLine]] = defaultdict(list)
    for one in ids:
        if one in lines:
            by_stage[lines[one].stage].append(lines[one])
    nexts = {
        stage: seal_cursor(desk, held[CARDS - 1].sort_at, held[CARDS - 1].lead_id)
        for stage, held in by_stage.items()
        if len(held) > CARDS
    }
    now = desk.clock.now()
    points = points_of(tx, ids)
    cards = {
        stage: [_card(desk, viewer, line, now, points) for line in held[:CARDS]]
        for stage, held in by_stage.items()
    }
    return cards, nexts


def _card(
    desk: Desk, viewer: Viewer, line: LeadLine, now: datetime, points: Mapping[int, Points]
) -> BoardCard:
    sealed = desk.ids.seal("lead", line.lead_id)
    is_mine = line.owner_id is not None and line.owner_id == viewer.account_id
    return BoardCard(
        sealed,
        line.name,
        stage_chip(desk, line.pipeline, line.stage, line.stage_since_at, to_ms(now)),
        lead_url(sealed),
        line.version,
        line.organization or None,
        "You" if is_mine else line.owner,
        money(line.value_cents, line.value_currency),
        owes_line(desk, line.owes, line.owes_since_at, name=line.name, now=now),
        date.fromisoformat(line.next_due_on) if line.next_due_on else None,
        limit=desk.pipelines.place(line.pipeline, line.stage).stage.stale_after_days,
        score=score_sum(points.get(line.lead_id)),
    )


def _past(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    instant: Instant,
    at: When,
    *,
    only: str,
    before: str | None,
) -> tuple[dict[str, list[BoardCard]], dict[str, str]]:
    """Pages of a past board are counted; the board does not change any more."""
    behind = int(before) if before and before.isdecimal() and len(before) < 8 and only else 0
    held = past_cards(tx, instant, limit=CARDS + 1, stage=only or None, offset=behind)
    by_stage: dict[str, list[BoardCard]] = defaultdict(list)
    names = {one.id: one.name for one in all_accounts(tx)}
    for one in held:
        by_stage[one.stage].append(past_card(desk, viewer, instant.pipeline, one, at, names))
    nexts = {stage: str(behind + CARDS) for stage, cards in by_stage.items() if len(cards) > CARDS}
    return {stage: cards[:CARDS] for stage, cards in by_stage.items()}, nexts


def past_card(
    desk: Desk,
    viewer: Viewer,
    pipeline: Pipeline,
    one: PastCard,
    at: When,
    names: Mapping[int, str],
) -> BoardCard:
    sealed = desk.ids.seal("lead", one.lead_id)
    mine = one.owner_id is not None and one.owner_id == viewer.account_id
    owner = names.get(one.owner_id) if one.owner_id is not None else None
    return BoardCard(
        sealed,
        one.name,
        stage_chip(desk, pipeline.key, one.stage, one.stage_since_at, at.at),
        lead_url(sealed),
        organization=one.organization or None,
        owner="You" if mine else owner,
        value=money(one.value_cents, one.value_currency),
        close_on=date.fromisoformat(one.close_on) if one.close_on else None,
        limit=desk.pipelines.place(pipeline.key, one.stage).stage.stale_after_days,
    )
