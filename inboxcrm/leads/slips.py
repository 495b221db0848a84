"""Close dates that were not kept, over the plain list of what happened.

Asked of the leads that are open, or were closed within the period. Two dates are compared: the one a lead had when the
period began (or the first one it was given within it) and the one it has at its end. So a date that was put right again
did not slip, and who puts a date off three times by a week each has slipped once, three times over, by 21 days.

    slipped:OWNER       put off: the date now lies in a later month
    dropped:OWNER       the date was taken away
    dated:OWNER         asked about at all: with a close date, or with one that was taken away
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from inboxcrm.leads.history import Spell, standing_at
from inboxcrm.leads.number_shapes import Asked
from inboxcrm.leads.pipeline import StageKind

WORDS = (
    "Of the leads that are open or were closed within the period: put off are those whose close date lies in a later "
    "month than when the period began (or than the first date they were given within it). How often: how many times "
    "their date was moved to a later day. By how much: the days between the two dates; half of them at most the "
    "median. Overdue are open leads whose close date has passed."
)


class Slip(NamedTuple):
    """`times`: how often the date was moved to a later day; `last_on` None: it was taken away. Days in ISO."""

    lead_id: int
    owner_id: int | None
    first_on: str
    last_on: str | None
    times: int

    @property
    def days(self) -> int:
        """0 where the date was taken away."""
        last = self.last_on or self.first_on
        return (date.fromisoformat(last) - date.fromisoformat(self.first_on)).days


@dataclass(frozen=True, slots=True)
class Slips:
    """`some` by lead; `dated`: how many of the leads asked about have a close date, by owner."""

    some: tuple[Slip, ...]
    dated: Mapping[int | None, int]


def slips(spells: Iterable[Spell], asked: Asked) -> Slips:
    held = list(spells)
    dates: dict[int, list[tuple[int, str]]] = {}
    for one in held:
        until = one.until_at
        if until is None or not asked.since < until <= asked.at or one.from_at >= until:
            continue  # it still holds, was over before, or never held
        if one.state.close_on is not None:
            dates.setdefault(one.lead_id, []).append((until, one.state.close_on))
    kinds = {one.key: one.kind for one in asked.pipeline.stages}
    found: list[Slip] = []
    dated: dict[int | None, int] = {}
    for lead_id, state in sorted(standing_at(held, asked.at).items()):
        is_open = kinds.get(state.stage, StageKind.OPEN) is StageKind.OPEN
        is_recent = asked.since <= state.stage_since_at <= asked.at
        if state.pipeline != asked.pipeline.key or not (is_open or is_recent):
            continue
        if state.close_on is not None:
            dated[state.owner_id] = dated.get(state.owner_id, 0) + 1
        known = [day for _, day in sorted(dates.get(lead_id, ()))]
        if not known or (state.close_on is not None and state.close_on[:7] <= known[0][:7]):
            continue
        if state.close_on is not None:
            known.append(state.close_on)
        times = sum(after > before for before, after in pairwise(known))
        found.append(Slip(lead_id, state.owner_id, known[0], state.close_on, times))
    return Slips(tuple(found), dated)


def slips_behind(found: Iterable[Slip], kind: str, owner: str = "") -> list[int]:
    """Of `kind` "slipped" or "dropped"; `owner` "" is everybody, "0" nobody."""
    return [
        one.lead_id
        for one in found
        if (one.last_on is None) == (kind == "dropped")
        and (not owner or str(one.owner_id or 0) == owner)
    ]
