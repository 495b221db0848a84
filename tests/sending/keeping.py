"""Offices on both databases, made once and then laid down as they were left: to furnish one takes longer than most tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from copy import copy, deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.sending.office import QUICK, Office
from tests.sending.post import Habits, Post
from tests.sync.killing import Bench


@dataclass(slots=True)
class Shelf:
    """Offices as they were made, by how they were made. What is asked for once is not worth its place."""

    asked: Counter[Hashable] = field(default_factory=Counter)
    kept: dict[Hashable, tuple[Path | str, Office]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewOffice:
    """Each call gives one on a database of its own, furnished and with its merge running.

    `keep` keeps the content of its database. `is_plain` is False where a test may have patched what makes it: then
    nothing is kept but by `keep_one`.
    """

    dialect: str
    new_bench: Callable[..., Bench]
    shelf: Shelf
    keep: Callable[[Office], Path | str]
    is_plain: bool

    def __call__(
        self,
        habits: Habits | None = None,
        *,
        rules=QUICK,
        people=("bob", "erin", "frank"),
        steps=(),
    ) -> Office:
        def make() -> Office:
            bench = self.new_bench()
            office = Office(bench, Post(bench.clock.seconds, Habits()), people, rules, steps)
            office.furnish()
            return office

        office = self.made_once(repr((rules, people, steps)), make)
        office.post.habits = habits or Habits()
        return office

    def made_once(self, way: Hashable, make: Callable[[], Office]) -> Office:
        """Made anew twice, and from then on as it was left that time: database, post and clock."""
        way = self.dialect, way
        if way in self.shelf.kept:
            content, left = self.shelf.kept[way]
            return _as_left(left, self.new_bench(content))
        office = make()
        self.shelf.asked[way] += 1
        if self.is_plain and self.shelf.asked[way] > 1:
            self.shelf.kept[way] = self.keep(office), _as_left(office, copy(office.bench))
        return office

    def keep_one(self, **how: Any) -> None:
        """For a test that will ask for many of them after it has patched something."""
        plain = replace(self, is_plain=True)
        plain(**how)
        plain(**how)


def _as_left(office: Office, bench: Bench) -> Office:
    bench.clock = copy(office.bench.clock)
    old = office.post
    post = replace(old, now=bench.clock.seconds, drafts=deepcopy(old.drafts), sent=deepcopy(old.sent))  # fmt: skip
    return replace(office, bench=bench, post=post, lives=copy(office.lives))
