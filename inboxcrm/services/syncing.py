"""One mailbox brought up to date: the database equals the mailbox, however often this dies on the way.

States: NEW, LISTING, LIVE, RECONCILE. What remains to be done is rows, never a job in memory:

1. NEW: take the anchor (whose mailbox, where its history stands now) and only then begin to list.      -> LISTING
2. LISTING: T1 writes the ids of one page into the queue together with the page token. After the last page the sent
   mail is listed too, so that threads in which we wrote come first.   -> LIVE (RECONCILE if it was a relisting)
3. RECONCILE: each label is listed; T1 mends labels that differ, and what no listing met is asked for once more before
   it is given up. The anchor lies before all of it, so history brings what moved meanwhile.               -> LIVE
4. LIVE: walk through history from the cursor. The cursor stays where it is while pages are turned and moves with the
   last one, to where the provider stood when it answered the **first**: never too far, and a replay is free.
5. In every state: fetch what is queued and store it, group by group (T2, services/storing.py).

A crash after any step leaves rows from which the next run goes on. History that expired means a new anchor, a new
generation and steps 2 to 4 again. Nothing is fetched twice that is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from inboxcrm.errors import CursorExpired, NotFoundError, ProviderError, Reauth, Throttled
from inboxcrm.mail.message import PARSER_VERSION
from inboxcrm.ports import Anchor, MailSource
from inboxcrm.services import reconciling, walking
from inboxcrm.services.fetching import fetch_some
from inboxcrm.services.owning import note_aliases, own_addresses_changed
from inboxcrm.services.sync_run import Lease, Progress, Run, Runner
from inboxcrm.store import mailboxes, queue, upkeep
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

WALK_AGAIN_AFTER = timedelta(seconds=60)
"""While a long queue is fetched, history is asked this often, so that new mail comes first."""

MUCH = 5_000
"""After so many messages in one run the planner's statistics and the full text are brought up to date."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one run did, and where the mailbox stands. `trouble` is empty when all is well."""

    name: str
    state: str
    listed: int
    stored: int
    quarantined: int
    tombstoned: int
    units: int
    requests: int
    leads_created: int
    candidates: int
    seconds: float
    trouble: str = ""

    def as_json(self) -> dict[str, Any]:
        found = asdict(self)
        if not self.trouble:
            del found["trouble"]
        return found


def sync_mailbox(
    desk: Desk,
    source: MailSource,
    mailbox_name: str,
    *,
    runner: Runner,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    audit: bool = False,
    accept_removals: bool = False,
) -> SyncReport:
    """Runs until the mailbox is up to date, `should_stop` says so, or a fault needs time or a person.

    Raises BusyMailboxError when another worker holds the mailbox, NotFoundError when there is none of that name, and
    ProviderErrors the run could not get over; what was stored stays, and the fault is written on the mailbox.
    """
    started = runner.machine_now()
    with desk.database.write() as tx:
        box = mailboxes.mailbox_named(tx, mailbox_name)
        if box is None:
            raise NotFoundError(
                f'There is no mailbox "{mailbox_name}".',
                remedy="Name it in a [[mailbox]] of the settings; inboxcrm doctor lists those known.",
            )
        lease = Lease(desk.database, runner, box.id)
        lease.take(tx)
    run = Run(
        desk=desk,
        source=source,
        mailbox=box,
        runner=runner,
        lease=lease,
        on_progress=on_progress or (lambda _: None),
        should_stop=should_stop,
        accept_removals=accept_removals,
    )
    try:
        _go(run, audit=audit)
    except ProviderError as fault:
        _note_trouble(run, fault)
        raise
    finally:
        lease.drop()
    return _report(run, runner.machine_now() - started)


def _go(run: Run, *, audit: bool) -> None:
    with run.desk.database.write() as tx:
        state = mailboxes.cursor_of(tx, run.mailbox.id)
        queue.retry_quarantined(tx, run.mailbox.id, below_version=PARSER_VERSION)
    if state.state == "new":
        _begin(run, run.source.anchor())
    elif audit and state.state == "live":
        relist(run)
    elif not run.source.capabilities.has_changes and state.state == "live":
        relist(run, anchor=False)
    while not run.should_stop():
        state = run.cursor()
        if state.state == "listing":
            walking.list_some(run, state)
            if not run.source.capabilities.has_changes:
                _drain(run)
            continue
        if state.state == "reconcile":
            reconciling.reconcile(run, state)
            continue
        if run.source.capabilities.has_changes and not _walked(run):
            continue
        if _drain(run):
            break
    if not run.should_stop():
        _finish(run)


