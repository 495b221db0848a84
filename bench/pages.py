"""(e) Pages at 100,000 leads against 1,000: inbox and filters, Today, review queue, search, a lead with a long past."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterator

from bench.asking import Asked, p95, small_and_big
from bench.databases import DIALECTS, Databases
from bench.figures import Figure, dearness_figure
from bench.full_desk import BUSY_LEAD

TARGET = 1.3

PAGES: dict[str, Callable[[Asked, float], str]] = {
    "inbox": lambda _asked, _share: "/",
    "inbox, waiting on us": lambda _asked, _share: "/?show=waiting",
    "today": lambda _asked, _share: "/today",
    "review queue": lambda _asked, _share: "/review",
    "search": lambda asked, share: f"/search?q=person+{1 + int(share * (asked.size.leads - 1))}",
    "list of leads": lambda _asked, _share: "/leads",
    "lead with 5,000 activities": lambda asked, _share: (
        f"/leads/{asked.desk.ids.seal('lead', BUSY_LEAD)}"
    ),
}
"""What is asked for, by the name of its figure.

The share says whom a search is for: the same place at both desks, so that as many leads begin with the digits of it.
"""


def measure(
    databases: Databases, tell: Callable[[str], None], *, quick: bool, dialects=DIALECTS
) -> list[Figure]:
    leads, blocks, each = (2_000, 1, 3) if quick else (100_000, 5, 60)
    figures: list[Figure] = []
    for dialect in dialects:
        with small_and_big(databases, dialect, leads, tell) as (ours_small, ours_big):
            for name in PAGES:
                pairs = list(_blocks(name, ours_small, ours_big, blocks=blocks, each=each))
                figures.append(
                    dearness_figure(
                        "e",
                        f"{dialect}: {name}, {leads:,} leads against {leads // 100:,}",
                        "ms p95",
                        [p95(mine) * 1000 for mine, _ in pairs],
                        [p95(theirs) * 1000 for _, theirs in pairs],
                        TARGET,
                    )
                )
    return figures


def _blocks(
    name: str, small: Asked, big: Asked, *, blocks: int, each: int
) -> Iterator[tuple[list[float], list[float]]]:
    """Seconds at the big desk and at the small one, asked in turn; the first block only warms up."""
    path, dice = PAGES[name], random.Random(name)
    for number in range(blocks + 1):
        gc.collect()
        found: tuple[list[float], list[float]] = [], []
        for _ in range(each):
            share = dice.random()
            for times, asked in zip(found, (big, small), strict=True):
                where = path(asked, share)
                started = time.perf_counter()
                answer = asked.client.get(where)
                times.append(time.perf_counter() - started)
                assert answer.status_code == 200, (where, answer.status)
        if number:
            yield found
