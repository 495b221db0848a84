"""Carries a fetch out: batch after batch, at the pace Gmail bears, until every ref has its outcome.

A fetch that has already paid for something returns it and postpones the rest: a fault of the whole
mailbox is met again by the next call, and then raised.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from inboxcrm.errors import ProviderError, Reauth, Throttled
from inboxcrm.gmail.batch import PartAnswer
from inboxcrm.gmail.calls import TRIES
from inboxcrm.gmail.client import BrokenAnswer
from inboxcrm.gmail.fetching import (
    EXPECTED_MESSAGE_BYTES,
    Ask,
    Verdict,
    asks_for,
    bytes_of,
    judge,
    next_batch,
    postpone,
    postponed,
)
from inboxcrm.gmail.purse import AllowanceSpent
from inboxcrm.gmail.quota import Pace, backoff_seconds
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.gmail.tree import message_from_payload
from inboxcrm.ports import Outcome, Wanted

BROKEN_BEFORE_GIVING_UP = 3


class Fetcher:
    def __init__(self, traffic: Traffic) -> None:
        self._client, self._calls = traffic.client, traffic.calls
        self._purse = traffic.purse
        self._mailbox, self._chance = traffic.mailbox, traffic.chance
        self._message_units = traffic.prices.of("gmail.users.messages.get")
        self._thread_units = traffic.prices.of("gmail.users.threads.get")
        self._pace = Pace()
        self._message_bytes = float(EXPECTED_MESSAGE_BYTES)
        self._complaints = 0
        self._broken = 0

    @property
    def batch_size(self) -> int:
        return self._pace.size

    @property
    def thread_pays_from(self) -> int:
        return self._thread_units // self._message_units + 1

    def fetch(self, wanted: Sequence[Wanted]) -> list[Outcome]:
        asks = asks_for(wanted)
        outcomes: list[Outcome] = []
        while asks:
            batch = next_batch(
                asks,
                size=self._pace.size,
                message_bytes=self._message_bytes,
                budget_units=self._purse.capacity,
                units_of=self._units,
            )
            try:
                verdicts = self._judged(batch)
            except ProviderError as fault:
                asks.extendleft(reversed(batch))
                if _is_complaint(fault):
                    wait_seconds = self._complain([fault])
                    if self._complaints < TRIES:
                        continue
                    fault = Throttled(
                        fault.message, after_seconds=wait_seconds, remedy=fault.remedy
                    )
                if not outcomes:
                    raise fault from None
                return [*outcomes, *postpone(asks, fault)]
            for verdict in verdicts:
                outcomes.extend(verdict.outcomes)
                asks.extend(verdict.again)
        return outcomes

    def _judged(self, batch: list[Ask]) -> list[Verdict]:
        """One batch, answered. Parts refused for their token go once more under a new one."""
        verdicts = self._send(batch)
        refused = [n for n, verdict in enumerate(verdicts) if isinstance(verdict.fault, Reauth)]
        if refused:
            self._client.refresh()
            again = self._send([batch[n] for n in refused])
            for n, verdict in zip(refused, again, strict=True):
                verdicts[n] = verdict
        for verdict in verdicts:
            if verdict.fault is not None and not isinstance(verdict.fault, Throttled):
                raise verdict.fault
        self._note_pace(verdicts)
        return verdicts

    def _send(self, batch: list[Ask]) -> list[Verdict]:
        paths = [
            self._client.thread_path(ask.thread_ref)
            if ask.thread_ref
            else self._client.message_path(ask.refs[0])
            for ask in batch
        ]
        try:
            answers = self._calls.batch(paths, units=sum(map(self._units, batch)))
        except BrokenAnswer as fault:
            # Perhaps one huge mail breaks every answer it is in: smaller batches will find it,
            # unless nothing works.
            self._broken += 1
            self._pace = self._pace.after_complaint()
            if self._broken >= BROKEN_BEFORE_GIVING_UP:
                raise
            return [postponed(ask, fault.message) for ask in batch]
        self._broken = 0
        self._note_size(batch, answers)
        return [
            judge(ask, answers.get(n), read=message_from_payload, mailbox=self._mailbox)
            for n, ask in enumerate(batch)
        ]

    def _units(self, ask: Ask) -> int:
        return self._thread_units if ask.thread_ref else self._message_units

    def _note_pace(self, verdicts: list[Verdict]) -> None:
        complaints = [verdict.fault for verdict in verdicts if _is_complaint(verdict.fault)]
        if complaints:
            self._complain(complaints)
        else:
            self._complaints = 0
            self._pace = self._pace.after_clean()

    def _complain(self, faults: Sequence[Throttled]) -> float:
        """Smaller batches, and a pause: Gmail's, or one that grows with each complaint in a row."""
        self._pace = self._pace.after_complaint()
        asked = [fault.after_seconds for fault in faults if fault.after_seconds is not None]
        wait_seconds = max(asked) if asked else backoff_seconds(self._complaints, self._chance())
        self._purse.hold(wait_seconds)
        self._complaints += 1
        return wait_seconds

    def _note_size(self, batch: list[Ask], answers: dict[int, PartAnswer]) -> None:
        count = sum(len(batch[n].refs) for n in answers if n < len(batch))
        if count:
            size = bytes_of(list(answers.values())) / count
            self._message_bytes += (size - self._message_bytes) / 5


def _is_complaint(fault: ProviderError | None) -> TypeGuard[Throttled]:
    """Gmail's own word, not our bucket's."""
    return isinstance(fault, Throttled) and not isinstance(fault, AllowanceSpent)
