"""The steps of a cadence: how their waits are written, which one follows, and the keys they keep.

A step's key survives every version of its cadence and is never given to another step: it is half of what makes sure
that nobody gets a step twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

LONGEST_DELAY_DAYS = 365
_WAIT = re.compile(r"\s*(\d{1,3})\s*(?:(business|working)\s+)?(d|days?|weeks?)\s*", re.IGNORECASE)


class StepKind(StrEnum):
    MAIL = "mail"
    TASK = "task"
    CALL = "call"


class DelayUnit(StrEnum):
    DAYS = "days"
    BUSINESS_DAYS = "business_days"


class Step(Protocol):
    @property
    def key(self) -> str: ...


AnyStep = TypeVar("AnyStep", bound=Step)


def parse_delay(text: str) -> tuple[int, DelayUnit]:
    """Reads "3 days", "2 business days", "1 week". Raises ValueError with what is wrong, for people."""
    found = _WAIT.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text[:60]}" is not like "3 days", "2 business days" or "1 week"')
    many = int(found[1])
    if found[3].lower().startswith("week"):
        if found[2]:
            raise ValueError("a week has no business weeks; write it in business days")
        many *= 7
    if many > LONGEST_DELAY_DAYS:
        raise ValueError(f"the longest wait is {LONGEST_DELAY_DAYS} days")
    return many, DelayUnit.BUSINESS_DAYS if found[2] else DelayUnit.DAYS


def delay_in_words(delay: int, unit: str) -> str:
    kind = "business day" if unit == DelayUnit.BUSINESS_DAYS.value else "day"
    return "at once" if delay == 0 else f"after {delay} {kind}{'' if delay == 1 else 's'}"


def steps_after(steps: Sequence[AnyStep], key: str) -> list[AnyStep]:
    """Those behind the step of that key; all where it is not among them any more."""
    for at, one in enumerate(steps):
        if one.key == key:
            return list(steps[at + 1 :])
    return list(steps)


def next_key(used: Iterable[str]) -> str:
    """One that no step of the cadence ever had, in any version."""
    return f"s{max((int(one[1:]) for one in used), default=0) + 1}"
