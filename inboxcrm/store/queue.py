"""The fetch queue: ids known to exist whose messages are not stored yet. Rows, not a job: a kill loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import fetch_item, message_copy, seen_ref
from inboxcrm.store.upserts import chunks, insert_or_ignore

CHANGED, SENT_THREAD, REST = 0, 1, 2


@dataclass(frozen=True, slots=True)
class QueueItem:
    ref: str
    thread_ref: str
    attempts: int


_NEXT = (
    select(fetch_item.c.ref, fetch_item.c.thread_ref, fetch_item.c.attempts)
    .where(
        fetch_item.c.mailbox_id == bindparam("mailbox_id"),
        fetch_item.c.state == "todo",
        fetch_item.c.not_before <= bindparam("now"),
    )
    .order_by(fetch_item.c.priority, fetch_item.c.rank)
    .limit(bindparam("many"))
)
_OF_THREADS = select(fetch_item.c.ref, fetch_item.c.thread_ref, fetch_item.c.attempts).where(
    fetch_item.c.mailbox_id == bindparam("mailbox_id"),
    fetch_item.c.state == "todo",
    fetch_item.c.not_before <= bindparam("now"),
    within(fetch_item.c.thread_ref, "threads"),
)
_DONE = delete(fetch_item).where(
    fetch_item.c.mailbox_id == bindparam("mailbox_id"), within(fetch_item.c.ref, "refs")
)
_STORED = select(message_copy.c.ref).where(
    message_copy.c.mailbox_id == bindparam("mailbox_id"),
    within(message_copy.c.ref, "refs"),
)


def known_refs(tx: Tx, mailbox_id: int, refs: Sequence[str]) -> set[str]:
    """Those of these ids that are stored already, tombstones included."""
    found: set[str] = set()
    for some in chunks(refs, AT_ONCE):
        found.update(tx.execute(_STORED, {"mailbox_id": mailbox_id, "refs": some}).scalars())
    return found


def enqueue(
    tx: Tx, mailbox_id: int, items: Sequence[tuple[str, str]], *, priority: int, rank: int = 0
) -> None:
    """Items are (ref, thread ref), in the order in which they should be fetched; known ones keep their place."""
    insert_or_ignore(
        tx,
        fetch_item,
        [
            {
                "mailbox_id": mailbox_id,
                "ref": ref,
                "thread_ref": thread_ref,
                "priority": priority,
                "rank": rank + place,
            }
            for place, (ref, thread_ref) in enumerate(items)
        ],
    )


def next_rank(tx: Tx, mailbox_id: int) -> int:
    """The place behind everything listed so far."""
    last = tx.execute(
        select(func.max(fetch_item.c.rank)).where(
            fetch_item.c.mailbox_id == mailbox_id, fetch_item.c.state == "todo"
        )
    ).scalar()
    return 0 if last is None else last + 1


def raise_threads(tx: Tx, mailbox_id: int, thread_refs: Sequence[str]) -> None:
    """Threads in which we wrote go before the rest."""
    for some in chunks(thread_refs):
        tx.execute(
            update(fetch_item)
            .where(
                fetch_item.c.mailbox_id == mailbox_id,
                fetch_item.c.thread_ref.in_(some),
                fetch_item.c.priority > SENT_THREAD,
            )
            .values(priority=SENT_THREAD)
        )


def next_items(tx: Tx, mailbox_id: int, *, now: int, many: int) -> list[QueueItem]:
    """What to fetch next, with all that waits of the same threads, so that whole threads can be asked for."""
    rows = tx.execute(_NEXT, {"mailbox_id": mailbox_id, "now": now, "many": many}).all()
    items = {row[0]: QueueItem(*row) for row in rows}
    threads = list(dict.fromkeys(row[1] for row in rows if row[1]))
    for some in chunks(threads, AT_ONCE):
        more = tx.execute(_OF_THREADS, {"mailbox_id": mailbox_id, "now": now, "threads": some})
        for row in more:
            items.setdefault(row[0], QueueItem(*row))
    return list(items.values())


def finish_items(tx: Tx, mailbox_id: int, refs: Sequence[str]) -> None:
    if refs:
        tx.execute(_DONE, {"mailbox_id": mailbox_id, "refs": refs})


def postpone(
    tx: Tx, mailbox_id: int, ref: str, *, attempts: int, not_before: int, reason: str
) -> None:
    tx.execute(
        update(fetch_item)
        .where(fetch_item.c.mailbox_id == mailbox_id, fetch_item.c.ref == ref)
        .values(attempts=attempts, not_before=not_before, reason=reason)
    )


def quarantine(
    tx: Tx,
    mailbox_id: int,
    ref: str,
    *,
    reason: str,
    mentions: Sequence[str],
    parser_version: int,
) -> None:
    tx.execute(
        update(fetch_item)
        .where(fetch_item.c.mailbox_id == mailbox_id, fetch_item.c.ref == ref)
        .values(
            state="poison",
            reason=reason,
            mentions="\n".join(mentions),
            parser_version=parser_version,
        )
    )


def retry_quarantined(tx: Tx, mailbox_id: int, *, below_version: int) -> int:
    """A better parser tries again what an older one could not read."""
    done = tx.execute(
        update(fetch_item)
        .where(
            fetch_item.c.mailbox_id == mailbox_id,
            fetch_item.c.state == "poison",
            fetch_item.c.parser_version < below_version,
        )
        .values(state="todo", attempts=0, not_before=0)
    )
    return done.rowcount


def soonest(tx: Tx, mailbox_id: int) -> int | None:
    """When the next postponed item may be tried; None when nothing waits."""
    return tx.execute(
        select(func.min(fetch_item.c.not_before)).where(
            fetch_item.c.mailbox_id == mailbox_id, fetch_item.c.state == "todo"
        )
    ).scalar()


# --- what a relisting has met ------------------------------------------------


def note_seen(tx: Tx, mailbox_id: int, generation: int, scope: str, refs: Sequence[str]) -> None:
    insert_or_ignore(
        tx,
        seen_ref,
        [
            {"mailbox_id": mailbox_id, "generation": generation, "scope": scope, "ref": ref}
            for ref in refs
        ],
    )


def forget_seen(tx: Tx, mailbox_id: int) -> None:
    tx.execute(delete(seen_ref).where(seen_ref.c.mailbox_id == mailbox_id))
