"""What an edit of a running cadence changes, for whom: the difference of two plans, and of two lists of steps.

Both plans come from the planning code (cadence.plan), once with the steps as they are and once as they would be, over
the same people and the same mailbox. A mail is one person's step. In both plans it may get another text or another
time; in one alone it is lost or added.
Every edit moves the queue of the mailbox by minutes, also for people who get what they were to get. That is no other
time: only from SAME_TIME on a mail counts as moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inboxcrm.cadence.plan_shapes import PlannedMail

SAME_TIME = timedelta(hours=1)
TextOf = Callable[[str, str], Hashable]
"""(person, step) -> what tells its text from others."""


class Change(StrEnum):
    """The gravest first."""

    ADDED = "added"
    LOST = "lost"
    TEXT = "text"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class MailChange:
    """`before` and `after` are when it goes, None where it does not. `changes` are never empty."""

    step: str
    changes: tuple[Change, ...]
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class PersonChanges:
    """Of one person, in the order in which the mails go. Who gets the same has none."""

    person: str
    mails: tuple[MailChange, ...] = ()

    @property
    def kinds(self) -> frozenset[Change]:
        return frozenset(one for mail in self.mails for one in mail.changes)


def plan_changes(
    people: Iterable[str],
    before: Iterable[PlannedMail],
    after: Iterable[PlannedMail],
    *,
    text_before: TextOf,
    text_after: TextOf,
) -> list[PersonChanges]:
    """One for each of `people`, in their order."""
    old, new = _by_person(before), _by_person(after)
    return [
        PersonChanges(
            one, _of_person(one, old.get(one, {}), new.get(one, {}), text_before, text_after)
        )
        for one in people
    ]


def count_changes(changes: Iterable[PersonChanges]) -> dict[Change, int]:
    """How many people each kind of change meets, those that meet nobody left out; one person may be met by several."""
    counts = Counter(kind for one in changes for kind in one.kinds)
    return {kind: counts[kind] for kind in Change if counts[kind]}


def _by_person(mails: Iterable[PlannedMail]) -> dict[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = {}
    for one in mails:
        found.setdefault(one.person, {})[one.step] = one.at
    return found


def _of_person(
    person: str,
    old: dict[str, datetime],
    new: dict[str, datetime],
    text_before: TextOf,
    text_after: TextOf,
) -> tuple[MailChange, ...]:
    found = []
    for step in dict.fromkeys((*old, *new)):
        was, will = old.get(step), new.get(step)
        changes: list[Change] = []
        if was is None or will is None:
            changes.append(Change.ADDED if was is None else Change.LOST)
        else:
            if text_before(person, step) != text_after(person, step):
                changes.append(Change.TEXT)
            if abs(will - was) >= SAME_TIME:
                changes.append(Change.TIME)
        if changes:
            found.append(MailChange(step, tuple(changes), was, will))
    return tuple(sorted(found, key=_when))


def _when(one: MailChange) -> datetime:
    at = one.after or one.before
    assert at is not None, "a mail that changes goes in one of the two plans"
    return at


# --- the steps themselves ---------------------------------------------------------


class StepChange(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class ComparedStep:
    """What of a step counts: `content` is its text or title, `wait` its delay and the delay's unit."""

    key: str
    content: Hashable
    wait: Hashable


def step_changes(
    before: Sequence[ComparedStep], after: Sequence[ComparedStep]
) -> list[tuple[str, StepChange]]:
    """(key, what became of it), in the order of `after`, those taken out behind; the same ones are left out.

    A step is moved where those that stand in both come in another order: of two that changed places the one that now
    comes earlier is named.
    """
    old = {one.key: one for one in before}
    stays = [one.key for one in before if one.key in {new.key for new in after}]
    found: list[tuple[str, StepChange]] = []
    for one in after:
        was = old.get(one.key)
        if was is None:
            found.append((one.key, StepChange.ADDED))
            continue
        if stays[0] != one.key:
            found.append((one.key, StepChange.MOVED))
        stays.remove(one.key)
        if (was.content, was.wait) != (one.content, one.wait):
            found.append((one.key, StepChange.CHANGED))
    kept = {one.key for one in after}
    found += [(one.key, StepChange.REMOVED) for one in before if one.key not in kept]
    return found
