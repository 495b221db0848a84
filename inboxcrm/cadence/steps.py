"""The steps of a cadence: how their waits are written, which one follows, and the keys they keep.

A step's key survives every version of its cadence and is never given to another step: it is half of what makes sure
that nobody gets a step twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
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


def steps_after(
    steps: Sequence[AnyStep], key: str, *, before: Sequence[str] = (), had: Collection[str] = ()
) -> list[AnyStep]:
    """What is to come for somebody whose last step was `key`: the steps behind it, none of those they `had`.

    Where that step was taken out meanwhile, `before` tells its place: the keys of the newest version that had it, in
    order. They go on with the first step that followed it there and still stands; where none does, behind as many
    steps as they had gone through. A step put in its stead is for others: they have been past that place.
    """
    return [one for one in steps[_place_behind(steps, key, before) :] if one.key not in had]


def _place_behind(steps: Sequence[AnyStep], key: str, before: Sequence[str]) -> int:
    places = {one.key: at for at, one in enumerate(steps)}
    if key in places:
        return places[key] + 1
    if key not in before:
        return 0
    passed = before.index(key) + 1
    still_there = (places[one] for one in before[passed:] if one in places)
    return next(still_there, min(passed, len(steps)))


def goes_on_thread(number: int | None, data: str | None) -> bool:
    """Whether a step answers the mails before it; `data` is its JSON. `number` None: it is gone from the version."""
    return number is not None and number > 1 and json.loads(data or "{}").get("thread") != "new"


def next_key(used: Iterable[str]) -> str:
    """One that no step of the cadence ever had, in any version."""
    return f"s{max((int(one[1:]) for one in used), default=0) + 1}"
