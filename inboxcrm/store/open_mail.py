"""Reading mail itself: the messages of a thread with people and attachments, one body, one
attachment's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.sight import in_sight, is_limited, sight
from inboxcrm.store.tables import (
    address,
    attachment,
    mailbox,
    message,
    message_body,
    message_copy,
    participant,
)

# A page is for reading; the rest of a mail this long is in the mailbox.
TEXT_SHOWN = 200_000
_MOST_PLACES = 5


class MailRow(NamedTuple):
    message_id: int
    sent_at: int
    direction: str
    kind: str
    kind_evidence: str
    subject: str
    snippet: str
    defects: str
    text: str | None
    text_length: int | None
    html_start: str | None
    is_withdrawn: bool


class PersonRow(NamedTuple):
    message_id: int
    role: str
    address_id: int
    key: str
    shown: str
    name: str


class AttachmentRow(NamedTuple):
    attachment_id: int
    message_id: int
    part: str
    filename: str
    content_type: str
    size_bytes: int
    content_id: str
    is_inline: bool


class AttachmentPlaceRow(NamedTuple):
    """Where the bytes can be fetched: the mailbox, the provider's ref of the message, the part."""

    mailbox_name: str
    ref: str
    part: str
    filename: str
    content_type: str
    size_bytes: int


# One thread may hold two copies of one mail (sent to oneself); it is shown once.
_copies = (
    select(
        message_copy.c.message_id,
        func.min(case((message_copy.c.is_withdrawn, 1), else_=0)).label("withdrawn"),
    )
    .where(
        message_copy.c.thread_id == bindparam("thread_id"),
        message_copy.c.tombstoned_at.is_(None),
    )
    .group_by(message_copy.c.message_id)
    .subquery()
)
_MAILS = (
    select(
        message.c.id,
        message.c.sent_at,
        message.c.direction,
        message.c.kind,
        message.c.kind_evidence,
        message.c.subject,
        message.c.snippet,
        message.c.defects,
        func.substr(message_body.c.text, 1, TEXT_SHOWN),
        func.length(message_body.c.text),
        func.substr(message_body.c.html, 1, 1),
        _copies.c.withdrawn,
    )
    .join(_copies, _copies.c.message_id == message.c.id)
    .outerjoin(message_body, message_body.c.message_id == message.c.id)
    .order_by(message.c.sent_at.desc(), message.c.id.desc())
    .limit(at_most("many"))
)
_PEOPLE = (
    select(
        participant.c.message_id,
        participant.c.role,
        address.c.id,
        address.c.key,
        address.c.shown,
        participant.c.name,
    )
    .join(address, address.c.id == participant.c.address_id)
    .where(within(participant.c.message_id, "messages"))
    .order_by(participant.c.message_id, participant.c.position)
)
_ATTACHMENTS = (
    select(
        attachment.c.id,
        attachment.c.message_id,
        attachment.c.part,
        attachment.c.filename,
        attachment.c.content_type,
        attachment.c.size_bytes,
        attachment.c.content_id,
        attachment.c.is_inline,
    )
    .where(within(attachment.c.message_id, "messages"))
    .order_by(attachment.c.message_id, attachment.c.id)
)


def mails_of_thread(tx: Tx, thread_id: int, *, limit: int) -> list[MailRow]:
    """The newest mails, newest first. Whether the viewer may read the thread was asked before
    (`thread_head`).
    """
    rows = tx.execute(_MAILS, {"thread_id": thread_id, "many": limit})
    return [MailRow._make((*row[:-1], bool(row[-1]))) for row in rows]


def people_of(tx: Tx, message_ids: Sequence[int]) -> list[PersonRow]:
    return [PersonRow._make(row) for row in tx.execute(_PEOPLE, {"messages": list(message_ids)})]


def attachments_of(tx: Tx, message_ids: Sequence[int]) -> list[AttachmentRow]:
    rows = tx.execute(_ATTACHMENTS, {"messages": list(message_ids)})
    return [AttachmentRow._make(row) for row in rows]


@cache
def _readable(*, limited: bool) -> Select[Any]:
    return (
        select(message_copy.c.id, message_copy.c.thread_id)
        .where(
            message_copy.c.message_id == bindparam("message_id"),
            message_copy.c.tombstoned_at.is_(None),
            in_sight(message_copy.c.mailbox_id, limited=limited),
        )
        .limit(1)
    )


def may_read_message(tx: Tx, viewer: Viewer, message_id: int) -> bool:
    found = tx.execute(
        _readable(limited=is_limited(viewer)), {"message_id": message_id, **sight(viewer)}
    )
    return found.first() is not None


_BODY = select(message_body.c.html, message_body.c.text).where(
    message_body.c.message_id == bindparam("message_id")
)


def body_of(tx: Tx, message_id: int) -> tuple[str, str]:
    """(HTML, text) of one message."""
    row = tx.execute(_BODY, {"message_id": message_id}).first()
    return (row[0], row[1]) if row else ("", "")


@cache
def _places(*, limited: bool) -> Select[Any]:
    return (
        select(
            mailbox.c.name,
            message_copy.c.ref,
            attachment.c.part,
            attachment.c.filename,
            attachment.c.content_type,
            attachment.c.size_bytes,
        )
        .join(message_copy, message_copy.c.message_id == attachment.c.message_id)
        .join(mailbox, mailbox.c.id == message_copy.c.mailbox_id)
        .where(
            attachment.c.id == bindparam("attachment_id"),
            attachment.c.message_id == bindparam("message_id"),
            message_copy.c.tombstoned_at.is_(None),
            in_sight(message_copy.c.mailbox_id, limited=limited),
        )
        .order_by(message_copy.c.id)
        .limit(_MOST_PLACES)
    )


def attachment_places(
    tx: Tx, viewer: Viewer, message_id: int, attachment_id: int
) -> list[AttachmentPlaceRow]:
    """The copies of that message through which the viewer may ask for the attachment, oldest first."""
    rows = tx.execute(
        _places(limited=is_limited(viewer)),
        {"message_id": message_id, "attachment_id": attachment_id, **sight(viewer)},
    )
    return [AttachmentPlaceRow._make(row) for row in rows]


class PrivateRow(NamedTuple):
    subject: str
    author: str
    sent_at: int
    text: str
    mailboxes: tuple[str, ...]


_PRIVATE = (
    select(message.c.subject, address.c.shown, message.c.sent_at, message_body.c.text)
    .outerjoin(address, address.c.id == message.c.author_id)
    .outerjoin(message_body, message_body.c.message_id == message.c.id)
    .where(message.c.id == bindparam("message_id"))
)
_PRIVATE_BOXES = (
    select(mailbox.c.address)
    .join(message_copy, message_copy.c.mailbox_id == mailbox.c.id)
    .where(
        message_copy.c.message_id == bindparam("message_id"), message_copy.c.tombstoned_at.is_(None)
    )
    .distinct()
    .order_by(mailbox.c.address)
)


def private_mail(tx: Tx, message_id: int) -> PrivateRow | None:
    """One mail whatever mailbox holds it; who asks has to be allowed that, and it has to be written down."""
    row = tx.execute(_PRIVATE, {"message_id": message_id}).first()
    boxes = tuple(tx.execute(_PRIVATE_BOXES, {"message_id": message_id}).scalars())
    return PrivateRow(row[0], row[1] or "", row[2], row[3] or "", boxes) if row and boxes else None
