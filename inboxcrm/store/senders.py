"""The claim that keeps two senders off one mailbox, and the pause after which it may send again.

A claim has an owner, an end in machine time, and a fence that rises whenever it changes hands: what a sender writes
names its fence, so that one which lost its claim without noticing writes nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import sending
from inboxcrm.store.upserts import insert_or_ignore


class Holder(NamedTuple):
    """Who holds the mailbox; an empty owner: nobody."""

    owner: str
    until: int | None
    fence: int


class Pause(NamedTuple):
    """Until when nothing goes, and what a person allows this mailbox; None: nothing of its own."""

    until_at: int | None
    reason: str
    day_cap: int | None = None
    gap_seconds: int | None = None


_HOLDER = select(sending.c.lease_owner, sending.c.lease_until, sending.c.fence).where(
    sending.c.mailbox_id == bindparam("mailbox_id")
)


def holder_of(tx: Tx, mailbox_id: int) -> Holder:
    row = tx.execute(_HOLDER, {"mailbox_id": mailbox_id}).first()
    return Holder(*row) if row else Holder("", None, 0)


def claim_mailbox(tx: Tx, mailbox_id: int, owner: str, *, now: int, until: int) -> int | None:
    """The fence of the new claim; None where somebody else holds the mailbox. Times in ms of the machine's clock."""
    insert_or_ignore(tx, sending, [{"mailbox_id": mailbox_id}])
    done = tx.execute(
        update(sending)
        .where(
            sending.c.mailbox_id == mailbox_id,
            (sending.c.lease_owner == "") | (sending.c.lease_until < now),
        )
        .values(lease_owner=owner, lease_until=until, fence=sending.c.fence + 1)
    )
    return holder_of(tx, mailbox_id).fence if done.rowcount == 1 else None


def keep_mailbox(tx: Tx, mailbox_id: int, owner: str, *, fence: int, until: int) -> bool:
    """Extends a claim that is still ours; on PostgreSQL it also locks the row until the transaction ends."""
    done = tx.execute(
        update(sending)
        .where(
            sending.c.mailbox_id == mailbox_id,
            sending.c.lease_owner == owner,
            sending.c.fence == fence,
        )
        .values(lease_until=until)
    )
    return done.rowcount == 1


def give_up_mailbox(tx: Tx, mailbox_id: int, owner: str) -> None:
    tx.execute(
        update(sending)
        .where(sending.c.mailbox_id == mailbox_id, sending.c.lease_owner == owner)
        .values(lease_owner="", lease_until=None)
    )


def pause_sending(tx: Tx, mailbox_id: int, *, until_at: int | None, reason: str) -> None:
    """Business time. `until_at` None ends a pause."""
    insert_or_ignore(tx, sending, [{"mailbox_id": mailbox_id}])
    tx.execute(
        update(sending)
        .where(sending.c.mailbox_id == mailbox_id)
        .values(paused_until_at=until_at, paused_for=reason)
    )


def pause_of(tx: Tx, mailbox_id: int) -> Pause:
    row = tx.execute(
        select(
            sending.c.paused_until_at,
            sending.c.paused_for,
            sending.c.day_cap,
            sending.c.gap_seconds,
        ).where(sending.c.mailbox_id == bindparam("mailbox_id")),
        {"mailbox_id": mailbox_id},
    ).first()
    return Pause(*row) if row else Pause(None, "")
