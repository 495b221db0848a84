"""The newest threads, all or narrowed, and one thread opened: what `/` and `/threads/<id>` show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.owes import NOBODY, conversation_owes
from inboxcrm.store import inbox as threads
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.inbox import Outsider, ThreadLead, ThreadLine, ThreadPage
from inboxcrm.store.inbox_filters import Counted, Looked, count_threads, filtered_threads
from inboxcrm.store.inbox_walks import Show
from inboxcrm.views.capture_words import short_note
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.inbox_shapes import (
    AttachmentView,
    InboxRow,
    InboxTab,
    InboxView,
    LeadChip,
    MessageBody,
    MessageView,
    ThreadView,
)
from inboxcrm.views.open_thread import message_body, thread
from inboxcrm.views.parts import owes_line, stage_chip
from inboxcrm.views.places import lead_url, thread_url

__all__ = [
    "AttachmentView",
    "InboxRow",
    "InboxTab",
    "InboxView",
    "LeadChip",
    "MessageBody",
    "MessageView",
    "Show",
    "ThreadView",
    "inbox",
    "message_body",
    "rows_of",
    "shown",
    "thread",
]

MOST_ROWS = 200
_MOST_COUNTED = 99
_EVERYTHING = (Show.ALL, Show.TEAM)
_TABS = (
    (Show.WAITING, "Waiting on us"),
    (Show.WAITING_THEM, "Waiting on them"),
    (Show.ALL, "All"),
    (Show.LEADS, "Leads"),
    (Show.UNKNOWN, "Unknown"),
    (Show.MINE, "Mine"),
)
_COUNTED = (Show.WAITING, Show.UNKNOWN)
_NAMES_SHOWN = 2


def inbox(
    desk: Desk,
    viewer: Viewer,
    *,
    show: Show = Show.ALL,
    before: str | None = None,
    limit: int = 50,
) -> InboxView:
    """Newest threads first. `before` is the cursor a page before gave; a made-up one shows the
    first page.
    """
    many = max(1, min(limit, MOST_ROWS))
    start = open_cursor(desk, before)
    now = to_ms(desk.clock.now())
    with desk.database.read() as tx:
        if show in _EVERYTHING:
            page = threads.newest_threads(tx, viewer, before=start, limit=many + 1)
            looked = Looked(page, [(one.last_at, one.thread_id) for one in page.lines], None)
        else:
            looked = filtered_threads(tx, viewer, show, now=now, before=start, limit=many + 1)
        counts = count_threads(tx, viewer, _COUNTED, now=now, most=_MOST_COUNTED)
    rows = rows_of(desk, looked.page, limit=many)
    is_full = len(looked.places) > many
    following = looked.places[many - 1] if is_full else None
    is_cut = not is_full and looked.floor is not None
    if is_cut and looked.floor is not None:
        following = (looked.floor, 0)
    return InboxView(
        # Two conversations may lie in one thread, two strangers on one mail.
        tuple({row.id: row for row in rows}.values()),
        seal_cursor(desk, *following) if following else None,
        Show.ALL.value if show in _EVERYTHING else show.value,
        tuple(_tab(one, label, counts, show) for one, label in _TABS),
        is_cut,
    )


def shown(key: str) -> Show:
    """The filter of that name; everything for a made-up one."""
    try:
        return Show(key)
    except ValueError:
        return Show.ALL


def _tab(one: Show, label: str, counts: dict[Show, Counted], show: Show) -> InboxTab:
    found = counts.get(one)
    words = f"{found.threads}{'+' if found.is_more else ''}" if found and found.threads else ""
    is_current = one is show or (one in _EVERYTHING and show in _EVERYTHING)
    return InboxTab(one.value, label, words, is_current)


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
    if not line.holds_last_human:
        owes = NOBODY  # it is told of the thread that does
    if lead is None and all(one.outcome == "ignored" for one in outsiders):
        owes = NOBODY  # nobody answers those we ignore
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
