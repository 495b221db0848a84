"""A provider of mail in memory, with every bad habit one could have, and a sender that dies at each of its calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from random import Random

from inboxcrm.errors import Gone, Offline
from inboxcrm.ports import (
    Accepted,
    Ambiguous,
    Handed,
    Look,
    NotSeen,
    Prepared,
    Refused,
    RefusedFor,
    SeenSent,
    Spending,
    StillWaiting,
)


@dataclass(frozen=True)
class Habits:
    """`late_seconds`: how long a sent mail stays out of history and search; `lingers_seconds`: how long its draft stays.
    Rates are shares of calls: of hand-overs whose answer is lost with and without the work done, or refused for now; of
    drafts whose answer is lost although they were made.
    """

    late_seconds: float = 0.0
    lingers_seconds: float = 0.0
    takes_twice: bool = False
    strips_key: bool = False
    lost_done: float = 0.0
    lost_undone: float = 0.0
    refused: float = 0.0
    lost_drafts: float = 0.0


@dataclass
class Draft:
    mime: bytes
    message_ref: str
    thread_ref: str = ""
    sent_at: float | None = None


@dataclass
class Sent:
    key: str
    to: str
    ref: str
    at: float
    thread_ref: str
    mime: bytes


@dataclass
class Post:
    """The mailbox at the provider. `now` gives the seconds of its clock."""

    now: Callable[[], float]
    habits: Habits = field(default_factory=Habits)
    drafts: dict[str, Draft] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    made: int = 0

    def deliveries(self) -> dict[str, int]:
        """Recipient -> how many mails reached it."""
        found: dict[str, int] = {}
        for one in self.sent:
            found[one.to] = found.get(one.to, 0) + 1
        return found

    def keep(self, mime: bytes, thread_ref: str = "") -> Draft:
        self.made += 1
        ref = f"d{self.made}"
        self.drafts[ref] = Draft(mime, f"m{self.made}", thread_ref)
        return self.drafts[ref]

    def ref_of(self, draft: Draft) -> str:
        return next(ref for ref, one in self.drafts.items() if one is draft)

    def is_there(self, ref: str) -> bool:
        draft = self.drafts.get(ref)
        if draft is None:
            return False
        return draft.sent_at is None or self.now() - draft.sent_at < self.habits.lingers_seconds

    def send(self, ref: str) -> Sent | None:
        """None: refused, there is no such draft (any more)."""
        draft = self.drafts.get(ref)
        if draft is None or (draft.sent_at is not None and not self.habits.takes_twice):
            return None
        draft.sent_at = self.now()
        mail = message_from_bytes(draft.mime)
        self.made += 1
        own = f"s{self.made}"
        self.sent.append(
            Sent(
                str(mail["X-Inboxcrm-Key"]),
                str(mail["To"]),
                own,
                self.now(),
                draft.thread_ref or own,
                draft.mime,
            )
        )
        return self.sent[-1]

    def seen(self) -> list[Sent]:
        return [one for one in self.sent if self.now() - one.at >= self.habits.late_seconds]


@dataclass
class PostSender:
    """Dies, where it is told to, before each call and after it."""

    post: Post
    spark: Callable[[], None] = lambda: None
    dice: Random = field(default_factory=lambda: Random(0))
    before_hand_over: Callable[[], None] = lambda: None

    def addresses(self) -> tuple[str, ...]:
        return ("alice@seller.example",)

    def prepare(self, mime: bytes, *, thread_ref: str = "") -> Prepared:
        self.spark()
        draft = self.post.keep(mime, thread_ref)
        self.spark()
        if self.dice.random() < self.post.habits.lost_drafts:
            raise Offline("The answer broke off.")
        return Prepared(self.post.ref_of(draft), draft.message_ref, str(len(self.post.sent)))

    def hand_over(self, prepared: Prepared) -> Handed:
        self.before_hand_over()
        self.spark()
        habits, chance = self.post.habits, self.dice.random()
        if chance < habits.refused:
            return Refused(RefusedFor.LATER, "slow down", 30.0)
        if chance < habits.refused + habits.lost_undone:
            return Ambiguous("timeout")
        sent = self.post.send(prepared.draft_ref)
        self.spark()
        if sent is None:
            return Ambiguous("no such draft")
        if chance > 1 - habits.lost_done:
            return Ambiguous("the connection broke")
        return Accepted(sent.ref, sent.thread_ref)

    def settle(self, prepared: Prepared, *, key: str, to: str) -> Look:
        self.spark()
        since = int(prepared.history)
        seen = [one for one in self.post.seen() if self.post.sent.index(one) >= since]
        stripped = self.post.habits.strips_key
        self.spark()
        for one in seen:
            if one.key == key and not stripped:
                return SeenSent(one.ref, one.thread_ref)
        if any(one.to == to for one in seen):
            return NotSeen("Something was sent to the same person.")
        if self.post.is_there(prepared.draft_ref):
            draft = self.post.drafts[prepared.draft_ref]
            return StillWaiting(is_ours=draft.message_ref == prepared.message_ref)
        return NotSeen("The draft is gone.")

    def discard(self, prepared: Prepared) -> bool:
        self.spark()
        there = self.post.is_there(prepared.draft_ref)
        self.post.drafts.pop(prepared.draft_ref, None)
        self.spark()
        return there

    def sweep(self, keys: Sequence[str]) -> int:
        self.spark()
        found = [
            ref
            for ref, draft in self.post.drafts.items()
            if draft.sent_at is None
            and str(message_from_bytes(draft.mime)["X-Inboxcrm-Key"]) in keys
        ]
        for ref in found:
            del self.post.drafts[ref]
        self.spark()
        return len(found)

    def spending(self) -> Spending:
        return Spending()

    def close(self) -> None: ...


def edited(post: Post, ref: str) -> None:
    """Its owner wrote something else into the draft."""
    if ref not in post.drafts:
        raise Gone("There is no such draft.")
    post.made += 1
    post.drafts[ref].message_ref = f"m{post.made}"
