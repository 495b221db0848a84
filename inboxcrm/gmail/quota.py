"""How fast we may ask: prices, a token bucket, the size of batches, and how long to back off. Pure.

The rules:
1. We spend 80 % of the allowed units a minute on average; the rest belongs to a person who opens an
   attachment.
2. The bucket holds a tenth of the allowance, so any minute sees at most 80 + 10 % of it, whatever
   was saved up.
3. A call dearer than the whole bucket goes when the bucket is full and leaves a debt behind.
4. A wait the server asks for is a debt too: it is stored with the bucket and outlives a restart.
5. Batches start at 10, halve when Gmail complains of pace or concurrency, and grow by one after 50
   clean ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from types import MappingProxyType

from inboxcrm.errors import Problem, SettingsError

SHARE = 0.8
BURST = 0.1
SHORTEST_WAIT_SECONDS = 0.001
"""Less is not worth waiting for, and so little may be lost in a large clock's rounding."""

FIRST_BACKOFF_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Prices:
    """Units a call costs, by the method id of Google's discovery document, and the allowance a
    minute.
    """

    profile: str
    units_per_minute: int
    units: Mapping[str, int]

    def of(self, method: str) -> int:
        return self.units[method]


def load_prices(profile: str, *, units_per_minute: int | None = None) -> Prices:
    """The named profile of prices.toml; `units_per_minute` overrides its allowance."""
    text = resources.files("inboxcrm.gmail").joinpath("prices.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    if profile not in tables:
        known = ", ".join(f'"{name}"' for name in tables)
        problem = Problem("gmail.price_table", f'"{profile}" is no price table; there are {known}')
        raise SettingsError([problem], remedy="Name one of them, or leave the line out.")
    table = tables[profile]
    allowance = units_per_minute or table["units_per_minute"]
    return Prices(profile, allowance, MappingProxyType(table["units"]))


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket. `at` is the reading of whatever clock the caller uses, in seconds."""

    capacity: float
    per_second: float
    tokens: float
    at: float

    @classmethod
    def full(cls, units_per_minute: float, now: float) -> Bucket:
        capacity = max(1.0, units_per_minute * BURST)
        return cls(capacity, units_per_minute * SHARE / 60, capacity, now)

    @classmethod
    def stored(cls, units_per_minute: float, tokens: float, at: float) -> Bucket:
        """As an earlier process left it; an allowance lowered meanwhile holds at once."""
        fresh = cls.full(units_per_minute, at)
        return replace(fresh, tokens=min(tokens, fresh.capacity))

    def refilled(self, now: float) -> Bucket:
        """A clock that went backwards (a restart of the machine) refills nothing."""
        gained = max(0.0, now - self.at) * self.per_second
        return replace(self, tokens=min(self.capacity, self.tokens + gained), at=now)

    def take(self, units: float, now: float) -> tuple[Bucket, float]:
        """Pays and returns (bucket, 0), or pays nothing and returns (bucket, seconds to wait)."""
        bucket = self.refilled(now)
        wait_seconds = (min(units, bucket.capacity) - bucket.tokens) / bucket.per_second
        if wait_seconds >= SHORTEST_WAIT_SECONDS:
            return bucket, wait_seconds
        return replace(bucket, tokens=bucket.tokens - units), 0.0

    def held(self, seconds: float, now: float) -> Bucket:
        """Empty for so many seconds: the server asked for a pause."""
        bucket = self.refilled(now)
        return replace(bucket, tokens=min(bucket.tokens, -seconds * bucket.per_second))


@dataclass(frozen=True, slots=True)
class Pace:
    """How many calls travel in one batch."""

    size: int = 10
    clean: int = 0

    SMALLEST = 1
    LARGEST = 25
    CLEAN_BEFORE_GROWTH = 50

    def after_clean(self) -> Pace:
        if self.clean + 1 < self.CLEAN_BEFORE_GROWTH:
            return replace(self, clean=self.clean + 1)
        return Pace(min(self.size + 1, self.LARGEST))

    def after_complaint(self) -> Pace:
        return Pace(max(self.size // 2, self.SMALLEST))


def backoff_seconds(attempt: int, chance: float) -> float:
    """Full jitter: from one second up to a ceiling that doubles with each attempt (0, 1, ...), ten
    minutes at most.

    `chance` is a random number from 0 to 1.
    """
    ceiling = min(LONGEST_BACKOFF_SECONDS, 2.0 ** min(attempt + 1, 16))
    return FIRST_BACKOFF_SECONDS + chance * (ceiling - FIRST_BACKOFF_SECONDS)
