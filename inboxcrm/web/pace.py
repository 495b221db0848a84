"""How fast one browser may ask. A limit against programs that try things out; nobody who clicks ever meets it."""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST_KEYS = 10_000


class Pace:
    """A token bucket for each key (a session, or where a stranger comes from). `per_minute` 0: no limit."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_seconds(self, key: str, now: float) -> float:
        """0 where the request may go on, and is counted; else how long to wait. `now`: seconds of machine time."""
        if not self._per_minute:
            return 0.0
        with self._lock:
            left, at = self._held.pop(key, (float(self._per_minute), now))
            left = min(self._per_minute, left + max(now - at, 0.0) * self._per_minute / 60)
            allowed = left >= 1
            self._held[key] = (left - 1 if allowed else left, now)
            if len(self._held) > MOST_KEYS:
                self._held.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self._per_minute
