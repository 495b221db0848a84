"""What the mail says of a lead: first and last contact, counts, and the conversations that may wait for somebody."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import case, func, literal, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import conversation, lead, lead_link, message
from inboxcrm.store.upserts import Rows, chunks, update_rows

_STATS = (
    select(
        lead_link.c.lead_id,
        func.min(lead_link.c.at),
        func.max(case((lead_link.c.direction == "in", lead_link.c.at))),
        func.max(case((lead_link.c.direction == "out", lead_link.c.at))),
        func.sum(case((lead_link.c.direction == "in", 1), else_=literal(0))),
        func.sum(case((lead_link.c.direction == "out", 1), else_=literal(0))),
    )
    .where(
        within(lead_link.c.lead_id, "ids"),
        lead_link.c.is_unlinked.is_(False),
        lead_link.c.is_human.is_(True),
    )
    .group_by(lead_link.c.lead_id)
)
_CONVERSATIONS = (
    select(
        lead_link.c.lead_id,
        conversation.c.last_human_at,
        conversation.c.last_human_direction,
        conversation.c.last_human_message_id,
        conversation.c.dismissed_message_id,
    )
    .join(message, message.c.id == lead_link.c.message_id)
    .join(conversation, conversation.c.id == message.c.conversation_id)
    .where(
        within(lead_link.c.lead_id, "ids"),
        lead_link.c.is_unlinked.is_(False),
        lead_link.c.is_human.is_(True),
    )
    .distinct()
)


_SILENT = update(lead).where(within(lead.c.id, "ids")).values(moved_at=lead.c.created_at)
_IN_CONVERSATIONS = (
    select(lead_link.c.lead_id)
    .join(message, message.c.id == lead_link.c.message_id)
    .where(within(message.c.conversation_id, "ids"))
    .distinct()
)


def lead_mail(tx: Tx, lead_ids: Collection[int]) -> dict[int, tuple[Any, ...]]:
    """Lead id -> (first, last in, last out, number in, number out) over its human mail."""
    found: dict[int, tuple[Any, ...]] = {}
    for some in chunks(sorted(lead_ids), AT_ONCE):
        found.update((row[0], tuple(row[1:])) for row in tx.execute(_STATS, {"ids": some}).all())
    return found


def lead_conversations(tx: Tx, lead_ids: Collection[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Lead id -> what `leads.owes` asks of each of its conversations."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    for some in chunks(sorted(lead_ids), AT_ONCE):
        for row in tx.execute(_CONVERSATIONS, {"ids": some}).all():
            found.setdefault(row[0], []).append(tuple(row[1:]))
    return found


def set_lead_mail(tx: Tx, rows: Rows) -> None:
    """Rows hold the lead's id and what its mail says. The newest sign of life follows from that."""
    moved = [(row, row["last_in_at"] or row["last_out_at"]) for row in rows]
    update_rows(tx, lead, [{**row, "moved_at": at} for row, at in moved if at])
    silent = [row for row, at in moved if not at]
    update_rows(tx, lead, silent)
    if silent:
        tx.execute(_SILENT, {"ids": [row["id"] for row in silent]})


def leads_in_conversations(tx: Tx, conversation_ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(sorted(conversation_ids), AT_ONCE):
        found.update(tx.execute(_IN_CONVERSATIONS, {"ids": some}).scalars())
    return found
