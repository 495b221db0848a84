"""Fetches a handful of queued items and stores what came: the T2 of every item, whatever became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from inboxcrm.errors import StorageError
from inboxcrm.mail.message import PARSER_VERSION
from inboxcrm.mail.wanted import is_wanted
from inboxcrm.ports import Fetched, Missing, Outcome, Postponed, Unreadable
from inboxcrm.services.fetch_plan import MAX_ATTEMPTS, plan_fetch, wait_seconds
from inboxcrm.services.preparing import Prepared, prepare
from inboxcrm.services.relabelling import bury, set_copy_labels
from inboxcrm.services.settling import own_set_of
from inboxcrm.services.storing import store_group
from inboxcrm.services.sync_run import SMALLEST_GROUP, Run
from inboxcrm.store import messages, queue
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx

PATIENCE_SECONDS = 60.0
"""So long a run waits for postponed items before it leaves them to the next one."""

LARGEST_GROUP = 200
"""So many messages share a transaction. A commit costs as much as storing several of them, but what is fetched and
not yet stored is lost with the process: the group grows while fetching is fast and shrinks when it is slow."""

FAST_SECONDS, SLOW_SECONDS = 0.5, 3.0


def fetch_some(run: Run) -> bool:
    """One group: fetch outside any transaction, then store. False when nothing is left that can be fetched soon."""
    capabilities = run.source.capabilities
    now = to_ms(run.desk.clock.now())
    with run.desk.database.read() as tx:
        many = max(capabilities.batch_size, run.group)
        items = queue.next_items(tx, run.mailbox.id, now=now, many=many)
        soonest = None if items else queue.soonest(tx, run.mailbox.id)
    if not items:
        seconds = (soonest - now) / 1000 if soonest is not None else PATIENCE_SECONDS + 1
        if seconds > PATIENCE_SECONDS:
            return False
        run.runner.wait(max(seconds, 0.05))
        return True
    began = run.runner.machine_now()
    outcomes = run.source.fetch(plan_fetch(items, thread_pays_from=capabilities.thread_pays_from))
    run.group = _next_group(run.group, run.runner.machine_now() - began)
    attempts = {item.ref: item.attempts for item in items}
    _take(run, outcomes, attempts)
    run.tell()
    return True


def _next_group(group: int, seconds: float) -> int:
    if seconds < FAST_SECONDS:
        return min(group * 2, LARGEST_GROUP)
    return max(group // 2, SMALLEST_GROUP) if seconds > SLOW_SECONDS else group


def _take(run: Run, outcomes: Sequence[Outcome], attempts: dict[str, int]) -> None:
    with run.desk.database.read() as tx:
        own, scope = own_set_of(tx, run.desk), run.scope(tx)
    group: list[Prepared] = []
    failed: list[Unreadable] = []
    unwanted: list[str] = []
    for outcome in outcomes:
        if not isinstance(outcome, Fetched):
            continue
        if not is_wanted(scope, outcome.labels, outcome.received_at or outcome.message.date):
            unwanted.append(outcome.ref)
            continue
        try:
            group.append(
                prepare(outcome, own=own, policy=run.desk.capture, now=run.desk.clock.now())
            )
        except Exception as error:  # noqa: BLE001 - one strange mail must not hold the mailbox
            reason = f"It could not be read: {error!r}"[:500]
            failed.append(Unreadable(outcome.ref, reason, _mentions(outcome)))
    try:
        _store(run, group, outcomes, failed, unwanted, attempts)
    except StorageError:
        raise
    except Exception:
        if not group:
            raise
        _store(run, [], outcomes, failed, unwanted, attempts)
        _store_singly(run, group, attempts)


def _store(
    run: Run,
    group: list[Prepared],
    outcomes: Sequence[Outcome],
    failed: list[Unreadable],
    unwanted: list[str],
    attempts: dict[str, int],
) -> None:
    box = run.mailbox.id
    with run.desk.database.write() as tx:
        run.lease.keep(tx)
        stored = store_group(tx, run.desk, box, group)
        _relabel(tx, run, [mail for mail in group if mail.fetched.ref in stored.known])
        queue.finish_items(tx, box, unwanted)
        bury(tx, run.desk, box, [found.ref for found in outcomes if isinstance(found, Missing)])
        for found in outcomes:
            if isinstance(found, Postponed):
                _postpone(tx, run, found, attempts.get(found.ref, 0))
            elif isinstance(found, Unreadable):
                _quarantine(tx, run, found)
        for found in failed:
            _quarantine(tx, run, found)
    run.stored += stored.stored
    run.leads_created += stored.leads_created


def _store_singly(run: Run, group: list[Prepared], attempts: dict[str, int]) -> None:
    """One mail of the group broke the transaction: find it, quarantine it, keep the others."""
    for mail in group:
        try:
            _store(run, [mail], [], [], [], attempts)
        except StorageError:
            raise
        except Exception as error:  # noqa: BLE001 - see _take
            with run.desk.database.write() as tx:
                reason = f"It could not be stored: {error!r}"[:500]
                found = Unreadable(mail.fetched.ref, reason, _mentions(mail.fetched))
                _quarantine(tx, run, found)


def _mentions(fetched: Fetched) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.key for one in fetched.message.participants))


def _relabel(tx: Tx, run: Run, group: list[Prepared]) -> None:
    """A copy that was stored before (a relisting asked after it) takes the labels it has now."""
    labels = {mail.fetched.ref: mail.fetched.labels for mail in group}
    copies = messages.copies_of(tx, run.mailbox.id, labels)
    set_copy_labels(
        tx, run.desk, run.mailbox.id, {copy: labels[ref] for ref, copy in copies.items()}
    )


def _postpone(tx: Tx, run: Run, found: Postponed, attempts: int) -> None:
    attempts += found.is_own_fault
    if attempts >= MAX_ATTEMPTS:
        reason = f"It failed {attempts} times, last: {found.reason}"
        _quarantine(tx, run, Unreadable(found.ref, reason))
        return
    wait = timedelta(seconds=wait_seconds(found.ref, max(attempts, 1), said=found.after_seconds))
    queue.postpone(
        tx,
        run.mailbox.id,
        found.ref,
        attempts=attempts,
        not_before=to_ms(run.desk.clock.now() + wait),
        reason=found.reason,
    )


def _quarantine(tx: Tx, run: Run, found: Unreadable) -> None:
    queue.quarantine(
        tx,
        run.mailbox.id,
        found.ref,
        reason=found.reason,
        mentions=found.mentions,
        parser_version=PARSER_VERSION,
    )
