"""The numbers of a pipeline as people read them: each with what it means and the key of the leads behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
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
from inboxcrm.store.desk import Desk
from inboxcrm.store.pipeline_numbers import pipeline_numbers
from inboxcrm.store.segment_sql import Condition
from inboxcrm.views.outlook_figures import outlook_figures
from inboxcrm.views.parts import stage_chip
from inboxcrm.views.pipeline_outlook import MEANINGS, Outlook, outlook
from inboxcrm.views.pipeline_shapes import (
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
        asked = asked_over(desk, shown, at, days)
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


def asked_over(desk: Desk, pipeline: Pipeline, at: When, days: int) -> Asked:
    """Raises UsageError for a period that cannot be counted."""
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
            "Open value",
            amounts_in_words(total.amounts) or "no value yet",
            DEFINITIONS["open"],
            "open",
            counted(total.leads, "open lead"),
        ),
        Figure(
            "weighted",
            "Weighted",
            amounts_in_words(weighted(found.stages, pipeline)) or "no value yet",
            DEFINITIONS["weighted"],
            "open",
        ),
        Figure(
            "win_rate",
            "Win rate",
            "-" if rate is None else f"{rate:.0%}",
            DEFINITIONS["win_rate"],
            "closed",
            f"{found.won.leads} won, {found.lost.leads} lost",
        ),
        Figure(
            "cycle",
            "Sales cycle, median",
            f"{in_days(cycle.quartiles.median):g} d" if cycle.quartiles.count else "-",
            DEFINITIONS["cycle"],
            "won",
            f"mean {in_days(cycle.mean):g} d" if cycle.quartiles.count else "nothing won yet",
        ),
        Figure(
            "velocity",
            "Velocity, a day",
            amounts_in_words(velocity(found, pipeline)) or "-",
            DEFINITIONS["velocity"],
            "all",
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
        for reason, count in ordered
    )


def _groups(found: Mapping[Any, tuple[str, str, GroupSum]]) -> tuple[GroupLine, ...]:
    """The largest first."""
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
    return tuple(sorted(lines, key=lambda one: (-one.count, one.label)))
