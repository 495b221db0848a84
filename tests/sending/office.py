"""An office that sends a merge to a few people, dies where it is told to, and is started again until all is settled."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy import select, update

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.windows import Windows
from inboxcrm.errors import BusyMailboxError, ProviderError
from inboxcrm.services.cadences import add_step, make_merge, start
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.leaving import SendReport
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.planning_ahead import MailAhead
from inboxcrm.services.sending import send_due
from inboxcrm.services.sync_run import Runner
from inboxcrm.services.templates import save_template
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.settings import set_setting
from inboxcrm.store.tables import (
    conversation,
    lead,
    mailbox,
    message,
    message_copy,
    outbox,
    thread,
)
from tests.sending.post import Post, PostSender
from tests.sync.killing import Bench, Fuse
from tests.sync.world import Killed

ALICE = Viewer(account_id=1, role=AccountRole.ADMIN)
MONDAY = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
COMPOSE = "https://www.googleapis.com/auth/gmail.compose"
ALWAYS = Windows.of_week("UTC", {day: [(MONDAY.time().replace(hour=0), MONDAY.time().replace(hour=0))]
                                 for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})  # fmt: skip
QUICK = CadenceRules(windows=ALWAYS, day_cap=1_000, gap_seconds=0, ramp_percent=0, domain_cap=0)
PEOPLE = ("bob", "erin", "frank")


@dataclass
class Office:
    bench: Bench
    post: Post
    people: tuple[str, ...] = PEOPLE
    rules: CadenceRules = QUICK
    steps: tuple[dict[str, Any], ...] = ()
    """What `add_step` is given for each step behind the first."""
    lives: Any = field(default_factory=itertools.count)

    @property
    def desk(self) -> Desk:
        return self.bench.desk

    def furnish(self) -> None:
        """A mailbox that may send, a template, some leads, and a merge to all of them that is running."""
        self.bench.clock.at = MONDAY
        declare_mailboxes(self.desk, [Declared("alice", "gmail", "alice@seller.example")])
        with self.desk.database.write() as tx:
            tx.execute(update(mailbox).values(scopes=f'["{COMPOSE}"]'))
            set_setting(tx, "outbox_key", "5e" * 32)  # the same jitter every time
        self.read_mail()
        for name in self.people:
            create_lead(self.desk, ALICE, f"{name}@{name}s-firm.example", f"{name.title()} Tanaka")
        save_template(
            self.desk,
            ALICE,
            name="hello",
            subject="A word, {{ first_name }}",
            text="Good day {{ first_name }},\n\nyours, Alice",
        )
        self.merge("Autumn", self.rules)
        for one in self.steps:
            add_step(self.desk, ALICE, "Autumn", **one)
        start(self.desk, ALICE, "Autumn", expected=len(self.people))

    def merge(self, name: str, rules: CadenceRules = QUICK, **more: str) -> None:
        """A merge to everybody, not started."""
        make_merge(
            self.desk,
            ALICE,
            name=name,
            template="hello",
            segment=more.pop("segment", "stage is new"),
            mailbox="alice",
            rules=rules,
            **more,
        )

    def goes_to_the_end_as(self, planned: Iterable[MailAhead]) -> None:
        """The sender looks at its clock only now and then: it is never early, and late by a look at most."""
        self.to_the_end()
        went: dict[str, list[float]] = {}
        for one in self.post.sent:
            went.setdefault(one.to, []).append(one.at)
        for mail in planned:
            late = went[mail.to][mail.number - 1] - mail.at.timestamp()
            assert -1 <= late <= 301, f"{mail}: {late} seconds"

    def read_mail(self) -> None:
        """As a sync that found nothing leaves the mailbox."""
        with self.desk.database.write() as tx:
            tx.execute(
                update(mailbox).values(synced_at=to_ms(self.bench.clock.at), auth="ok", trouble="")
            )

    def bring_back(self) -> None:
        """As a sync that found the sent copies leaves them: with the ids the provider gave them."""
        with self.desk.database.write() as tx:
            box = tx.execute(select(mailbox.c.id)).scalar_one()
            held = set(tx.execute(select(message_copy.c.ref)).scalars())
            for row in tx.execute(select(outbox).where(outbox.c.ref != "")).all():
                if row.ref in held:
                    continue
                talk = tx.execute(conversation.insert().returning(conversation.c.id)).scalar_one()
                mail = tx.execute(
                    message.insert()
                    .values(
                        key=row.ref,
                        message_id=f"real-{row.ref}@mail.example",
                        conversation_id=talk,
                        sent_at=to_ms(self.bench.clock.at),
                        direction="out",
                        kind="human",
                    )
                    .returning(message.c.id)
                ).scalar_one()
                place = tx.execute(
                    select(thread.c.id).where(thread.c.ref == row.thread_ref)
                ).scalar()
                place = (
                    place
                    or tx.execute(
                        thread.insert()
                        .values(mailbox_id=box, ref=row.thread_ref)
                        .returning(thread.c.id)
                    ).scalar_one()
                )
                tx.execute(
                    message_copy.insert().values(
                        mailbox_id=box,
                        ref=row.ref,
                        message_id=mail,
                        thread_id=place,
                        labels="\nSENT\n",
                        received_at=to_ms(self.bench.clock.at),
                    )
                )

    def runner(self, name: str = "") -> Runner:
        called = name or f"sender-{next(self.lives)}"
        clock = self.bench.clock
        return Runner(called, clock.seconds, clock.wait, is_dead=lambda other: other != called)

    def send(self, sender: PostSender | None = None, **how: Any) -> SendReport:
        return send_due(
            self.desk, sender or PostSender(self.post), "alice", runner=self.runner(), **how
        )

    def to_the_end(
        self,
        *,
        blow_at: int | None = None,
        seed: int = 0,
        before_hand_over: Callable[[], None] = lambda: None,
    ) -> int:
        """Sends, dying once at `blow_at`, until no mail is open; returns the sparks of the run."""
        fuse = Fuse(blow_at)
        self.bench.database.fuse = fuse
        dice = Random(seed)
        for _ in range(300):
            sender = PostSender(self.post, fuse.spark, dice, before_hand_over)
            wait_seconds = 0.0
            with suppress(Killed, BusyMailboxError, ProviderError):
                report = self.send(sender)
                wait_seconds = (report.next_at or 0) / 1000 - self.bench.clock.seconds()
            if not self.open_mails():
                self.bench.database.fuse = Fuse(armed=False)
                return fuse.count
            armed, fuse.armed = fuse.armed, False
            self.bench.clock.wait(max(wait_seconds, 1.0))
            self.read_mail()
            self.bring_back()
            fuse.armed = armed
        raise AssertionError(f"never came to its end: {self.states()}")

    # --- what came of it ---

    def rows(self) -> list[Any]:
        with self.desk.database.read() as tx:
            return list(tx.execute(select(outbox).order_by(outbox.c.id)).all())

    def states(self) -> dict[str, str]:
        return {row.to_address: row.state for row in self.rows()}

    def open_mails(self) -> int:
        closed = {"sent", "unconfirmed", "skipped", "failed", "cancelled"}
        return sum(row.state not in closed for row in self.rows())

    def wrong(self) -> list[str]:
        """Against what is promised: nobody gets it twice, and whatever left is told as sent, or shown as unconfirmed."""
        reached: Counter[str] = Counter(one.key for one in self.post.sent)
        found = []
        for row in self.rows():
            who, state, times = f"{row.to_address} {row.step_key}", row.state, reached[row.key]
            if times > 1:
                found.append(f"{who} got it {times} times")
            if times and state not in {"sent", "unconfirmed"}:
                found.append(f"{who} got it, and it is said to be {state}")
            if not times and state not in {"unconfirmed", "cancelled", "skipped", "failed"}:
                found.append(f"{who} did not get it, and it is said to be {state}")
        return found

    def lead_id(self, tx: Tx, name: str) -> int:
        return int(tx.execute(select(lead.c.id).where(lead.c.name == name)).scalar_one())

    def sealed_lead(self, name: str) -> str:
        """As pages and commands name it."""
        with self.desk.database.read() as tx:
            return self.desk.ids.seal("lead", self.lead_id(tx, name))
