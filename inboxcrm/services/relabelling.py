"""T1 of a walk through history: labels, tombstones and newly met ids, applied in the order the provider tells them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inboxcrm.mail.wanted import Scope, is_wanted, is_withdrawn
from inboxcrm.ports import Change, ChangeKind
from inboxcrm.services.settling import own_set_of, refresh_leads, settle
from inboxcrm.store import lead_mail, messages, queue
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.conversations import refresh_last_human
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import addresses_on, rebuild_evidence
from inboxcrm.store.messages import Copy
from inboxcrm.store.upserts import one_at_a_time


def apply_changes(
    tx: Tx, desk: Desk, mailbox_id: int, changes: Sequence[Change], *, scope: Scope
) -> None:
    """Applies one page of events. Replaying a page, or a window from an older start, changes nothing more.

    Known copies take their labels from the events, without a call. Unknown ids are queued by whatever event names
    them: a mail moved out of spam, or into a wanted label, is news even if its arrival was none. Removed ids become
    tombstones, also those nobody has read yet.
    """
    one_at_a_time(tx)
    copies = messages.copies_of(tx, mailbox_id, {change.ref for change in changes})
    labels = {ref: copy.labels for ref, copy in copies.items()}
    fresh: dict[str, str] = {}
    gone: set[str] = set()
    for change in changes:
        if change.kind is ChangeKind.REMOVED:
            fresh.pop(change.ref, None)
            gone.add(change.ref)
        elif change.ref in labels:
            labels[change.ref] = _after(labels[change.ref], change)
        elif is_wanted(scope, change.all_labels):
            fresh[change.ref] = change.thread_ref
    known = queue.known_refs(tx, mailbox_id, list(fresh))
    queue.enqueue(
        tx,
        mailbox_id,
        [(ref, thread) for ref, thread in fresh.items() if ref not in known],
        priority=queue.CHANGED,
    )
    _bury(tx, desk, mailbox_id, gone, copies)
    set_copy_labels(tx, desk, mailbox_id, {copies[ref]: held for ref, held in labels.items()})


def set_copy_labels(
    tx: Tx, desk: Desk, mailbox_id: int, wanted: dict[Copy, frozenset[str]]
) -> None:
    """Gives copies these labels; one that enters or leaves spam or trash takes its evidence with it."""
    changed = {copy: held for copy, held in wanted.items() if held != copy.labels}
    messages.set_labels(tx, {copy.id: (held, is_withdrawn(held)) for copy, held in changed.items()})
    moved = [copy for copy, held in changed.items() if is_withdrawn(held) != copy.is_withdrawn]
    reconsider(tx, desk, {copy.message_id for copy in moved if copy.message_id}, mailbox_id)


def bury(tx: Tx, desk: Desk, mailbox_id: int, refs: Collection[str]) -> None:
    """The provider has these no more. Evidence a tombstone gave stays: the person did write."""
    _bury(tx, desk, mailbox_id, set(refs), messages.copies_of(tx, mailbox_id, refs))


def _bury(tx: Tx, desk: Desk, mailbox_id: int, gone: set[str], copies: dict[str, Copy]) -> None:
    if not gone:
        return
    now = to_ms(desk.clock.now())
    dying = [copies[ref] for ref in gone if ref in copies and copies[ref].tombstoned_at is None]
    messages.bury_copies(tx, [copy.id for copy in dying], at=now)
    messages.bury_unseen(tx, mailbox_id, gone - set(copies), at=now)
    queue.finish_items(tx, mailbox_id, sorted(gone))
    messages.refresh_threads(tx, {copy.thread_id for copy in dying if copy.thread_id})
    conversations = messages.conversations_of(
        tx, {copy.message_id for copy in dying if copy.message_id}
    )
    refresh_last_human(tx, conversations)
    refresh_leads(tx, lead_mail.leads_in_conversations(tx, conversations))


def reconsider(tx: Tx, desk: Desk, message_ids: Collection[int], mailbox_id: int | None) -> None:
    """Builds the evidence of everybody on these messages anew and decides again."""
    if not message_ids:
        return
    address_ids = addresses_on(tx, message_ids)
    own = own_set_of(tx, desk)
    rebuild_evidence(
        tx,
        address_ids,
        is_own=own.holds,
        max_recipients=desk.capture.max_recipients,
        mailbox_id=mailbox_id,
    )
    settled = settle(tx, desk, address_ids)
    conversations = messages.conversations_of(tx, message_ids)
    refresh_last_human(tx, conversations)
    refresh_leads(tx, settled.lead_ids | lead_mail.leads_in_conversations(tx, conversations))


def _after(labels: frozenset[str], change: Change) -> frozenset[str]:
    if change.kind is ChangeKind.LABELS_ON:
        return labels | change.labels
    if change.kind is ChangeKind.LABELS_OFF:
        return labels - change.labels
    return labels
