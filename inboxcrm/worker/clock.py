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


def machine_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the clock is read here and nowhere else


def machine_seconds() -> float:
    """Seconds that go on over a restart, for leases and quotas kept in rows."""
    return time.time()  # noqa: TID251 - see machine_now


def sleep(seconds: float) -> None:
    time.sleep(seconds)


class Stop:
    """Set by a signal or by whoever started the worker; waiting for it is how the worker sleeps."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleeps at most so long; True as soon as it is set."""
        return self._event.wait(max(seconds, 0.0))
