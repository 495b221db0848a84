"""One lead as panel and page show it: the card, its addresses with what their capture rests on, its
mail.

Mail lines come with the thread through which this viewer reads them, or null: then the line stays
locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, case, exists, or_, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.sight import (
    is_limited,
    open_subjects,
    readable_thread,
    sight,
    stands_on,
)
from inboxcrm.store.tables import (
    account,
    address,
    address_capture,
    enrollment,
    lead,
    lead_address,
    lead_link,
    lead_score,
    mailbox,
    message,
    organization,
    task,
)


class CardRow(NamedTuple):
    lead_id: int
    version: int
    name: str
    organization_id: int | None
    organization: str | None
    owner_id: int | None
    owner: str | None
    pipeline: str
    stage: str
    stage_since_at: int
    source: str
    phone: str
    value_cents: int | None
    value_currency: str
    custom: str
    made_by: str
    created_at: int
    first_at: int | None
    last_in_at: int | None
    last_out_at: int | None
    in_count: int
    out_count: int
    owes: str
    owes_since_at: int | None
    merged_into: int | None
    is_withdrawn: bool
    pinned_message_id: int | None
    task_id: int | None
    task_title: str | None
    task_due_on: str | None
    was_in_cadence: bool
    fit: int | None
    engagement: int | None


class CardAddress(NamedTuple):
    """`rests_...` describe the message on which the capture of this address rests."""

    address_id: int
    key: str
    shown: str
    name: str
    rule: str | None
    detail: str | None
    rests_at: int | None
    rests_author: str | None
    rests_mailbox: str | None


class MailLine(NamedTuple):
    """`thread_id` is None where the viewer may not read the mail; all but when it came is then empty, and the subject
    where they may not know that either.
    """

    message_id: int
    at: int
    direction: str
    is_human: bool
    subject: str
    snippet: str
    kind: str
    author_shown: str | None
    author_name: str | None
    thread_id: int | None


_next_task = (
    select(task.c.id)
    .where(
        task.c.lead_id == bindparam("lead_id"),
        task.c.done_at.is_(None),
        task.c.removed_at.is_(None),
    )
    .order_by(case((task.c.due_on.is_(None), 1), else_=0), task.c.due_on, task.c.id)
    .limit(at_most(1))
    .scalar_subquery()
)
_CARD = (
    select(
        lead.c.id,
        lead.c.version,
        lead.c.name,
        lead.c.organization_id,
        organization.c.name,
        lead.c.owner_id,
        account.c.name,
        lead.c.pipeline,
        lead.c.stage,
        lead.c.stage_since_at,
        lead.c.source,
        lead.c.phone,
        lead.c.value_cents,
        lead.c.value_currency,
        lead.c.custom,
        lead.c.made_by,
        lead.c.created_at,
        lead.c.first_at,
        lead.c.last_in_at,
        lead.c.last_out_at,
        lead.c.in_count,
        lead.c.out_count,
        lead.c.owes,
        lead.c.owes_since_at,
        lead.c.merged_into,
        lead.c.is_withdrawn,
        lead.c.pinned_message_id,
        task.c.id,
        task.c.title,
        task.c.due_on,
        exists().where(enrollment.c.lead_id == lead.c.id),
        lead_score.c.fit,
        lead_score.c.engagement,
    )
    .outerjoin(lead_score, lead_score.c.lead_id == lead.c.id)
    .outerjoin(organization, organization.c.id == lead.c.organization_id)
    .outerjoin(account, account.c.id == lead.c.owner_id)
    .outerjoin(task, task.c.id == _next_task)
    .where(lead.c.id == bindparam("lead_id"))
)


def card(tx: Tx, lead_id: int) -> CardRow | None:
    row = tx.execute(_CARD, {"lead_id": lead_id}).first()
    return CardRow._make(row) if row else None


_author = address.alias("author")
_CARD_ADDRESSES = (
    select(
        address.c.id,
        address.c.key,
        address.c.shown,
        address.c.name,
        address_capture.c.rule,
        address_capture.c.detail,
        message.c.sent_at,
        case((_author.c.name != "", _author.c.name), else_=_author.c.shown),
        mailbox.c.address,
    )
    .join(lead_address, lead_address.c.address_id == address.c.id)
    .outerjoin(address_capture, address_capture.c.address_id == address.c.id)
    .outerjoin(message, message.c.id == address_capture.c.rests_on)
    .outerjoin(_author, _author.c.id == message.c.author_id)
    .outerjoin(mailbox, mailbox.c.id == address_capture.c.mailbox_id)
    .where(lead_address.c.lead_id == bindparam("lead_id"))
    .order_by(address.c.id)
)


def card_addresses(tx: Tx, lead_id: int) -> list[CardAddress]:
    """Oldest first: the first is the one shown."""
    return [CardAddress._make(row) for row in tx.execute(_CARD_ADDRESSES, {"lead_id": lead_id})]


def _lines(*, limited: bool) -> Select[Any]:
    readable: ColumnElement[Any] = readable_thread(lead_link.c.message_id, limited=limited)
    if limited:
        known = or_(
            lead_link.c.reason == "person",
            stands_on(lead_link.c.message_id, lead_link.c.address_id, limited=limited),
        )
        readable = case((known, readable))
    return (
        select(
            lead_link.c.message_id,
            lead_link.c.at,
            lead_link.c.direction,
            lead_link.c.is_human,
            message.c.subject,
            message.c.snippet,
            message.c.kind,
            address.c.shown,
            address.c.name,
            readable,
        )
        .join(message, message.c.id == lead_link.c.message_id)
        .outerjoin(address, address.c.id == message.c.author_id)
        .where(
            lead_link.c.lead_id == bindparam("lead_id"),
            lead_link.c.is_unlinked.is_(False),
        )
    )


@cache
def _one_mail(*, limited: bool) -> Select[Any]:
    return _lines(limited=limited).where(lead_link.c.message_id == bindparam("message_id"))


@cache
def _mails(*, limited: bool) -> Select[Any]:
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    return (
        _lines(limited=limited)
        .where(
            lead_link.c.at <= at,
            or_(lead_link.c.at < at, lead_link.c.message_id < before_id),
        )
        .order_by(lead_link.c.at.desc(), lead_link.c.message_id.desc())
        .limit(at_most("many"))
    )


def mails(
    tx: Tx, viewer: Viewer, lead_id: int, *, limit: int, at: int = 1 << 62, before_id: int = 0
) -> list[MailLine]:
    """The newest mail of a lead before that time; a mail tied by two of its addresses is one line, so that a full page
    may come out shorter.
    """
    return some_mails(tx, viewer, lead_id, limit=limit, at=at, before_id=before_id)[0]


def some_mails(
    tx: Tx, viewer: Viewer, lead_id: int, *, limit: int, at: int = 1 << 62, before_id: int = 0
) -> tuple[list[MailLine], bool]:
    """The lines, and whether there may be older ones."""
    rows = tx.execute(
        _mails(limited=is_limited(viewer)),
        {"lead_id": lead_id, "at": at, "before_id": before_id, "many": limit, **sight(viewer)},
    ).all()
    return _as_seen(tx, viewer, lead_id, rows), len(rows) == limit


def one_mail(tx: Tx, viewer: Viewer, lead_id: int, message_id: int) -> MailLine | None:
    """That mail as a line of this lead's past; None where it does not stand there (any more)."""
    asked = {"lead_id": lead_id, "message_id": message_id, **sight(viewer)}
    rows = tx.execute(_one_mail(limited=is_limited(viewer)), asked).all()
    return next(iter(_as_seen(tx, viewer, lead_id, rows)), None)


def _as_seen(tx: Tx, viewer: Viewer, lead_id: int, rows: Sequence[Any]) -> list[MailLine]:
    lines: dict[int, MailLine] = {}
    for row in rows:
        line = MailLine._make(row)
        # What one of the two addresses lets the viewer read, they may read.
        if line.message_id not in lines or line.thread_id is not None:
            lines[line.message_id] = line
    locked = [line.message_id for line in lines.values() if line.thread_id is None]
    subjects = open_subjects(tx, viewer, [lead_id], locked)
    for which in locked:
        subject = lines[which].subject if (lead_id, which) in subjects else ""
        lines[which] = lines[which]._replace(
            subject=subject, snippet="", author_shown=None, author_name=None
        )
    return list(lines.values())
