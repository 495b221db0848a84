"""Faults on demand: what goes wrong next, how often, and where.

A fault hits either a whole HTTP request (a batch counts as one) or a single API call (the parts of
a batch count one by one). Planned faults come first, in the order they were planned; after them
the dice, if a rate is set. Everything is seeded and bounded, so that a failing run can be repeated.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from inboxcrm.sandbox.answers import Answer, error

LONGEST_STALL_SECONDS = 5.0


class FaultKind(StrEnum):
    ANSWER = "answer"
    """An error instead of the work."""
    DROP_BEFORE = "drop_before"
    """The line breaks; nothing was done."""
    DROP_AFTER = "drop_after"
    """The line breaks after the work was done: the caller cannot know."""
    STALL = "stall"
    """The answer comes late, after the work was done."""
    FEWER_PARTS = "fewer_parts"
    """A well-formed batch answer that lacks its last parts."""
    CUT_BATCH = "cut_batch"
    """A batch answer cut off in the middle of a part."""
    SHORT_BODY = "short_body"
    """Fewer bytes than the header promised, then the line breaks."""


@dataclass(slots=True)
class Fault:
    kind: FaultKind
    status: int = 0
    reason: str = ""
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    keep_parts: int = 0
    left: int = 1
    path: str = ""
    """Only requests whose path holds this text."""

    def answer(self) -> Answer:
        return error(self.status, self.reason, self.text, headers=self.headers)


_DICE = (
    Fault(FaultKind.ANSWER, 429, "rateLimitExceeded"),
    Fault(FaultKind.ANSWER, 403, "userRateLimitExceeded"),
    Fault(FaultKind.ANSWER, 500, "internalError"),
    Fault(FaultKind.ANSWER, 503, "backendError"),
    Fault(FaultKind.DROP_BEFORE),
    Fault(FaultKind.DROP_AFTER),
    Fault(FaultKind.SHORT_BODY),
)
_BATCH_DICE = (
    *_DICE,
    Fault(FaultKind.FEWER_PARTS, keep_parts=1),
    Fault(FaultKind.CUT_BATCH, keep_parts=1),
)
_CALL_DICE = (
    Fault(FaultKind.ANSWER, 429, "rateLimitExceeded"),
    Fault(FaultKind.ANSWER, 429, "tooManyConcurrent"),
    Fault(FaultKind.ANSWER, 500, "internalError"),
)


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Fault] = []
        self._calls: list[Fault] = []
        self._rate = 0.0
        self._dice = random.Random(0)  # noqa: S311 - faults, not secrets
        self.happened: Counter[str] = Counter()
        """What was done, by kind ("429", "drop_after", ...): a test that needs faults can see that
        there were some."""

    # --- planning ------------------------------------------------------------

    def fail_next(
        self,
        status: int,
        reason: str = "",
        *,
        count: int = 1,
        path: str = "",
        text: str = "",
        retry_after: int | None = None,
    ) -> None:
        """The next `count` requests fail whole. Text times of the kind "Retry after 2026-..." go
        into `text`.
        """
        headers = (("Retry-After", str(retry_after)),) if retry_after is not None else ()
        self._plan(
            self._requests,
            Fault(
                FaultKind.ANSWER,
                status,
                reason or _usual(status),
                text,
                headers,
                left=count,
                path=path,
            ),
        )

    def fail_next_part(
        self, status: int, reason: str = "", *, count: int = 1, path: str = "", text: str = ""
    ) -> None:
        """The next `count` single API calls fail, inside a batch or alone."""
        self._plan(
            self._calls,
            Fault(FaultKind.ANSWER, status, reason or _usual(status), text, left=count, path=path),
        )

    def drop_next(self, *, count: int = 1, path: str = "", after_work: bool = True) -> None:
        """The line breaks without an answer. Google's transport repeats such a request once by
        itself.
        """
        kind = FaultKind.DROP_AFTER if after_work else FaultKind.DROP_BEFORE
        self._plan(self._requests, Fault(kind, left=count, path=path))

    def stall_next(self, seconds: float, *, count: int = 1, path: str = "") -> None:
        bounded = min(seconds, LONGEST_STALL_SECONDS)
        self._plan(self._requests, Fault(FaultKind.STALL, seconds=bounded, left=count, path=path))

    def truncate_next_batch(
        self, *, keep_parts: int = 1, count: int = 1, is_wellformed: bool = False
    ) -> None:
        kind = FaultKind.FEWER_PARTS if is_wellformed else FaultKind.CUT_BATCH
        self._plan(self._requests, Fault(kind, keep_parts=keep_parts, left=count, path="/batch"))

    def shorten_next(self, *, count: int = 1, path: str = "") -> None:
        self._plan(self._requests, Fault(FaultKind.SHORT_BODY, left=count, path=path))

    def random(self, rate: float, seed: int = 0) -> None:
        """Each request, and each call inside a batch, fails with this probability. 0 ends it."""
        with self._lock:
            self._rate = rate
            self._dice = random.Random(seed)  # noqa: S311 - faults, not secrets

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()
            self._calls.clear()
            self._rate = 0.0

    # --- asked by the server -------------------------------------------------

    def for_request(self, path: str) -> Fault | None:
        dice = _BATCH_DICE if path.startswith("/batch") else _DICE
        return self._next(self._requests, path, dice)

    def for_token_request(self, path: str) -> Fault | None:
        """The token endpoint fails only when its path was named."""
        if any(fault.path and fault.path in path for fault in self._requests):
            return self._next(self._requests, path, ())
        return None

    def for_part(self, path: str, *, is_in_batch: bool) -> Fault | None:
        return self._next(self._calls, path, _CALL_DICE if is_in_batch else ())

    def _plan(self, queue: list[Fault], fault: Fault) -> None:
        with self._lock:
            queue.append(fault)

    def _next(self, queue: list[Fault], path: str, dice: tuple[Fault, ...]) -> Fault | None:
        if not queue and not self._rate:
            return None
        with self._lock:
            found = next((fault for fault in queue if fault.path in path), None)
            if found is not None:
                found.left -= 1
                if found.left <= 0:
                    queue.remove(found)
            elif dice and self._rate and self._dice.random() < self._rate:
                found = self._dice.choice(dice)
            if found is not None:
                self.happened[
                    str(found.status) if found.kind is FaultKind.ANSWER else found.kind
                ] += 1
            return found


def _usual(status: int) -> str:
    return {
        400: "invalidArgument", 401: "authError", 403: "userRateLimitExceeded", 404: "notFound",
        429: "rateLimitExceeded", 500: "internalError",
    }.get(status, "backendError")  # fmt: skip
