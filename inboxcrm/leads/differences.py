"""What happened to a pipeline between a past instant and now: new, moved, slipped, went quiet, won, lost, gone.

A lead may be in several: one that moved may have slipped too. What each word means stands beside it in `WORDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from inboxcrm.leads.history import LeadState
from inboxcrm.leads.number_shapes import DAY_MS
from inboxcrm.leads.pipeline import Pipeline, StageKind


class Change(StrEnum):
    NEW = "new"
    MOVED = "moved"
    SLIPPED = "slipped"
    QUIET = "quiet"
    WON = "won"
    LOST = "lost"
    GONE = "gone"


WORDS: dict[Change, tuple[str, str]] = {
    Change.NEW: ("new", "Stands in an open stage now and was not in this pipeline then."),
    Change.MOVED: (
        "moved",
        "Was in this pipeline then and stands in another stage now, an open one.",
    ),
    Change.SLIPPED: (
        "slipped",
        "Open then and now; its close date was put off or taken away since, or has passed.",
    ),
    Change.QUIET: (
        "went quiet",
        "Open in the same stage then and now; there was mail in the 30 days before, and none either way since.",
    ),
    Change.WON: ("won", "Won now and not then."),
    Change.LOST: ("lost", "Lost or disqualified now and not then."),
    Change.GONE: (
        "gone",
        "Was in this pipeline then; since then removed, or moved to another one.",
    ),
}
"""How it is said, and what it means."""


LIVELY_MS = 30 * DAY_MS
"""Who had mail this shortly before could go quiet; the others had been so already."""


@dataclass(frozen=True, slots=True)
class Days:
    """`then` and `today` are ISO days where the house is; `at` is the past instant in ms."""

    at: int
    then: str
    today: str


def changes_of(
    then: LeadState | None,
    now: LeadState | None,
    *,
    last_mail_at: int | None,
    days: Days,
    pipeline: Pipeline,
) -> set[Change]:
    """Of one lead; `then` and `now` are None where it is not in this pipeline."""
    kinds = {one.key: one.kind for one in pipeline.stages}

    def kind(state: LeadState | None) -> StageKind | None:
        return kinds.get(state.stage, StageKind.OPEN) if state else None

    before, after = kind(then), kind(now)
    if then is None and now is None:
        return set()
    if now is None:
        return {Change.GONE}
    if after is not StageKind.OPEN:
        closed = Change.WON if after is StageKind.WON else Change.LOST
        return {closed} if before is not after else set()
    if then is None:
        return {Change.NEW}
    found = {Change.MOVED} if then.stage != now.stage else set()
    if before is StageKind.OPEN:
        if _slipped(then, now, days):
            found.add(Change.SLIPPED)
        silent = last_mail_at is not None and days.at - LIVELY_MS < last_mail_at <= days.at
        if then.stage == now.stage and silent:
            found.add(Change.QUIET)
    return found


def _slipped(then: LeadState, now: LeadState, days: Days) -> bool:
    if then.close_on is None:
        return False
    if now.close_on is None or now.close_on > then.close_on:
        return True
    return then.close_on >= days.then and now.close_on < days.today


def by_change(
    then: Mapping[int, LeadState],
    now: Mapping[int, LeadState],
    last_mail: Mapping[int, int | None],
    *,
    days: Days,
    pipeline: Pipeline,
) -> dict[Change, list[int]]:
    """Lead ids, ascending, for every kind of change; `then` and `now` hold the leads of this pipeline alone."""
    found: dict[Change, list[int]] = {one: [] for one in Change}
    for lead_id in sorted({*then, *now}):
        for change in changes_of(
            then.get(lead_id),
            now.get(lead_id),
            last_mail_at=last_mail.get(lead_id),
            days=days,
            pipeline=pipeline,
        ):
            found[change].append(lead_id)
    return found
