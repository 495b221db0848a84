"""Reading the inbox: a page of newest threads, and one thread with everything its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, unindexed, within
from inboxcrm.store.sight import in_sight, is_limited, sight, stands_on
from inboxcrm.store.tables import (
    address,
    address_capture,
    conversation,
    lead,
    lead_decision,
    lead_link,
    mailbox,
    message,
    message_copy,
    thread,
)

END_OF_TIME = 1 << 62


class ThreadLine(NamedTuple):
    """One thread of the list, with its newest message and who waits in that conversation.

    `holds_last_human`: the last human mail of the conversation lies in it. A conversation may have two threads, as
    where a provider gives a note of absence one of its own.
    """

    thread_id: int
    ref: str
    subject: str
    last_at: int
    message_count: int
    message_id: int
    snippet: str
    direction: str
    kind: str
    attachment_count: int
    author_shown: str | None
    author_name: str | None
    mailbox: str
    last_human_at: int | None
    last_human_direction: str
    last_human_message_id: int | None
    dismissed_message_id: int | None
    holds_last_human: bool


class ThreadLead(NamedTuple):
    """A lead whose mail lies in a thread."""

    thread_id: int
    lead_id: int
    name: str
    pipeline: str
    stage: str
    stage_since_at: int
    last_at: int


class Outsider(NamedTuple):
    """Somebody outside on a message, and how capture sees them now."""

    message_id: int
    address_id: int
    shown: str
    name: str
    outcome: str | None
    rule: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    lines: list[ThreadLine]
    leads: list[ThreadLead]
    outsiders: list[Outsider]


def thread_lines(source: FromClause = thread) -> Select[Any]:
    """A thread with its newest message; `source` holds the thread, joined to whatever leads there."""
    held = message_copy.alias("last_human_copy")
    return (
        select(
            thread.c.id,
            thread.c.ref,
            thread.c.subject,
            thread.c.last_at,
            thread.c.message_count,
            message.c.id,
            message.c.snippet,
            message.c.direction,
            message.c.kind,
            message.c.attachment_count,
            address.c.shown,
            address.c.name,
            mailbox.c.address,
            conversation.c.last_human_at,
            conversation.c.last_human_direction,
            conversation.c.last_human_message_id,
            conversation.c.dismissed_message_id,
            is_met(
                select(held.c.id)
                .where(
                    held.c.message_id == conversation.c.last_human_message_id,
                    unindexed(held.c.thread_id) == thread.c.id,
                    held.c.tombstoned_at.is_(None),
                )
                .correlate(thread, conversation)
            ),
        )
        .select_from(source)
        .join(message, message.c.id == thread.c.last_message_id)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(mailbox, mailbox.c.id == thread.c.mailbox_id)
        .outerjoin(address, address.c.id == message.c.author_id)
    )


def is_met(statement: Select[Any]) -> ColumnElement[bool]:
    """Whether the statement finds a row, asked anew of each line that gets so far.

    PostgreSQL turns EXISTS into a join, and then reads a million rows to show fifty.
    """
    return statement.limit(at_most(1)).scalar_subquery().is_not(None)


def stands_in_inbox(*, limited: bool) -> tuple[ColumnElement[bool], ...]:
    """What makes a thread a line of the inbox for this viewer."""
    live = message_copy.alias("live_copy")
    twin_copy, twin = message_copy.alias("twin_copy"), thread.alias("twin")
    newest_of_twin = (
        select(twin.c.last_message_id).where(twin.c.id == twin_copy.c.thread_id).scalar_subquery()
    )
    first = (
        select(func.min(twin_copy.c.thread_id))
        .where(
            twin_copy.c.message_id == thread.c.last_message_id,
            twin_copy.c.tombstoned_at.is_(None),
            twin_copy.c.is_withdrawn.is_(False),
            newest_of_twin == thread.c.last_message_id,
            in_sight(unindexed(twin_copy.c.mailbox_id), limited=limited),
        )
        .correlate(thread)
        .scalar_subquery()
    )
    return (
        # In spam or trash altogether: not in the inbox.
        is_met(
            select(live.c.id).where(
                live.c.thread_id == thread.c.id,
                live.c.tombstoned_at.is_(None),
                live.c.is_withdrawn.is_(False),
            )
        ),
        # The same mail in two mailboxes is one line: that of the older thread.
        func.coalesce(first, thread.c.id) >= thread.c.id,
    )


@cache
def _newest(*, limited: bool, few: bool) -> Select[Any]:
    """`few`: the viewer's mailboxes hold so little that all of it is looked at; else all mail is walked by time."""
    box = thread.c.mailbox_id if few else unindexed(thread.c.mailbox_id)
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    return (
        thread_lines()
        .where(
            thread.c.last_at <= at,
            or_(thread.c.last_at < at, thread.c.id < before_id),
            in_sight(box, limited=limited),
            *stands_in_inbox(limited=limited),
        )
        .order_by(thread.c.last_at.desc(), thread.c.id.desc())
        .limit(at_most("many"))
    )


