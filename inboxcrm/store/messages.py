"""Messages and the copies mailboxes hold of them, written in batches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update

from inboxcrm.mail.subjects import bare_subject
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import (
    attachment,
    copy_participant,
    message,
    message_body,
    message_copy,
    participant,
    thread,
)
from inboxcrm.store.upserts import (
    Rows,
    chunks,
    insert_or_ignore,
    insert_rows,
    next_ids,
    update_rows,
)

_IDS = select(message.c.key, message.c.id, message.c.conversation_id).where(
    within(message.c.key, "keys")
)
_THREADS = select(thread.c.ref, thread.c.id).where(
    thread.c.mailbox_id == bindparam("mailbox_id"),
    within(thread.c.ref, "refs"),
)
_THREAD_STATE = (
    select(
        message_copy.c.thread_id,
        message.c.id,
        message.c.sent_at,
        message.c.subject,
        func.count().over(partition_by=message_copy.c.thread_id),
        func.row_number()
        .over(
            partition_by=message_copy.c.thread_id,
            order_by=(message.c.sent_at.desc(), message.c.key.desc()),
        )
        .label("place"),
    )
    .join(message, message.c.id == message_copy.c.message_id)
    .where(
        within(message_copy.c.thread_id, "ids"),
        message_copy.c.tombstoned_at.is_(None),
    )
    .subquery()
)
_NEWEST_OF_THREADS = select(_THREAD_STATE).where(_THREAD_STATE.c.place == 1)
COPY_COLUMNS = (
    message_copy.c.id,
    message_copy.c.ref,
    message_copy.c.message_id,
    message_copy.c.thread_id,
    message_copy.c.labels,
    message_copy.c.is_withdrawn,
    message_copy.c.tombstoned_at,
)
_COPIES = select(*COPY_COLUMNS).where(
    message_copy.c.mailbox_id == bindparam("mailbox_id"),
    within(message_copy.c.ref, "refs"),
)


def messages_by_key(tx: Tx, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Message key -> (id, conversation id) of those that are stored."""
    found: dict[str, tuple[int, int]] = {}
    for some in chunks(keys, AT_ONCE):
        found.update((row[0], (row[1], row[2])) for row in tx.execute(_IDS, {"keys": some}).all())
    return found


def insert_messages(tx: Tx, rows: Rows) -> dict[str, int]:
    """Makes messages that are not stored yet; returns their ids by key. One at a time (`upserts`)."""
    ids = next_ids(tx, message, len(rows))
    insert_rows(tx, message, [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)])
    return {row["key"]: id_ for id_, row in zip(ids, rows, strict=True)}


def insert_parts(tx: Tx, *, bodies: Rows, people: Rows, attachments: Rows) -> None:
    """What hangs on messages just made."""
    for table, rows in ((message_body, bodies), (participant, people), (attachment, attachments)):
        insert_rows(tx, table, rows)


def thread_ids(tx: Tx, mailbox_id: int, refs: Iterable[str]) -> dict[str, int]:
    """Ids of these threads of the mailbox, made where missing."""
    wanted = sorted(set(refs))
    rows = tx.execute(_THREADS, {"mailbox_id": mailbox_id, "refs": wanted}).all()
    found = {row[0]: row[1] for row in rows}
    missing = [ref for ref in wanted if ref not in found]
    made = dict(zip(missing, next_ids(tx, thread, len(missing)), strict=True))
    insert_rows(
        tx, thread, [{"id": id_, "mailbox_id": mailbox_id, "ref": ref} for ref, id_ in made.items()]
    )
    return found | made


def refresh_threads(tx: Tx, ids: Iterable[int]) -> None:
    """Count, newest message and subject of each thread, from its live copies."""
    touched = sorted(set(ids))
    state: dict[int, dict[str, Any]] = {
        id_: {"id": id_, "message_count": 0, "last_at": 0, "last_message_id": None, "subject": ""}
        for id_ in touched
    }
    for some in chunks(touched, AT_ONCE):
        for row in tx.execute(_NEWEST_OF_THREADS, {"ids": some}).all():
            state[row[0]] = {
                "id": row[0],
                "last_message_id": row[1],
                "last_at": row[2],
                "subject": bare_subject(row[3]),
                "message_count": row[4],
            }
    update_rows(tx, thread, list(state.values()))


class Copy:
    """A stored copy as label changes see it."""

    __slots__ = ("id", "is_withdrawn", "labels", "message_id", "ref", "thread_id", "tombstoned_at")

    def __init__(self, row: Sequence[Any]) -> None:
        self.id: int = row[0]
        self.ref: str = row[1]
        self.message_id: int | None = row[2]
        self.thread_id: int | None = row[3]
        self.labels: frozenset[str] = frozenset(split_labels(row[4]))
        self.is_withdrawn: bool = row[5]
        self.tombstoned_at: int | None = row[6]


def copies_of(tx: Tx, mailbox_id: int, refs: Collection[str]) -> dict[str, Copy]:
    found: dict[str, Copy] = {}
    for some in chunks(list(refs), AT_ONCE):
        for row in tx.execute(_COPIES, {"mailbox_id": mailbox_id, "refs": some}).all():
            found[row[1]] = Copy(row)
    return found


def insert_copies(tx: Tx, rows: Rows) -> None:
    insert_or_ignore(tx, message_copy, rows)


def insert_blind(tx: Tx, rows: Rows) -> None:
    """The Bcc of copies just made."""
    insert_rows(tx, copy_participant, rows)


def set_labels(tx: Tx, changes: Mapping[int, tuple[frozenset[str], bool]]) -> None:
    """Copy id -> (labels, whether they withdraw it)."""
    update_rows(
        tx,
        message_copy,
        [
            {"id": id_, "labels": join_labels(labels), "is_withdrawn": withdrawn}
            for id_, (labels, withdrawn) in changes.items()
        ],
    )


def bury_copies(tx: Tx, copy_ids: Collection[int], *, at: int) -> None:
    """Tombstones: the rows stay, with what was known of them."""
    for some in chunks(sorted(copy_ids)):
        tx.execute(
            update(message_copy)
            .where(message_copy.c.id.in_(some), message_copy.c.tombstoned_at.is_(None))
            .values(tombstoned_at=at)
        )


def bury_unseen(tx: Tx, mailbox_id: int, refs: Collection[str], *, at: int) -> None:
    """Ids that were gone before they were read: a tombstone without a message keeps them from being asked for again."""
    insert_or_ignore(
        tx,
        message_copy,
        [{"mailbox_id": mailbox_id, "ref": ref, "tombstoned_at": at} for ref in sorted(refs)],
    )


def join_labels(labels: Iterable[str]) -> str:
    """Labels as one text: sorted, a newline before and after each, so that LIKE finds a whole label."""
    held = sorted(set(labels))
    return "\n" + "\n".join(held) + "\n" if held else ""


def split_labels(text: str) -> list[str]:
    return [part for part in text.split("\n") if part]


def conversations_of(tx: Tx, message_ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(sorted(message_ids)):
        found.update(
            tx.execute(select(message.c.conversation_id).where(message.c.id.in_(some))).scalars()
        )
    return found
