"""Runs the sync against a moving world, kills it where told, runs it again until it comes to its end, and compares."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.errors import ProviderError
from inboxcrm.leads.fields import LeadField
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.sync_run import Runner
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.store.database import Database, Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.messages import split_labels
from inboxcrm.store.tables import (
    address,
    address_capture,
    evidence,
    fetch_item,
    lead,
    lead_address,
    lead_decision,
    lead_link,
    message,
    message_copy,
    thread,
)
from tests.sync.world import ALICE, START, Killed, World, WorldSource

BOX = "alice"


@dataclass
class Fuse:
    """Counts the places where a process can die, and kills it at one of them."""

    blow_at: int | None = None
    count: int = 0
    armed: bool = True

    def spark(self) -> None:
        if not self.armed:
            return
        self.count += 1
        if self.count == self.blow_at:
            self.armed = False
            raise Killed


class MortalDatabase(Database):
    """Can die just before a commit and just after it. The power stays on, so no commit need wait for the disk."""

    fuse: Fuse = Fuse(armed=False)

    def held(
        self, *, durable: bool = False
    ) -> AbstractContextManager[Callable[[], AbstractContextManager[Tx]]]:
        return super().held()

    def _commit(self, tx: Tx) -> None:
        self.fuse.spark()
        super()._commit(tx)
        self.fuse.spark()


@dataclass
class HandClock:
    at: datetime = START + timedelta(days=30)

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Bench:
    """One database and the desk on it."""

    database: MortalDatabase
    clock: HandClock = field(default_factory=HandClock)
    capture: str = "enquiry"
    lead_fields: tuple[LeadField, ...] = ()

    @property
    def desk(self) -> Desk:
        return Desk(
            database=self.database,
            clock=self.clock,
            pipelines=Pipelines(),
            ids=OpaqueIds(b"k" * 32),
            working_hours=WorkingHours(),
            lead_fields=self.lead_fields,
        )

    def declare(self) -> None:
        declare_mailboxes(self.desk, [Declared(BOX, "gmail", ALICE, capture=self.capture)])

    def sync(self, source: WorldSource, *, audit: bool = False) -> Any:
        runner = Runner(
            name="worker",
            machine_now=self.clock.seconds,
            wait=self.clock.wait,
        )
        return sync_mailbox(
            self.desk, source, BOX, runner=runner, audit=audit, accept_removals=True
        )


def run_to_the_end(
    bench: Bench, world: World, *, blow_at: int | None = None, seed: int | None = None
) -> int:
    """Syncs the world, dying once at `blow_at`; then as often as it takes until nothing moves. Returns the sparks."""
    fuse = Fuse(blow_at)
    bench.database.fuse = fuse
    faults = Random(seed) if seed is not None else None
    for _ in range(60):
        try:
            bench.declare()
            bench.sync(WorldSource(world, fuse.spark, faults))
        except Killed:
            bench.clock.wait(1)
            continue
        except ProviderError:
            bench.clock.wait(120)
            continue
        if not world.script:
            break
        world.play_out()
    else:
        raise AssertionError("the sync never came to its end")
    fuse.armed = False
    for _ in range(20):
        try:
            bench.sync(WorldSource(world, lambda: None, faults))
            break
        except ProviderError:
            bench.clock.wait(120)
    return fuse.count


def stored_mail(tx: Tx) -> dict[str, tuple[str, frozenset[str]]]:
    """Live copies with thread and labels, as `World.live` tells them."""
    rows = tx.execute(
        select(message_copy.c.ref, thread.c.ref, message_copy.c.labels)
        .join(thread, thread.c.id == message_copy.c.thread_id)
        .where(message_copy.c.tombstoned_at.is_(None))
    )
    return {row[0]: (row[1], frozenset(split_labels(row[2]))) for row in rows}


def stored_threads(tx: Tx) -> dict[str, int]:
    rows = tx.execute(
        select(thread.c.ref, thread.c.message_count).where(thread.c.message_count > 0)
    )
    return {row[0]: row[1] for row in rows}


def stored_leads(tx: Tx) -> dict[str, Any]:
    """Everything capture concluded, in words that hold across databases."""
    keys = dict(tx.execute(select(address.c.id, address.c.key)).all())
    mails = dict(tx.execute(select(message.c.id, message.c.message_id)).all())
    found: dict[str, Any] = {"leads": {}, "captures": {}, "decisions": {}, "links": set()}
    rows = tx.execute(
        select(
            lead_address.c.address_id,
            lead.c.name,
            lead.c.source,
            lead.c.stage_since_at,
            lead.c.last_in_at,
            lead.c.last_out_at,
            lead.c.in_count,
            lead.c.out_count,
            lead.c.owes,
            lead.c.owes_since_at,
        )
        .join(lead, lead.c.id == lead_address.c.lead_id)
        .where(lead.c.is_withdrawn.is_(False))
    )
    found["leads"] = {keys[row[0]]: tuple(row[1:]) for row in rows}
    rows = tx.execute(select(address_capture))
    found["captures"] = {
        keys[row.address_id]: (row.outcome, row.rule, row.detail, mails.get(row.rests_on))
        for row in rows
    }
    rows = tx.execute(select(lead_decision))
    found["decisions"] = {
        (mails[row.message_id], keys[row.address_id]): (row.outcome, row.rule) for row in rows
    }
    rows = tx.execute(select(lead_link.c.message_id, lead_link.c.address_id))
    found["links"] = {(mails[row[0]], keys[row[1]]) for row in rows}
    rows = tx.execute(select(evidence))
    found["evidence"] = {
        (keys[row.address_id], row.sign): (row.messages, row.first_at, mails[row.first_message_id])
        for row in rows
    }
    return found


def differences(bench: Bench, world: World) -> list[str]:
    """What is stored against what the mailbox holds."""
    wrong: list[str] = []
    with bench.database.read() as tx:
        mail, threads = stored_mail(tx), stored_threads(tx)
        waiting = tx.execute(select(fetch_item.c.ref, fetch_item.c.state)).all()
    live = world.live()
    wrong += [
        f"{ref}: mailbox {live.get(ref)}, database {mail.get(ref)}"
        for ref in sorted(live.keys() | mail.keys())
        if live.get(ref) != mail.get(ref)
    ]
    counted: dict[str, int] = {}
    for thread_ref, _ in live.values():
        counted[thread_ref] = counted.get(thread_ref, 0) + 1
    if counted != threads:
        wrong.append(f"threads: mailbox {counted}, database {threads}")
    wrong += [f"still queued: {ref} ({state})" for ref, state in waiting]
    return wrong


def lead_differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    wrong: list[str] = []
    for part, ours in one.items():
        theirs = other[part]
        if isinstance(ours, set):
            wrong += [f"{part}: {odd}" for odd in ours ^ theirs]
            continue
        wrong += [
            f"{part} {key}: {ours.get(key)} against {theirs.get(key)}"
            for key in ours.keys() | theirs.keys()
            if ours.get(key) != theirs.get(key)
        ]
    return wrong


def concluded(bench: Bench) -> dict[str, Any]:
    with bench.database.read() as tx:
        return stored_leads(tx)


def shown(value: object) -> str:
    return json.dumps(value, default=str)


Story = Callable[[], World]
