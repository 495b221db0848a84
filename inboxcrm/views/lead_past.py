"""The timeline of a lead's own page: every entry with its full text, narrowed by kind, one on top.

Mail the viewer may not read stays as a locked line in every list that holds mail: that there was one, on that day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.causes import Told
from inboxcrm.leads.wording import day_in_words
from inboxcrm.store.activities import ActivityRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_card import MailLine
from inboxcrm.views.answer_marks import MarkView
from inboxcrm.views.lead_page_shapes import Entry, Show
from inboxcrm.views.places import mail_url, thread_url
from inboxcrm.views.timeline import Line, who_did

CHANGES = (
    "stage_move",
    "field_change",
    "tag",
    "snooze",
    "captured",
    "assigned",
    "merge",
    "link",
    "unlink",
    "dismissed",
    "removed",
    "cadence",
    "consent",
)
_KINDS: dict[Show, tuple[str, ...] | None] = {
    Show.ALL: (),
    Show.MAIL: None,
    Show.NOTES: ("note",),
    Show.CALLS: ("call",),
    Show.MEETINGS: ("meeting",),
    Show.TASKS: ("task",),
    Show.CHANGES: CHANGES,
}
_PINNABLE = ("note", "call", "meeting", "task")
_LONGEST_SNIPPET = 400


def kinds_of(show: Show) -> tuple[str, ...] | None:
    """The kinds of deeds it holds: () every one, None not a single one."""
    return _KINDS[show]


def entry_of(
    desk: Desk,
    viewer: Viewer,
    line: Line,
    now: datetime,
    *,
    pinned_id: int | None,
    told: Mapping[int, Told],
    marks: Mapping[int, MarkView],
) -> Entry:
    """`pinned_id` is the mail on top, where it is a mail; `told` as in `timeline.merged`; `marks` by mail."""
    _, _, _, deed, mail = line
    if deed is not None:
        return deed_entry(desk, viewer, deed, told.get(deed.activity_id))
    assert mail is not None
    shown = mail_entry(desk, mail, now, pinned=mail.message_id == pinned_id)
    return shown if shown.locked else replace(shown, mark=marks.get(mail.message_id))


def deed_entry(desk: Desk, viewer: Viewer, deed: ActivityRow, told: Told | None = None) -> Entry:
    title, text = "", told.text if told else deed.text
    if deed.kind in ("call", "meeting"):
        data = json.loads(deed.data)
        title, text = str(data.get("facts", "")), str(data.get("said", deed.text))
    return Entry(
        desk.ids.seal("activity", deed.activity_id),
        deed.kind,
        from_ms(deed.at),
        who_did(deed, viewer),
        title,
        text,
        href=mail_url(told.thread_id, told.message_id) if told else None,
        pinned=deed.is_pinned,
        can_pin=deed.kind in _PINNABLE,
    )


def mail_entry(desk: Desk, mail: MailLine, now: datetime, *, pinned: bool) -> Entry:
    """Whoever cannot read it may take it down from the top, and cannot pin it there."""
    at = from_ms(mail.at)
    sealed = desk.ids.seal("message", mail.message_id)
    if mail.thread_id is None:
        day = day_in_words(at, now=now, zone=desk.working_hours.zone)
        return Entry(
            sealed,
            "mail",
            at,
            "",
            mail.subject,
            f"A mail of {day}",
            locked=True,
            pinned=pinned,
            can_pin=pinned,
        )
    kind = "mail_in" if mail.direction == "in" else "mail_out"
    return Entry(
        sealed,
        kind if mail.is_human else "mail_auto",
        at,
        mail.author_name or mail.author_shown or "",
        mail.subject or "(no subject)",
        mail.snippet[:_LONGEST_SNIPPET],
        href=thread_url(desk.ids.seal("thread", mail.thread_id)),
        pinned=pinned,
        can_pin=True,
    )
