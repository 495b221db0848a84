"""The numbers of a pipeline as one object, and the arithmetic they share wherever they were counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inboxcrm.leads.pipeline import Pipeline, StageKind

Amounts = Mapping[str, int]
"""Currency to hundredths; a currency nobody gave a value in is not there. Currencies are never added up."""

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Numbers of a pipeline as they stood at `at`, over the period from `since` on (ms, both inclusive)."""

    pipeline: Pipeline
    at: int
    since: int


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Of `count` durations in ms; a quarter of them is at most `first`, half at most `median`. All 0 without any."""

    count: int = 0
    first: int = 0
    median: int = 0
    third: int = 0


@dataclass(frozen=True, slots=True)
class StageSum:
    leads: int = 0
    amounts: Amounts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """Of `entered` leads `reached` came on; `took` is how long they needed, its count is `reached`."""

    stage: str
    entered: int
    took: Quartiles

    @property
    def reached(self) -> int:
        return self.took.count

    @property
    def share(self) -> float | None:
        return self.reached / self.entered if self.entered else None


@dataclass(frozen=True, slots=True)
class GroupSum:
    """Leads of one source or one owner."""

    open: StageSum = StageSum()
    won: StageSum = StageSum()
    lost: StageSum = StageSum()

    @property
    def win_rate(self) -> float | None:
        return win_rate(self.won.leads, self.lost.leads)


@dataclass(frozen=True, slots=True)
class Cycle:
    """From the first contact to won, in ms; the mean beside median and quartiles."""

    quartiles: Quartiles = Quartiles()
    mean: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """`stages` holds every stage leads stand in, also such as the settings do not know."""

    stages: Mapping[str, StageSum]
    funnel: tuple[FunnelStep, ...]
    times: Mapping[str, Quartiles]
    won: StageSum
    lost: StageSum
    cycle: Cycle
    reasons: Mapping[str, int]
    by_source: Mapping[str, GroupSum]
    by_owner: Mapping[int | None, GroupSum]


def quartiles(durations: Iterable[int]) -> Quartiles:
    """Between two neighbours the point in proportion, rounded down to a whole ms."""
    ordered = sorted(durations)

    def point(quarter: int) -> int:
        rank, rest = divmod(quarter * (len(ordered) - 1), 4)
        low = ordered[rank]
        return low + ((ordered[rank + 1] - low) * rest // 4 if rest else 0)

    return Quartiles(len(ordered), point(1), point(2), point(3)) if ordered else Quartiles()


def win_rate(won: int, lost: int) -> float | None:
    return won / (won + lost) if won + lost else None


def open_sum(stages: Mapping[str, StageSum], pipeline: Pipeline) -> StageSum:
    """Of all open stages; one that the settings do not know counts as open."""
    closed = {one.key for one in pipeline.stages if one.kind is not StageKind.OPEN}
    return added(one for key, one in stages.items() if key not in closed)


def weighted(stages: Mapping[str, StageSum], pipeline: Pipeline) -> Amounts:
    """Each open stage's sum times its probability, rounded to hundredths a stage; unknown stages weigh nothing."""
    total: dict[str, int] = {}
    for stage in pipeline.open_stages:
        for currency, cents in stages.get(stage.key, StageSum()).amounts.items():
            total[currency] = total.get(currency, 0) + weigh(cents, stage.probability)
    return total


def weigh(cents: int, probability: float) -> int:
    """In whole millionths, so that sums of any size stay exact."""
    return cents * round(probability * 1_000_000) // 1_000_000


def velocity(numbers: Numbers, pipeline: Pipeline) -> Amounts:
    """Hundredths a day in each currency: open leads x win rate x mean value of the won / mean cycle in days (FIELD).

    Open leads and mean value are those with a value in that currency. Empty where nothing was won in the period.
    """
    rate = win_rate(numbers.won.leads, numbers.lost.leads)
    if not rate or not numbers.cycle.mean:
        return {}
    open_values = open_sum(numbers.stages, pipeline)
    days = numbers.cycle.mean / DAY_MS
    return {
        currency: round(open_values.leads * rate * (cents / numbers.won.leads) / days)
        for currency, cents in numbers.won.amounts.items()
    }


def added(sums: Iterable[StageSum]) -> StageSum:
    leads, amounts = 0, dict[str, int]()
    for one in sums:
        leads += one.leads
        for currency, cents in one.amounts.items():
            amounts[currency] = amounts.get(currency, 0) + cents
    return StageSum(leads, amounts)
