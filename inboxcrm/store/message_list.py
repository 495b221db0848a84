"""Reading messages one by one: the newest a viewer may read, what was decided on each about whom,
and what one message has besides its line.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.open_mail import TEXT_SHOWN
from inboxcrm.store.sight import in_sight, is_limited, readable_thread, sight, stands_on
from inboxcrm.store.tables import (
    address,
    address_capture,
    label,
    lead,
    lead_decision,
    lead_link,
    mailbox,
    message,
    message_body,
    message_copy,
    thread,
)

_END_OF_TIME = 1 << 62


class MessageRow(NamedTuple):
    """A message with the thread and the mailbox in which the viewer reads it."""

    message_id: int
    sent_at: int
    direction: str
    kind: str
    subject: str
    snippet: str
    attachment_count: int
    thread_id: int
    mailbox: str
    is_withdrawn: bool
    """In spam or trash, in every mailbox the viewer may read."""


class DecisionRow(NamedTuple):
    """The ledger line about one address on one message. `answer_rule` and `detail` are those of
    the address's answer; a lead is named where the message lies on it.
    """

    message_id: int
    address_id: int
    shown: str
    name: str
    outcome: str
    rule: str
    answer_rule: str | None
    detail: str | None
    decided_by: str | None
    lead_id: int | None
    is_unlinked: bool


class RestRow(NamedTuple):
    kind_rule: str
    kind_evidence: str
    defects: str
    text: str | None
    text_length: int | None


class CopyRow(NamedTuple):
    mailbox_id: int
    mailbox: str
    labels: str
    """As stored: label refs, each between newlines."""


def _readable(*, limited: bool) -> Select[Any]:
    through = readable_thread(message.c.id, limited=limited)
    return select(message.c.id, through.label("thread_id")).where(through.is_not(None))


def _lines(picked: Select[Any], *, limited: bool) -> Select[Any]:
    """The lines of picked (message, thread) pairs, newest first."""
    which = picked.subquery("picked")
    open_copy = message_copy.alias("open_copy")
    return (
        select(
            message.c.id,
            message.c.sent_at,
            message.c.direction,
            message.c.kind,
            message.c.subject,
            message.c.snippet,
            message.c.attachment_count,
            which.c.thread_id,
            mailbox.c.address,
            ~select(open_copy.c.id)
            .where(
                open_copy.c.message_id == message.c.id,
                open_copy.c.tombstoned_at.is_(None),
                open_copy.c.is_withdrawn.is_(False),
                in_sight(open_copy.c.mailbox_id, limited=limited),
            )
            .exists(),
        )
        .join(which, which.c.id == message.c.id)
        .join(thread, thread.c.id == which.c.thread_id)
        .join(mailbox, mailbox.c.id == thread.c.mailbox_id)
        .order_by(message.c.sent_at.desc(), message.c.id.desc())
    )


@cache
def _newest(*, limited: bool) -> Select[Any]:
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    picked = (
        _readable(limited=limited)
        .where(
            message.c.sent_at <= at,
            or_(message.c.sent_at < at, message.c.id < before_id),
        )
        .order_by(message.c.sent_at.desc(), message.c.id.desc())
        .limit(at_most("many"))
    )
    return _lines(picked, limited=limited)


@cache
def _one(*, limited: bool) -> Select[Any]:
    picked = _readable(limited=limited).where(message.c.id == bindparam("message_id"))
    return _lines(picked, limited=limited)


@cache
def _decisions(*, limited: bool) -> Select[Any]:
    return (
        select(
            lead_decision.c.message_id,
            address.c.id,
            address.c.shown,
            address.c.name,
            lead_decision.c.outcome,
            lead_decision.c.rule,
            address_capture.c.rule,
            address_capture.c.detail,
            address_capture.c.decided_by,
            lead.c.id,
            func.coalesce(lead_link.c.is_unlinked, False),
        )
        .join(address, address.c.id == lead_decision.c.address_id)
        .outerjoin(address_capture, address_capture.c.address_id == address.c.id)
        .outerjoin(
            lead_link,
            (lead_link.c.message_id == lead_decision.c.message_id)
            & (lead_link.c.address_id == lead_decision.c.address_id),
        )
        .outerjoin(
            lead,
            (lead.c.id == lead_link.c.lead_id)
            & lead_link.c.is_unlinked.is_(False)
            & lead.c.is_withdrawn.is_(False)
            & lead.c.merged_into.is_(None),
        )
        .where(
            within(lead_decision.c.message_id, "messages"),
            stands_on(lead_decision.c.message_id, lead_decision.c.address_id, limited=limited),
        )
        .order_by(lead_decision.c.message_id, address.c.id)
    )


_REST = (
    select(
        message.c.kind_rule,
        message.c.kind_evidence,
        message.c.defects,
        func.substr(message_body.c.text, 1, TEXT_SHOWN),
        func.length(message_body.c.text),
    )
    .outerjoin(message_body, message_body.c.message_id == message.c.id)
    .where(message.c.id == bindparam("message_id"))
)


@cache
def _copies(*, limited: bool) -> Select[Any]:
    return (
        select(mailbox.c.id, mailbox.c.address, message_copy.c.labels)
        .join(mailbox, mailbox.c.id == message_copy.c.mailbox_id)
        .where(
            message_copy.c.message_id == bindparam("message_id"),
            message_copy.c.tombstoned_at.is_(None),
            in_sight(message_copy.c.mailbox_id, limited=limited),
        )
        .order_by(message_copy.c.id)
    )


_LABELS = select(label.c.mailbox_id, label.c.ref, label.c.name).where(
    within(label.c.mailbox_id, "mailboxes")
)


def newest_messages(
    tx: Tx, viewer: Viewer, *, before: tuple[int, int] | None, limit: int
) -> list[MessageRow]:
    """Messages older than `before` (time, message id), newest first; spam and trash are among
    them.
    """
    at, before_id = before or (_END_OF_TIME, 0)
    rows = tx.execute(
        _newest(limited=is_limited(viewer)),
        {"at": at, "before_id": before_id, "many": limit, **sight(viewer)},
    )
    return [_line(row) for row in rows]


def message_line(tx: Tx, viewer: Viewer, message_id: int) -> MessageRow | None:
    """None also for a message this viewer may not read."""
    row = tx.execute(
        _one(limited=is_limited(viewer)), {"message_id": message_id, **sight(viewer)}
    ).first()
    return _line(row) if row else None


def _line(row: Sequence[Any]) -> MessageRow:
    return MessageRow._make((*row[:-1], bool(row[-1])))


def decisions_on(tx: Tx, viewer: Viewer, message_ids: Collection[int]) -> list[DecisionRow]:
    """What was decided on these messages, about people of whom the viewer may know."""
    rows = tx.execute(
        _decisions(limited=is_limited(viewer)), {"messages": list(message_ids), **sight(viewer)}
    )
    return [DecisionRow._make((*row[:-1], bool(row[-1]))) for row in rows]


def rest_of(tx: Tx, message_id: int) -> RestRow:
    """Whether the viewer may read the message was asked before (`message_line`)."""
    return RestRow._make(tx.execute(_REST, {"message_id": message_id}).one())


def copies_of(tx: Tx, viewer: Viewer, message_id: int) -> list[CopyRow]:
    rows = tx.execute(
        _copies(limited=is_limited(viewer)), {"message_id": message_id, **sight(viewer)}
    )
    return [CopyRow._make(row) for row in rows]


def label_names(tx: Tx, mailbox_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """(mailbox, label ref) -> the name its owner gave it."""
    rows = tx.execute(_LABELS, {"mailboxes": list(mailbox_ids)})
    return {(row[0], row[1]): row[2] for row in rows}
