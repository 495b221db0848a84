"""The real clock: the one place of the program that asks what time it is.

Business time (`now`) may start elsewhere and run faster, so that a demo shows a week in a minute. Machine time
(`monotonic`, `sleep`, `machine_now`) never does: sockets, leases and quotas live in it.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta


class RealClock:
    """Implements `ports.Clock`. Without an origin it is the machine's own clock, which may be set while we run."""

    def __init__(self, origin: datetime | None = None, *, rate: float = 1.0) -> None:
        if rate != 1.0 and origin is None:
            origin = machine_now()
        self._origin = origin
        self._rate = rate
        self._started = time.monotonic()

    def now(self) -> datetime:
        if self._origin is None:
            return machine_now()
        return self._origin + timedelta(seconds=(time.monotonic() - self._started) * self._rate)


def clock_since(began: datetime, *, rate: float, shown: datetime | None = None) -> RealClock:
    """The clock that has run at that rate since `began`, a machine time, when it showed `shown`, else that very time.
    Processes that are told the same tell the same time.
    """
    shown = began if shown is None else shown
    if rate == 1.0 and shown == began:
        return RealClock()
    return RealClock(shown + (machine_now() - began) * rate, rate=rate)


def machine_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the clock is read here and nowhere else


def machine_seconds() -> float:
    """Seconds that go on over a restart, for leases and quotas kept in rows."""
    return time.time()  # noqa: TID251 - see machine_now


def sleep(seconds: float) -> None:
    time.sleep(seconds)


class Stop:
    """Set by a signal or by whoever started the worker; waiting for it is how the worker sleeps. The worker reckons in
    business time, so where that runs faster (`rate`), it sleeps less.
    """

    def __init__(self, *, rate: float = 1.0) -> None:
        self._event = threading.Event()
        self._rate = rate

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleeps at most so long; True as soon as it is set. `seconds` are those of business time."""
        return self._event.wait(max(seconds, 0.0) / self._rate)
