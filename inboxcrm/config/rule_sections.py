"""The shape of the rules a house writes: what counts in a score, and who gets a new lead."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from inboxcrm.leads.score_rules import MOST_POINTS

Condition = Annotated[str, Field(max_length=2000)]
Label = Annotated[str, Field(max_length=200)]
Points = Annotated[int, Field(strict=True, ge=-MOST_POINTS, le=MOST_POINTS)]
Person = Annotated[str, Field(min_length=1, max_length=254)]


class RuleSection(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FitSettings(RuleSection):
    """`when` is a condition as segments are written; `label` says it in other words."""

    when: Annotated[str, Field(min_length=1, max_length=2000)]
    points: Points
    label: Label = ""


class EngagementSettings(RuleSection):
    """`most` and `half_life_days` 0: neither cap nor decay. `within_hours` belongs to answers."""

    what: Literal["mail", "answer", "positive", "asked", "question", "meeting", "call", "opt_out"]
    points: Points
    label: Label = ""
    half_life_days: Annotated[int, Field(strict=True, ge=0, le=3650)] = 0
    most: Annotated[int, Field(strict=True, ge=0, le=10000)] = 0
    within_hours: Annotated[int, Field(strict=True, ge=1, le=8760)] = 24


class ScoreSettings(RuleSection):
    """Written [[score.fit]] and [[score.engagement]]. An axis nothing is said of has the default rules."""

    fit: tuple[FitSettings, ...] = Field(default=(), max_length=100)
    engagement: tuple[EngagementSettings, ...] = Field(default=(), max_length=100)


class AssignSettings(RuleSection):
    """One of `to` and `round_robin`; without `when` and `mailbox` it speaks of every new lead."""

    when: Condition = ""
    mailbox: Label = ""
    to: Annotated[str, Field(max_length=254)] = ""
    round_robin: tuple[Person, ...] = Field(default=(), max_length=50)
    label: Label = ""
