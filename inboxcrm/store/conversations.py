"""Conversations: messages joined by the message ids they name, whatever the order they came in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import delete, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import conversation, conversation_ref, message, message_copy
from inboxcrm.store.upserts import (
    chunks,
    insert_or_ignore,
    insert_rows,
    next_ids,
    update_rows,
)

_REFS = select(conversation_ref.c.message_id, conversation_ref.c.conversation_id).where(
    within(conversation_ref.c.message_id, "refs")
)
_newest = (
    select(message.c.id)
    .where(
        message.c.conversation_id == conversation.c.id,
        message.c.kind == "human",
        message.c.direction.in_(("in", "out")),
        select(message_copy.c.id)
        .where(
            message_copy.c.message_id == message.c.id,
            message_copy.c.tombstoned_at.is_(None),
            message_copy.c.is_withdrawn.is_(False),
        )
        .exists(),
    )
    .order_by(message.c.sent_at.desc(), message.c.key.desc())
    .limit(1)
    .scalar_subquery()
)
_WAYS = select(message.c.id, message.c.sent_at, message.c.direction).where(
    within(message.c.id, "ids")
)
_NEWEST_HUMAN = select(conversation.c.id, _newest).where(within(conversation.c.id, "ids"))


def join_conversations(tx: Tx, refs_by_message: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The conversation of each message (by message key), given the ids it bears and names.

    1. look up which conversations the named ids belong to already
    2. join messages that share an id, or whose ids belong to one conversation, into groups
    3. a group without a conversation gets a new one; one with several keeps the oldest, the others empty into it
    4. remember every id of the group
    All in the caller's transaction: a crash leaves nothing of it.
    """
    every = list(dict.fromkeys(ref for refs in refs_by_message.values() for ref in refs))
    known: dict[str, int] = {}
    for some in chunks(every, AT_ONCE):
        known.update((row[0], row[1]) for row in tx.execute(_REFS, {"refs": some}).all())
    groups = _Groups()
    for key, refs in refs_by_message.items():
        groups.find(key)
        for ref in refs:
            groups.join(key, f"<{ref}")
            if ref in known:
                groups.join(key, known[ref])
    members: dict[object, list[str]] = {}
    homes: dict[object, set[int]] = {}
    for key in refs_by_message:
        members.setdefault(groups.find(key), []).append(key)
    for conversation_id in set(known.values()):
        homes.setdefault(groups.find(conversation_id), set()).add(conversation_id)
    homeless = [root for root in members if root not in homes]
    made = _make(tx, len(homeless))
    chosen = {root: min(ids) for root, ids in homes.items()} | dict(
        zip(homeless, made, strict=True)
    )
    for root, ids in homes.items():
        _empty_into(tx, chosen[root], ids - {chosen[root]})
    result = {key: chosen[root] for root, keys in members.items() for key in keys}
    fresh = {
        ref: result[key]
        for key, refs in refs_by_message.items()
        for ref in refs
        if ref not in known
    }
    insert_or_ignore(
        tx,
        conversation_ref,
        [{"message_id": ref, "conversation_id": home} for ref, home in sorted(fresh.items())],
    )
    return result


def refresh_last_human(tx: Tx, conversation_ids: Iterable[int]) -> None:
    """Writes down the newest human message of each conversation, among those that still count."""
    ids = sorted(set(conversation_ids))
    newest: dict[int, int | None] = {}
    for some in chunks(ids, AT_ONCE):
        newest.update((row[0], row[1]) for row in tx.execute(_NEWEST_HUMAN, {"ids": some}).all())
    wanted = [message_id for message_id in newest.values() if message_id is not None]
    facts: dict[int, tuple[int, str]] = {}
    for some in chunks(wanted, AT_ONCE):
        facts.update((row[0], (row[1], row[2])) for row in tx.execute(_WAYS, {"ids": some}))
    update_rows(
        tx,
        conversation,
        [
            {
                "id": conversation_id,
                "last_human_message_id": message_id,
                "last_human_at": facts[message_id][0] if message_id is not None else None,
                "last_human_direction": facts[message_id][1] if message_id is not None else "",
            }
            for conversation_id, message_id in newest.items()
        ],
    )


class _Groups:
    """Union-find over message keys, ids and conversations."""

    def __init__(self) -> None:
        self._parent: dict[object, object] = {}

    def find(self, item: object) -> object:
        parent = self._parent.setdefault(item, item)
        while parent != item:
            grand = self._parent[parent]
            self._parent[item] = grand
            item, parent = parent, grand
        return item

    def join(self, one: object, other: object) -> None:
        self._parent[self.find(other)] = self.find(one)


def _make(tx: Tx, many: int) -> list[int]:
    ids = next_ids(tx, conversation, many)
    insert_rows(tx, conversation, [{"id": id_} for id_ in ids])
    return ids


def _empty_into(tx: Tx, home: int, others: Collection[int]) -> None:
    if not others:
        return
    for table in (message, conversation_ref):
        tx.execute(
            update(table).where(table.c.conversation_id.in_(others)).values(conversation_id=home)
        )
    dismissed = (
        tx.execute(
            select(conversation.c.dismissed_message_id)
            .where(
                conversation.c.id.in_([home, *others]),
                conversation.c.dismissed_message_id.is_not(None),
            )
            .order_by(conversation.c.dismissed_message_id.desc())
        )
        .scalars()
        .first()
    )
    tx.execute(
        update(conversation).where(conversation.c.id == home).values(dismissed_message_id=dismissed)
    )
    tx.execute(delete(conversation).where(conversation.c.id.in_(others)))
