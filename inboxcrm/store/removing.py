"""Taking the mail of one mailbox out, a piece at a time: copies first, then messages that no other mailbox holds."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, exists, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.mailboxes import IN_USE
from inboxcrm.store.pins import unpin_messages
from inboxcrm.store.search import forget_leads, forget_messages
from inboxcrm.store.tables import (
    activity,
    conversation,
    conversation_ref,
    copy_participant,
    fetch_item,
    label,
    lead,
    lead_address,
    lead_decision,
    lead_link,
    mailbox,
    mailbox_cursor,
    message,
    message_copy,
    participant,
    quota_bucket,
    seen_ref,
    task,
    thread,
)
from inboxcrm.store.upserts import chunks

REMOVER = "removal"
FOREVER_MS = 1 << 60


def some_copies(tx: Tx, mailbox_id: int, *, many: int) -> list[tuple[int, int | None, int | None]]:
    """(copy, its message, its thread) of a few of its copies."""
    rows = tx.execute(
        select(message_copy.c.id, message_copy.c.message_id, message_copy.c.thread_id)
        .where(message_copy.c.mailbox_id == mailbox_id)
        .limit(many)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def delete_copies(tx: Tx, copy_ids: Collection[int]) -> None:
    tx.execute(delete(message_copy).where(within(message_copy.c.id, "ids")), {"ids": copy_ids})


def without_copies(tx: Tx, message_ids: Collection[int]) -> set[int]:
    """Those of these messages that no mailbox holds any more."""
    if not message_ids:
        return set()
    rows = tx.execute(
        select(message.c.id).where(
            within(message.c.id, "ids"), ~exists().where(message_copy.c.message_id == message.c.id)
        ),
        {"ids": message_ids},
    )
    return set(rows.scalars())


def leads_of_messages(tx: Tx, message_ids: Collection[int]) -> set[int]:
    if not message_ids:
        return set()
    rows = tx.execute(
        select(lead_link.c.lead_id).where(within(lead_link.c.message_id, "ids")).distinct(),
        {"ids": message_ids},
    )
    return set(rows.scalars())


def keep_worked_on(tx: Tx, lead_ids: Collection[int]) -> None:
    """Leads with a person's work on them are theirs from here on: they stay without any mail."""
    if lead_ids:
        tx.execute(
            update(lead)
            .where(
                within(lead.c.id, "ids"),
                exists().where(activity.c.lead_id == lead.c.id, activity.c.account_id.is_not(None))
                | exists().where(task.c.lead_id == lead.c.id),
            )
            .values(is_touched=True),
            {"ids": lead_ids},
        )


def empty_leads(tx: Tx, lead_ids: Collection[int], *, without: Collection[int]) -> set[int]:
    """Of these leads those that only rules made, that are withdrawn and have no address but those in `without`: nothing
    of the person stays on them. Returns their ids; the rows stay, hidden, since others may point to them.
    """
    rows = tx.execute(
        select(lead.c.id, lead_address.c.address_id)
        .join(lead_address, lead_address.c.lead_id == lead.c.id)
        .where(
            within(lead.c.id, "ids"),
            lead.c.is_withdrawn.is_(True),
            lead.c.is_touched.is_(False),
            lead.c.made_by == "rule",
        ),
        {"ids": lead_ids},
    ).all()
    standing = {row[0] for row in rows if row[1] not in without}
    empty = {row[0] for row in rows} - standing
    if empty:
        tx.execute(
            delete(lead_address).where(within(lead_address.c.lead_id, "ids")), {"ids": empty}
        )
        tx.execute(
            update(lead)
            .where(within(lead.c.id, "ids"))
            .values(name="", phone="", custom="{}", source="", organization_id=None),
            {"ids": empty},
        )
        forget_leads(tx, empty)
    return empty


def unstood(tx: Tx, address_ids: Collection[int]) -> set[int]:
    """Those of these addresses that stand on no message any more."""
    if not address_ids:
        return set()
    standing: set[int] = set()
    for table in (participant, copy_participant):
        rows = tx.execute(
            select(table.c.address_id).where(within(table.c.address_id, "ids")).distinct(),
            {"ids": address_ids},
        )
        standing.update(rows.scalars())
    return set(address_ids) - standing


