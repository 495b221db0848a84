"""The leads behind a figure of the numbers, by the key it bears: which they are, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.leads.number_shapes import Asked, added, open_sum, weighted
from inboxcrm.leads.pipeline import Pipeline
from inboxcrm.leads.wording import counted
from inboxcrm.store.accounts import all_accounts
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.pipeline_behind import leads_behind, stays_behind
from inboxcrm.store.pipeline_board import cards_by_id
from inboxcrm.store.pipeline_ground import Instant
from inboxcrm.store.segment_sql import Condition
from inboxcrm.views.outlook_behind import Found, found_behind
from inboxcrm.views.pipeline import past_card
from inboxcrm.views.pipeline_numbers import DAYS, asked_over
from inboxcrm.views.pipeline_outlook import Outlook
from inboxcrm.views.pipeline_shapes import BehindView
from inboxcrm.views.pipeline_when import chosen_pipeline, moneys, refuse_strangers, when

ON_A_PAGE = 100
_KINDS = {
    "open": "Open leads",
    "won": "Won within the period",
    "lost": "Lost within the period",
    "closed": "Won or lost within the period",
    "all": "Open, or won or lost within the period",
}
_STAGES = {
    "stage": "In {}",
    "entered": "Came into {} within the period",
    "reached": "Came on from {}",
    "left": "Left {} within the period",
}


def leads_of_figure(
    desk: Desk,
    viewer: Viewer,
    which: str,
    *,
    pipeline: str = "",
    as_of: date | None = None,
    days: int = DAYS,
    narrowed: Condition | None = None,
    page: int = 1,
) -> BehindView:
    """Raises what `numbers_page` raises, and NotFoundError for what is no figure."""
    refuse_strangers(viewer)
    at = when(desk, as_of)
    with desk.database.read() as tx:
        shown, _, _ = chosen_pipeline(tx, desk, pipeline)
        of = Outlook(desk, asked_over(desk, shown, at, days), at, narrowed)
        names = {one.id: one.name for one in all_accounts(tx)}
        page = max(page, 1)
        part = {"offset": (page - 1) * ON_A_PAGE, "limit": ON_A_PAGE}
        found = found_behind(tx, of, which, names, **part)
        if found is None:
            title = _title(desk, shown, which, names)
            leads = leads_behind(tx, of.asked, which, narrowed=narrowed, **part)
            found = Found(leads, title, at.at, _stays(tx, of.asked, which, narrowed))
        at = replace(at, at=found.at)
        held = cards_by_id(tx, Instant(shown, found.at), found.leads.ids)
    stages = found.leads.stages
    return BehindView(
        found.title,
        found.leads.total,
        tuple(past_card(desk, viewer, shown, one, at, names) for one in held),
        page,
        max(1, -(-found.leads.total // ON_A_PAGE)),
        moneys(added(stages.values()).amounts),
        moneys(weighted(stages, shown)) if open_sum(stages, shown).leads else (),
        found.note,
    )


def _stays(tx: Tx, asked: Asked, which: str, narrowed: Condition | None) -> str:
    kind, _, stage = which.partition(":")
    return counted(stays_behind(tx, asked, stage, narrowed), "stay") if kind == "left" else ""


def _title(desk: Desk, pipeline: Pipeline, which: str, names: Mapping[int, str]) -> str:
    kind, _, key = which.partition(":")
    if kind in _STAGES and key:
        return _STAGES[kind].format(desk.pipelines.place(pipeline.key, key).stage.label)
    if kind == "reason":
        return f"Lost: {key or 'none given'}"
    if kind in {"source", "owner"}:
        kind, key = "all", which
    group, _, value = key.partition(":")
    if kind in _KINDS and not key:
        return _KINDS[kind]
    if kind in _KINDS and group == "source":
        return f"{_KINDS[kind]} · source: {value or 'none given'}"
    if kind in _KINDS and group == "owner" and value.isascii() and value.isdigit():
        name = names.get(int(value), "an account that is gone") if int(value) else "nobody"
        return f"{_KINDS[kind]} · owner: {name}"
    raise NotFoundError("There is no such figure.", remedy="Choose one on the page of numbers.")
