"""Whom to call first, and why: a page of leads with what speaks for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.calling import HAS_PHONE, WAITS
from inboxcrm.leads.owes import US
from inboxcrm.leads.pipeline import StageKind
from inboxcrm.leads.scoring import Score, score
from inboxcrm.store.call_list import CallRow, leads_to_call
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.score_facts import score_facts
from inboxcrm.views.lead_page import phones_in
from inboxcrm.views.lead_page_shapes import Phone
from inboxcrm.views.parts import owes_line, stage_chip
from inboxcrm.views.pipeline_when import refuse_strangers
from inboxcrm.views.places import lead_url
from inboxcrm.views.scores import as_sum, point_in_words, scores_behind
from inboxcrm.views.shapes import Owes, ScoreSum, StageChip

ON_A_PAGE = 25
_REASONS = 2


@dataclass(frozen=True, slots=True)
class CallLine:
    """`rank` is what the list is sorted by and `why` what it is made of, the weightiest points of the score named."""

    id: str
    name: str
    url: str
    stage: StageChip
    score: ScoreSum
    rank: int
    why: tuple[str, ...]
    owes: Owes
    phones: tuple[Phone, ...] = ()
    organization: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class CallsView:
    """`page` from 1; `more`: there is a next one. `is_behind` and `scored_at`: see `scores.scores_behind`."""

    is_team: bool
    lines: tuple[CallLine, ...]
    page: int = 1
    more: bool = False
    is_behind: bool = False
    scored_at: datetime | None = None


def calls(
    desk: Desk, viewer: Viewer, *, is_team: bool = False, page: int = 1, limit: int = ON_A_PAGE
) -> CallsView:
    """Of one's own leads and nobody's, or of the whole house. Seven reads. Raises ForbiddenError.

    Their place is that of the score that was worked out last, their points are those of now.
    """
    refuse_strangers(viewer)
    now = desk.clock.now()
    closed = [
        (pipeline.key, stage.key)
        for pipeline in desk.pipelines.pipelines
        for stage in pipeline.stages
        if stage.kind is not StageKind.OPEN
    ]
    with desk.database.read() as tx:
        rows = leads_to_call(
            tx,
            closed=closed,
            now=to_ms(now),
            me=None if is_team else viewer.account_id,
            limit=limit + 1,
            offset=(max(page, 1) - 1) * limit,
        )
        shown = rows[:limit]
        is_behind, scored_at = scores_behind(tx, now)
        facts = score_facts(tx, [row.lead_id for row in shown], desk.scoring, now)
    found = {lead_id: score(desk.scoring, held, now) for lead_id, held in facts.items()}
    lines = tuple(_line(desk, viewer, row, found.get(row.lead_id, Score()), now) for row in shown)
    return CallsView(
        is_team,
        lines,
        max(page, 1),
        len(rows) > limit,
        is_behind=is_behind,
        scored_at=scored_at,
    )


def _line(desk: Desk, viewer: Viewer, row: CallRow, found: Score, now: datetime) -> CallLine:
    sealed = desk.ids.seal("lead", row.lead_id)
    owes = owes_line(desk, row.owes, row.owes_since_at, name=row.name, now=now)
    owner = None
    if row.owner_id is not None:
        owner = "You" if row.owner_id == viewer.account_id else row.owner
    return CallLine(
        sealed,
        row.name,
        lead_url(sealed),
        stage_chip(desk, row.pipeline, row.stage, row.stage_since_at, to_ms(now)),
        as_sum(found),
        row.rank,
        _why(desk, row, found, owes, now),
        owes,
        phones_in(row.phone),
        row.organization or None,
        owner,
    )


def _why(desk: Desk, row: CallRow, found: Score, owes: Owes, now: datetime) -> tuple[str, ...]:
    """The score with its weightiest points, then what adds to it."""
    weighty = sorted((one for one in found.points if one.points > 0), key=lambda one: -one.points)
    because = "; ".join(point_in_words(desk, one, now) for one in weighty[:_REASONS])
    reasons = [f"Score {row.score}" + (f": {because}" if because else "")]
    if row.owes == US:
        reasons.append(f"{owes.text} (+{WAITS})")
    if row.phone:
        reasons.append(f"A phone number is known (+{HAS_PHONE})")
    else:
        reasons.append("No phone number is known")
    return tuple(reasons)
