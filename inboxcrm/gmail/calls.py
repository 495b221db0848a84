"""Sends paid requests, and sends them again a few times where a fault is passing. Reading twice
does no harm; what would leave something behind is told to `tries` once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from inboxcrm.errors import Offline, Throttled
from inboxcrm.gmail.batch import PartAnswer
from inboxcrm.gmail.client import BrokenAnswer, GmailClient
from inboxcrm.gmail.faults import Call
from inboxcrm.gmail.purse import AllowanceSpent, Purse
from inboxcrm.gmail.quota import Prices, backoff_seconds

TRIES = 4
BATCH_TRIES_IF_BROKEN = 2
"""A batch whose answer breaks off twice is tried again in smaller pieces, not as it is."""

T = TypeVar("T")


class Calls:
    """`chance` gives random numbers from 0 to 1, for the jitter."""

    def __init__(
        self, client: GmailClient, purse: Purse, prices: Prices, chance: Callable[[], float]
    ) -> None:
        self._client = client
        self._purse = purse
        self._prices = prices
        self._chance = chance

    def call(self, request: Any, *, call: Call = Call.PLAIN, tries: int = TRIES) -> dict[str, Any]:
        """One request of the client library. Waits that are too long come out as Throttled.

        `tries`: how often it is sent where no answer came. A refusal for pace was not carried out and counts apart.
        """
        units = self._prices.of(request.methodId)
        attempt = 0
        while True:
            try:
                return self._offline_tries(
                    units, lambda: self._client.execute(request, call=call), most=tries
                )
            except AllowanceSpent:
                raise
            except Throttled as fault:
                attempt += 1
                wait_seconds = fault.after_seconds
                if wait_seconds is None:
                    wait_seconds = backoff_seconds(attempt - 1, self._chance())
                if not self._purse.sits_out(wait_seconds) or attempt >= TRIES:
                    self._purse.hold(wait_seconds)
                    raise Throttled(
                        fault.message, after_seconds=wait_seconds, remedy=fault.remedy
                    ) from fault
                self._purse.hold(wait_seconds)

    def batch(self, paths: Sequence[str], *, units: int) -> dict[int, PartAnswer]:
        """Several paths in one request. Throttled is the caller's: it will want a smaller batch."""
        return self._offline_tries(
            units, lambda: self._client.batch(paths), if_broken=BATCH_TRIES_IF_BROKEN
        )

    def _offline_tries(
        self, units: int, send: Callable[[], T], *, most: int = TRIES, if_broken: int = TRIES
    ) -> T:
        attempt = 0
        while True:
            self._purse.pay(units)
            try:
                return send()
            except Offline as fault:
                attempt += 1
                if attempt >= min(most, if_broken if isinstance(fault, BrokenAnswer) else TRIES):
                    raise
                if attempt > 1 or not isinstance(fault, BrokenAnswer):
                    # The first broken answer is most often an idle connection that the server had
                    # closed.
                    self._purse.hold(backoff_seconds(attempt - 1, self._chance()))