def _walked(run: Run) -> bool:
    """One walk through history; False when history has expired and a relisting has begun."""
    try:
        walking.walk_history(run)
    except CursorExpired:
        relist(run)
        return False
    return True


def _drain(run: Run) -> bool:
    """Fetches what is queued. True when nothing is left that could be fetched now; False when history is due."""
    began = run.desk.clock.now()
    while not run.should_stop():
        if not fetch_some(run):
            return True
        if (
            run.source.capabilities.has_changes
            and run.cursor().state == "live"
            and run.desk.clock.now() - began > WALK_AGAIN_AFTER
        ):
            return False
    return True


def _begin(run: Run, anchor: Anchor) -> None:
    """The anchor is stored before anything is listed: what arrives during the listing comes through history."""
    with run.desk.database.write() as tx:
        run.lease.keep(tx)
        _note_identity(run, tx, anchor)
        mailboxes.move_cursor(
            tx,
            run.mailbox.id,
            generation=0,
            generation_new=1,
            state="listing",
            cursor=anchor.cursor,
            page_token="",
            scope="",
            message_total=anchor.message_total or 0,
        )


def relist(run: Run, *, anchor: bool = True) -> None:
    """Begins a new generation: a fresh anchor, then everything is listed again. What is stored is not fetched again."""
    found = run.source.anchor() if anchor else None
    with run.desk.database.write() as tx:
        run.lease.keep(tx)
        state = mailboxes.cursor_of(tx, run.mailbox.id)
        if found:
            _note_identity(run, tx, found)
        queue.forget_seen(tx, run.mailbox.id)
        mailboxes.move_cursor(
            tx,
            run.mailbox.id,
            generation=state.generation,
            generation_new=state.generation + 1,
            state="listing",
            cursor=found.cursor if found else state.cursor,
            walk_cursor="",
            page_token="",
            scope="",
            message_total=(found.message_total or 0) if found else state.message_total,
        )


def _note_identity(run: Run, tx: Tx, anchor: Anchor) -> None:
    box = run.mailbox
    aliases = note_aliases(tx, box, box.name, told=anchor.aliases)
    address = box.address or anchor.address
    if anchor.labels:
        mailboxes.remember_labels(tx, box.id, anchor.labels)
    if (address, aliases) != (box.address, box.aliases):
        mailboxes.set_identity(tx, box.id, address=address, aliases=aliases)
        run.mailbox = mailboxes.mailbox_named(tx, box.name) or box
    own_addresses_changed(tx, run.desk)


def _finish(run: Run) -> None:
    with run.desk.database.write() as tx:
        now = to_ms(run.desk.clock.now())
        values: dict[str, Any] = {"synced_at": now, "trouble": "", "auth": "ok", "wake_at": None}
        if run.audited:
            values["audited_at"] = now
        mailboxes.note_state(tx, run.mailbox.id, **values)
    if run.stored >= MUCH:
        upkeep.settle(run.desk.database)


def _note_trouble(run: Run, fault: ProviderError) -> None:
    """Written on the mailbox, so that pages can say what is wrong and what to do."""
    text = f"{fault.message} {fault.remedy}".strip()
    values: dict[str, Any] = {"trouble": text}
    if isinstance(fault, Reauth):
        values["auth"] = "reauth"
    if isinstance(fault, Throttled):
        wait = timedelta(seconds=fault.after_seconds or 60.0)
        values["wake_at"] = to_ms(run.desk.clock.now() + wait)
    with run.desk.database.write() as tx:
        mailboxes.note_state(tx, run.mailbox.id, **values)


def _report(run: Run, seconds: float) -> SyncReport:
    with run.desk.database.read() as tx:
        state = mailboxes.cursor_of(tx, run.mailbox.id)
        counts = mailboxes.counts_of(tx, run.mailbox.id)
        candidates = mailboxes.candidates_of(tx, run.mailbox.id)
        box = mailboxes.mailbox_named(tx, run.mailbox.name)
    spent = run.source.spending()
    return SyncReport(
        name=run.mailbox.name,
        state=state.state,
        listed=run.listed,
        stored=run.stored,
        quarantined=counts.quarantined,
        tombstoned=counts.tombstoned,
        units=spent.units,
        requests=spent.requests,
        leads_created=run.leads_created,
        candidates=candidates,
        seconds=round(seconds, 3),
        trouble=box.trouble if box else "",
    )
