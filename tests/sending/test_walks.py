"""Random weeks, on both databases: whatever happens, nobody gets a step twice and a stop that came first wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from inboxcrm.services import gating, sending
from inboxcrm.services.gating import Verdict
from tests.sending.office import Office
from tests.sending.walk import PEOPLE, RULES, STEPS, Walk, habits_by

NewOffice = Callable[..., Office]
MOVES = 60


def walked(new_office: NewOffice, seed: int) -> tuple[Walk, list[str]]:
    dice = Random(seed)
    walk = Walk(new_office(habits_by(dice), rules=RULES, people=PEOPLE, steps=STEPS), dice)
    return walk, walk.go(MOVES)


def refuse_broken_promises(new_office: NewOffice, seed: int) -> None:
    walk, wrong = walked(new_office, seed)
    assert not wrong, "\n".join([*walk.log, f"seed {seed}, {walk.office.post.habits}:", *wrong])


@pytest.mark.parametrize("seed", range(6))
def test_in_a_random_week_every_promise_holds(new_office: NewOffice, seed: int) -> None:
    refuse_broken_promises(new_office, seed)


@pytest.mark.torture
@pytest.mark.parametrize("hundred", range(10))
def test_in_a_thousand_random_weeks_every_promise_holds(
    new_office: NewOffice, hundred: int
) -> None:
    for seed in range(1_000 + 100 * hundred, 1_100 + 100 * hundred):
        refuse_broken_promises(new_office, seed)
    print("100 weeks, 0 promises broken")


# --- each rule taken away: the walk must notice ------------------------------------------


def no_last_look(patch: pytest.MonkeyPatch) -> None:
    """The gate is asked at the claim alone."""
    real = sending.verdict_on

    def verdict_on(tx: Any, desk: Any, mail: Any, now: Any) -> Verdict:
        found = real(tx, desk, mail, now)
        return found if mail.state == "planned" else replace(found, reasons=())

    patch.setattr(sending, "verdict_on", verdict_on)


def no_heed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sending, "heed_new_mail", lambda leaving: None)


def without(*keys: str) -> Callable[[pytest.MonkeyPatch], None]:
    """The gate lacks these reasons."""

    def broken(patch: pytest.MonkeyPatch) -> None:
        real = gating.reasons_against
        patch.setattr(
            gating,
            "reasons_against",
            lambda facts, now: tuple(one for one in real(facts, now) if one.key not in keys),
        )

    return broken


def no_other_clocks(patch: pytest.MonkeyPatch) -> None:
    """All are asked by the clock of the rules."""
    patch.setattr(gating, "zone_of", lambda *_: "")


BROKEN = {
    "no last look": (no_last_look, "crosses"),
    "nobody reads what came": (no_heed, "crosses behind"),
    "no hours": (without("window"), "outside the hours"),
    "one clock for all": (no_other_clocks, "outside the hours"),
    "no cap": (without("cap"), "over the cap"),
    "no gap": (without("gap"), "too soon"),
    "no pause": (without("not_running"), "is paused"),
    "absences": (without("parked"), "are away"),
    "no rest for one": (without("parked"), "let it rest"),
    "no suppression": (without("suppressed"), "a suppression"),
}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("rule", BROKEN)
def test_the_walk_notices(
    new_office: NewOffice, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    broken, said = BROKEN[rule]
    new_office.keep_one(rules=RULES, people=PEOPLE, steps=STEPS)
    broken(monkeypatch)
    assert any(said in line for seed in range(30) for line in walked(new_office, seed)[1]), (
        f"thirty weeks without it, and nothing of {said!r}"
    )
