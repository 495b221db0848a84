"""Which mail belongs to which lead, as people change it. Rules write these rows too; a person's
word stays.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, or_, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.sight import in_sight, is_limited, sight
from inboxcrm.store.tables import conversation, lead_link, message, message_copy
from inboxcrm.store.upserts import insert_or_ignore


class LinkRow(NamedTuple):
    message_id: int
    address_id: int
    lead_id: int
    reason: str
    is_unlinked: bool


class MailFacts(NamedTuple):
    message_id: int
    sent_at: int
    direction: str
    kind: str
    author_id: int | None
    conversation_id: int


_OF_MESSAGES = select(
    lead_link.c.message_id,
    lead_link.c.address_id,
    lead_link.c.lead_id,
    lead_link.c.reason,
    lead_link.c.is_unlinked,
).where(within(lead_link.c.message_id, "messages"))
_FACTS = select(
    message.c.id,
    message.c.sent_at,
    message.c.direction,
    message.c.kind,
    message.c.author_id,
    message.c.conversation_id,
).where(within(message.c.id, "messages"))


def links_of(tx: Tx, message_ids: Collection[int], lead_id: int) -> list[LinkRow]:
    """What ties these messages to that lead."""
    rows = tx.execute(
        _OF_MESSAGES.where(lead_link.c.lead_id == bindparam("lead_id")),
        {"messages": list(message_ids), "lead_id": lead_id},
    )
    return [LinkRow._make(row) for row in rows]


def mail_facts(tx: Tx, message_ids: Collection[int]) -> list[MailFacts]:
    return [MailFacts._make(row) for row in tx.execute(_FACTS, {"messages": list(message_ids)})]


@cache
def _messages_of_thread(*, limited: bool) -> Select[Any]:
    return (
        select(message_copy.c.message_id)
        .where(
            message_copy.c.thread_id == bindparam("thread_id"),
            message_copy.c.tombstoned_at.is_(None),
            in_sight(message_copy.c.mailbox_id, limited=limited),
        )
        .distinct()
    )


def messages_of_thread(tx: Tx, viewer: Viewer, thread_id: int) -> list[int]:
    """The messages of a thread this viewer may read; none where they may read nothing of it."""
    rows = tx.execute(
        _messages_of_thread(limited=is_limited(viewer)), {"thread_id": thread_id, **sight(viewer)}
    )
    return sorted(rows.scalars())


def link_by_hand(tx: Tx, facts: Collection[MailFacts], address_id: int, lead_id: int) -> None:
    """Ties messages to a lead under one of the lead's own addresses, so that no rule's row is in
    the way.
    """
    insert_or_ignore(
        tx,
        lead_link,
        [
            {
                "message_id": fact.message_id,
                "address_id": address_id,
                "lead_id": lead_id,
                "at": fact.sent_at,
                "direction": fact.direction,
                "is_human": fact.kind == "human",
                "reason": "person",
            }
            for fact in facts
        ],
    )


def set_link(tx: Tx, message_id: int, address_id: int, *, is_unlinked: bool, reason: str) -> None:
    tx.execute(
        update(lead_link)
        .where(lead_link.c.message_id == message_id, lead_link.c.address_id == address_id)
        .values(is_unlinked=is_unlinked, reason=reason)
    )


def drop_link(tx: Tx, message_id: int, address_id: int) -> None:
    """Takes back a tie that a person made; nothing else ever deletes one."""
    tx.execute(
        lead_link.delete().where(
            lead_link.c.message_id == message_id,
            lead_link.c.address_id == address_id,
            lead_link.c.reason == "person",
        )
    )


# --- who waits ---------------------------------------------------------------


class Waiting(NamedTuple):
    conversation_id: int
    last_human_message_id: int | None
    dismissed_message_id: int | None


_WAITING = (
    select(
        conversation.c.id,
        conversation.c.last_human_message_id,
        conversation.c.dismissed_message_id,
    )
    .where(
        conversation.c.last_human_direction == "in",
        or_(
            conversation.c.dismissed_message_id.is_(None),
            conversation.c.dismissed_message_id != conversation.c.last_human_message_id,
        ),
        conversation.c.id.in_(
            select(message.c.conversation_id)
            .join(lead_link, lead_link.c.message_id == message.c.id)
            .where(
                lead_link.c.lead_id == bindparam("lead_id"),
                lead_link.c.is_unlinked.is_(False),
                lead_link.c.is_human.is_(True),
            )
        ),
    )
    .order_by(conversation.c.id)
)


def waiting_conversations(tx: Tx, lead_id: int) -> list[Waiting]:
    """The conversations of a lead in which somebody waits for our answer."""
    return [Waiting._make(row) for row in tx.execute(_WAITING, {"lead_id": lead_id})]


def set_dismissed(tx: Tx, conversation_id: int, message_id: int | None) -> None:
    tx.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id)
        .values(dismissed_message_id=message_id)
    )
