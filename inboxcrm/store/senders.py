"""The claim that keeps two senders off one mailbox, the pause after which it may send again, and its own limits.

A claim has an owner, an end in machine time, and a fence that rises whenever it changes hands: what a sender writes
names its fence, so that one which lost its claim without noticing writes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import cadence, sending
from inboxcrm.store.upserts import insert_or_ignore


class Holder(NamedTuple):
    """Who holds the mailbox; an empty owner: nobody."""

    owner: str
    until: int | None
    fence: int


class Pause(NamedTuple):
    """Until when nothing goes, in ms; None: it is not paused."""

    until_at: int | None
    reason: str


class SenderLimits(NamedTuple):
    """What a person says of this mailbox, whatever its cadences do. None, and an empty zone: nothing."""

    day_cap: int | None = None
    gap_seconds: int | None = None
    zone: str = ""


class Addresses(NamedTuple):
    """What a mailbox may send as; `at` (ms) is when its provider said so, None where it was never asked."""

    addresses: tuple[str, ...]
    at: int | None


_HOLDER = select(sending.c.lease_owner, sending.c.lease_until, sending.c.fence).where(
    sending.c.mailbox_id == bindparam("mailbox_id")
)
_HELD = Straight(
    select(sending.c.mailbox_id)
    .where(
        sending.c.mailbox_id == bindparam("mailbox_id"),
        sending.c.lease_owner == bindparam("owner"),
        sending.c.fence == bindparam("fence"),
    )
    .with_for_update()
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


def is_held_by(tx: Tx, mailbox_id: int, owner: str, *, fence: int) -> bool:
    """Whether a claim is still ours; on PostgreSQL it also locks the row until the transaction ends."""
    return _HELD.first(tx, mailbox_id=mailbox_id, owner=owner, fence=fence) is not None


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
        select(sending.c.paused_until_at, sending.c.paused_for).where(
            sending.c.mailbox_id == bindparam("mailbox_id")
        ),
        {"mailbox_id": mailbox_id},
    ).first()
    return Pause(*row) if row else Pause(None, "")


def set_limits(tx: Tx, mailbox_id: int, limits: SenderLimits) -> None:
    insert_or_ignore(tx, sending, [{"mailbox_id": mailbox_id}])
    tx.execute(update(sending).where(sending.c.mailbox_id == mailbox_id).values(**limits._asdict()))


def limits_of(tx: Tx, mailbox_id: int) -> SenderLimits:
    return limits_of_each(tx, [mailbox_id])[mailbox_id]


def limits_of_each(tx: Tx, mailbox_ids: Sequence[int]) -> dict[int, SenderLimits]:
    """One statement for all."""
    columns = (sending.c.mailbox_id, sending.c.day_cap, sending.c.gap_seconds, sending.c.zone)
    rows = tx.execute(
        select(*columns).where(within(sending.c.mailbox_id, "mailboxes")),
        {"mailboxes": list(mailbox_ids)},
    )
    found = {box: SenderLimits(*limits) for box, *limits in rows}
    return {one: found.get(one, SenderLimits()) for one in mailbox_ids}


def names_a_from(tx: Tx, mailbox_id: int) -> bool:
    """Whether a running cadence of the mailbox writes as somebody else than the mailbox."""
    row = tx.execute(
        select(cadence.c.id)
        .where(
            cadence.c.mailbox_id == bindparam("mailbox_id"),
            cadence.c.state == "running",
            cadence.c.from_address != "",
        )
        .limit(at_most(1)),
        {"mailbox_id": mailbox_id},
    ).first()
    return row is not None


def note_addresses(tx: Tx, mailbox_id: int, addresses: Sequence[str], *, at: int) -> None:
    insert_or_ignore(tx, sending, [{"mailbox_id": mailbox_id}])
    tx.execute(
        update(sending)
        .where(sending.c.mailbox_id == mailbox_id)
        .values(addresses=json.dumps(list(addresses)), addresses_at=at)
    )


def addresses_of(tx: Tx, mailbox_id: int) -> Addresses:
    row = tx.execute(
        select(sending.c.addresses, sending.c.addresses_at).where(
            sending.c.mailbox_id == bindparam("mailbox_id")
        ),
        {"mailbox_id": mailbox_id},
    ).first()
    return Addresses(tuple(json.loads(row[0])), row[1]) if row else Addresses((), None)
