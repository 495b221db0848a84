"""The rules of a score in force, as people and programs are told of them."""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.score_rules import ENGAGEMENT, FIT
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_scores import count_scores
from inboxcrm.views.pipeline_when import refuse_strangers


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`half_life_days` and `most` 0: neither decay nor cap."""

    axis: str
    points: int
    words: str
    half_life_days: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class ScoreRulesView:
    """`leads` have a score; `waiting` changes are not part of one yet."""

    rules: tuple[RuleLine, ...]
    leads: int
    waiting: int


def score_rules(desk: Desk, viewer: Viewer) -> ScoreRulesView:
    """Raises ForbiddenError for who has no account."""
    refuse_strangers(viewer)
    with desk.database.read() as tx:
        leads, waiting = count_scores(tx)
    fit = [RuleLine(FIT, one.points, one.words) for one in desk.scoring.fit]
    engagement = [
        RuleLine(ENGAGEMENT, one.points, one.said(), one.half_life_days, one.most)
        for one in desk.scoring.engagement
    ]
    return ScoreRulesView((*fit, *engagement), leads, waiting)
