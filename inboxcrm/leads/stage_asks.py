"""What a stage asks of a lead that comes into it: fields that must be filled, and why it was lost.

Settings name the fields (`requires`); the names are theirs to keep. Nothing is asked of leads that stand in a stage
already, nor where a move into it is taken back: what was true then stays true. A stage into which leads come by
themselves can ask nothing (config/rules.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inboxcrm.leads.fields import LeadField
from inboxcrm.leads.pipeline import Pipeline, ReasonRule, Stage, StageKind

CUSTOM = "custom."
REASON = "reason"
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class StageField:
    """`name` as forms and edits call the field, `column` where a lead holds it, `label` as people read it."""

    name: str
    column: str
    label: str


FIELDS: Mapping[str, StageField] = {
    "organization": StageField("organization", "organization_id", "organization"),
    "phone": StageField("phone", "phone", "phone number"),
    "source": StageField("source", "source", "source"),
    "value": StageField("value", "value_cents", "value"),
    "currency": StageField("currency", "value_currency", "currency"),
    "close_on": StageField("close", "close_on", "close date"),
    "owner": StageField("owner", "owner_id", "owner"),
}
"""What settings may require beside the declared fields, by the name settings give it."""

WHY = StageField(REASON, "stage_reason", "a reason")


def required_fields(stage: Stage, declared: Iterable[LeadField]) -> tuple[StageField, ...]:
    """In the order of the settings. A declared field goes by its key, with or without `custom.` before it."""
    own = {one.key: one for one in declared}
    found: dict[StageField, None] = {}
    for name in stage.requires:
        if name in FIELDS:
            found[FIELDS[name]] = None
        elif (field := own.get(name.removeprefix(CUSTOM))) is not None:
            key = f"{CUSTOM}{field.key}"
            found[StageField(key, key, field.label)] = None
    return tuple(found)


def missing_fields(
    stage: Stage, declared: Iterable[LeadField], held: Mapping[str, Any]
) -> tuple[StageField, ...]:
    """Those a lead lacks. `held` has columns of a lead and `custom.KEY`; an amount of 0 is an amount."""
    return tuple(
        one for one in required_fields(stage, declared) if held.get(one.column) in (None, "")
    )


def asks_reason(pipeline: Pipeline, stage: Stage) -> bool:
    return stage.kind is StageKind.LOST and pipeline.lost_reason is not ReasonRule.NEVER


def read_reason(pipeline: Pipeline, stage: Stage, written: str) -> str:
    """One line as it is kept: a known reason in the words of the settings, so that figures count it once.

    Raises ValueError where only known ones will do, and this is none.
    """
    said = " ".join(written.replace("\x00", "").split())[:LONGEST_REASON]
    if not said or not asks_reason(pipeline, stage):
        return said
    for one in pipeline.lost_reasons:
        if " ".join(one.split()).casefold() == said.casefold():
            return one
    if pipeline.takes_other_reason:
        return said
    raise ValueError(f"Choose one of {', '.join(pipeline.lost_reasons)}.")


def lacks_reason(pipeline: Pipeline, stage: Stage, reason: str | None) -> bool:
    """`reason` None: nobody was asked yet, so that a pipeline that asks without insisting asks now."""
    if not asks_reason(pipeline, stage) or reason:
        return False
    return reason is None or pipeline.lost_reason is ReasonRule.REQUIRED


def in_words(labels: Collection[str]) -> str:
    """As in "value, close date and Seats"."""
    *most, last = labels
    return f"{', '.join(most)} and {last}" if most else last


def asking_sentence(stage: Stage, missing: Collection[StageField]) -> str:
    """As in "Opportunity asks for value and close date."."""
    return f"{stage.label} asks for {in_words([one.label for one in missing])}."


def place_in(written: str) -> tuple[str | None, str]:
    """A stage as forms and commands name it: its key, in another pipeline as "support/asked"."""
    pipeline, slash, stage = written.partition("/")
    return (pipeline, stage) if slash else (None, written)
