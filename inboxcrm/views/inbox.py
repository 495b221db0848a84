"""The newest threads, and one thread opened: what the pages `/` and `/threads/<id>` show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.owes import NOBODY, conversation_owes
from inboxcrm.store import inbox as threads
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.inbox import Outsider, ThreadLead, ThreadLine, ThreadPage
from inboxcrm.views.capture_words import short_note
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.inbox_shapes import (
    AttachmentPlace,
    AttachmentView,
    InboxRow,
    InboxView,
    LeadChip,
    MessageBody,
    MessageView,
    ThreadView,
)
from inboxcrm.views.open_thread import attachment_place, message_body, thread
from inboxcrm.views.parts import owes_line, stage_chip
from inboxcrm.views.places import lead_url, thread_url

__all__ = [
    "AttachmentPlace",
    "AttachmentView",
    "InboxRow",
    "InboxView",
    "LeadChip",
    "MessageBody",
    "MessageView",
    "ThreadView",
    "attachment_place",
    "inbox",
    "message_body",
    "rows_of",
    "thread",
]

MOST_ROWS = 200
_NAMES_SHOWN = 2


def inbox(desk: Desk, viewer: Viewer, *, before: str | None = None, limit: int = 50) -> InboxView:
    """Newest threads first. `before` is the cursor a page before gave; a made-up one shows the
    first page.
    """
    many = max(1, min(limit, MOST_ROWS))
    with desk.database.read() as tx:
        page = threads.newest_threads(tx, viewer, before=open_cursor(desk, before), limit=many + 1)
    rows = rows_of(desk, page, limit=many)
    if len(page.lines) <= many:
        return InboxView(rows)
    last = page.lines[many - 1]
    return InboxView(rows, seal_cursor(desk, last.last_at, last.thread_id))


def rows_of(desk: Desk, page: ThreadPage, *, limit: int) -> tuple[InboxRow, ...]:
    """The first `limit` threads as rows, here and wherever else threads are listed."""
    now = desk.clock.now()
    leads: dict[int, ThreadLead] = {}
    for lead in page.leads:
        best = leads.get(lead.thread_id)
        if best is None or (lead.last_at, lead.lead_id) > (best.last_at, best.lead_id):
            leads[lead.thread_id] = lead
    outsiders: dict[int, list[Outsider]] = {}
    for one in page.outsiders:
        outsiders.setdefault(one.message_id, []).append(one)
    return tuple(
        _row(desk, line, leads.get(line.thread_id), outsiders.get(line.message_id, ()), now)
        for line in page.lines[:limit]
    )


def _row(
    desk: Desk,
    line: ThreadLine,
    lead: ThreadLead | None,
    outsiders: Sequence[Outsider],
    now: datetime,
) -> InboxRow:
    is_outbound = line.direction == "out"
    author = line.author_name or line.author_shown or "Unknown sender"
    who = author
    if is_outbound and outsiders:
        names = [one.name or one.shown for one in outsiders]
        more = len(names) - _NAMES_SHOWN
        who = "To " + ", ".join(names[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    owes = conversation_owes(
        (
            line.last_human_at,
            line.last_human_direction,
            line.last_human_message_id,
            line.dismissed_message_id,
        )
    )
    name = lead.name if lead else author if not is_outbound else who.removeprefix("To ")
    sealed = desk.ids.seal("thread", line.thread_id)
    return InboxRow(
        id=sealed,
        url=thread_url(sealed),
        who=who,
        subject=line.subject or "(no subject)",
        snippet=line.snippet,
        at=from_ms(line.last_at),
        message_count=line.message_count,
        mailbox=line.mailbox,
        lead=_chip(desk, lead, now) if lead else None,
        note="" if lead else _note(outsiders),
        owes=(
            owes_line(desk, owes, line.last_human_at, name=name, now=now)
            if owes != NOBODY
            else None
        ),
        attachment_count=line.attachment_count,
        is_outbound=is_outbound,
    )


def _chip(desk: Desk, lead: ThreadLead, now: datetime) -> LeadChip:
    sealed = desk.ids.seal("lead", lead.lead_id)
    chip = stage_chip(desk, lead.pipeline, lead.stage, lead.stage_since_at, to_ms(now))
    return LeadChip(sealed, lead.name, lead_url(sealed), chip)


def _note(outsiders: Sequence[Outsider]) -> str:
    """The note of whoever is nearest to being a lead."""
    notes = [(one.outcome != "candidate", short_note(one.outcome, one.rule)) for one in outsiders]
    return min((note for note in notes if note[1]), default=(True, ""))[1]
