"""Offices on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sending.office import QUICK, Office
from tests.sending.post import Habits, Post
from tests.sync.conftest import new_bench as new_bench  # noqa: PLC0414 - a fixture
from tests.sync.killing import Bench


@pytest.fixture
def new_office(new_bench: Callable[[], Bench]) -> Callable[..., Office]:
    """Each call gives one on an empty database, furnished and with its merge running."""

    def make(
        habits: Habits | None = None,
        *,
        rules=QUICK,
        people=("bob", "erin", "frank"),
        steps=(),
    ) -> Office:
        bench = new_bench()
        post = Post(bench.clock.seconds, habits or Habits())
        office = Office(bench, post, people, rules, steps)
        office.furnish()
        return office

    return make
