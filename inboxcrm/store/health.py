"""What the health page says of mailboxes: a fixed number of questions, however many there are.

Counting the copies of a mailbox reads an index and no row; only this page does it, and only for those it shows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import (
    account,
    fetch_item,
    mailbox,
    mailbox_cursor,
    message_copy,
    quota_bucket,
    thread,
)


@dataclass(frozen=True, slots=True)
class HealthRow:
    """`oldest_at` is the last mail of the oldest thread: the mail held reaches back at least so far."""

    mailbox_id: int
    state: str
    message_total: int
    generation: int
    newest_at: int | None
    oldest_at: int | None
    stored: int
    units_left: float | None
    owner: str


@dataclass(frozen=True, slots=True)
class SetAside:
    id: int
    ref: str
    reason: str
    attempts: int


_THREADS = (thread.c.mailbox_id == mailbox.c.id) & (thread.c.message_count > 0)
_HEALTH = (
    select(
        mailbox.c.id,
        func.coalesce(mailbox_cursor.c.state, "new"),
        func.coalesce(mailbox_cursor.c.message_total, 0),
        func.coalesce(mailbox_cursor.c.generation, 0),
        select(thread.c.last_at)
        .where(_THREADS)
        .order_by(thread.c.last_at.desc())
        .limit(1)
        .scalar_subquery(),
        select(thread.c.last_at)
        .where(_THREADS)
        .order_by(thread.c.last_at)
        .limit(1)
        .scalar_subquery(),
        select(func.count())
        .select_from(message_copy)
        .where(message_copy.c.mailbox_id == mailbox.c.id)
        .scalar_subquery(),
        select(quota_bucket.c.tokens)
        .where(quota_bucket.c.name == mailbox.c.name)
        .scalar_subquery(),
        func.coalesce(account.c.name, ""),
    )
    .outerjoin(mailbox_cursor, mailbox_cursor.c.mailbox_id == mailbox.c.id)
    .outerjoin(account, account.c.id == mailbox.c.owner_id)
    .where(within(mailbox.c.id, "ids"))
)
_QUEUES = (
    select(fetch_item.c.mailbox_id, fetch_item.c.state, func.count())
    .where(within(fetch_item.c.mailbox_id, "ids"))
    .group_by(fetch_item.c.mailbox_id, fetch_item.c.state)
)
_SET_ASIDE = (
    select(fetch_item.c.id, fetch_item.c.ref, fetch_item.c.reason, fetch_item.c.attempts)
    .where(
        fetch_item.c.mailbox_id == bindparam("mailbox_id"),
        fetch_item.c.state == "poison",
        fetch_item.c.id > bindparam("after"),
    )
    .order_by(fetch_item.c.id)
    .limit(bindparam("many"))
)


def health_of(tx: Tx, ids: Collection[int]) -> dict[int, HealthRow]:
    rows: Any = tx.execute(_HEALTH, {"ids": sorted(ids)})
    return {row[0]: HealthRow(*row) for row in rows}


def queues_of(tx: Tx, ids: Collection[int]) -> dict[tuple[int, str], int]:
    """(mailbox, todo or poison) -> how many."""
    rows: Any = tx.execute(_QUEUES, {"ids": sorted(ids)})
    return {(row[0], row[1]): row[2] for row in rows}


def set_aside(tx: Tx, mailbox_id: int, *, after: int, many: int) -> list[SetAside]:
    """Mail that could not be read, in the order it was met."""
    rows = tx.execute(_SET_ASIDE, {"mailbox_id": mailbox_id, "after": after, "many": many})
    return [SetAside(*row) for row in rows]
