"""How leads stood at any instant, folded from the list of what happened to them.

What counts as having been there:
- A lead stands from its first contact on (or from when it was added by hand) until a person removes it.
- A state holds from the event that made it, at that very instant, until the next one.
- A move that was undone was there until it was undone, and asked about a later day it never took place: the lead then
  counts as never having entered that stage, and as not having left the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Deed(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    TAKEN_BACK = "taken back"
    """A move was undone: `sets` is what is put back."""
    REMOVED = "removed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class LeadEvent:
    """One thing that happened to a lead at `at` (ms); `sets` names the fields of `LeadState` it changed."""

    at: int
    lead_id: int
    deed: Deed
    sets: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeadState:
    """What a pipeline shows of a lead. Times in ms, money in hundredths, `close_on` an ISO day."""

    pipeline: str
    stage: str
    stage_since_at: int
    stage_reason: str = ""
    owner_id: int | None = None
    source: str = ""
    value_cents: int | None = None
    currency: str = ""
    close_on: str | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which nothing about a lead changed: from `from_at` on, at `until_at` no more; None: to this day."""

    lead_id: int
    from_at: int
    until_at: int | None
    state: LeadState
    taken_back_at: int | None = None

    @property
    def stay(self) -> tuple[str, str, int]:
        """What the spells of one stay in a stage have in common."""
        return self.state.pipeline, self.state.stage, self.state.stage_since_at

    def holds_at(self, at: int) -> bool:
        return self.from_at <= at and (self.until_at is None or at < self.until_at)

    def counts_at(self, at: int) -> bool:
        """It had begun, and was not taken back by then."""
        return self.from_at <= at and (self.taken_back_at is None or at < self.taken_back_at)


@dataclass(frozen=True, slots=True)
class Stay:
    """A lead in a stage; `left_at` None while it is there."""

    lead_id: int
    stage: str
    entered_at: int
    left_at: int | None


def spells_of(events: Iterable[LeadEvent]) -> list[Spell]:
    """`events` in the order they happened, those of a lead beginning with MADE; those of different leads may mix."""
    done: list[Spell] = []
    standing: dict[int, Spell] = {}
    last: dict[int, LeadState] = {}
    for event in events:
        lead_id, known = event.lead_id, last.get(event.lead_id)
        before = standing.pop(lead_id, None)
        if before is not None:
            done.append(replace(before, until_at=event.at))
        if event.deed is Deed.TAKEN_BACK and known is not None:
            done = [_taken_back(one, lead_id, known, event.at) for one in done]
        state = replace(known, **event.sets) if known is not None else LeadState(**event.sets)
        last[lead_id] = state
        # What is changed about a removed lead does not bring it back.
        stands = before is not None and event.deed is not Deed.REMOVED
        if stands or event.deed in {Deed.MADE, Deed.RETURNED}:
            from_at = state.stage_since_at if event.deed is Deed.MADE else event.at
            standing[lead_id] = Spell(lead_id, from_at, None, state)
    return done + list(standing.values())


def _taken_back(one: Spell, lead_id: int, undone: LeadState, at: int) -> Spell:
    stay = (undone.pipeline, undone.stage, undone.stage_since_at)
    return replace(one, taken_back_at=at) if (one.lead_id, one.stay) == (lead_id, stay) else one


def standing_at(spells: Iterable[Spell], at: int) -> dict[int, LeadState]:
    """The state of every lead that stood at `at` (ms), by its id."""
    return {one.lead_id: one.state for one in spells if one.holds_at(at)}


def stays_at(spells: Iterable[Spell], at: int, *, pipeline: str) -> list[Stay]:
    """The stays in the stages of a pipeline, as known at `at` (ms), of the leads that stood in it then."""
    known = list(spells)
    standing = standing_at(known, at)
    stays: dict[tuple[int, str, int], int | None] = {}
    for one in known:
        held = standing.get(one.lead_id)
        if held is None or held.pipeline != pipeline or one.state.pipeline != pipeline:
            continue
        if not one.counts_at(at):
            continue
        key = (one.lead_id, one.state.stage, one.state.stage_since_at)
        left = one.until_at if one.until_at is not None and one.until_at <= at else None
        before = stays.get(key, 0)
        stays[key] = None if left is None or before is None else max(left, before)
    return [Stay(lead, stage, entered, left) for (lead, stage, entered), left in stays.items()]


def first_entries(spells: Iterable[Spell], at: int) -> dict[int, int]:
    """When each lead came into its first stage (ms), as far as it had by `at`."""
    first: dict[int, int] = {}
    for one in spells:
        if one.from_at <= at:
            since = one.state.stage_since_at
            first[one.lead_id] = min(since, first.get(one.lead_id, since))
    return first
