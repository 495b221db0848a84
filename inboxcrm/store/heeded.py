"""What stored mail says of mails we sent and of enrollments, found and written down."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import bindparam, exists, func, or_, select, update

from inboxcrm.cadence.keys import KEY_HEADER
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.outbox import HAS_COPY, HAS_NO_COPY
from inboxcrm.store.tables import (
    address,
    conversation_ref,
    enrollment,
    message,
    message_body,
    message_copy,
    outbox,
    participant,
    thread,
)

_LEFT_STATES = ("sending", "unknown", "unconfirmed", "sent")
_OPEN_STATES = ("sending", "unknown", "unconfirmed")


class Left(NamedTuple):
    """A mail of ours that left or may have."""

    id: int
    enrollment_id: int
    lead_id: int
    to_address: str
    handed_over_at: int
    fared: str
    fared_message_id: int | None
    mailbox_id: int


_OURS = (
    select(message_copy.c.message_id)
    .where(
        within(message_copy.c.message_id, "ids"),
        exists().where(
            outbox.c.mailbox_id == message_copy.c.mailbox_id,
            outbox.c.ref == message_copy.c.ref,
            HAS_COPY,
        ),
    )
    .distinct()
)
# A hand-over whose answer was lost, and whose key the provider took off: its sent copy is told by whom it went to, its
# subject and its hour.
_PROBABLY_OURS = (
    select(message.c.id)
    .join(message_copy, message_copy.c.message_id == message.c.id)
    .join(participant, participant.c.message_id == message.c.id)
    .join(address, address.c.id == participant.c.address_id)
    .join(
        outbox,
        (outbox.c.mailbox_id == message_copy.c.mailbox_id)
        & (outbox.c.subject == message.c.subject)
        & (func.lower(outbox.c.to_address) == func.lower(address.c.shown)),
    )
    .where(
        within(message.c.id, "ids"),
        HAS_NO_COPY,
        outbox.c.state.in_(_OPEN_STATES),
        message_copy.c.received_at.between(
            outbox.c.handed_over_at - 3_600_000, outbox.c.handed_over_at + 86_400_000
        ),
    )
    .distinct()
)


def ours_among(tx: Tx, message_ids: Collection[int]) -> set[int]:
    """Those of the mails that are sent copies of mails of cadences."""
    asked = {"ids": message_ids}
    return {*tx.execute(_OURS, asked).scalars(), *tx.execute(_PROBABLY_OURS, asked).scalars()}


_LEFT = select(
    outbox.c.id,
    outbox.c.enrollment_id,
    outbox.c.lead_id,
    outbox.c.to_address,
    outbox.c.handed_over_at,
    outbox.c.fared,
    outbox.c.fared_message_id,
    outbox.c.mailbox_id,
).where(outbox.c.handed_over_at.is_not(None), outbox.c.state.in_(_LEFT_STATES))


def left_to_leads(tx: Tx, lead_ids: Collection[int]) -> list[Left]:
    """What left for these leads, in the order it left."""
    rows = tx.execute(
        _LEFT.where(within(outbox.c.lead_id, "ids")).order_by(outbox.c.handed_over_at, outbox.c.id),
        {"ids": lead_ids},
    )
    return [Left(*row) for row in rows]


def mail_with_id(tx: Tx, message_id: str) -> int | None:
    """The mail of ours whose sent copy bears this message id (RFC 5322)."""
    if not message_id:
        return None
    found: int | None = tx.execute(
        select(outbox.c.id)
        .select_from(conversation_ref)
        .join(message, message.c.conversation_id == conversation_ref.c.conversation_id)
        .join(message_copy, message_copy.c.message_id == message.c.id)
        .join(outbox, (outbox.c.mailbox_id == message_copy.c.mailbox_id) & (outbox.c.ref == message_copy.c.ref))
        .where(
            conversation_ref.c.message_id == bindparam("message_id"),
            message.c.message_id == bindparam("message_id"),
            HAS_COPY,
        )
        .limit(at_most(1)),
        {"message_id": message_id},
    ).scalar()  # fmt: skip
    return found


def note_fared(tx: Tx, outbox_id: int, *, fared: str, message_id: int) -> None:
    tx.execute(
        update(outbox)
        .where(outbox.c.id == outbox_id)
        .values(fared=fared, fared_message_id=message_id)
    )


def park(tx: Tx, enrollment_id: int, *, until_at: int, message_id: int | None) -> bool:
    """Never earlier than what stands; that mail says so, or a person. False where it is parked that long already."""
    done = tx.execute(
        update(enrollment)
        .where(
            enrollment.c.id == enrollment_id,
            or_(enrollment.c.parked_until_at.is_(None), enrollment.c.parked_until_at < until_at),
        )
        .values(parked_until_at=until_at, parked_message_id=message_id)
    )
    return done.rowcount == 1


def change_reason(
    tx: Tx, enrollment_id: int, *, reason: str, words: str, message_id: int | None
) -> None:
    """A weightier reason for a stop that stands."""
    tx.execute(
        update(enrollment)
        .where(enrollment.c.id == enrollment_id, enrollment.c.state == "stopped")
        .values(stop_reason=reason, stop_words=words, stop_message_id=message_id)
    )


def end_of(tx: Tx, message_id: int) -> tuple[int, str]:
    """(date, key) of a mail, to put two of them in order; (0, "") where it is gone."""
    row = tx.execute(
        select(message.c.sent_at, message.c.key).where(message.c.id == bindparam("id")),
        {"id": message_id},
    ).first()
    return (row[0], row[1]) if row else (0, "")


_KEYED = (
    select(message_body.c.headers, message_copy.c.ref, thread.c.ref)
    .join(message, message.c.id == message_body.c.message_id)
    .join(message_copy, message_copy.c.message_id == message.c.id)
    .join(thread, thread.c.id == message_copy.c.thread_id)
    .where(
        message.c.id.between(bindparam("since") + 1, bindparam("upto")),
        message.c.direction == "out",
        message_body.c.headers.contains(KEY_HEADER.lower()),
    )
)


def keyed_copies(tx: Tx, *, since: int, upto: int) -> list[tuple[str, str, str]]:
    """(key, ref, thread's ref) of new sent mail that bears a key of ours."""
    found = []
    for headers, ref, thread_ref in tx.execute(_KEYED, {"since": since, "upto": upto}):
        keys = [value for name, value in json.loads(headers) if name == KEY_HEADER.lower()]
        found += [(key.strip(), ref, thread_ref) for key in keys]
    return found
