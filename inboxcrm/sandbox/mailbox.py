"""The state of one practice mailbox: messages, threads, labels and their history. Safe to change
from any thread.

A message joins a thread when it refers to a message of it (or to a message that one referred to)
and the subject is the same but for reply marks; otherwise it starts its own, as the service does
it.
"""

from __future__ import annotations

import itertools
import threading
from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from inboxcrm.ports import Clock
from inboxcrm.sandbox.drafts import Delivered, Drafts
from inboxcrm.sandbox.history import EventKind, History, HistoryPages
from inboxcrm.sandbox.messages import (
    NO_LAG,
    SYSTEM_LABELS,
    Lag,
    StoredMail,
    base_subject,
    read_envelope,
    with_network_line_ends,
)
from inboxcrm.sandbox.payload import Habits

ARRIVING = frozenset({"INBOX", "UNREAD"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_CLOCK_START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class UnknownLabelError(ValueError):
    """The label id does not exist in this mailbox."""


class SandboxMailbox:
    """One person's mailbox. Without a clock, time stands a second after the newest message."""

    def __init__(
        self,
        address: str,
        *,
        name: str = "",
        aliases: Iterable[str] = (),
        pending_aliases: Iterable[str] = (),
        clock: Clock | None = None,
        history_pages: HistoryPages = HistoryPages.SNAPSHOT,
        habits: Habits | None = None,
    ) -> None:
        self.address = address
        self.name = name
        self.aliases = tuple(aliases)
        self.pending_aliases = tuple(pending_aliases)
        """Asked for, and not verified by whoever holds them: nothing may be sent as these."""
        self.habits = habits or Habits()
        self.history = History(pages=history_pages)
        self.lock = threading.RLock()
        self.user_labels: dict[str, str] = {}
        self._clock = clock
        self._mails: dict[str, StoredMail] = {}
        self._order: list[tuple[tuple[int, int], str]] = []
        self._threads: dict[str, list[str]] = {}
        self._thread_subjects: dict[str, str] = {}
        self._thread_by_id: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._ever: set[str] = set()
        self.drafts = Drafts(self)
        self.delivered: list[Delivered] = []
        """What left this mailbox and reached somebody, one entry a recipient."""

    # --- reading -------------------------------------------------------------

    def now(self) -> datetime:
        if self._clock is not None:
            return self._clock.now()
        with self.lock:
            newest_ms = self._order[-1][0][0] if self._order else 0
        newest = _EPOCH + timedelta(milliseconds=newest_ms)
        return max(newest + timedelta(seconds=1), _NO_CLOCK_START)

    def now_ms(self) -> int:
        return (self.now() - _EPOCH) // timedelta(milliseconds=1)

    def set_clock(self, clock: Clock) -> None:
        self._clock = clock

    def history_head(self) -> int:
        with self.lock:
            return self.history.head_at(self.now_ms())

    def get(self, ref: str) -> StoredMail | None:
        return self._mails.get(ref)

    def thread(self, thread_ref: str) -> list[StoredMail]:
        """Its messages, oldest first; empty when there is no such thread."""
        with self.lock:
            mails = [self._mails[ref] for ref in self._threads.get(thread_ref, ())]
        return sorted(mails, key=lambda mail: mail.order)

    def newest_first(self, *, before: tuple[int, int] | None = None) -> list[StoredMail]:
        """All messages older than the position, newest first."""
        with self.lock:
            end = len(self._order) if before is None else bisect_left(self._order, (before, ""))
            return [self._mails[ref] for _, ref in reversed(self._order[:end])]

    def refs(self) -> list[str]:
        with self.lock:
            return [ref for _, ref in self._order]

    def message_total(self) -> int:
        return len(self._mails)

    def thread_total(self) -> int:
        return len(self._threads)

    def label_ids(self) -> list[str]:
        return [*SYSTEM_LABELS, *self.user_labels]

    # --- changing ------------------------------------------------------------

    def add_label(self, name: str) -> str:
        """The id of the label with that name, made when it does not exist; system labels keep
        their own id.
        """
        with self.lock:
            if name in SYSTEM_LABELS or name in self.user_labels:
                return name
            for label, known in self.user_labels.items():
                if known == name:
                    return label
            label = f"Label_{len(self.user_labels) + 1}"
            self.user_labels[label] = name
            return label

    def deliver(
        self,
        raw: bytes,
        *,
        labels: Iterable[str] = ARRIVING,
        at: datetime | None = None,
        thread_ref: str | None = None,
        joins: bool = True,
        lag: Lag = NO_LAG,
        ref: str = "",
    ) -> str:
        """A message comes into being, in any folder; `labels` are ids or names, unknown names
        become labels. Unless it `joins` by its references, it begins a thread of its own.
        `ref` is the id it has already, if it has one.
        """
        raw = with_network_line_ends(raw)
        envelope = read_envelope(raw)
        with self.lock:
            own_labels = frozenset(self.add_label(label) for label in labels)
            number = next(self._numbers)
            received_ms = ((at or self.now()) - _EPOCH) // timedelta(milliseconds=1)
            ref = ref or self._new_ref(received_ms, number)
            thread = thread_ref if thread_ref in self._threads else None
            if thread is None and joins:
                thread = self._find_thread(envelope.linked_ids, envelope.subject)
            thread = thread or ref
            order = (received_ms, number)
            mail = StoredMail(
                ref=ref, thread_ref=thread, raw=raw, received_ms=received_ms, labels=own_labels,
                history_id=0,
                envelope=envelope, order=order, listed_ms=lag.listed_ms,
            )  # fmt: skip
            self._mails[ref] = mail
            insort(self._order, (order, ref))
            self._threads.setdefault(thread, []).append(ref)
            self._thread_subjects.setdefault(thread, base_subject(envelope.subject))
            for known in (envelope.message_id, *envelope.linked_ids):
                if known:
                    self._thread_by_id.setdefault(known, thread)
            mail.history_id = self.history.record(
                EventKind.ADDED,
                ref=ref,
                thread_ref=thread,
                labels=own_labels,
                shown_ms=lag.history_ms,
            )
            return ref

    def restore(
        self, raw: bytes, *, ref: str, thread_ref: str, labels: Iterable[str], at: datetime
    ) -> str:
        """A message lies there from before, under the ids it had then."""
        with self.lock:
            self._ever.add(ref)
            self._threads.setdefault(thread_ref, [])
            return self.deliver(raw, labels=labels, at=at, thread_ref=thread_ref, ref=ref)

    def belongs(self, raw: bytes, thread_ref: str) -> bool:
        """Whether a mail of ours that names this thread is let into it: it has to refer to a mail of it, under its
        subject.
        """
        envelope = read_envelope(raw)
        with self.lock:
            return self._find_thread(envelope.linked_ids, envelope.subject) == thread_ref

    def has_thread(self, thread_ref: str) -> bool:
        return thread_ref in self._threads

    def become_sent(self, ref: str, raw: bytes, labels: Iterable[str], lag: Lag) -> StoredMail:
        """A draft's message turns into the sent one and keeps its id."""
        with self.lock:
            mail = self._mails[ref]
            mail.raw, mail.envelope = with_network_line_ends(raw), read_envelope(raw)
            mail.payload_json, mail.snippet, mail.search_text = b"", None, None
            mail.listed_ms = lag.listed_ms
            self._thread_by_id.setdefault(mail.envelope.message_id, mail.thread_ref)
            self._move(mail, EventKind.LABELS_ON, frozenset(labels), lag)
            self._move(mail, EventKind.LABELS_OFF, frozenset({"DRAFT"}), lag)
            return mail

    def modify(self, ref: str, *, add: Iterable[str] = (), remove: Iterable[str] = ()) -> bool:
        """Labels on and off, one record each; False when the message does not exist."""
        with self.lock:
            mail = self._mails.get(ref)
            on, off = frozenset(add), frozenset(remove)
            for label in on | off:
                if label not in SYSTEM_LABELS and label not in self.user_labels:
                    raise UnknownLabelError(label)
            if mail is None:
                return False
            self._move(mail, EventKind.LABELS_ON, on - mail.labels)
            self._move(mail, EventKind.LABELS_OFF, off & mail.labels)
            return True

    def trash(self, ref: str) -> bool:
        return self.modify(ref, add=["TRASH"], remove=["INBOX", "SPAM"])

    def untrash(self, ref: str) -> bool:
        """Back to the inbox, unless it was ours."""
        mail = self._mails.get(ref)
        back = ["INBOX"] if mail is not None and "SENT" not in mail.labels else []
        return self.modify(ref, add=back, remove=["TRASH"])

    def delete(self, ref: str) -> bool:
        """Gone for good, past the trash."""
        with self.lock:
            mail = self._mails.pop(ref, None)
            if mail is None:
                return False
            del self._order[bisect_left(self._order, (mail.order, ref))]
            members = self._threads[mail.thread_ref]
            members.remove(ref)
            if not members:
                del self._threads[mail.thread_ref]
                del self._thread_subjects[mail.thread_ref]
                # A thread that is gone takes no answers in; its id is never given out again.
                self._thread_by_id = {
                    known: thread
                    for known, thread in self._thread_by_id.items()
                    if thread != mail.thread_ref
                }
            self.history.record(
                EventKind.DELETED, ref=ref, thread_ref=mail.thread_ref, labels=mail.labels
            )
            return True

    def expire_history(self) -> None:
        """Every cursor given out until now is too old."""
        with self.lock:
            self.history.expire()

    # --- within --------------------------------------------------------------

    def _move(
        self, mail: StoredMail, kind: EventKind, moved: frozenset[str], lag: Lag = NO_LAG
    ) -> None:
        if not moved:
            return
        mail.labels = mail.labels | moved if kind is EventKind.LABELS_ON else mail.labels - moved
        mail.history_id = self.history.record(
            kind,
            ref=mail.ref,
            thread_ref=mail.thread_ref,
            labels=mail.labels,
            moved=moved,
            shown_ms=lag.history_ms,
        )
        mail.answers = {}

    def _find_thread(self, linked_ids: tuple[str, ...], subject: str) -> str | None:
        for known in reversed(linked_ids):
            thread = self._thread_by_id.get(known)
            if thread is not None and self._thread_subjects.get(thread) == base_subject(subject):
                return thread
        return None

    def _new_ref(self, received_ms: int, number: int) -> str:
        """16 hex digits: the time in front, as in real ids, so that they sort by age but are not
        counted.
        """
        for salt in itertools.count():
            tail = sha256(f"{self.address} {number} {salt}".encode()).digest()
            ref = (
                f"{(max(received_ms, 0) << 20 | int.from_bytes(tail[:3]) >> 4) & (2**64 - 1):016x}"
            )
            if ref not in self._ever:
                self._ever.add(ref)
                return ref
        raise AssertionError  # pragma: no cover - count() never ends
