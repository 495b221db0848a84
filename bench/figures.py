"""What a figure is, how runs alternate, and how the outcome is shown.

The machine is noisy, so only ratios of neighbouring runs count: ours, reference, ours, reference ...
each pair gives one ratio, and the median of the pairs is the figure.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Self


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` has to be at least `target` (faster than) or at most (dearer than)."""

    figure: str
    what: str
    unit: str
    ours: float
    reference: float
    ratio: float
    target: float
    at_least: bool
    pairs: tuple[float, ...]
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    def noted(self, note: str) -> Self:
        return replace(self, note=note)

    def as_json(self) -> dict:
        return {**asdict(self), "holds": self.holds}


@dataclass(frozen=True, slots=True)
class Cost:
    wall: float
    cpu: float


def cost_of(work: Callable[[], object]) -> Cost:
    """Wall seconds, and CPU seconds of this process with all its threads."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def alternate(
    ours: Callable[[], Cost], reference: Callable[[], Cost], pairs: int
) -> tuple[list[Cost], list[Cost]]:
    mine, theirs = [], []
    for _ in range(pairs):
        mine.append(ours())
        theirs.append(reference())
    return mine, theirs


def rate_figure(
    figure: str,
    what: str,
    count: int,
    costs: tuple[Sequence[Cost], Sequence[Cost]],
    target: float,
) -> Figure:
    """How many times the reference's messages a second."""
    mine, theirs = costs
    ratios = tuple(theirs.wall / mine.wall for mine, theirs in zip(mine, theirs, strict=True))
    cpu = median(theirs.cpu / mine.cpu for mine, theirs in zip(mine, theirs, strict=True))
    return Figure(
        figure,
        what,
        "messages/s",
        count / median(cost.wall for cost in mine),
        count / median(cost.wall for cost in theirs),
        median(ratios),
        target,
        at_least=True,
        pairs=ratios,
        note=f"by CPU seconds {cpu:.2f}",
    )


def dearness_figure(
    figure: str, what: str, unit: str, mine: Sequence[float], theirs: Sequence[float], target: float
) -> Figure:
    """How many times the reference's seconds or bytes."""
    ratios = tuple(one / other for one, other in zip(mine, theirs, strict=True))
    return Figure(
        figure,
        what,
        unit,
        median(mine),
        median(theirs),
        median(ratios),
        target,
        at_least=False,
        pairs=ratios,
    )


COLUMNS = ("figure", "what", "ours", "reference", "unit", "ratio", "target", "holds", "pairs")


def table(figures: Sequence[Figure]) -> str:
    rows = [COLUMNS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(one: Figure) -> tuple[str, ...]:
    sign = ">=" if one.at_least else "<="
    pairs = " ".join(f"{ratio:.2f}" for ratio in one.pairs)
    return (
        one.figure,
        one.what,
        _number(one.ours),
        _number(one.reference),
        one.unit,
        f"{one.ratio:.2f}",
        f"{sign} {one.target:g}",
        "yes" if one.holds else "NO",
        f"{pairs}  {one.note}".strip(),
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