@cache
def _leads(*, limited: bool) -> Select[Any]:
    chip = [lead.c[name] for name in ("id", "name", "pipeline", "stage", "stage_since_at")]
    return (
        select(message_copy.c.thread_id, *chip, func.max(lead_link.c.at))
        .join(lead_link, lead_link.c.message_id == message_copy.c.message_id)
        .join(lead, lead.c.id == lead_link.c.lead_id)
        .where(
            within(message_copy.c.thread_id, "threads"),
            message_copy.c.tombstoned_at.is_(None),
            lead_link.c.is_unlinked.is_(False),
            lead.c.is_withdrawn.is_(False),
            lead.c.merged_into.is_(None),
            or_(
                lead_link.c.reason == "person",
                stands_on(lead_link.c.message_id, lead_link.c.address_id, limited=limited),
            ),
        )
        .group_by(message_copy.c.thread_id, *chip)
    )


@cache
def _outsiders(*, limited: bool) -> Select[Any]:
    return (
        select(
            lead_decision.c.message_id,
            address.c.id,
            address.c.shown,
            address.c.name,
            address_capture.c.outcome,
            address_capture.c.rule,
            address_capture.c.detail,
        )
        .join(address, address.c.id == lead_decision.c.address_id)
        .outerjoin(address_capture, address_capture.c.address_id == address.c.id)
        .where(
            within(lead_decision.c.message_id, "messages"),
            stands_on(lead_decision.c.message_id, lead_decision.c.address_id, limited=limited),
        )
        .order_by(lead_decision.c.message_id, address.c.id)
    )


_FEW_THREADS = 2_000
_FEW = select(func.count()).select_from(
    select(thread.c.id)
    .where(within(thread.c.mailbox_id, "mailboxes"))
    .limit(_FEW_THREADS)
    .subquery()
)


def newest_threads(
    tx: Tx, viewer: Viewer, *, before: tuple[int, int] | None, limit: int
) -> ThreadPage:
    """Threads older than `before` (time, thread id), newest first; three queries whatever their
    number, four for viewers who may not read everything.
    """
    at, before_id = before or (END_OF_TIME, 0)
    limited = is_limited(viewer)
    few = limited and tx.execute(_FEW, sight(viewer)).scalar_one() < _FEW_THREADS
    rows = tx.execute(
        _newest(limited=limited, few=few),
        {"at": at, "before_id": before_id, "many": limit, **sight(viewer)},
    )
    return page_of(tx, viewer, [ThreadLine._make(row) for row in rows])


@cache
def _of_messages(*, limited: bool) -> Select[Any]:
    found = message_copy.alias("found_copy")
    return (
        thread_lines()
        .add_columns(found.c.message_id)
        .join(found, found.c.thread_id == thread.c.id)
        .where(
            within(found.c.message_id, "messages"),
            found.c.tombstoned_at.is_(None),
            in_sight(thread.c.mailbox_id, limited=limited),
        )
        .order_by(thread.c.id)
    )


def threads_of_messages(tx: Tx, viewer: Viewer, message_ids: Sequence[int]) -> ThreadPage:
    """The threads these messages lie in, in the order of the messages; each thread and each
    message once.
    """
    if not message_ids:
        return ThreadPage([], [], [])
    rows = tx.execute(
        _of_messages(limited=is_limited(viewer)), {"messages": list(message_ids), **sight(viewer)}
    )
    by_message: dict[int, ThreadLine] = {}
    for row in rows:
        by_message.setdefault(row[-1], ThreadLine._make(row[:-1]))
    found = [by_message[one] for one in message_ids if one in by_message]
    return page_of(tx, viewer, list({line.thread_id: line for line in found}.values()))


def page_of(tx: Tx, viewer: Viewer, lines: list[ThreadLine]) -> ThreadPage:
    """The lines with the leads and the outside people in them."""
    if not lines:
        return ThreadPage([], [], [])
    threads = [line.thread_id for line in lines]
    leads = [
        ThreadLead._make(row)
        for row in tx.execute(
            _leads(limited=is_limited(viewer)), {"threads": threads, **sight(viewer)}
        )
    ]
    return ThreadPage(lines, leads, outsiders_of(tx, viewer, [line.message_id for line in lines]))


def outsiders_of(tx: Tx, viewer: Viewer, message_ids: Sequence[int]) -> list[Outsider]:
    """The outside people of these messages, as far as the viewer may know of them."""
    if not message_ids:
        return []
    return [
        Outsider._make(row)
        for row in tx.execute(
            _outsiders(limited=is_limited(viewer)), {"messages": list(message_ids), **sight(viewer)}
        )
    ]


class ThreadHead(NamedTuple):
    thread_id: int
    ref: str
    subject: str
    message_count: int
    provider: str
    mailbox: str


@cache
def _head(*, limited: bool) -> Select[Any]:
    return (
        select(
            thread.c.id,
            thread.c.ref,
            thread.c.subject,
            thread.c.message_count,
            mailbox.c.provider,
            mailbox.c.address,
        )
        .join(mailbox, mailbox.c.id == thread.c.mailbox_id)
        .where(
            and_(
                thread.c.id == bindparam("thread_id"),
                in_sight(thread.c.mailbox_id, limited=limited),
            )
        )
    )


def thread_head(tx: Tx, viewer: Viewer, thread_id: int) -> ThreadHead | None:
    row = tx.execute(
        _head(limited=is_limited(viewer)), {"thread_id": thread_id, **sight(viewer)}
    ).first()
    return ThreadHead._make(row) if row else None
