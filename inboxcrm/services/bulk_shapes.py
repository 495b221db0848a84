"""What a change of many leads is made of: what can be changed, what is to be written, and how the change stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STAGE, OWNER, CLOSE, SOURCE, TAG, UNTAG = "stage", "owner", "close", "source", "tag", "untag"
CUSTOM = "custom."
"""Before the key of a declared field."""
LABELS = {
    STAGE: "Stage",
    OWNER: "Owner",
    TAG: "Put a tag on",
    UNTAG: "Take a tag off",
    CLOSE: "Close date",
    SOURCE: "Source",
}
"""In the order of the form; declared fields follow."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`what` is a key of LABELS or `custom.KEY`; `reason` says why leads are lost that are moved there."""

    what: str
    value: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A reason, how many leads it holds for, and some of them: (id or nothing, name)."""

    reason: str
    count: int
    some: tuple[tuple[str | None, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BulkLook:
    """What would happen now: so many change, so many are so already, and why the others stay as they are."""

    changes: int
    same: int
    refused: tuple[WhyNot, ...] = ()

    @property
    def refused_count(self) -> int:
        return sum(one.count for one in self.refused)


@dataclass(frozen=True, slots=True)
class BulkView:
    """`counts` by outcome: "" still to come, changed, same, refused, undone, kept. `words` is what is changed, as in
    "stage: Won"; `look` stands where nothing was changed yet and it was said what to change.
    """

    id: str
    state: str
    total: int
    back: str
    pipeline: str
    is_capped: bool = False
    wanted: Wanted | None = None
    words: str = ""
    look: BulkLook | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[WhyNot, ...] = ()

    def count(self, outcome: str) -> int:
        return self.counts.get(outcome, 0)

    @property
    def is_going_on(self) -> bool:
        """Something of it is still to come."""
        if self.state == "running":
            return bool(self.count(""))
        return self.state == "undoing" and bool(self.count("changed"))
