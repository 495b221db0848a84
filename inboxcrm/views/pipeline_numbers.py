"""The numbers of a pipeline as people read them: each with what it means and the key of the leads behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.leads.number_shapes import (
    DAY_MS,
    Asked,
    GroupSum,
    Numbers,
    StageSum,
    open_sum,
    velocity,
    weigh,
    weighted,
    win_rate,
)
from inboxcrm.leads.numbers import DEFINITIONS
from inboxcrm.leads.pipeline import Pipeline, Stage, StageKind
from inboxcrm.leads.wording import counted
from inboxcrm.store.accounts import all_accounts
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.pipeline_behind import leads_behind
from inboxcrm.store.pipeline_board import cards_by_id
from inboxcrm.store.pipeline_ground import Instant
from inboxcrm.store.pipeline_numbers import pipeline_numbers
from inboxcrm.store.segment_sql import Condition
from inboxcrm.views.outlook_behind import Found, found_behind
from inboxcrm.views.outlook_figures import outlook_figures
from inboxcrm.views.outlook_rows import PARTS, Rows
from inboxcrm.views.parts import stage_chip
from inboxcrm.views.pipeline import past_card
from inboxcrm.views.pipeline_outlook import MEANINGS, Outlook, outlook
from inboxcrm.views.pipeline_shapes import (
    BehindView,
    Figure,
    FunnelLine,
    GroupLine,
    NumbersView,
    ReasonLine,
    StageLine,
    TimeLine,
)
from inboxcrm.views.pipeline_when import (
    When,
    amounts_in_words,
    chosen_pipeline,
    moneys,
    refuse_strangers,
    since,
    when,
)

PERIODS = (30, 90, 365)
DAYS = 90
MOST_DAYS = 3660
_MOST_GROUPS = 20
ON_A_PAGE = 100


def numbers_page(
    desk: Desk,
    viewer: Viewer,
    *,
    pipeline: str = "",
    as_of: date | None = None,
    days: int = DAYS,
    narrowed: Condition | None = None,
) -> NumbersView:
    """Over the `days` days up to and with `as_of` or today.

    Raises UsageError for a day to come or no days at all, NotFoundError for an unknown pipeline, ForbiddenError.
    """
    refuse_strangers(viewer)
    at = when(desk, as_of)
    with desk.database.read() as tx:
        shown, named, all_named = chosen_pipeline(tx, desk, pipeline)
        asked = _asked(desk, shown, at, days)
        found = pipeline_numbers(tx, asked, narrowed)
        accounts = all_accounts(tx)
        names = {one.id: one.name for one in accounts}
        addresses = {one.address: one.id for one in accounts if one.address}
        ahead = outlook(tx, Outlook(desk, asked, at, narrowed), names, addresses)
        told = since(tx, desk, shown, at, narrowed=narrowed)
    last = at.as_of or at.today
    return NumbersView(
        named,
        all_named,
        last - timedelta(days=days - 1),
        last,
        days,
        _figures(found, shown) + outlook_figures(ahead),
        tuple(_stage_line(desk, shown, key, found.stages) for key in _keys(found, shown)),
        _funnel(desk, shown, found),
        tuple(
            TimeLine(
                _chip(desk, shown, key),
                one.count,
                in_days(one.first),
                in_days(one.median),
                in_days(one.third),
            )
            for key, one in found.times.items()
        ),
        _reasons(found),
        _groups({key: (key or "No source", f"source:{key}", one) for key, one in found.by_source.items()}),
        _groups(
            {
                key: (
                    "Nobody" if key is None else names.get(key, "an account that is gone"),
                    f"owner:{key or 0}",
                    one,
                )
                for key, one in found.by_owner.items()
            }
        ),
        ahead,
        DEFINITIONS | MEANINGS,
        at.as_of,
        told,
    )  # fmt: skip


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
    """The leads behind a figure, by the key it bears. Raises what `numbers_page` raises."""
    refuse_strangers(viewer)
    at = when(desk, as_of)
    with desk.database.read() as tx:
        shown, _, _ = chosen_pipeline(tx, desk, pipeline)
        asked = _asked(desk, shown, at, days)
        names = {one.id: one.name for one in all_accounts(tx)}
        page = max(page, 1)
        part = {"offset": (page - 1) * ON_A_PAGE, "limit": ON_A_PAGE}
        found = found_behind(tx, Outlook(desk, asked, at, narrowed), which, names, **part)
        if found is None:
            title = _title(tx, desk, shown, which)
            found = Found(*leads_behind(tx, asked, which, narrowed=narrowed, **part), title, at.at)
        ids, total, title, stood_at = found
        at = replace(at, at=stood_at)
        held = cards_by_id(tx, Instant(shown, stood_at), ids)
    cards = tuple(past_card(desk, viewer, shown, one, at, names) for one in held)
    return BehindView(title, total, cards, page, max(1, -(-total // ON_A_PAGE)))


def _asked(desk: Desk, pipeline: Pipeline, at: When, days: int) -> Asked:
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(
            f"A period of {days} days cannot be counted.",
            remedy=f"Choose 1 to {MOST_DAYS} days.",
        )
    first = (at.as_of or at.today) - timedelta(days=days - 1)
    begins = datetime.combine(first, time(), ZoneInfo(desk.working_hours.zone))
    return Asked(pipeline, at.at, to_ms(begins))


def in_days(ms: int) -> float:
    """With one decimal."""
    return round(ms / DAY_MS, 1)


# --- figures --------------------------------------------------------------------------


def _figures(found: Numbers, pipeline: Pipeline) -> tuple[Figure, ...]:
    total = open_sum(found.stages, pipeline)
    rate = win_rate(found.won.leads, found.lost.leads)
    cycle = found.cycle
    return (
        Figure(
            "open",
            "open value",
            amounts_in_words(total.amounts) or "no value yet",
            DEFINITIONS["open"],
            "open",
            counted(total.leads, "open lead"),
        ),
        Figure(
            "weighted",
            "weighted",
            amounts_in_words(weighted(found.stages, pipeline)) or "no value yet",
            DEFINITIONS["weighted"],
            "open",
        ),
        Figure(
            "win_rate",
            "win rate",
            "-" if rate is None else f"{rate:.0%}",
            DEFINITIONS["win_rate"],
            "won",
            f"{found.won.leads} won, {found.lost.leads} lost",
        ),
        Figure(
            "cycle",
            "sales cycle, median",
            f"{in_days(cycle.quartiles.median):g} d" if cycle.quartiles.count else "-",
            DEFINITIONS["cycle"],
            "won",
            f"mean {in_days(cycle.mean):g} d" if cycle.quartiles.count else "nothing won yet",
        ),
        Figure(
            "velocity",
            "velocity, a day",
            amounts_in_words(velocity(found, pipeline)) or "-",
            DEFINITIONS["velocity"],
            "won",
        ),
    )


def _chip(desk: Desk, pipeline: Pipeline, stage: str) -> Any:
    return stage_chip(desk, pipeline.key, stage, 0, 0)


def _keys(found: Numbers, pipeline: Pipeline) -> list[str]:
    known = [one.key for one in pipeline.stages]
    return known + sorted(set(found.stages) - set(known))


def _stage_line(
    desk: Desk, pipeline: Pipeline, key: str, stages: Mapping[str, StageSum]
) -> StageLine:
    stage = pipeline.stage(key) or Stage(key, key)
    held = stages.get(key, StageSum())
    is_open = stage.kind is StageKind.OPEN
    worth = {name: weigh(cents, stage.probability) for name, cents in held.amounts.items()}
    return StageLine(
        _chip(desk, pipeline, key),
        held.leads,
        moneys(held.amounts),
        moneys(worth) if is_open else (),
        stage.probability,
    )


def _funnel(desk: Desk, pipeline: Pipeline, found: Numbers) -> tuple[FunnelLine, ...]:
    widest = max((one.entered for one in found.funnel), default=0)
    return tuple(
        FunnelLine(
            _chip(desk, pipeline, one.stage),
            one.entered,
            one.reached,
            one.entered / widest if widest else 0.0,
            one.share,
            in_days(one.took.median) if one.reached else None,
        )
        for one in found.funnel
    )


def _reasons(found: Numbers) -> tuple[ReasonLine, ...]:
    ordered = sorted(found.reasons.items(), key=lambda one: (-one[1], one[0]))
    return tuple(
        ReasonLine(
            reason or "No reason was given", f"reason:{reason}", count, count / found.lost.leads
        )
        for reason, count in ordered[:_MOST_GROUPS]
    )


def _groups(found: Mapping[Any, tuple[str, str, GroupSum]]) -> tuple[GroupLine, ...]:
    """The largest first; those beyond twenty are left to the sheet."""
    lines = [
        GroupLine(
            label,
            behind,
            one.open.leads,
            moneys(one.open.amounts),
            one.won.leads,
            moneys(one.won.amounts),
            one.lost.leads,
            one.win_rate,
        )
        for label, behind, one in found.values()
    ]
    lines.sort(key=lambda one: (-(one.open + one.won + one.lost), one.label))
    return tuple(lines[:_MOST_GROUPS])


_TITLES = {
    "open": "Open leads",
    "won": "Won within the period",
    "lost": "Lost within the period",
    "stage": "In {}",
    "entered": "Came into {} within the period",
    "reached": "Came on from {}",
    "left": "Left {} within the period",
    "reason": "Lost: {}",
    "source": "Source: {}",
    "owner": "Owner: {}",
}


def _title(tx: Tx, desk: Desk, pipeline: Pipeline, which: str) -> str:
    kind, _, key = which.partition(":")
    if kind not in _TITLES:
        raise NotFoundError("There is no such figure.", remedy="Choose one on the page of numbers.")
    label = key
    if kind in {"stage", "entered", "reached", "left"}:
        label = desk.pipelines.place(pipeline.key, key).stage.label
    elif kind == "owner":
        names = {str(one.id): one.name for one in all_accounts(tx)}
        label = names.get(key, "nobody" if key == "0" else "an account that is gone")
    elif not key:
        label = "none given"
    return _TITLES[kind].format(label)


def part_rows(view: NumbersView, part: str) -> Rows:
    """The data of a chart or a table. Raises NotFoundError."""
    if part == "funnel":
        return FUNNEL_COLUMNS, funnel_rows(view)
    if part not in PARTS:
        known = ", ".join(("funnel", *PARTS))
        raise NotFoundError("There is no such table of numbers.", remedy=f"Choose one of {known}.")
    return PARTS[part](view.outlook)


def funnel_rows(view: NumbersView) -> list[dict[str, Any]]:
    """The data of the chart, one row a stage."""
    return [
        {
            "stage": one.stage.label,
            "entered": one.entered,
            "came on": one.reached,
            "share": "" if one.share is None else round(one.share, 4),
            "median days": "" if one.days is None else one.days,
        }
        for one in view.funnel
    ]


FUNNEL_COLUMNS = ("stage", "entered", "came on", "share", "median days")
