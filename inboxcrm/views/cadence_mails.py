"""Mails of cadences: those of one cadence by state, those that need somebody, and the story of one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from inboxcrm.access.viewer import Viewer, may_read_mailbox, may_send_from
from inboxcrm.cadence.causes import Told
from inboxcrm.cadence.outbox import MAY_REPEAT, OutboxState
from inboxcrm.errors import NotFoundError
from inboxcrm.store import cadence_lists as lists
from inboxcrm.store import outbox, resending
from inboxcrm.store.cadence_lists import MailRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.resending import Repeat
from inboxcrm.store.stop_causes import Causes
from inboxcrm.views.cadence_shapes import CadenceMail, MailLine, MailList, RepeatedMail
from inboxcrm.views.cadence_words import GROUPS, MAIL_STATES, MEANINGS, group_of
from inboxcrm.views.cadences import cadence_url, no_such_cadence
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.places import lead_url, mail_url, thread_url

ON_A_PAGE = 50
_PARKED = "parked"
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
        return mails_shown(tx, desk, viewer, rows)


def needs_somebody(desk: Desk, viewer: Viewer, *, after: str | None = None) -> MailList:
    """Of the mailboxes this viewer sends from: what a person has to look at, newest first."""
    cursor = open_cursor(desk, after)
    with desk.database.read() as tx:
        rows = lists.needing_somebody(
            tx, viewer.mailbox_ids, before=cursor and cursor[1], limit=ON_A_PAGE + 1
        )
        return mails_shown(tx, desk, viewer, rows)


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
        causes = Causes.read(tx, desk, viewer, _resting_on(row))
        around = resending.repeats_around(tx, row.id)
    sent_at = thread_url(desk.ids.seal("thread", rest.thread_id)) if rest.thread_id else None
    line = _line(desk, viewer, row, causes)
    return CadenceMail(
        line,
        rest.key,
        MEANINGS.get(OutboxState(row.state), ""),
        sent_at if reads else None,
        mime,
        may_resend=line.may_answer and OutboxState(row.state) in MAY_REPEAT,
        may_call_off=line.may_answer
        and row.state == OutboxState.PLANNED
        and any(one.id < row.id for one in around),
        repeats=tuple(_repeat(desk, line, one, is_before=one.id < row.id) for one in around),
    )


def _repeat(desk: Desk, line: MailLine, one: Repeat, *, is_before: bool) -> RepeatedMail:
    state = MAIL_STATES[OutboxState(one.state)]
    url = f"{line.cadence_url}/mails/{desk.ids.seal('outbox', one.id)}"
    return RepeatedMail(url, state, from_ms(one.at), one.by, is_before=is_before)


def mails_shown(tx: Tx, desk: Desk, viewer: Viewer, rows: Sequence[MailRow]) -> MailList:
    """A page of a list; one row more than fits on it says that there is another."""
    last = rows[ON_A_PAGE - 1] if len(rows) > ON_A_PAGE else None
    causes = Causes.read(tx, desk, viewer, (each for one in rows for each in _resting_on(one)))
    return MailList(
        tuple(_line(desk, viewer, one, causes) for one in rows[:ON_A_PAGE]),
        seal_cursor(desk, last.due_at, last.id) if last else None,
    )


def _line(desk: Desk, viewer: Viewer, row: MailRow, causes: Causes) -> MailLine:
    told = _said(row, causes)
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
        said=told.text,
        mailbox=row.mailbox,
        step=row.step_key,
        needs_word=state is OutboxState.UNCONFIRMED,
        may_answer=may_send_from(viewer, row.mailbox_id),
        cause_url=mail_url(told.thread_id, told.message_id),
    )


def _said(row: MailRow, causes: Causes) -> Told:
    """What it waits for, as the gate said when it was asked last; else the last line of its life."""
    told = [
        causes.told(str(one["text"]), row.parked_message_id if one["key"] == _PARKED else None)
        for one in _waits(row)
    ]
    if told:
        resting = next((one for one in told if one.thread_id), told[0])
        return replace(resting, text=" ".join(one.text for one in told))
    return causes.told(row.line or "It goes when its turn comes.", row.line_message_id)


def _waits(row: MailRow) -> list[dict[str, str]]:
    """What the gate said against it, of a mail that waits: `key` and `text` of each reason."""
    found: list[dict[str, str]] = []
    if row.state == OutboxState.PLANNED:
        found = json.loads(row.waits_for)
    return found


def _resting_on(row: MailRow) -> tuple[int | None, ...]:
    """The mails that what is told of it may rest on."""
    rests = any(one["key"] == _PARKED for one in _waits(row))
    return (row.line_message_id, row.parked_message_id if rests else None)
