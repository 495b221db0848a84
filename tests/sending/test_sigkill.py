"""Real senders, really killed, against the practice server: nobody gets it twice, nobody is forgotten, both databases."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import combinations, islice, product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from inboxcrm.sandbox.child import ChildSandbox, MailboxPlan, child_sandbox
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.store.database import Database
from tests.sending.office import COMPOSE, MONDAY, Office
from tests.sending.post import Post
from tests.sync.killing import Bench, MortalDatabase
from tests.sync.test_sigkill import Victims
from tests.sync.test_sigkill import new_victims as new_victims  # noqa: PLC0414 - a fixture
from tests.sync.victim import BUSY, LEVEL, TROUBLE

READONLY = "https://www.googleapis.com/auth/gmail.readonly"
ALICE = "alice@seller.example"
RATE = 300.0
"""Business seconds in a second: the looks into lost answers take minutes of it."""


@pytest.fixture
def sandbox() -> Iterator[ChildSandbox]:
    with child_sandbox([MailboxPlan(ALICE, MONDAY)]) as running:
        yield running


def furnished(url: str, people: int) -> None:
    with closing(MortalDatabase.open(url)) as database:
        bench = Bench(database)
        syllables = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "so", "tu")
        made = ("".join(parts) for parts in product(syllables, repeat=3))
        names = tuple(islice(made, people))
        Office(bench, Post(bench.clock.seconds), names).furnish()


def states(url: str) -> Counter[str]:
    from sqlalchemy import select

    from inboxcrm.store.tables import outbox

    with Database.open(url) as database, database.read() as tx:
        return Counter(tx.execute(select(outbox.c.state)).scalars())


def kill_and_send(
    sandbox: ChildSandbox,
    victims: Victims,
    url: str,
    token_file: Path,
    *,
    kills: int,
    seed: int,
    turn: Callable[[int], None] = lambda _killed: None,
) -> int:
    """Lives and deaths until nothing is open; returns how many were killed at work. `turn` comes before each life, and
    is told how many were killed by then.
    """
    write_token_file(token_file, sandbox.url, address=ALICE, scopes=(READONLY, COMPOSE))
    order: dict[str, Any] = {
        "url": url,
        "token_file": str(token_file),
        "endpoint": sandbox.url,
        "began": time.time(),
        "rate": RATE,
    }
    dice, killed = Random(seed), 0

    def live(*, forever: bool) -> None:
        passed = (time.time() - order["began"]) * RATE
        sandbox.pull("clock", at_ms=int((MONDAY.timestamp() + passed) * 1000))
        victims.send(order | {"forever": forever})

    while killed < kills:
        turn(killed)
        live(forever=True)
        time.sleep(dice.uniform(0.05, 0.6))
        code = victims.kill()
        assert code in (-signal.SIGKILL, TROUBLE), victims.complaints.read_text()
        killed += code == -signal.SIGKILL
    for _ in range(400):
        live(forever=False)
        code = victims.ended()
        assert code in (LEVEL, TROUBLE, BUSY), victims.complaints.read_text()
        if not set(states(url)) - {"sent", "unconfirmed"}:
            return killed
        time.sleep(0.05)
    raise AssertionError(f"never came to its end: {states(url)}")


def doubled_or_lost(sandbox: ChildSandbox, url: str, people: int) -> list[str]:
    reached = Counter(mail["recipient"] for mail in sandbox.pull("delivered")["mails"])
    wrong = [f"{who} got it {times} times" for who, times in reached.items() if times > 1]
    found = states(url)
    missed = people - len(reached)
    if missed > found["unconfirmed"]:
        wrong.append(f"{missed} people got nothing, {found['unconfirmed']} are unconfirmed")
    return wrong


@pytest.mark.parametrize("loses", [0.0, 0.1], ids=["answers-come", "answers-are-lost"])
def test_killed_at_any_moment_nobody_gets_it_twice(
    *,
    loses: float,
    sandbox: ChildSandbox,
    database_url: str,
    tmp_path: Path,
    new_victims: Callable[..., Victims],
) -> None:
    people, kills = 60, 8
    furnished(database_url, people)
    sandbox.pull("sending", lost_rate=loses, seed=5)
    killed = kill_and_send(
        sandbox,
        new_victims("tests.sending.victim"),
        database_url,
        tmp_path / "alice.json",
        kills=kills,
        seed=int(loses * 100),
    )
    assert killed == kills
    assert doubled_or_lost(sandbox, database_url, people) == []
    assert states(database_url) == {"sent": people}


SWITCHES = {
    "keeps_ref": (False, True),
    "keeps_message_id": (False, True),
    "strips_key": (False, True),
    "accepts_consumed": (False, True),
    "slow_history_seconds": (0, 250),
    "slow_search_seconds": (0, 250),
    "lingering_seconds": (0, 250),
}
"""Each of them off and on. Business seconds, of which some hundred pass in a second."""


def settings_of(number: int) -> dict[str, object]:
    """One of eight settings in which every two switches meet in all four ways (an orthogonal array of strength two):
    each switch has a mask of its own of three bits, and is on where an odd number of them is set.
    """
    return {
        name: ways[(number & mask).bit_count() % 2]
        for mask, (name, ways) in enumerate(SWITCHES.items(), start=1)
    }


def test_in_the_eight_settings_every_two_switches_meet_in_all_ways() -> None:
    settings = [settings_of(number) for number in range(8)]
    for one, other in combinations(SWITCHES, 2):
        assert len({(found[one], found[other]) for found in settings}) == 4, (one, other)


ALL_SETTINGS = [dict(zip(SWITCHES, ways, strict=True)) for ways in product(*SWITCHES.values())]


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(2))
def test_two_kills_in_each_of_all_the_settings(
    *,
    seed: int,
    sandbox: ChildSandbox,
    database_url: str,
    tmp_path: Path,
    new_victims: Callable[..., Victims],
) -> None:
    """The provider changes its ways from life to life, so that one life's mails are looked into under another's."""
    people, settings = 500, Random(seed).sample(ALL_SETTINGS, len(ALL_SETTINGS))
    furnished(database_url, people)
    killed = kill_and_send(
        sandbox,
        new_victims("tests.sending.victim"),
        database_url,
        tmp_path / "alice.json",
        kills=2 * len(settings),
        seed=seed,
        turn=lambda number: sandbox.pull(
            "sending", lost_rate=0.05, seed=number, **settings[number % len(settings)]
        ),
    )
    wrong = doubled_or_lost(sandbox, database_url, people)
    print(f"{killed} kills, {dict(states(database_url))}: {len(wrong)} doubled or lost")
    assert wrong == []


@pytest.mark.torture
@pytest.mark.parametrize("number", range(8))
def test_two_hundred_kills_of_five_hundred_mails(
    *,
    number: int,
    sandbox: ChildSandbox,
    database_url: str,
    tmp_path: Path,
    new_victims: Callable[..., Victims],
) -> None:
    people = 500
    furnished(database_url, people)
    sandbox.pull("sending", lost_rate=0.05, seed=1, **settings_of(number))
    killed = kill_and_send(
        sandbox,
        new_victims("tests.sending.victim"),
        database_url,
        tmp_path / "alice.json",
        kills=200,
        seed=3,
    )
    wrong = doubled_or_lost(sandbox, database_url, people)
    print(f"{killed} kills, {dict(states(database_url))}: {len(wrong)} doubled or lost")
    assert wrong == []
