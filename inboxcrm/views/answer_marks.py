"""Whether an answer to a cadence is a good one, as somebody said, on the pages that show the answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.reports import Mark
from inboxcrm.store import answer_marks as rows
from inboxcrm.store.answer_marks import MarkRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_card import one_mail
from inboxcrm.views.places import thread_url

CHOICES = ((Mark.POSITIVE, "Positive"), (Mark.NEUTRAL, "Neutral"), (Mark.NEGATIVE, "Negative"))
"""(mark, what its button says)."""


@dataclass(frozen=True, slots=True)
class MarkView:
    """Of an answer to a cadence. `mark` is empty where nobody said anything; `by` and `at` belong to it."""

    mark: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The answer to a mail of a cadence. `message_id` and `href` are empty where the viewer may not read it."""

    at: datetime
    message_id: str = ""
    who: str = ""
    text: str = ""
    href: str = ""
    mark: MarkView | None = None


def marks_on(tx: Tx, viewer: Viewer, message_ids: Collection[int]) -> dict[int, MarkView]:
    """Of those that are answers to cadences; one statement, none where there are no mails."""
    found = rows.answers_among(tx, message_ids)
    return {which: _view(viewer, row) for which, row in found.items()}


def answer_to_mail(desk: Desk, viewer: Viewer, mail_id: str) -> AnswerView | None:
    """The last answer since this mail of a cadence left; None where there is none."""
    outbox_id = desk.ids.open("outbox", mail_id)
    with desk.database.read() as tx:
        mail = None if outbox_id is None else rows.left_mail(tx, outbox_id)
        if mail is None:
            return None
        number = rows.answer_to(tx, mail.enrollment_id, since=mail.left_at)
        line = None if number is None else one_mail(tx, viewer, mail.lead_id, number)
        if number is None or line is None:
            return None
        if line.thread_id is None:
            return AnswerView(from_ms(line.at))
        mark = marks_on(tx, viewer, [number]).get(number)
    return AnswerView(
        from_ms(line.at),
        desk.ids.seal("message", number),
        line.author_name or line.author_shown or "",
        line.snippet,
        thread_url(desk.ids.seal("thread", line.thread_id)),
        mark,
    )


def _view(viewer: Viewer, row: MarkRow) -> MarkView:
    if not row.mark:
        return MarkView()
    by = "You" if row.account_id == viewer.account_id else row.account or "Somebody"
    return MarkView(row.mark, by, from_ms(row.made_at))
