"""What one run of the sync holds in its hands: the mailbox, the source, the lease, and counts for progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inboxcrm.errors import BusyMailboxError
from inboxcrm.mail.wanted import Scope
from inboxcrm.ports import MailSource
from inboxcrm.store import mailboxes
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Database, Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import CursorRow, MailboxRow

LEASE_SECONDS = 120.0

SMALLEST_GROUP = 40
"""So many messages share a transaction at least; `fetching` says when it may be more."""


@dataclass(frozen=True, slots=True)
class Runner:
    """Who runs a sync, in machine time. `name` is unique to the process; `is_dead` tells of another runner's name
    whether its process has surely ended (then its lease counts for nothing).
    """

    name: str
    machine_now: Callable[[], float]
    wait: Callable[[float], None]
    is_dead: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts, never the name of a state. `total` is the provider's own estimate, 0 when it gave none."""

    mailbox: str
    total: int
    listed: int
    stored: int


class Lease:
    """Keeps two workers off one mailbox. A dead worker's lease runs out, or is taken at once where it surely died."""

    def __init__(self, database: Database, runner: Runner, mailbox_id: int) -> None:
        self._database = database
        self._runner = runner
        self._mailbox_id = mailbox_id
        self._until = 0.0

    def take(self, tx: Tx) -> None:
        holder = mailboxes.lease_owner(tx, self._mailbox_id)
        if holder and holder != self._runner.name and self._runner.is_dead(holder):
            mailboxes.drop_lease(tx, self._mailbox_id, holder)
        self._extend(tx)

    def keep(self, tx: Tx) -> None:
        """Called in every transaction of a run: a lost lease aborts it before it commits."""
        if self._until - self._runner.machine_now() < LEASE_SECONDS / 2:
            self._extend(tx)
        elif mailboxes.lease_owner(tx, self._mailbox_id) != self._runner.name:
            raise self.lost()

    def drop(self) -> None:
        with self._database.write() as tx:
            mailboxes.drop_lease(tx, self._mailbox_id, self._runner.name)

    def _extend(self, tx: Tx) -> None:
        now = self._runner.machine_now()
        until = now + LEASE_SECONDS
        if not mailboxes.take_lease(
            tx, self._mailbox_id, self._runner.name, now=int(now * 1000), until=int(until * 1000)
        ):
            raise self.lost()
        self._until = until

    def lost(self) -> BusyMailboxError:
        return BusyMailboxError(
            "Another worker is syncing this mailbox.",
            remedy="Wait for it to finish, or stop it; its claim ends two minutes after it does.",
        )


@dataclass(slots=True)
class Run:
    desk: Desk
    source: MailSource
    mailbox: MailboxRow
    runner: Runner
    lease: Lease
    on_progress: Callable[[Progress], None]
    should_stop: Callable[[], bool]
    accept_removals: bool = False
    listed: int = 0
    stored: int = 0
    leads_created: int = 0
    audited: bool = False
    group: int = SMALLEST_GROUP
    _counted: tuple[int, int] | None = None

    def cursor(self) -> CursorRow:
        with self.desk.database.read() as tx:
            return mailboxes.cursor_of(tx, self.mailbox.id)

    def scope(self, tx: Tx) -> Scope:
        """Which copies this mailbox wants, label names turned into the provider's refs."""
        since = self.mailbox.since_at
        refs = mailboxes.label_refs(tx, self.mailbox.id, self.mailbox.labels)
        return Scope(from_ms(since) if since is not None else None, frozenset(refs.values()))

    def tell(self) -> None:
        """Counts rows once a run and keeps the sum from then on: counting for every group would cost more than it."""
        if self._counted is None:
            with self.desk.database.read() as tx:
                counts = mailboxes.counts_of(tx, self.mailbox.id)
                total = mailboxes.cursor_of(tx, self.mailbox.id).message_total
            self._counted = (counts.stored - self.stored, total)
        before, total = self._counted
        self.on_progress(
            Progress(
                self.mailbox.name, total=total, listed=self.listed, stored=before + self.stored
            )
        )
