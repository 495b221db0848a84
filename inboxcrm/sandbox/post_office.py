"""What becomes of a draft that is sent, and every way in which that may go differently than one hopes.

The server does what it can be seen to do, or is said to do, by those who watched the real one; what nobody could settle
without a live account is a habit, and every habit can be switched on and combined with the others.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from inboxcrm.sandbox.answers import refuse
from inboxcrm.sandbox.drafts import Consumed, Delivered
from inboxcrm.sandbox.mailbox import ARRIVING, SandboxMailbox
from inboxcrm.sandbox.messages import Lag, StoredMail
from inboxcrm.sandbox.outgoing import (
    KEY_HEADER,
    BadRecipientsError,
    header,
    recipients,
    sender_for,
    sent_copy,
    travelling_copy,
)

_SENT = frozenset({"SENT"})
SEND, CREATE = "drafts.send", "drafts.create"


@dataclass(frozen=True, slots=True)
class SendingHabits:
    """All off: the server as we believe the real one to be. Numbers count the calls of a method from 1, since the
    habits were set. Seconds are those of the mailbox's clock.
    """

    lost_sends: tuple[int, ...] = ()
    """The work is done and the answer never comes."""
    lost_creates: tuple[int, ...] = ()
    lost_rate: float = 0.0
    """Of both, by seeded dice."""
    repeated_sends: tuple[int, ...] = ()
    """The server gets and performs the request twice, and the second answer is the one that comes."""
    repeated_creates: tuple[int, ...] = ()
    repeated_rate: float = 0.0
    seed: int = 0
    slow_history_seconds: float = 0.0
    """So long the history does not tell of what was sent, nor of anything behind it."""
    slow_search_seconds: float = 0.0
    """So long no listing shows what was sent."""
    lingering_seconds: float = 0.0
    """So long a draft is still there after it was sent, though it cannot be sent again."""
    accepts_consumed: bool = False
    """A draft that was sent can be sent again, and is delivered again."""
    strips_key: bool = False
    """The key header does not survive, in no copy."""
    keeps_ref: bool = False
    """The sent mail has the id of the draft's message; otherwise a new one."""
    keeps_message_id: bool = False
    """The Message-ID header stays; otherwise the server writes its own."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How one call goes."""

    times: int = 1
    is_lost: bool = False


class PostOffice:
    """One for all mailboxes of a server. `on_delivery` is told of every mail that reached somebody."""

    def __init__(self, mailboxes: Mapping[str, SandboxMailbox]) -> None:
        self._mailboxes = mailboxes
        self._lock = threading.Lock()
        self._numbers: Counter[str] = Counter()
        self._sent = 0
        self._habits = SendingHabits()
        self._dice = random.Random(0)  # noqa: S311 - faults, not secrets
        self.outbound: list[Delivered] = []
        self.on_delivery: Callable[[Delivered], object] | None = None

    @property
    def habits(self) -> SendingHabits:
        return self._habits

    @habits.setter
    def habits(self, habits: SendingHabits) -> None:
        with self._lock:
            self._habits = habits
            self._numbers.clear()
            self._dice = random.Random(habits.seed)  # noqa: S311 - faults, not secrets

    def turn(self, method: str) -> Turn:
        """How the next call of that method goes; every other method goes as it should."""
        if method not in {SEND, CREATE}:
            return Turn()
        habits = self._habits
        lost, repeated = (
            (habits.lost_sends, habits.repeated_sends)
            if method == SEND
            else (habits.lost_creates, habits.repeated_creates)
        )
        with self._lock:
            self._numbers[method] += 1
            number = self._numbers[method]
            is_lost = self._dice.random() < habits.lost_rate or number in lost
            is_repeated = self._dice.random() < habits.repeated_rate or number in repeated
        return Turn(2 if is_repeated else 1, is_lost)

    def send(self, box: SandboxMailbox, draft_id: str) -> StoredMail:
        """The sent mail. Refuses a draft that is not there and a mail that reaches nobody; nothing has moved then."""
        with box.lock:
            mail = box.drafts.sendable(draft_id)
            again = box.drafts.consumed(draft_id) if self._habits.accepts_consumed else None
            if mail is not None:
                was = Consumed(mail.raw, mail.thread_ref)
                sent, everybody, key = self._file(box, mail, is_first=True)
                box.drafts.consume(
                    draft_id,
                    was,
                    lingers_until_ms=self._later(box, self._habits.lingering_seconds),
                )
            elif again is not None:
                sent, everybody, key = self._file(box, again, is_first=False)
            else:
                raise refuse(404, "notFound")
        for address in everybody:
            self._deliver(box, sent, address, key)
        return sent

    def _file(
        self, box: SandboxMailbox, mail: StoredMail | Consumed, *, is_first: bool
    ) -> tuple[StoredMail, list[str], str]:
        """The copy in the sender's own mailbox, all recipients, and the key the mail was handed over with."""
        habits = self._habits
        try:
            everybody = recipients(mail.raw)
        except BadRecipientsError as error:
            raise refuse(400, "invalidArgument", str(error)) from error
        raw = sent_copy(
            mail.raw,
            sender=sender_for(mail.raw, main=box.address, name=box.name, verified=box.aliases),
            message_id=None if habits.keeps_message_id else self._message_id(box),
            at=box.now(),
            strips_key=habits.strips_key,
        )
        own = {address.lower() for address in (box.address, *box.aliases)}
        labels = _SENT | (ARRIVING if own & {one.lower() for one in everybody} else frozenset())
        lag = Lag(
            self._later(box, habits.slow_history_seconds),
            self._later(box, habits.slow_search_seconds),
        )
        key = header(mail.raw, KEY_HEADER).strip()
        if habits.keeps_ref and is_first and isinstance(mail, StoredMail):
            return box.become_sent(mail.ref, raw, labels, lag), everybody, key
        ref = box.deliver(raw, labels=labels, thread_ref=mail.thread_ref, joins=False, lag=lag)
        sent = box.get(ref)
        assert sent is not None, "the mailbox is locked"
        return sent, everybody, key

    def _deliver(self, box: SandboxMailbox, sent: StoredMail, address: str, key: str) -> None:
        raw = travelling_copy(sent.raw, address)
        found = Delivered(box.address, address, raw, key, sent.ref, box.now())
        with self._lock:
            self.outbound.append(found)
            box.delivered.append(found)
        other = self._mailbox_of(address)
        if other is not None and other is not box:
            other.deliver(raw, at=found.at)
        if self.on_delivery is not None:
            self.on_delivery(found)

    def _mailbox_of(self, address: str) -> SandboxMailbox | None:
        wanted = address.lower()
        return self._mailboxes.get(wanted) or next(
            (
                box
                for box in self._mailboxes.values()
                if wanted in {alias.lower() for alias in box.aliases}
            ),
            None,
        )

    def _message_id(self, box: SandboxMailbox) -> str:
        """The service's own kind, as like the real one's as an example domain allows. It never comes back, not from
        another practice server of that address either: a rehearsal lays down what the first one sent.
        """
        with self._lock:
            self._sent += 1
            digest = sha256(f"{box.address} {box.now_ms()} {self._sent}".encode()).hexdigest()
        return f"<CA{digest[:40]}@mail.sandbox.example>"

    @staticmethod
    def _later(box: SandboxMailbox, seconds: float) -> int:
        return box.now_ms() + int(seconds * 1000) if seconds else 0
