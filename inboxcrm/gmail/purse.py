"""Spends a mailbox's quota: waits while the bucket is short, counts what was spent, keeps the
bucket over restarts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from inboxcrm.errors import Throttled
from inboxcrm.gmail.quota import Bucket

SAVE_EVERY_SECONDS = 5.0
"""A killed worker forgets at most what it spent in this time, a few hundred units of the unused
fifth.
"""


class BucketBook(Protocol):
    """Where the bucket of one mailbox is kept: its tokens, and the reading of the clock they belong
    to.
    """

    def load(self) -> tuple[float, float] | None: ...

    def save(self, tokens: float, at: float) -> None: ...


class AllowanceSpent(Throttled):
    """Our own bucket is empty for longer than we sit out; Gmail was not asked."""


class Purse:
    """`clock` gives seconds that go on over restarts; waits longer than `patience_seconds` are the
    caller's.
    """

    def __init__(
        self,
        units_per_minute: int,
        book: BucketBook,
        *,
        sleep: Callable[[float], object],
        clock: Callable[[], float],
        patience_seconds: float,
    ) -> None:
        now = clock()
        kept = book.load()
        self._bucket = (
            Bucket.stored(units_per_minute, *kept) if kept else Bucket.full(units_per_minute, now)
        )
        self._book = book
        self._sleep = sleep
        self._clock = clock
        self._patience_seconds = patience_seconds
        self._saved_at = now
        self.units = 0

    @property
    def capacity(self) -> float:
        return self._bucket.capacity

    def pay(self, units: int, *, patience_seconds: float | None = None) -> None:
        """Returns once the units may be spent. Raises AllowanceSpent when that is too long to sit
        out here, or takes longer than `patience_seconds`.
        """
        patience = self._patience_seconds if patience_seconds is None else patience_seconds
        while True:
            now = self._clock()
            self._bucket, wait_seconds = self._bucket.take(units, now)
            if not wait_seconds:
                break
            if wait_seconds > patience:
                self.save()
                raise AllowanceSpent(
                    "The mailbox's allowance of Gmail calls is used up for the moment.",
                    after_seconds=wait_seconds,
                    remedy="Nothing is lost: the next sync goes on where this one stopped.",
                )
            self._sleep(wait_seconds)
        self.units += units
        if now - self._saved_at >= SAVE_EVERY_SECONDS:
            self.save()

    def sits_out(self, seconds: float) -> bool:
        return seconds <= self._patience_seconds

    def hold(self, seconds: float) -> None:
        """Nothing is spent for so long: Gmail asked for it, or a fault has to pass."""
        self._bucket = self._bucket.held(seconds, self._clock())
        if seconds > self._patience_seconds:
            self.save()

    def save(self) -> None:
        self._book.save(self._bucket.tokens, self._bucket.at)
        self._saved_at = self._clock()
