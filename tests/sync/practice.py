"""A desk beside the practice server: the real Gmail source, real HTTP, and clocks that only waiting moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.gmail.source import GmailSource
from inboxcrm.gmail.token_file import load_credentials
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.leads.own import CapturePolicy
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.ports import MailSource
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import Sandbox
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.sync_run import Runner
from inboxcrm.services.syncing import SyncReport, sync_mailbox
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.store.tables import (
    address,
    address_capture,
    fetch_item,
    lead,
    lead_address,
    mailbox,
    message,
    message_copy,
)
from tests.sync.killing import HandClock, stored_leads, stored_mail
from tests.sync.letters import letter, sent_at

VIEWER = Viewer(account_id=1, role=AccountRole.ADMIN)


@dataclass(frozen=True)
class GmailPrices:
    api_endpoint: str
    price_table: str = "generous"
    units_per_minute: int | None = None


@dataclass
class Book:
    kept: tuple[float, float] | None = None

    def load(self) -> tuple[float, float] | None:
        return self.kept

    def save(self, tokens: float, at: float) -> None:
        self.kept = (tokens, at)


@dataclass
class Practice:
    """Mailboxes of the server by name, and the desk that follows them."""

    database: Database
    sandbox: Sandbox
    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    policy: CapturePolicy = field(default_factory=CapturePolicy)
    declared: dict[str, Declared] = field(default_factory=dict)
    count: int = 0
    waits: list[float] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return Desk(
            database=self.database,
            clock=self.clock,
            pipelines=Pipelines(),
            ids=OpaqueIds(b"k" * 32),
            working_hours=WorkingHours(),
            capture=self.policy,
        )

    def box(self, name: str = "alice") -> SandboxMailbox:
        return self.sandbox.service.mailboxes[f"{name}@lumenworks.example"]

    def deliver(
        self,
        sender: str,
        to: str = "alice@lumenworks.example",
        *,
        box: str = "alice",
        labels: Iterable[str] = ("INBOX", "UNREAD"),
        **how: Any,
    ) -> str:
        self.count += 1
        raw = letter(self.count, sender, to, **how)
        return self.box(box).deliver(raw, labels=labels, at=sent_at(self.count))

    def declare(self, *names: str, **how: Any) -> None:
        """Writes these mailboxes into the settings, the others stay as they were."""
        for name in names or ("alice",):
            how.setdefault("address", f"{name}@lumenworks.example")
            self.declared[name] = Declared(name, "gmail", **how)
            del how["address"]
        declare_mailboxes(self.desk, list(self.declared.values()))

    def source(self, name: str = "alice", *, prices: str = "generous") -> GmailSource:
        token_file = self.folder / f"{name}.json"
        if not token_file.exists():
            write_token_file(token_file, self.sandbox.url, address=f"{name}@lumenworks.example")

        def wait(seconds: float) -> None:
            self.waits.append(seconds)
            self.clock.wait(seconds)

        return GmailSource(
            Traffic(
                load_credentials(token_file, mailbox=name),
                gmail=GmailPrices(self.sandbox.url, prices),
                bucket=Book(),
                sleep=wait,
                monotonic=self.seconds,
                mailbox=name,
                chance=lambda: 0.5,
            )
        )

    def seconds(self) -> float:
        return self.clock.at.timestamp()

    def runner(self, name: str = "worker", **how: Any) -> Runner:
        return Runner(name, self.seconds, self.clock.wait, **how)

    def sync(
        self,
        name: str = "alice",
        *,
        prices: str = "generous",
        wrap: Callable[[MailSource], MailSource] = lambda source: source,
        **how: Any,
    ) -> SyncReport:
        if name not in self.declared:
            self.declare(name)
        source = self.source(name, prices=prices)
        try:
            return sync_mailbox(self.desk, wrap(source), name, runner=self.runner(), **how)
        finally:
            source.close()

    # --- what came of it ---

    def mail(self) -> dict[str, tuple[str, frozenset[str]]]:
        with self.database.read() as tx:
            return stored_mail(tx)

    def concluded(self) -> dict[str, Any]:
        with self.database.read() as tx:
            return stored_leads(tx)

    def leads(self) -> set[str]:
        """Match keys of the addresses of leads that are shown."""
        with self.database.read() as tx:
            rows = tx.execute(
                select(address.c.key)
                .join(lead_address, lead_address.c.address_id == address.c.id)
                .join(lead, lead.c.id == lead_address.c.lead_id)
                .where(lead.c.is_withdrawn.is_(False))
            )
            return set(rows.scalars())

    def captured(self, key: str) -> tuple[str, str] | None:
        """(outcome, rule) of an address; None where nothing was decided."""
        with self.database.read() as tx:
            row = tx.execute(
                select(address_capture.c.outcome, address_capture.c.rule)
                .join(address, address.c.id == address_capture.c.address_id)
                .where(address.c.key == key)
            ).first()
        return None if row is None else (row[0], row[1])

    def directions(self) -> dict[str, str]:
        with self.database.read() as tx:
            return dict(tx.execute(select(message.c.subject, message.c.direction)).all())

    def queued(self) -> dict[str, tuple[str, str]]:
        with self.database.read() as tx:
            rows = tx.execute(select(fetch_item.c.ref, fetch_item.c.state, fetch_item.c.reason))
            return {row[0]: (row[1], row[2]) for row in rows}

    def mentioned(self, ref: str) -> set[str]:
        """Who stands on a mail that could not be read or kept."""
        with self.database.read() as tx:
            found = tx.execute(select(fetch_item.c.mentions).where(fetch_item.c.ref == ref))
            return set(found.scalar_one().split("\n"))

    def tombstones(self) -> set[str]:
        with self.database.read() as tx:
            rows = tx.execute(
                select(message_copy.c.ref).where(message_copy.c.tombstoned_at.is_not(None))
            )
            return set(rows.scalars())

    def row(self, name: str = "alice") -> Any:
        with self.database.read() as tx:
            return tx.execute(select(mailbox).where(mailbox.c.name == name)).one()

    def later(self, **how: float) -> None:
        self.clock.at += timedelta(**how)
