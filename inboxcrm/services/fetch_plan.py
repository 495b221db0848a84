"""What to ask the provider for, and when to ask again. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from inboxcrm.ports import Wanted
from inboxcrm.store.queue import QueueItem

MAX_ATTEMPTS = 5
_LONGEST_SECONDS = 600.0


def plan_fetch(items: Sequence[QueueItem], *, thread_pays_from: int | None) -> list[Wanted]:
    """Whole threads where that is cheaper, single messages elsewhere, in the order of the items."""
    by_thread: dict[str, list[QueueItem]] = {}
    for item in items:
        by_thread.setdefault(item.thread_ref or item.ref, []).append(item)
    plan: list[Wanted] = []
    for members in by_thread.values():
        refs = tuple(item.ref for item in members)
        # What has failed before is asked for alone, so that one bad member does not hold its thread.
        first_tries = all(item.attempts == 0 for item in members)
        if (
            thread_pays_from
            and len(refs) >= thread_pays_from
            and members[0].thread_ref
            and first_tries
        ):
            plan.append(Wanted(refs, members[0].thread_ref, whole_thread=True))
        else:
            plan.extend(Wanted((item.ref,), item.thread_ref) for item in members)
    return plan


def wait_seconds(ref: str, attempts: int, *, said: float | None = None) -> float:
    """How long an item that failed `attempts` times waits: the provider's word, else full jitter from 1 s to 10 min.

    The jitter comes from the id, so that a replay waits alike and a thousand failed items do not come back at once.
    """
    if said is not None:
        return max(said, 0.0)
    ceiling = min(2.0**attempts, _LONGEST_SECONDS)
    draw = hashlib.sha256(f"{ref} {attempts}".encode()).digest()
    return 1.0 + (ceiling - 1.0) * int.from_bytes(draw[:4], "big") / 2**32
