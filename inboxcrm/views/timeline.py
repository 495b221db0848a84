"""A lead's past in one line of time: mail from its links, deeds from its activities, newest first.

Mail in mailboxes the viewer may not read is a locked line: that there was a mail on that day, and
nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.causes import Told
from inboxcrm.leads.wording import day_in_words
from inboxcrm.store import activities, lead_card
from inboxcrm.store.activities import ActivityRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_card import MailLine
from inboxcrm.store.stop_causes import told_of_deeds
from inboxcrm.views.places import mail_url, thread_url
from inboxcrm.views.shapes import TimelineItem

_END_OF_TIME = 1 << 62
_MAIL, _DEED = 1, 0
_LONGEST = 280
_NOTHING_TOLD: Mapping[int, Told] = {}


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
    pinned: MailLine | None = None,
    told: Mapping[int, Told] = _NOTHING_TOLD,
) -> tuple[TimelineItem, ...]:
    """The newest `limit` of both; what is pinned stands on top, whatever its age: a deed that says so, or that mail.

    `told`: by activity, what this viewer is told of those that rest on a mail.
    """
    lines = _in_order([mail for mail in mails if not _is(mail, pinned)], deeds)
    on_top = [line for line in lines if line[3] is not None and line[3].is_pinned]
    rest = [line for line in lines if line not in on_top]
    top = [_item(desk, viewer, line, now, told) for line in on_top]
    if pinned is not None:
        top.insert(0, replace(_mail_item(desk, pinned, now), pinned=True))
    return (*top, *(_item(desk, viewer, line, now, told) for line in rest))[:limit]


def _is(mail: MailLine, other: MailLine | None) -> bool:
    return other is not None and mail.message_id == other.message_id


def timeline_page(
    tx: Tx, desk: Desk, viewer: Viewer, lead_id: int, *, before: str | None, limit: int
) -> TimelinePage:
    """One page of the past; `before` is the cursor the page before gave, a made-up one starts at
    the top.
    """
    lines, cursor = past_lines(tx, desk, viewer, lead_id, before=before, limit=limit)
    now = desk.clock.now()
    told = told_of_deeds(tx, desk, viewer, [one[3] for one in lines if one[3] is not None])
    return TimelinePage(tuple(_item(desk, viewer, line, now, told) for line in lines), cursor)


Line = tuple[int, int, int, ActivityRow | None, MailLine | None]
"""When; mail or deed; its number; and the one of the two that it is."""


def past_lines(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    lead_id: int,
    *,
    before: str | None,
    limit: int,
    with_mail: bool = True,
    kinds: tuple[str, ...] | None = (),
) -> tuple[list[Line], str | None]:
    """Mail and deeds merged, newest first, with the cursor of the next page.

    `kinds` narrows the deeds: () is every kind, None none at all. Each of the two gives one page from its index; what
    lies below the last row of a full page may lack rows of the other and is left to the next page.
    """
    at, source, number = _opened(desk, before)
    # Of one moment, mail stands before deeds: below a deed no mail of that moment is left.
    mail_id = number if source == _MAIL else 0
    deed_id = number if source == _DEED else _END_OF_TIME
    mails: list[MailLine] = []
    deeds: list[ActivityRow] = []
    many, lowest = limit + 1, (-1, 0, 0)
    if with_mail:
        mails, is_full = lead_card.some_mails(
            tx, viewer, lead_id, limit=many, at=at, before_id=mail_id
        )
        if is_full:
            lowest = (mails[-1].at, _MAIL, mails[-1].message_id)
    if kinds is not None:
        deeds = activities.activities_before(
            tx, lead_id, at=at, before_id=deed_id, limit=many, kinds=kinds
        )
        if len(deeds) == many:
            lowest = max(lowest, (deeds[-1].at, _DEED, deeds[-1].activity_id))
    lines = [line for line in _in_order(mails, deeds) if line[:3] >= lowest]
    if len(lines) <= limit and lowest[0] < 0:
        return lines, None
    shown = lines[:limit]
    last_at, last_source, last_number = shown[-1][:3]
    mark = "m" if last_source == _MAIL else "d"
    return shown, f"{last_at:x}-{mark}-{desk.ids.seal('line', last_number)}"


def _in_order(mails: Iterable[MailLine], deeds: Iterable[ActivityRow]) -> list[Line]:
    lines: list[Line] = [(mail.at, _MAIL, mail.message_id, None, mail) for mail in mails]
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


def _item(
    desk: Desk, viewer: Viewer, line: Line, now: datetime, told: Mapping[int, Told]
) -> TimelineItem:
    _, _, _, deed, mail = line
    if deed is not None:
        return _deed_item(desk, viewer, deed, told.get(deed.activity_id) or Told(deed.text))
    assert mail is not None
    return _mail_item(desk, mail, now)


def _deed_item(desk: Desk, viewer: Viewer, deed: ActivityRow, told: Told) -> TimelineItem:
    return TimelineItem(
        desk.ids.seal("activity", deed.activity_id),
        deed.kind,
        from_ms(deed.at),
        who_did(deed, viewer),
        told.text[: _LONGEST * 4],
        deed.is_pinned,
        href=mail_url(told.thread_id, told.message_id),
    )


def who_did(deed: ActivityRow, viewer: Viewer) -> str:
    return "You" if deed.account_id == viewer.account_id else deed.account_name or ""


def _mail_item(desk: Desk, mail: MailLine, now: datetime) -> TimelineItem:
    at = from_ms(mail.at)
    sealed = desk.ids.seal("message", mail.message_id)
    if mail.thread_id is None:
        day = day_in_words(at, now=now, zone=desk.working_hours.zone)
        about = f": {mail.subject}" if mail.subject else ""
        return TimelineItem(
            sealed, "mail", at, "", f"A mail of {day}{about}"[:_LONGEST], locked=True
        )
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
