"""A mailbox that changes while it is read: the little Gmail against which the sync is killed.

It keeps what the real one keeps (labels, threads, a history with rising ids that expires), pages in threes, tells the
current head on every history page although it pages over a snapshot, and plays a script of changes by number of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from inboxcrm.errors import CursorExpired, Offline, Throttled
from inboxcrm.mail.message import Message, Participant, Role
from inboxcrm.ports import (
    Anchor,
    Capabilities,
    Change,
    ChangeKind,
    ChangePage,
    Fetched,
    Listed,
    ListPage,
    Missing,
    Outcome,
    Postponed,
    Spending,
    Wanted,
)

ALICE = "alice@lumenworks.example"
START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
PAGE = 3


class Killed(BaseException):
    """The process dies here. Nothing may catch it."""


@dataclass
class Held:
    ref: str
    thread_ref: str
    labels: frozenset[str]
    at: datetime
    message: Message


@dataclass
class World:
    """One mailbox. `script` maps the number of a call to what happens just before it is answered."""

    script: dict[int, Callable[[World], None]] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    history: list[tuple[int, Change]] = field(default_factory=list)
    head: int = 100
    floor: int = 100
    calls: int = 0
    count: int = 0
    deleted: set[str] = field(default_factory=set)

    def tick(self) -> None:
        self.calls += 1
        for at in sorted(at for at in self.script if at <= self.calls):
            self.script.pop(at)(self)

    def play_out(self) -> None:
        """What of the script no call has reached yet happens now."""
        for at in sorted(self.script):
            self.script.pop(at)(self)

    # --- what can happen to a mailbox ---

    def deliver(
        self, who: str, *, labels: str = "INBOX", thread: str = "", to: str = ALICE, name: str = ""
    ) -> str:
        self.count += 1
        ref = f"m{self.count:03}"
        at = START + timedelta(hours=self.count)
        people = (
            Participant(Role.FROM, who, who, name),
            Participant(Role.TO, to, to),
        )
        message = Message(
            message_id=f"{ref}@mail.example",
            date=at,
            subject=f"Matter {thread or ref}",
            participants=people,
            participant_count=2,
            text=f"Dear colleague, this is letter {self.count}. Could you send me a quote?",
        )
        held = Held(ref, thread or f"t{ref}", frozenset(labels.split()), at, message)
        self.held[ref] = held
        self._happen(ChangeKind.ADDED, held, held.labels)
        return ref

    def send(self, to: str, *, thread: str = "") -> str:
        return self.deliver(ALICE, labels="SENT", thread=thread, to=to)

    def draft(self) -> str:
        return self.deliver(ALICE, labels="DRAFT", to="somebody@else.example")

    def label(self, ref: str, *, on: str = "", off: str = "") -> None:
        if ref not in self.held:
            return
        held = self.held[ref]
        put, taken = frozenset(on.split()) - held.labels, frozenset(off.split()) & held.labels
        self.held[ref] = replace(held, labels=(held.labels | put) - taken)
        if put:
            self._happen(ChangeKind.LABELS_ON, self.held[ref], put)
        if taken:
            self._happen(ChangeKind.LABELS_OFF, self.held[ref], taken)

    def delete(self, ref: str) -> None:
        held = self.held.pop(ref, None)
        if held:
            self.deleted.add(ref)
            self._happen(ChangeKind.REMOVED, held, frozenset())

    def expire(self) -> None:
        """Forgets all history up to now."""
        self.floor = self.head

    def _happen(self, kind: ChangeKind, held: Held, labels: frozenset[str]) -> None:
        self.head += 2  # ids rise, with gaps
        self.history.append((self.head, Change(kind, held.ref, held.thread_ref, labels)))

    # --- what must be true in the end ---

    def live(self) -> dict[str, tuple[str, frozenset[str]]]:
        return {
            ref: (held.thread_ref, held.labels)
            for ref, held in self.held.items()
            if "DRAFT" not in held.labels
        }


@dataclass
class WorldSource:
    """The world as a provider shows it. `spark` is called before and after every call and may kill the process."""

    world: World
    spark: Callable[[], None] = lambda: None
    faults: Random | None = None
    snapshots: dict[str, list[tuple[int, Change]]] = field(default_factory=dict)

    capabilities = Capabilities(has_labels=True, has_changes=True, thread_pays_from=3, batch_size=4)

    def _call(self) -> None:
        self.spark()
        self.world.tick()
        if self.faults and self.faults.random() < 0.05:
            raise self.faults.choice(
                [Throttled("Slow down.", after_seconds=1.0), Offline("No answer.")]
            )

    def anchor(self) -> Anchor:
        self._call()
        found = Anchor(
            address=ALICE,
            aliases=(),
            cursor=str(self.world.head),
            message_total=len(self.world.held),
            labels=tuple(
                (ref, ref.title()) for ref in ("INBOX", "SENT", "SPAM", "STARRED", "TRASH")
            ),
        )
        self.spark()
        return found

    def list_page(
        self, *, label: str | None, token: str | None, since: datetime | None = None
    ) -> ListPage:
        self._call()
        # Newest first; a token names the last id told, so that arrivals in between do not shift the pages.
        refs = sorted(self.world.held, reverse=True)
        if label:
            refs = [ref for ref in refs if label in self.world.held[ref].labels]
        rest = [ref for ref in refs if token is None or ref < token]
        page = rest[:PAGE]
        items = tuple(Listed(ref, self.world.held[ref].thread_ref) for ref in page)
        found = ListPage(items, page[-1] if len(rest) > PAGE else None)
        self.spark()
        return found

    def changes(self, *, cursor: str, token: str | None) -> ChangePage:
        self._call()
        if int(cursor) < self.world.floor:
            raise CursorExpired("History is forgotten.")
        if token is None:
            snapshot = [event for event in self.world.history if event[0] > int(cursor)]
            start = 0
        else:
            mark, _, place = token.partition(":")
            if mark not in self.snapshots:
                raise CursorExpired("That page is forgotten.")
            snapshot, start = self.snapshots[mark], int(place)
        page = snapshot[start : start + PAGE]
        following = None
        if start + PAGE < len(snapshot):
            mark = token.partition(":")[0] if token else f"{cursor}-{self.world.calls}"
            self.snapshots[mark] = snapshot
            following = f"{mark}:{start + PAGE}"
        found = ChangePage(tuple(change for _, change in page), following, str(self.world.head))
        self.spark()
        return found

    def fetch(self, wanted: Sequence[Wanted]) -> list[Outcome]:
        self._call()
        found: list[Outcome] = []
        for ref in (ref for group in wanted for ref in group.refs):
            held = self.world.held.get(ref)
            if self.faults and self.faults.random() < 0.05:
                found.append(Postponed(ref, "Too many at once.", 1.0))
            elif held is None:
                found.append(Missing(ref))
            else:
                found.append(Fetched(ref, held.thread_ref, held.labels, held.at, held.message))
        self.spark()
        return found

    def attachment(self, *, ref: str, part: str) -> bytes:
        raise AssertionError("no sync asks for attachments")

    def spending(self) -> Spending:
        return Spending()

    def close(self) -> None:
        pass


def story(*, deletes: bool, expires_at: int | None = None) -> World:
    """Twenty mails, and a mailbox in motion: arrivals, answers, spam and back, trash, stars, drafts, deletions."""
    world = World()
    bob = world.deliver("bob@kitaura.example", name="Bob Tanaka", thread="tA")
    world.send("bob@kitaura.example", thread="tA")
    world.deliver("bob@kitaura.example", name="Bob Tanaka", thread="tA")
    world.deliver("bob@kitaura.example", name="Bob Tanaka", thread="tA", labels="TRASH")
    spam = world.deliver("ines@mares.example", labels="SPAM")
    oskar = world.deliver("oskar@nordvik.example", labels="INBOX STARRED")
    namesake = world.deliver("bob.tanaka@home.example", name="Bob Tanaka")
    world.draft()
    maren = world.deliver("maren@vogt.example", thread="tM")
    world.send("maren@vogt.example", thread="tM")
    doomed = world.deliver("kurt@brief.example")
    world.deliver("priya+crm@lotus.example")
    tomas = world.deliver("tomas@sierra.example")
    script: dict[int, Callable[[World], None]] = {
        2: lambda w: w.label(spam, on="INBOX", off="SPAM"),
        3: lambda w: w.deliver("awa@teranga.example", thread="tW"),
        4: lambda w: w.label(oskar, on="TRASH", off="INBOX"),
        5: lambda w: w.send("lukas@alpen.example", thread="tL"),
        6: lambda w: w.deliver("priya@lotus.example"),
        7: lambda w: w.label(maren, on="STARRED"),
        8: lambda w: w.label(tomas, on="SPAM", off="INBOX"),
        9: lambda w: w.deliver("lukas@alpen.example", thread="tL"),
        10: lambda w: w.label(namesake, on="STARRED"),
        11: lambda w: w.label(bob, off="INBOX"),
        12: lambda w: w.deliver("hanna@koch.example", labels="SPAM"),
        13: lambda w: w.label(oskar, on="INBOX", off="TRASH STARRED"),
        14: lambda w: w.deliver("awa@teranga.example", thread="tW"),
        15: lambda w: w.label(tomas, on="STARRED"),
        16: lambda w: w.label(sorted(w.held)[-2], on="INBOX", off="SPAM"),
        18: lambda w: w.deliver("nora@haas.example"),
        20: lambda w: w.send("nora@haas.example"),
    }
    if deletes:
        script[7] = lambda w: (w.delete(doomed), w.label(maren, on="STARRED"))[0]
        script[17] = lambda w: w.delete(tomas)
    if expires_at:
        before = script.get(expires_at)
        script[expires_at] = lambda w: (before and before(w), w.expire())[1]
    world.script = script
    return world
