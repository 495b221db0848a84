"""The database equals the mailbox, wherever the worker died while mail kept arriving."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sync.killing import (
    Bench,
    concluded,
    differences,
    lead_differences,
    run_to_the_end,
)
from tests.sync.world import World, story

NewBench = Callable[[], Bench]


def every_position(
    new_bench: NewBench, tell: Callable[[], World], *, step: int = 1, seed: int | None = None
) -> tuple[list[str], list[str], int]:
    """Kills at each position; returns differences in mail, differences in leads, and the number of runs."""
    bench = new_bench()
    world = tell()
    positions = run_to_the_end(bench, world)
    expected = concluded(bench)
    wrong = [f"uninterrupted: {line}" for line in differences(bench, world)]
    leads: list[str] = []
    runs = 1
    for position in range(1, positions + 1, step):
        bench, world = new_bench(), tell()
        run_to_the_end(
            bench, world, blow_at=position, seed=None if seed is None else seed + position
        )
        runs += 1
        wrong += [f"killed at {position}: {line}" for line in differences(bench, world)]
        leads += [
            f"killed at {position}: {line}" for line in lead_differences(expected, concluded(bench))
        ]
    return wrong, leads, runs


@pytest.mark.parametrize("expires_at", [None, 9], ids=["history-holds", "history-expires"])
def test_killed_anywhere_in_a_moving_mailbox_the_next_runs_end_level_with_it(
    new_bench: NewBench, expires_at: int | None, dialect: str
) -> None:
    step = 2 if dialect == "sqlite" else 9
    wrong, leads, runs = every_position(
        new_bench, lambda: story(deletes=False, expires_at=expires_at), step=step
    )
    assert (wrong, leads) == ([], [])
    assert runs > 10


def test_killed_anywhere_with_faults_and_deletions_the_mail_is_level(
    new_bench: NewBench, dialect: str
) -> None:
    step = 5 if dialect == "sqlite" else 17
    wrong, _, runs = every_position(
        new_bench, lambda: story(deletes=True, expires_at=11), step=step, seed=7
    )
    assert wrong == []
    assert runs > 5


@pytest.mark.torture
@pytest.mark.parametrize("expires_at", [None, 4, 6, 8, 10, 12, 14, 16], ids=str)
@pytest.mark.parametrize("seed", [None, 1, 2], ids=str)
@pytest.mark.parametrize("deletes", [False, True], ids=["keeps", "deletes"])
def test_the_full_matrix(
    new_bench: NewBench, expires_at: int | None, seed: int | None, deletes: bool
) -> None:
    wrong, leads, runs = every_position(
        new_bench, lambda: story(deletes=deletes, expires_at=expires_at), seed=seed
    )
    print(f"{runs} runs: {len(wrong)} differences in mail, {len(leads)} in leads")
    assert wrong == []
    if not deletes:
        assert leads == []
