"""Stages and pipelines: where a lead can stand, in which order, and what each place means.

Settings may name their own pipelines; without them the life of a lead below holds. Rows in the
database may bear keys that settings no longer know: reading shows them as they are, and
`check_removed_keys` says how to mend the settings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from inboxcrm.errors import Problem
from inboxcrm.leads.goals import Goals


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Stage:
    """`probability` of being won, 0 to 1; after `stale_after_days` in an open stage a lead counts
    as stuck. `requires` names what a lead must have to come in (leads/stage_asks.py).
    """

    key: str
    label: str
    kind: StageKind = StageKind.OPEN
    probability: float = 0.0
    stale_after_days: int | None = None
    requires: tuple[str, ...] = ()


class ReasonRule(StrEnum):
    """Whether people are asked why a lead is lost."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`lost_reasons` are offered where a lead is lost; `takes_other_reason`: words of one's own will do too."""

    key: str
    label: str
    stages: tuple[Stage, ...]
    lost_reason: ReasonRule = ReasonRule.REQUIRED
    lost_reasons: tuple[str, ...] = ()
    takes_other_reason: bool = True

    @property
    def first(self) -> Stage:
        """Where new leads start."""
        return self.stages[0]

    @property
    def open_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.kind is StageKind.OPEN)

    def stage(self, key: str) -> Stage | None:
        for stage in self.stages:
            if stage.key == key:
                return stage
        return None


DEFAULT_PIPELINE = Pipeline(
    "sales",
    "Sales",
    (
        Stage("new", "New", StageKind.OPEN, 0.05, 3),
        Stage("engaged", "Engaged", StageKind.OPEN, 0.1, 14),
        Stage("mql", "Marketing qualified", StageKind.OPEN, 0.2, 7),
        Stage("sal", "Sales accepted", StageKind.OPEN, 0.3, 14),
        Stage("sql", "Sales qualified", StageKind.OPEN, 0.5, 21),
        Stage("opportunity", "Opportunity", StageKind.OPEN, 0.7, 30),
        Stage("won", "Won", StageKind.WON, 1.0),
        Stage("lost", "Lost", StageKind.LOST, 0.0),
        Stage("disqualified", "Disqualified", StageKind.LOST, 0.0),
    ),
)


@dataclass(frozen=True, slots=True)
class StagePlace:
    """A lead's stage, looked up: `index` counts the open stages from 0, `of` is how many there
    are.
    """

    pipeline: Pipeline
    stage: Stage
    index: int
    of: int
    is_known: bool = True


class Pipelines:
    """All pipelines of the installation, and what is aimed at in them; the first is the one new leads enter."""

    __slots__ = ("_places", "goals", "pipelines")

    def __init__(self, pipelines: Iterable[Pipeline] = (), goals: Goals | None = None) -> None:
        self.pipelines: tuple[Pipeline, ...] = tuple(pipelines) or (DEFAULT_PIPELINE,)
        self.goals = goals or Goals()
        self._places: dict[tuple[str, str], StagePlace] = {}
        for pipeline in self.pipelines:
            count = len(pipeline.open_stages)
            index = -1
            for stage in pipeline.stages:
                # A closed stage stands where the last open one before it stands.
                index += stage.kind is StageKind.OPEN
                place = StagePlace(pipeline, stage, max(index, 0), count)
                self._places[pipeline.key, stage.key] = place

    def __repr__(self) -> str:
        return f"Pipelines({self.pipelines!r}, {self.goals!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pipelines):
            return False
        return (self.pipelines, self.goals) == (other.pipelines, other.goals)

    def __hash__(self) -> int:
        return hash((self.pipelines, self.goals))

    @property
    def default(self) -> Pipeline:
        return self.pipelines[0]

    def pipeline(self, key: str) -> Pipeline | None:
        for pipeline in self.pipelines:
            if pipeline.key == key:
                return pipeline
        return None

    def place(self, pipeline_key: str, stage_key: str) -> StagePlace:
        """Never fails: a key that settings do not know comes back as an open stage bearing its key
        as label.
        """
        found = self._places.get((pipeline_key, stage_key))
        if found is not None:
            return found
        pipeline = self.pipeline(pipeline_key) or Pipeline(
            pipeline_key, pipeline_key, (Stage(stage_key, stage_key),)
        )
        stage = Stage(stage_key, stage_key)
        return StagePlace(pipeline, stage, 0, max(len(pipeline.open_stages), 1), is_known=False)

    def is_open(self, pipeline_key: str, stage_key: str) -> bool:
        return self.place(pipeline_key, stage_key).stage.kind is StageKind.OPEN

    def check_removed_keys(self, in_use: Iterable[tuple[str, str, int]]) -> list[Problem]:
        """Problems for (pipeline key, stage key, number of leads) that settings no longer know."""
        problems: list[Problem] = []
        for pipeline_key, stage_key, count in sorted(in_use):
            if (pipeline_key, stage_key) in self._places:
                continue
            leads = "one lead stands" if count == 1 else f"{count} leads stand"
            if self.pipeline(pipeline_key) is None:
                text = (
                    f'{leads} in pipeline "{pipeline_key}" (stage "{stage_key}"), which the settings do not have. '
                    f'Put [[pipeline]] key = "{pipeline_key}" back with that stage, move the leads to another '
                    f"pipeline (inboxcrm pipeline move {stage_key} PIPELINE/STAGE --pipeline {pipeline_key} --yes), "
                    "then remove it."
                )
                problems.append(Problem("pipeline", text))
                continue
            is_first = pipeline_key == self.default.key
            apart = "" if is_first else f" --pipeline {pipeline_key}"
            text = (
                f'{leads} in stage "{stage_key}", which the settings do not have. Put [[pipeline.stage]] '
                f'key = "{stage_key}" back, move the leads to another stage '
                f"(inboxcrm pipeline move {stage_key} STAGE{apart} --yes), then remove it."
                " A label may be changed at any time; a key may not."
            )
            problems.append(Problem(f'pipeline "{pipeline_key}"', text))
        return problems
