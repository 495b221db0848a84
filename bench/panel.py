"""(c) The panel's answer at 100,000 leads, against a desk of 1,000 and against a bare route.

All three are asked in turn through Flask's test client, so that noise meets them alike. Ours pass
the whole door: host, session, permission, origin, limits, headers. The bare route reads the same
JSON and answers it by one indexed SELECT on the big database, over the same engine.
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient

from bench.asking import Asked, p95, small_and_big
from bench.databases import DIALECTS, Databases
from bench.figures import Figure, dearness_figure
from bench.full_desk import (
    OWNER,
    Size,
    lead_address,
    lead_of_thread,
    stranger_address,
    thread_ref,
)
from bench.reference import bare_route

GROWTH_TARGET = 1.3
BARE_TARGET = 5.0


def measure(
    databases: Databases, tell: Callable[[str], None], *, quick: bool, dialects=DIALECTS
) -> list[Figure]:
    leads, blocks, each = (2_000, 2, 40) if quick else (100_000, 7, 400)
    figures: list[Figure] = []
    for dialect in dialects:
        with small_and_big(databases, dialect, leads, tell) as (small, big):
            bare = bare_route(big.settings.database.url).test_client()
            found = _blocks(small, big, bare, blocks=blocks, each=each)
        figures += _figures(dialect, big.size, found)
    return figures


def contexts(size: Size, seed: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(state to expect, Context): what people open, one mail in ten from a heavy lead or a stranger."""
    dice = random.Random(seed)
    threads = size.messages // 3
    kinds = ("known",) * 6 + ("heavy", "several", "thread", "stranger")
    turn = 0
    while True:
        kind = kinds[turn % len(kinds)]
        turn += 1
        thread = dice.randrange(threads)
        if kind == "heavy":
            thread -= thread % 40
        elif kind == "several":
            thread -= thread % 10 - 1
        elif thread % 40 == 0:
            thread += 2
        key = lead_address(lead_of_thread(size, thread))
        people = [
            {"address": key, "name": "", "role": "from"},
            {"address": OWNER, "name": "Alice Berg", "role": "to"},
        ]
        context: dict[str, Any] = {
            "v": 1,
            "mailbox_address": OWNER,
            "thread": thread_ref(thread),
            "subject": f"Offer {thread}",
        }
        if kind == "several":
            other = lead_address(lead_of_thread(size, thread + 1))
            people.append({"address": other, "name": "", "role": "cc"})
        if kind == "stranger":
            known = dice.random() < 0.5
            number = dice.randrange(1, size.strangers)
            address = stranger_address(number) if known else f"new{turn}@firm{turn % 997}.example"
            people[0] = {"address": address, "name": "Nora Haas", "role": "from"}
            del context["thread"]
        if kind != "thread":
            context["people"] = people
        yield ("unknown" if kind == "stranger" else "lead"), context


@dataclass(slots=True)
class _Block:
    """Seconds of every request, by who was asked: wall, and CPU of this process."""

    wall: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)


def _blocks(small: Asked, big: Asked, bare: FlaskClient, *, blocks: int, each: int) -> list[_Block]:
    asked_small = contexts(small.size, "small")
    asked_big = contexts(big.size, "big")
    asked_bare = contexts(big.size, "bare")
    url = "/api/v1/ext/context"
    found: list[_Block] = []
    for number in range(blocks + 1):
        block = _Block()
        gc.collect()
        for _ in range(each):
            state, body = next(asked_small)
            _ask(block, "small", small.client, url, body, state)
            state, body = next(asked_big)
            _ask(block, "big", big.client, url, body, state)
            body = next(asked_bare)[1]
            body.setdefault("people", [{"address": OWNER}])
            _ask(block, "bare", bare, "/context", body, "")
        if number:  # the first block only warms up
            found.append(block)
    return found


def _ask(
    block: _Block, who: str, client: FlaskClient, url: str, body: dict[str, Any], state: str
) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = client.post(url, json=body)
    block.wall.setdefault(who, []).append(time.perf_counter() - wall)
    block.cpu.setdefault(who, []).append(time.process_time() - cpu)
    assert answer.status_code == 200, answer.text
    assert not state or answer.json["state"] == state, answer.text


def _figures(dialect: str, size: Size, blocks: list[_Block]) -> list[Figure]:
    made: list[Figure] = []
    for name, target, against in (
        (f"{size.leads:,} leads against {size.leads // 100:,}", GROWTH_TARGET, "small"),
        ("panel against a bare route", BARE_TARGET, "bare"),
    ):
        mine = [p95(block.wall["big"]) * 1000 for block in blocks]
        theirs = [p95(block.wall[against]) * 1000 for block in blocks]
        one = dearness_figure("c", f"{dialect}: {name}", "ms p95", mine, theirs, target)
        cpu = dearness_figure(
            "c",
            "",
            "",
            [p95(block.cpu["big"]) for block in blocks],
            [p95(block.cpu[against]) for block in blocks],
            target,
        )
        made.append(one.noted(f"by CPU seconds {cpu.ratio:.2f}"))
    return made
