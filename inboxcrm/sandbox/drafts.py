"""A mailbox's drafts: each an id that stays and a message that every edit replaces.

A draft that was sent is consumed: it is gone, unless the server is told to let it linger or to take it a second time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from inboxcrm.sandbox.messages import StoredMail

DRAFT = frozenset({"DRAFT"})


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail that reached somebody. `key` is what its key header held when it was handed over, even where the header
    did not travel; `ref` is the sender's own copy.
    """

    sender: str
    recipient: str
    raw: bytes
    key: str
    ref: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Consumed:
    """What is kept of a draft that was sent."""

    raw: bytes
    thread_ref: str


class Box(Protocol):
    """What of a mailbox its drafts need."""

    address: str

    def now_ms(self) -> int: ...

    def get(self, ref: str) -> StoredMail | None: ...

    def belongs(self, raw: bytes, thread_ref: str) -> bool: ...

    def deliver(
        self, raw: bytes, *, labels: Iterable[str], thread_ref: str | None, joins: bool
    ) -> str: ...

    def delete(self, ref: str) -> bool: ...


class Drafts:
    """Not thread-safe by itself: callers hold the mailbox's lock."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._refs: dict[str, str] = {}
        self._consumed: dict[str, Consumed] = {}
        self._lingering: dict[str, int] = {}
        """Draft id -> when it goes, in ms."""
        self._number = 0

    def create(self, raw: bytes, *, thread_ref: str = "") -> str:
        """The id of a new draft; in the thread, if the mail is let into it."""
        self._number += 1
        digest = sha256(f"{self._box.address} {self._number}".encode()).digest()
        found = f"r{int.from_bytes(digest[:8]) >> 1}"
        self._refs[found] = self._put(raw, thread_ref)
        return found

    def get(self, draft_id: str) -> StoredMail | None:
        """Its message, as long as the draft is there."""
        self._forget_late()
        return self._box.get(self._refs.get(draft_id, ""))

    def update(self, draft_id: str, raw: bytes, *, thread_ref: str = "") -> bool:
        """Another message takes the place of the draft's."""
        mail = self.get(draft_id)
        if mail is None:
            return False
        self._refs[draft_id] = self._put(raw, thread_ref or mail.thread_ref)
        self._drop_message(mail)
        return True

    def delete(self, draft_id: str) -> bool:
        mail = self.get(draft_id)
        if mail is None:
            return False
        self._forget(draft_id)
        self._drop_message(mail)
        return True

    def newest_first(self) -> list[tuple[str, StoredMail]]:
        found = [(draft_id, self.get(draft_id)) for draft_id in list(self._refs)]
        there = [(draft_id, mail) for draft_id, mail in found if mail is not None]
        return sorted(there, key=lambda pair: pair[1].order, reverse=True)

    # --- sending -------------------------------------------------------------

    def sendable(self, draft_id: str) -> StoredMail | None:
        """Its message, unless it was sent already: lingering is not waiting."""
        mail = self.get(draft_id)
        return None if draft_id in self._consumed else mail

    def consumed(self, draft_id: str) -> Consumed | None:
        return self._consumed.get(draft_id)

    def consume(self, draft_id: str, was: Consumed, *, lingers_until_ms: int) -> None:
        """It was sent. Its message goes with it, unless that became the sent mail."""
        self._consumed[draft_id] = was
        self._lingering[draft_id] = lingers_until_ms
        self._forget_late()

    # --- within --------------------------------------------------------------

    def _put(self, raw: bytes, thread_ref: str) -> str:
        """Without a thread to name, even a good reference leads a mail of ours into none."""
        is_let_in = bool(thread_ref) and self._box.belongs(raw, thread_ref)
        return self._box.deliver(
            raw, labels=DRAFT, thread_ref=thread_ref if is_let_in else None, joins=False
        )

    def _forget_late(self) -> None:
        if not self._lingering:
            return
        now_ms = self._box.now_ms()
        for draft_id in [found for found, at_ms in self._lingering.items() if at_ms <= now_ms]:
            mail = self._box.get(self._refs.get(draft_id, ""))
            self._forget(draft_id)
            if mail is not None:
                self._drop_message(mail)

    def _forget(self, draft_id: str) -> None:
        self._refs.pop(draft_id, None)
        self._lingering.pop(draft_id, None)

    def _drop_message(self, mail: StoredMail) -> None:
        if "DRAFT" in mail.labels:
            self._box.delete(mail.ref)
