"""What calls cost, how much a user may spend a minute, and what was spent.

The prices are a copy on purpose: the server must not believe the client's table, or both would be
wrong together.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_NEW = {
    "users.getProfile": 1, "labels.list": 1, "labels.get": 1, "sendAs.list": 1, "history.list": 2,
    "messages.list": 5, "messages.get": 20, "messages.modify": 5, "messages.trash": 20,
    "messages.untrash": 20,
    "messages.delete": 20, "messages.batchModify": 50, "attachments.get": 20, "threads.list": 10,
    "threads.get": 40, "threads.modify": 10, "threads.trash": 40, "threads.untrash": 40,
    "drafts.create": 10, "drafts.update": 15, "drafts.get": 20, "drafts.list": 5,
    "drafts.delete": 10, "drafts.send": 100,
}  # fmt: skip
_LEGACY = {**_NEW, "messages.get": 5, "attachments.get": 5, "threads.get": 10, "drafts.get": 5}


@dataclass(frozen=True, slots=True)
class Profile:
    """A price list with the limits that go with it. `parts_at_once`: more calls in one batch are
    "too many concurrent".
    """

    name: str
    prices: Mapping[str, int]
    units_per_minute: int
    parts_at_once: int = 100


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("gmail-2026-05", _NEW, 6_000),
        Profile("gmail-legacy", _LEGACY, 15_000),
        Profile("generous", _NEW, 1_000_000_000),
    )
}


@dataclass(slots=True)
class Usage:
    """What one user has cost. `calls` counts by method, batch parts one by one, refused calls
    apart.
    """

    units: int = 0
    requests: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    refused: int = 0


class Ledger:
    """Charges calls over a sliding minute; a call that is refused costs nothing."""

    def __init__(
        self, profile: Profile, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.profile = profile
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._usage: dict[str, Usage] = {}
        self._recent: dict[str, deque[tuple[float, int]]] = {}
        self._spent: Counter[str] = Counter()

    def charge(self, user: str, method: str) -> bool:
        price = self.profile.prices.get(method, 1)
        now = self._monotonic()
        with self._lock:
            usage = self._usage.setdefault(user, Usage())
            recent = self._recent.setdefault(user, deque())
            while recent and recent[0][0] <= now - 60:
                self._spent[user] -= recent.popleft()[1]
            if self._spent[user] + price > self.profile.units_per_minute:
                usage.refused += 1
                return False
            recent.append((now, price))
            self._spent[user] += price
            usage.units += price
            usage.calls[method] += 1
            return True

    def count_request(self, user: str) -> None:
        with self._lock:
            self._usage.setdefault(user, Usage()).requests += 1

    def usage(self, user: str) -> Usage:
        """A copy: it does not move under the reader."""
        with self._lock:
            found = self._usage.get(user, Usage())
            return Usage(found.units, found.requests, Counter(found.calls), found.refused)

    def reset(self) -> None:
        with self._lock:
            self._usage.clear()
            self._recent.clear()
            self._spent.clear()
