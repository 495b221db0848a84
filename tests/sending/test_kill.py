"""Nobody gets a step twice and nothing that left looks unsent, wherever the sender died and whatever the provider did."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from tests.sending.office import Office
from tests.sending.post import Habits

NewOffice = Callable[..., Office]

KIND = Habits()
LATE = 250.0  # seen by the second look, five minutes after the hand-over, not by the first
HABITS = [
    Habits(
        late_seconds=late,
        lingers_seconds=lingers,
        takes_twice=twice,
        strips_key=strips,
        lost_done=0.3,
        lost_undone=0.15,
        refused=0.1,
        lost_drafts=0.15,
    )
    for late, lingers, twice, strips in product(
        (0.0, LATE), (0.0, LATE), (False, True), (False, True)
    )
]


def every_position(
    new_office: NewOffice, habits: Habits, *, step: int = 1, seed: int = 0
) -> tuple[list[str], int]:
    """Kills at each position; returns what went against the promises, and the number of runs."""
    office = new_office(habits)
    positions = office.to_the_end(seed=seed)
    wrong = [f"uninterrupted: {line}" for line in office.wrong()]
    runs = 1
    for position in range(1, positions + 1, step):
        office = new_office(habits)
        office.to_the_end(blow_at=position, seed=seed)
        runs += 1
        wrong += [f"killed at {position}: {line}" for line in office.wrong()]
    return wrong, runs


def test_everybody_gets_it_once_when_nothing_goes_wrong(new_office: NewOffice) -> None:
    office = new_office()
    office.to_the_end()
    assert set(office.states().values()) == {"sent"}
    assert set(office.post.deliveries().values()) == {1}


TWO_STEPS = ({"after": "2 days", "template": "hello"},)


def test_killed_anywhere_in_two_steps_everybody_gets_each_once(
    new_office: NewOffice, dialect: str
) -> None:
    office = new_office(steps=TWO_STEPS, people=("bob", "erin"))
    positions = office.to_the_end()
    assert [row.step_key for row in office.rows()] == ["s1", "s1", "s2", "s2"]
    for position in range(1, positions + 1, 2 if dialect == "sqlite" else 11):
        office = new_office(steps=TWO_STEPS, people=("bob", "erin"))
        office.to_the_end(blow_at=position)
        assert office.wrong() == [], position
        assert [row.state for row in office.rows()] == ["sent"] * 4, position


def test_killed_anywhere_everybody_gets_it_once(new_office: NewOffice, dialect: str) -> None:
    office = new_office()
    positions = office.to_the_end()
    assert positions > 30
    for position in range(1, positions + 1, 1 if dialect == "sqlite" else 4):
        office = new_office()
        office.to_the_end(blow_at=position)
        assert office.wrong() == [], position
        assert set(office.states().values()) == {"sent"}, position


@pytest.mark.parametrize("number", range(len(HABITS)))
def test_whatever_the_provider_does_nobody_gets_it_twice(
    new_office: NewOffice, number: int, dialect: str
) -> None:
    """A few positions each; `make torture` takes them all."""
    wrong, runs = every_position(
        new_office, HABITS[number], step=23 if dialect == "sqlite" else 67, seed=number
    )
    assert wrong == []
    assert runs > 1


@pytest.mark.torture
@pytest.mark.parametrize("number", range(len(HABITS)))
@pytest.mark.parametrize("seed", range(3))
def test_every_position_under_every_habit(new_office: NewOffice, number: int, seed: int) -> None:
    wrong, runs = every_position(new_office, HABITS[number], seed=100 * seed + number)
    print(f"{runs} runs: {len(wrong)} doubled, lost or wrongly told")
    assert wrong == []
