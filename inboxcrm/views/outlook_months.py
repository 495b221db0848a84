"""The forecast month by month against what came, and how quotas are covered, as people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from inboxcrm.leads.forecast import (
    ANY,
    EARLIER,
    LATER,
    NO_DATE,
    Ahead,
    CameKey,
    DueKey,
    Forecast,
    Pick,
)
from inboxcrm.leads.goals import Due, quotas_on
from inboxcrm.leads.number_shapes import Amounts, StageSum, added, weighted
from inboxcrm.leads.spans import Span, moved
from inboxcrm.mail.addresses import match_key
from inboxcrm.store.desk import Desk
from inboxcrm.views.outlook_shapes import (
    Counted,
    CoverageLine,
    Kept,
    MonthBar,
    MonthChart,
    MonthLine,
)
from inboxcrm.views.parts import money
from inboxcrm.views.pipeline_when import moneys
from inboxcrm.views.shapes import Money

_OTHERS = {EARLIER: "Before that", LATER: "After that", NO_DATE: "No close date"}


def month_lines(asked: Ahead, found: Forecast) -> tuple[MonthLine, ...]:
    """The months shown, then what lies outside them; an empty one of those is left out."""
    now = asked.begun[-1]
    lines = []
    for month in asked.months:
        then = came = None
        kept: tuple[Kept, ...] = ()
        if month <= now:
            then, expected = _then(asked, found, month)
            won = added(_came(found, [month]))
            came = Counted(won.leads, f"came:{month.key}", moneys(won.amounts))
            kept = _kept(expected, won.amounts)
        when = "now" if month == now else "past" if month < now else "ahead"
        due = _due(asked, found, month.key)
        lines.append(MonthLine(month.key, month.label, when, then, came, due, kept))
    for bucket, label in _OTHERS.items():
        due = _due(asked, found, bucket)
        if due.count:
            lines.append(MonthLine(bucket, label, "other", None, None, due))
    return tuple(lines)


def month_charts(asked: Ahead, found: Forecast) -> tuple[MonthChart, ...]:
    """One for each currency that was forecast, came or is expected in the months shown. Empty months at both ends are
    left out.
    """
    rows = {}
    for month in asked.months:
        then = weighted(_stages_then(found, month), asked.pipeline)
        came = added(_came(found, [month])).amounts
        due = weighted(_stages_due(found, month.key), asked.pipeline)
        rows[month] = (then, came, due)
    currencies = sorted({one for row in rows.values() for each in row for one in each if each[one]})
    return tuple(_chart(currency, rows) for currency in currencies)


def _chart(currency: str, rows: Mapping[Span, tuple[Amounts, Amounts, Amounts]]) -> MonthChart:
    cents = {month: [one.get(currency, 0) for one in row] for month, row in rows.items()}
    filled = [month for month, row in cents.items() if any(row)]
    cents = {month: row for month, row in cents.items() if filled[0] <= month <= filled[-1]}
    longest = max(max(row) for row in cents.values())

    def word(amount: int) -> str:
        return f"{amount // 100:,}" if amount else ""

    return MonthChart(
        currency,
        tuple(
            MonthBar(
                f"{month.label[:3]} {month.first.year}",
                word(then), then / longest, word(came), came / longest, word(due), due / longest,
            )
            for month, (then, came, due) in cents.items()
        ),
    )  # fmt: skip


def overdue(found: Forecast) -> dict[int | None, int]:
    """How many leads, by owner."""
    counts: dict[int | None, int] = {}
    for key, one in found.due.items():
        if key.is_passed:
            counts[key.owner_id] = counts.get(key.owner_id, 0) + one.leads
    return counts


# --- coverage ---------------------------------------------------------------------------


def coverage_lines(
    desk: Desk,
    asked: Ahead,
    found: Forecast,
    named: Callable[[int | None], str],
    addresses: Mapping[str, int],
) -> tuple[CoverageLine, ...]:
    """The quotas of the month and the quarter the day lies in."""
    is_first = asked.pipeline.key == desk.pipelines.default.key
    due = quotas_on(
        desk.pipelines.goals, asked.today, pipeline=asked.pipeline.key, is_first=is_first
    )
    return tuple(_coverage(found, one, named, addresses) for one in due)


def _coverage(
    found: Forecast,
    due: Due,
    named: Callable[[int | None], str],
    addresses: Mapping[str, int],
) -> CoverageLine:
    quota, currency = due.quota, due.quota.currency
    whose = addresses.get(match_key(quota.address) or quota.address) if quota.address else None
    is_known = not quota.address or whose is not None
    owner = str(whose or "")
    months = [moved(Span(due.span.first), by) for by in range(due.span.months)]

    def is_ours(key: CameKey | DueKey) -> bool:
        return is_known and key.currency == currency and (not owner or key.owner_id == whose)

    def worth(kind: str, where: str, sums: Iterable[StageSum]) -> tuple[Counted, int]:
        total = added(sums)
        cents = total.amounts.get(currency, 0)
        which = Pick(kind, where, currency, owner).key if is_known else ""
        return Counted(total.leads, which, _one(cents, currency)), cents

    keys = {one.key for one in months}
    won, won_cents = worth(
        "came",
        due.span.key,
        [one for key, one in found.came.items() if is_ours(key) and key.bucket in keys],
    )
    ours = {key: one for key, one in found.due.items() if is_ours(key)}
    open_, open_cents = worth("due", ANY, ours.values())
    expected, _ = worth("due", due.span.key, [one for key, one in ours.items() if key.bucket in keys])  # fmt: skip
    return CoverageLine(
        (named(whose) if is_known else quota.address) if quota.address else "Team",
        due.span.label,
        _one(quota.amount_cents, currency)[0],
        won,
        open_,
        expected,
        open_cents / quota.amount_cents,
        won_cents / quota.amount_cents,
        is_known,
    )


def _one(cents: int, currency: str) -> tuple[Money, ...]:
    found = money(cents, currency)
    return (found,) if found else ()


# --- sums -------------------------------------------------------------------------------


def _stages_then(found: Forecast, month: Span) -> dict[str, StageSum]:
    return {stage: one for (key, stage), one in found.then.items() if key == month.key}


def _stages_due(found: Forecast, bucket: str) -> dict[str, StageSum]:
    stages: dict[str, list[StageSum]] = {}
    for key, one in found.due.items():
        if key.bucket == bucket:
            stages.setdefault(key.stage, []).append(one)
    return {stage: added(sums) for stage, sums in stages.items()}


def _then(asked: Ahead, found: Forecast, month: Span) -> tuple[Counted, Amounts]:
    stages = _stages_then(found, month)
    total, heavy = added(stages.values()), weighted(stages, asked.pipeline)
    counted = Counted(total.leads, f"forecast:{month.key}", moneys(total.amounts), moneys(heavy))
    return counted, heavy


def _came(found: Forecast, months: Iterable[Span]) -> list[StageSum]:
    keys = {one.key for one in months}
    return [one for key, one in found.came.items() if key.bucket in keys]


def _due(asked: Ahead, found: Forecast, bucket: str) -> Counted:
    stages = _stages_due(found, bucket)
    total = added(stages.values())
    heavy = moneys(weighted(stages, asked.pipeline))
    return Counted(total.leads, f"due:{bucket}", moneys(total.amounts), heavy)


def _kept(expected: Amounts, came: Amounts) -> tuple[Kept, ...]:
    """Of the currencies something was forecast in."""
    return tuple(
        Kept(currency, came.get(currency, 0) / cents)
        for currency, cents in sorted(expected.items())
        if cents
    )
