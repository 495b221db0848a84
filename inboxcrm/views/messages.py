"""The newest messages, each with what was decided about every outsider on it; one message with all
it holds.

Capture decides about addresses; here its answer stands on each message they take part in. Mail in
spam or trash is listed too, and says so: no message is without its decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError
from inboxcrm.mail.reply import split_quoted
from inboxcrm.store import message_list, open_mail
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.message_list import CopyRow, DecisionRow, MessageRow
from inboxcrm.store.messages import split_labels
from inboxcrm.store.open_mail import PersonRow
from inboxcrm.store.overruled import words_on
from inboxcrm.views.capture_words import decision_reason, decision_words
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.inbox_shapes import AttachmentView, ThreadView
from inboxcrm.views.open_thread import (
    attachment_view,
    author_of,
    defects_in_words,
    note_on,
    recipients,
    thread,
)
from inboxcrm.views.verdicts import VerdictView, verdict_view

MOST_ROWS = 500
_RANK = {"create": 0, "link": 1, "candidate": 2, "ignore": 3}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What was decided about one outside participant of one message.

    `outcome` is create, link, candidate or ignore; `words` says it short ("in review: role
    address"), `reason` as a sentence; `by` is rule or person.
    """

    address: str
    name: str
    outcome: str
    rule: str
    words: str
    reason: str
    by: str
    lead_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """One message in a list. `thread` and `mailbox` are where the viewer reads it; `direction` is
    in, out or internal; `note` says when no person wrote it, or that it lies in spam or trash.
    """

    id: str
    thread: str
    at: datetime
    direction: str
    kind: str
    author: str
    author_address: str
    to: str
    """In words: "to alice@ourfirm.example and 2 others"."""
    subject: str
    snippet: str
    mailbox: str
    decisions: tuple[DecisionLine, ...]
    """Whoever is nearest to being a lead first, of equals the author; empty where nobody outside takes part."""
    attachment_count: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class MessageListView:
    """Newest first. `next` is the cursor of the older page, None on the last one."""

    messages: tuple[MessageLine, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class CopyView:
    """The message as one mailbox holds it."""

    mailbox: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDetail(MessageLine):
    """A message with all it holds. `text` is what its author wrote, `quoted` the past below it.

    `kind_rule` and `kind_evidence` say why it is of its kind: the rule, and the header line or
    sentence it rests on.
    """

    text: str
    quoted: str
    attachments: tuple[AttachmentView, ...]
    defects: tuple[str, ...]
    copies: tuple[CopyView, ...]
    kind_rule: str
    kind_evidence: str
    verdict: VerdictView


def newest_messages(
    desk: Desk, viewer: Viewer, *, before: str | None = None, limit: int = 50
) -> MessageListView:
    """`before` is the cursor a page before gave; a made-up one shows the first page."""
    many = max(1, min(limit, MOST_ROWS))
    with desk.database.read() as tx:
        rows = message_list.newest_messages(
            tx, viewer, before=open_cursor(desk, before), limit=many + 1
        )
        lines = _lines(tx, desk, viewer, rows[:many])
    if len(rows) <= many:
        return MessageListView(lines)
    last = rows[many - 1]
    return MessageListView(lines, seal_cursor(desk, last.sent_at, last.message_id))


def message_detail(desk: Desk, viewer: Viewer, message_id: str) -> MessageDetail:
    """Raises NotFoundError, also for a message in mailboxes this viewer may not read."""
    number = desk.ids.open("message", message_id)
    with desk.database.read() as tx:
        row = message_list.message_line(tx, viewer, number) if number is not None else None
        if row is None:
            raise NotFoundError(
                "There is no such message.", remedy="It may have been deleted; list them again."
            )
        [line] = _lines(tx, desk, viewer, [row])
        rest = message_list.rest_of(tx, row.message_id)
        attachments = open_mail.attachments_of(tx, [row.message_id])
        copies = message_list.copies_of(tx, viewer, row.message_id)
        names = message_list.label_names(tx, {one.mailbox_id for one in copies})
        words = words_on(tx, row.message_id)
    text, quoted = split_quoted(rest.text or "")
    return MessageDetail(
        **{name: getattr(line, name) for name in MessageLine.__dataclass_fields__},
        text=text,
        quoted=quoted,
        attachments=tuple(attachment_view(desk, one) for one in attachments),
        defects=defects_in_words(rest.defects, rest.text_length),
        copies=tuple(_copy(one, names) for one in copies),
        kind_rule=rest.kind_rule,
        kind_evidence=rest.kind_evidence,
        verdict=verdict_view(line.kind, rest.kind_evidence, words),
    )


def message_or_thread(desk: Desk, viewer: Viewer, some_id: str) -> MessageDetail | ThreadView:
    """What the id names; each kind of id opens only as what it is. Raises NotFoundError."""
    if desk.ids.open("thread", some_id) is not None:
        return thread(desk, viewer, some_id)
    return message_detail(desk, viewer, some_id)


def decisions_in_words(decisions: Sequence[DecisionLine]) -> str:
    """Like "lead" or "in review: role address, 2 more"."""
    if not decisions:
        return "nobody outside"
    more = len(decisions) - 1
    return f"{decisions[0].words}, {more} more" if more else decisions[0].words


def _lines(
    tx: Tx, desk: Desk, viewer: Viewer, rows: Sequence[MessageRow]
) -> tuple[MessageLine, ...]:
    """The rows with their people and decisions: two queries whatever their number."""
    ids = [row.message_id for row in rows]
    people: dict[int, list[PersonRow]] = {}
    for person in open_mail.people_of(tx, ids):
        people.setdefault(person.message_id, []).append(person)
    decisions: dict[int, list[DecisionRow]] = {}
    for one in message_list.decisions_on(tx, viewer, ids):
        decisions.setdefault(one.message_id, []).append(one)
    return tuple(
        _line(desk, row, people.get(row.message_id, ()), decisions.get(row.message_id, ()))
        for row in rows
    )


def _line(
    desk: Desk, row: MessageRow, people: Sequence[PersonRow], decisions: Sequence[DecisionRow]
) -> MessageLine:
    author, author_address = author_of(people)
    ranked = sorted(
        decisions,
        key=lambda one: (_RANK[one.outcome], one.shown != author_address, one.address_id),
    )
    return MessageLine(
        id=desk.ids.seal("message", row.message_id),
        thread=desk.ids.seal("thread", row.thread_id),
        at=from_ms(row.sent_at),
        direction=row.direction,
        kind=row.kind,
        author=author,
        author_address=author_address,
        to=recipients(people),
        subject=row.subject,
        snippet=row.snippet,
        mailbox=row.mailbox,
        decisions=tuple(_decision(desk, one) for one in ranked),
        attachment_count=row.attachment_count,
        note=note_on(row.kind, is_withdrawn=row.is_withdrawn),
    )


def _decision(desk: Desk, row: DecisionRow) -> DecisionLine:
    is_by_person = row.is_unlinked or row.decided_by == "person"
    return DecisionLine(
        address=row.shown,
        name=row.name,
        outcome=row.outcome,
        rule=row.rule,
        words=decision_words(row.outcome, row.rule),
        reason=decision_reason(
            row.outcome,
            row.rule,
            answer_rule=row.answer_rule,
            detail=row.detail,
            is_unlinked=row.is_unlinked,
        ),
        by="person" if is_by_person else "rule",
        lead_id=None if row.lead_id is None else desk.ids.seal("lead", row.lead_id),
    )


def _copy(row: CopyRow, names: dict[tuple[int, str], str]) -> CopyView:
    labels = (names.get((row.mailbox_id, ref)) or ref for ref in split_labels(row.labels))
    return CopyView(row.mailbox, tuple(labels))
