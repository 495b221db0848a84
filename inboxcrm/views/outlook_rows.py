"""The data of each chart as rows, for tables of other programs. Amounts have a column for each currency."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from inboxcrm.views.outlook_shapes import Counted, OutlookView
from inboxcrm.views.shapes import Money

Rows = tuple[tuple[str, ...], list[dict[str, Any]]]
"""The columns in their order, and the rows."""


def forecast_rows(view: OutlookView) -> Rows:
    rows = [
        {
            "month": one.key,
            **_counted("forecast", one.then),
            **_counted("won", one.came),
            **_counted("expected", one.due),
            **{
                f"won of forecast {kept.currency}".strip(): round(kept.share, 4)
                for kept in one.kept
            },
        }
        for one in view.months
    ]
    return _columns(rows), rows


def coverage_rows(view: OutlookView) -> Rows:
    rows = [
        {
            "whose": one.whose,
            "period": one.period,
            "currency": one.quota.currency,
            "quota": one.quota.amount,
            "won": _amount(one.won.sums),
            "open": _amount(one.open.sums),
            "expected": _amount(one.due.sums),
            "coverage": round(one.coverage, 4),
            "reached": round(one.reached, 4),
        }
        for one in view.coverage
    ]
    columns = ("whose", "period", "currency", "quota", "won", "open", "expected")
    return (*columns, "coverage", "reached"), rows


def slip_rows(view: OutlookView) -> Rows:
    rows = [
        {
            "owner": one.label,
            "with a close date": one.dated.count,
            "put off": one.put_off.count,
            "times": one.times,
            "median days": one.days,
            "most days": one.most_days,
            "taken away": one.dropped.count,
            "overdue": one.passed.count,
        }
        for one in view.slips
    ]
    columns = ("owner", "with a close date", "put off", "times")
    return (*columns, "median days", "most days", "taken away", "overdue"), rows


def response_rows(view: OutlookView) -> Rows:
    rows = [
        {
            "owner": one.label,
            "answered": one.answered.count,
            "quarter hours": one.first,
            "median hours": one.median,
            "three quarters hours": one.third,
            "within": one.within.count,
            "late": one.late.count,
            "waiting": one.waiting.count,
            "waiting too long": one.waited.count,
            "share within": None if one.share is None else round(one.share, 4),
        }
        for one in view.responses
    ]
    columns = ("owner", "answered", "quarter hours", "median hours", "three quarters hours")
    return (*columns, "within", "late", "waiting", "waiting too long", "share within"), rows


def band_rows(view: OutlookView) -> Rows:
    rows = [{"working hours": one.label, "answered": one.answered.count} for one in view.bands]
    return ("working hours", "answered"), rows


def owed_rows(view: OutlookView) -> Rows:
    rows = [
        {
            "owner": one.label,
            "waiting": one.waiting.count,
            "since": one.oldest_at.isoformat(),
            "working time": one.oldest,
            "late": one.late.count,
        }
        for one in view.owed
    ]
    return ("owner", "waiting", "since", "working time", "late"), rows


PARTS: dict[str, Callable[[OutlookView], Rows]] = {
    "forecast": forecast_rows,
    "coverage": coverage_rows,
    "slips": slip_rows,
    "responses": response_rows,
    "bands": band_rows,
    "owed": owed_rows,
}


def _counted(name: str, one: Counted | None) -> dict[str, Any]:
    if one is None:
        return {}
    found: dict[str, Any] = {f"{name} leads": one.count}
    found |= {f"{name} {each.currency}".strip(): each.amount for each in one.sums}
    return found | {
        f"{name} weighted {each.currency}".strip(): each.amount for each in one.weighted
    }


def _columns(rows: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """Those of all rows: the month, then each kind of figure with its currencies."""
    named = {name for row in rows for name in row} - {"month"}
    kinds = ("forecast", "won", "expected")

    def place(name: str) -> tuple[int, bool, bool, str]:
        is_share, kind = name.startswith("won of"), kinds.index(name.partition(" ")[0])
        return (
            len(kinds) if is_share else kind,
            not name.endswith(" leads"),
            " weighted" in name,
            name,
        )

    return ("month", *sorted(named, key=place))


def _amount(sums: tuple[Money, ...]) -> str:
    return sums[0].amount if sums else ""
