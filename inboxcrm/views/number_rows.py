"""The data of every chart and table of the numbers as rows, for other programs. Amounts have a column a currency."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from inboxcrm.errors import NotFoundError
from inboxcrm.views.outlook_rows import PARTS as OUTLOOK_PARTS
from inboxcrm.views.outlook_rows import Rows
from inboxcrm.views.pipeline_shapes import GroupLine, NumbersView
from inboxcrm.views.shapes import Money


def part_rows(view: NumbersView, part: str) -> Rows:
    """The data of a chart or a table. Raises NotFoundError."""
    if part in PARTS:
        return PARTS[part](view)
    if part in OUTLOOK_PARTS:
        return OUTLOOK_PARTS[part](view.outlook)
    known = ", ".join((*PARTS, *OUTLOOK_PARTS))
    raise NotFoundError("There is no such table of numbers.", remedy=f"Choose one of {known}.")


def _figures(view: NumbersView) -> Rows:
    rows = [
        {"figure": one.label, "value": one.text, "note": one.note, "meaning": one.meaning}
        for one in view.figures
    ]
    return ("figure", "value", "note", "meaning"), rows


def _stages(view: NumbersView) -> Rows:
    rows = [
        {
            "stage": one.stage.label,
            "leads": one.count,
            **_amounts("value", one.sums),
            "probability": one.probability if one.stage.kind == "open" else None,
            **_amounts("weighted", one.weighted),
        }
        for one in view.stages
    ]
    return _columns(rows, ("stage", "leads", "value", "probability", "weighted")), rows


def _funnel(view: NumbersView) -> Rows:
    rows = [
        {
            "stage": one.stage.label,
            "entered": one.entered,
            "came on": one.reached,
            "share": None if one.share is None else round(one.share, 4),
            "median days": one.days,
        }
        for one in view.funnel
    ]
    return ("stage", "entered", "came on", "share", "median days"), rows


def _times(view: NumbersView) -> Rows:
    rows = [
        {
            "stage": one.stage.label,
            "stays": one.stays,
            "quarter days": one.first,
            "median days": one.median,
            "three quarters days": one.third,
        }
        for one in view.times
    ]
    return ("stage", "stays", "quarter days", "median days", "three quarters days"), rows


def _reasons(view: NumbersView) -> Rows:
    rows = [
        {"reason": one.label, "leads": one.count, "share": round(one.share, 4)}
        for one in view.reasons
    ]
    return ("reason", "leads", "share"), rows


def _groups(name: str, lines: Iterable[GroupLine]) -> Rows:
    rows = [
        {
            name: one.label,
            "leads": one.count,
            "open": one.open,
            **_amounts("open value", one.open_sums),
            "won": one.won,
            **_amounts("won value", one.won_sums),
            "lost": one.lost,
            "win rate": None if one.win_rate is None else round(one.win_rate, 4),
        }
        for one in lines
    ]
    names = (name, "leads", "open", "open value", "won", "won value", "lost", "win rate")
    return _columns(rows, names), rows


PARTS: dict[str, Callable[[NumbersView], Rows]] = {
    "figures": _figures,
    "stages": _stages,
    "funnel": _funnel,
    "times": _times,
    "reasons": _reasons,
    "sources": lambda view: _groups("source", view.by_source),
    "owners": lambda view: _groups("owner", view.by_owner),
}


_MONEY = {"value", "weighted", "open value", "won value"}


def _amounts(name: str, sums: Iterable[Money]) -> dict[str, str]:
    return {f"{name} {one.currency}".strip(): one.amount for one in sums}


def _columns(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> tuple[str, ...]:
    """`names` in their order; one of amounts becomes its currencies, or is left out where there are none."""
    found = {name for row in rows for name in row}
    columns: list[str] = []
    for name in names:
        if name in _MONEY:
            columns += sorted(one for one in found if one == name or one.startswith(f"{name} "))
        else:
            columns.append(name)
    return tuple(columns)
