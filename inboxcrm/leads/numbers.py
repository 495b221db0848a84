"""The figures of a pipeline by their definitions (FIELD), over the plain list of what happened.

This is what a figure means. The database counts the same in SQL (store/pipeline_numbers.py); a property test holds the
two to each other. Every figure can be asked for the leads behind it, by its key:

    open                every lead in an open stage
    stage:KEY           the leads that stand in a stage
    entered:KEY         of the funnel: came into the stage for the first time within the period
    reached:KEY         those of them that came on
    left:KEY            of the time in a stage: left it within the period
    won, lost           closed within the period, and still so
    closed, all         won or lost; open, won or lost
    reason:TEXT         lost for that reason; an empty one was never given
    source:TEXT         all of that source
    owner:NUMBER        all of that owner; owner:0 is nobody
    won:source:TEXT     won, of that source; so with open, lost, closed and all, and with owner:NUMBER

Only leads that stood in the pipeline at the instant asked about count in any of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inboxcrm.leads.history import LeadState, Spell, Stay, first_entries, standing_at, stays_at
from inboxcrm.leads.number_shapes import (
    Asked,
    Cycle,
    FunnelStep,
    GroupSum,
    Numbers,
    StageSum,
    quartiles,
)
from inboxcrm.leads.pipeline import Pipeline, Stage, StageKind

DEFINITIONS = {
    "open": "The value of every lead in an open stage. Amounts in different currencies are never added up.",
    "weighted": "The value of the open leads, each times its stage's probability of being won.",
    "stages": (
        "The leads that stand in a stage, and their value; weighted: times its probability of being won."
    ),
    "funnel": (
        "Of the leads that came into a stage for the first time within the period, the share that has come to a "
        "later open stage or was won, at the same time or afterwards; beside it how long half of them took at most."
    ),
    "times": (
        "How long leads stayed in a stage, of all stays that ended within the period. "
        "Half of them are at most the median, the middle half lies between the quartiles."
    ),
    "cycle": (
        "Days from when a lead came into its first stage (with mail: its first contact) to when it was won, "
        "over all leads won within the period."
    ),
    "win_rate": "Won over won and lost, of the leads closed within the period. Disqualified ones count as lost.",
    "velocity": (
        "Open leads times win rate times mean value of a won lead, divided by the mean sales cycle: "
        "what the pipeline is worth a day."
    ),
    "reasons": (
        "Why leads were lost within the period, as it was given when they were closed. Share: of all that were lost."
    ),
    "by_source": (
        "Open leads, and those won or lost within the period, by the first source of the lead. "
        "Win rate: won over won and lost."
    ),
    "by_owner": (
        "Open leads, and those won or lost within the period, by whose leads they were. "
        "Win rate: won over won and lost."
    ),
}


def later_stages(pipeline: Pipeline, stage: Stage) -> tuple[str, ...]:
    """What counts as having come on from an open stage: the open ones behind it, and all that mean won."""
    place = pipeline.stages.index(stage)
    return tuple(
        one.key
        for position, one in enumerate(pipeline.stages)
        if one.kind is StageKind.WON or (one.kind is StageKind.OPEN and position > place)
    )


def keys_of(pipeline: Pipeline, kind: StageKind) -> tuple[str, ...]:
    return tuple(one.key for one in pipeline.stages if one.kind is kind)


def numbers(spells: Iterable[Spell], asked: Asked) -> Numbers:
    known = _Known.of(spells, asked)
    won, lost = known.closed(StageKind.WON), known.closed(StageKind.LOST)
    cycles = [
        known.standing[one].stage_since_at
        - min(known.first[one], known.standing[one].stage_since_at)
        for one in won
    ]
    reasons: dict[str, int] = {}
    for one in lost:
        reason = known.standing[one].stage_reason
        reasons[reason] = reasons.get(reason, 0) + 1
    stages = {state.stage for state in known.standing.values()}
    return Numbers(
        stages={key: known.sum(known.behind(f"stage:{key}")) for key in stages},
        funnel=tuple(
            FunnelStep(
                stage.key,
                len(known.behind(f"entered:{stage.key}")),
                quartiles(known.came_on(stage).values()),
            )
            for stage in asked.pipeline.open_stages
        ),
        times={
            stage.key: quartiles(max(left - entered, 0) for _, entered, left in known.ended(stage))
            for stage in asked.pipeline.open_stages
            if known.ended(stage)
        },
        won=known.sum(won),
        lost=known.sum(lost),
        cycle=Cycle(quartiles(cycles), sum(cycles) // len(cycles) if cycles else 0),
        reasons=reasons,
        by_source={
            source: known.group(known.behind(f"source:{source}"))
            for source in {known.standing[one].source for one in known.grouped()}
        },
        by_owner={
            owner: known.group(known.behind(f"owner:{owner or 0}"))
            for owner in {known.standing[one].owner_id for one in known.grouped()}
        },
    )


def behind(spells: Iterable[Spell], asked: Asked, which: str) -> list[int]:
    """The leads behind a figure, by its key, ascending."""
    return sorted(_Known.of(spells, asked).behind(which))


@dataclass(frozen=True, slots=True)
class _Known:
    asked: Asked
    standing: dict[int, LeadState]
    stays: Sequence[Stay]
    first: dict[int, int]

    @classmethod
    def of(cls, spells: Iterable[Spell], asked: Asked) -> _Known:
        held = list(spells)
        key = asked.pipeline.key
        standing = {
            lead_id: state
            for lead_id, state in standing_at(held, asked.at).items()
            if state.pipeline == key
        }
        return cls(
            asked, standing, stays_at(held, asked.at, pipeline=key), first_entries(held, asked.at)
        )

    def is_in_period(self, at: int) -> bool:
        return self.asked.since <= at <= self.asked.at

    def closed(self, kind: StageKind) -> set[int]:
        keys = keys_of(self.asked.pipeline, kind)
        return {
            lead_id
            for lead_id, state in self.standing.items()
            if state.stage in keys and self.is_in_period(state.stage_since_at)
        }

    def open(self) -> set[int]:
        closed = {one.key for one in self.asked.pipeline.stages if one.kind is not StageKind.OPEN}
        return {one for one, state in self.standing.items() if state.stage not in closed}

    def of_kind(self, kind: str) -> set[int]:
        won, lost = self.closed(StageKind.WON), self.closed(StageKind.LOST)
        kinds = {"open": self.open(), "won": won, "lost": lost, "closed": won | lost}
        return kinds.get(kind, self.grouped())

    def grouped(self) -> set[int]:
        return self.open() | self.closed(StageKind.WON) | self.closed(StageKind.LOST)

    def sum(self, lead_ids: Iterable[int]) -> StageSum:
        states = [self.standing[one] for one in lead_ids]
        amounts: dict[str, int] = {}
        for state in states:
            if state.value_cents is not None:
                amounts[state.currency] = amounts.get(state.currency, 0) + state.value_cents
        return StageSum(len(states), amounts)

    def group(self, lead_ids: set[int]) -> GroupSum:
        return GroupSum(
            self.sum(lead_ids & self.open()),
            self.sum(lead_ids & self.closed(StageKind.WON)),
            self.sum(lead_ids & self.closed(StageKind.LOST)),
        )

    def entries(self, stage: str) -> dict[int, int]:
        """When each lead came into the stage for the first time."""
        first: dict[int, int] = {}
        for one in self.stays:
            if one.stage == stage:
                first[one.lead_id] = min(one.entered_at, first.get(one.lead_id, one.entered_at))
        return first

    def entered(self, stage: str) -> dict[int, int]:
        return {one: at for one, at in self.entries(stage).items() if self.is_in_period(at)}

    def came_on(self, stage: Stage) -> dict[int, int]:
        """How long each of those who came on took, in ms."""
        later = [self.entries(key) for key in later_stages(self.asked.pipeline, stage)]
        took: dict[int, int] = {}
        for lead_id, entered_at in self.entered(stage.key).items():
            times = [one[lead_id] for one in later if one.get(lead_id, -1) >= entered_at]
            if times:
                took[lead_id] = min(times) - entered_at
        return took

    def ended(self, stage: Stage) -> list[tuple[int, int, int]]:
        return [
            (one.lead_id, one.entered_at, one.left_at)
            for one in self.stays
            if one.stage == stage.key and one.left_at is not None and self.is_in_period(one.left_at)
        ]

    def behind(self, which: str) -> set[int]:
        kind, _, key = which.partition(":")
        stage = self.asked.pipeline.stage(key)
        match kind:
            case "open" | "won" | "lost" | "closed" | "all":
                found = self.of_kind(kind)
                return found & self.behind(key) if key else found
            case "stage":
                return {one for one, state in self.standing.items() if state.stage == key}
            case "entered":
                return set(self.entered(key))
            case "reached" if stage:
                return set(self.came_on(stage))
            case "left" if stage:
                return {lead_id for lead_id, _, _ in self.ended(stage)}
            case "reason":
                lost = self.closed(StageKind.LOST)
                return {one for one in lost if self.standing[one].stage_reason == key}
            case "source":
                return {one for one in self.grouped() if self.standing[one].source == key}
            case "owner":
                return {
                    one for one in self.grouped() if str(self.standing[one].owner_id or 0) == key
                }
        return set()
