"""A lead's past in one line of time: mail from its links, deeds from its activities, newest first.

Mail in mailboxes the viewer may not read is a locked line: that there was a mail on that day, and
nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.wording import day_in_words
from inboxcrm.store import activities, lead_card
from inboxcrm.store.activities import ActivityRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_card import MailLine
from inboxcrm.views.places import thread_url
from inboxcrm.views.shapes import TimelineItem

_END_OF_TIME = 1 << 62
_MAIL, _DEED = 1, 0
_LONGEST = 280


@dataclass(frozen=True, slots=True)
class TimelinePage:
    items: tuple[TimelineItem, ...]
    next: str | None = None


def merged(
    desk: Desk,
    viewer: Viewer,
    mails: Iterable[MailLine],
    deeds: Iterable[ActivityRow],
    *,
    now: datetime,
    limit: int,
) -> tuple[TimelineItem, ...]:
    """The newest `limit` of both; what is pinned stands on top, whatever its age."""
    lines = _in_order(mails, deeds)
    top = [line for line in lines if line[3] is not None and line[3].is_pinned]
    rest = [line for line in lines if line not in top]
    return tuple(_item(desk, viewer, line, now) for line in [*top, *rest][:limit])


def timeline_page(
    tx: Tx, desk: Desk, viewer: Viewer, lead_id: int, *, before: str | None, limit: int
) -> TimelinePage:
    """One page of the past; `before` is the cursor the page before gave, a made-up one starts at
    the top.
    """
    at, source, number = _opened(desk, before)
    # Of one moment, mail stands before deeds: below a deed no mail of that moment is left.
    mail_id = number if source == _MAIL else 0
    deed_id = number if source == _DEED else _END_OF_TIME
    mails = lead_card.mails(tx, viewer, lead_id, limit=limit + 1, at=at, before_id=mail_id)
    deeds = activities.activities_before(tx, lead_id, at=at, before_id=deed_id, limit=limit + 1)
    lines = _in_order(mails, deeds)
    now = desk.clock.now()
    items = tuple(_item(desk, viewer, line, now) for line in lines[:limit])
    if len(lines) <= limit:
        return TimelinePage(items)
    last_at, last_source, last_number = lines[limit - 1][:3]
    mark = "m" if last_source == _MAIL else "d"
    return TimelinePage(items, f"{last_at:x}-{mark}-{desk.ids.seal('line', last_number)}")


_Line = tuple[int, int, int, ActivityRow | None, MailLine | None]


def _in_order(mails: Iterable[MailLine], deeds: Iterable[ActivityRow]) -> list[_Line]:
    lines: list[_Line] = [(mail.at, _MAIL, mail.message_id, None, mail) for mail in mails]
    lines += [(deed.at, _DEED, deed.activity_id, deed, None) for deed in deeds]
    lines.sort(key=lambda line: line[:3], reverse=True)
    return lines


def _opened(desk: Desk, before: str | None) -> tuple[int, int, int]:
    parts = (before or "").split("-")
    if len(parts) == 3:
        number = desk.ids.open("line", parts[2])
        if number is not None:
            try:
                return int(parts[0], 16), _MAIL if parts[1] == "m" else _DEED, number
            except ValueError:
                pass
    return _END_OF_TIME, _MAIL, _END_OF_TIME


def _item(desk: Desk, viewer: Viewer, line: _Line, now: datetime) -> TimelineItem:
    _, _, _, deed, mail = line
    if deed is not None:
        return _deed_item(desk, viewer, deed)
    assert mail is not None
    return _mail_item(desk, mail, now)


def _deed_item(desk: Desk, viewer: Viewer, deed: ActivityRow) -> TimelineItem:
    who = "You" if deed.account_id == viewer.account_id else deed.account_name or ""
    return TimelineItem(
        desk.ids.seal("activity", deed.activity_id),
        deed.kind,
        from_ms(deed.at),
        who,
        deed.text[: _LONGEST * 4],
        deed.is_pinned,
    )


def _mail_item(desk: Desk, mail: MailLine, now: datetime) -> TimelineItem:
    at = from_ms(mail.at)
    sealed = desk.ids.seal("message", mail.message_id)
    if mail.thread_id is None:
        day = day_in_words(at, now=now, zone=desk.working_hours.zone)
        return TimelineItem(sealed, "mail", at, "", f"A mail of {day}", locked=True)
    kind = "mail_in" if mail.direction == "in" else "mail_out"
    if not mail.is_human:
        kind = "mail_auto"
    said = mail.snippet or mail.subject or "(no text)"
    return TimelineItem(
        sealed,
        kind,
        at,
        mail.author_name or mail.author_shown or "",
        said[:_LONGEST],
        href=thread_url(desk.ids.seal("thread", mail.thread_id)),
    )