def delete_traces(tx: Tx, message_ids: Collection[int]) -> None:
    """Decisions, links, pins and full text of these messages, so that nothing counts them from here on."""
    if not message_ids:
        return
    for table in (lead_decision, lead_link):
        tx.execute(delete(table).where(within(table.c.message_id, "ids")), {"ids": message_ids})
    forget_messages(tx, message_ids)
    unpin_messages(tx, message_ids)


def delete_messages(tx: Tx, message_ids: Collection[int]) -> None:
    """With their texts, people and attachments. Their traces must be gone."""
    if message_ids:
        tx.execute(delete(message).where(within(message.c.id, "ids")), {"ids": message_ids})


def delete_empty_threads(tx: Tx, thread_ids: Collection[int]) -> set[int]:
    """Returns those that still hold something."""
    for some in chunks(sorted(thread_ids), AT_ONCE):
        tx.execute(
            delete(thread).where(
                within(thread.c.id, "ids"),
                ~exists().where(message_copy.c.thread_id == thread.c.id),
            ),
            {"ids": some},
        )
    rows = tx.execute(select(thread.c.id).where(within(thread.c.id, "ids")), {"ids": thread_ids})
    return set(rows.scalars())


def delete_empty_conversations(tx: Tx, conversation_ids: Collection[int]) -> set[int]:
    """Returns those that still hold something."""
    held = set(
        tx.execute(
            select(message.c.conversation_id)
            .where(within(message.c.conversation_id, "ids"))
            .distinct(),
            {"ids": conversation_ids},
        ).scalars()
    )
    empty = set(conversation_ids) - held
    tx.execute(
        delete(conversation_ref).where(within(conversation_ref.c.conversation_id, "ids")),
        {"ids": empty},
    )
    tx.execute(delete(conversation).where(within(conversation.c.id, "ids")), {"ids": empty})
    return held


def delete_queue(tx: Tx, mailbox_id: int, *, many: int) -> bool:
    """A piece of what was waiting to be fetched; False when nothing was left."""
    ids = list(
        tx.execute(
            select(fetch_item.c.id).where(fetch_item.c.mailbox_id == mailbox_id).limit(many)
        ).scalars()
    )
    tx.execute(delete(fetch_item).where(within(fetch_item.c.id, "ids")), {"ids": ids})
    refs = list(
        tx.execute(
            select(seen_ref.c.ref).where(seen_ref.c.mailbox_id == mailbox_id).limit(many)
        ).scalars()
    )
    tx.execute(
        delete(seen_ref).where(seen_ref.c.mailbox_id == mailbox_id, within(seen_ref.c.ref, "refs")),
        {"refs": refs},
    )
    return bool(ids or refs)


def take_from_workers(tx: Tx, mailbox_id: int) -> None:
    """Whoever reads it now loses it before their next commit, and nobody takes it until it is connected again."""
    tx.execute(
        update(mailbox)
        .where(mailbox.c.id == mailbox_id)
        .values(lease_owner=REMOVER, lease_until=FOREVER_MS)
    )


def give_to_workers(tx: Tx, mailbox_id: int) -> None:
    tx.execute(
        update(mailbox)
        .where(mailbox.c.id == mailbox_id, mailbox.c.lease_owner == REMOVER)
        .values(lease_owner="", lease_until=None)
    )


def begin_anew(tx: Tx, mailbox_id: int, name: str) -> None:
    """The mailbox as if it had never been read. Its address stays, so that a colleague does not become a lead."""
    tx.execute(delete(label).where(label.c.mailbox_id == mailbox_id))
    tx.execute(delete(quota_bucket).where(quota_bucket.c.name == name))
    tx.execute(
        update(mailbox_cursor)
        .where(mailbox_cursor.c.mailbox_id == mailbox_id)
        .values(
            state="new",
            generation=0,
            cursor="",
            walk_cursor="",
            page_token="",
            scope="",
            message_total=0,
        )
    )
    tx.execute(
        update(mailbox)
        .where(mailbox.c.id == mailbox_id, mailbox.c.auth.not_in(IN_USE))
        .values(
            auth="removed",
            trouble="",
            wake_at=None,
            synced_at=None,
            audited_at=None,
            since_at=None,
            labels="[]",
            capture="enquiry",
            visibility="private",
            owner_id=None,
            paused=False,
        )
    )
