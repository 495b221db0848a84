"""Mails of cadences: those of one cadence by state, those that need somebody, and the story of one."""

from __future__ import annotations

import json
from collections.abc import Sequence

from inboxcrm.access.viewer import Viewer, may_read_mailbox, may_send_from
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.errors import NotFoundError
from inboxcrm.store import cadence_lists as lists
from inboxcrm.store import outbox
from inboxcrm.store.cadence_lists import MailRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.views.cadence_shapes import CadenceMail, MailLine, MailList
from inboxcrm.views.cadence_words import GROUPS, MAIL_STATES, MEANINGS, group_of
from inboxcrm.views.cadences import cadence_url, no_such_cadence
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.places import lead_url, thread_url

ON_A_PAGE = 50
MOST_COUNTED = 100


def cadence_mails(
    desk: Desk, viewer: Viewer, cadence_id: str, *, group: str = "", after: str | None = None
) -> MailList:
    """Newest first, all or those of one of the four groups. Raises NotFoundError."""
    number = desk.ids.open("cadence", cadence_id)
    if number is None:
        raise no_such_cadence()
    states = GROUPS[group][1] if group in GROUPS else tuple(OutboxState)
    cursor = open_cursor(desk, after)
    with desk.database.read() as tx:
        rows = lists.mail_page(tx, number, states, before=cursor and cursor[1], limit=ON_A_PAGE + 1)
    return mails_shown(desk, viewer, rows)


def needs_somebody(desk: Desk, viewer: Viewer, *, after: str | None = None) -> MailList:
    """Of the mailboxes this viewer sends from: what a person has to look at, newest first."""
    cursor = open_cursor(desk, after)
    with desk.database.read() as tx:
        rows = lists.needing_somebody(
            tx, viewer.mailbox_ids, before=cursor and cursor[1], limit=ON_A_PAGE + 1
        )
    return mails_shown(desk, viewer, rows)


def outbox_badge(desk: Desk, viewer: Viewer) -> str:
    """For the header: how many need somebody, "99+" at most, empty for none."""
    with desk.database.read() as tx:
        count = lists.count_needing(tx, viewer.mailbox_ids, most=MOST_COUNTED)
    return "" if not count else str(count) if count < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def cadence_mail(desk: Desk, viewer: Viewer, mail_id: str) -> CadenceMail:
    """Raises NotFoundError."""
    number = desk.ids.open("outbox", mail_id)
    with desk.database.read() as tx:
        row = lists.mail_in_full(tx, number) if number is not None else None
        rest = lists.rest_of_mail(tx, number) if number is not None else None
        if row is None or rest is None:
            raise NotFoundError("There is no such mail.", remedy="See the list of cadences.")
        reads = may_read_mailbox(viewer, row.mailbox_id)
        mime = outbox.bytes_of(tx, row.id) if reads else b""
    sent_at = thread_url(desk.ids.seal("thread", rest.thread_id)) if rest.thread_id else None
    return CadenceMail(
        _line(desk, viewer, row),
        rest.key,
        MEANINGS.get(OutboxState(row.state), ""),
        sent_at if reads else None,
        mime,
    )


def mails_shown(desk: Desk, viewer: Viewer, rows: Sequence[MailRow]) -> MailList:
    """A page of a list; one row more than fits on it says that there is another."""
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    return MailList(
        tuple(_line(desk, viewer, one) for one in rows[:ON_A_PAGE]),
        seal_cursor(desk, last.due_at, last.id) if last else None,
    )


def _line(desk: Desk, viewer: Viewer, row: MailRow) -> MailLine:
    sealed, cadence_id = desk.ids.seal("outbox", row.id), desk.ids.seal("cadence", row.cadence_id)
    state = OutboxState(row.state)
    return MailLine(
        id=sealed,
        url=f"{cadence_url(cadence_id)}/mails/{sealed}",
        cadence=row.cadence,
        cadence_url=cadence_url(cadence_id),
        lead=row.lead_name or row.to_address,
        lead_url=lead_url(desk.ids.seal("lead", row.lead_id)),
        to=row.to_address,
        subject=row.subject if may_read_mailbox(viewer, row.mailbox_id) else "",
        group=group_of(row.state),
        state=row.state,
        state_words=MAIL_STATES[state],
        at=from_ms(row.line_at if row.line_at is not None else row.due_at),
        said=_said(row),
        mailbox=row.mailbox,
        step=row.step_key,
        needs_word=state is OutboxState.UNCONFIRMED,
        may_answer=may_send_from(viewer, row.mailbox_id),
    )


def _said(row: MailRow) -> str:
    """What it waits for, as the gate said when it was asked last; else the last line of its life."""
    if row.state == OutboxState.PLANNED:
        waits = json.loads(row.waits_for)
        if waits:
            return " ".join(str(one["text"]) for one in waits)
    return row.line or "It goes when its turn comes."
