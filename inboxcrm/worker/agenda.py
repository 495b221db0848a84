"""The agenda of the mailboxes: each is read when its row says so, and once a week compared as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from inboxcrm.services.agenda import Appointment, MailboxBook
from inboxcrm.worker.loop import Job, JobKind, Trouble

AUDIT_DAYS = 7


class MailboxAgenda:
    """Implements `loop.Agenda` for the mailboxes of a book."""

    def __init__(self, book: MailboxBook) -> None:
        self._book = book
        self._is_begun = False

    def due(self, now: datetime) -> Sequence[Job]:
        if not self._is_begun:
            self._book.wake_troubled()
            self._is_begun = True
        found = self._book.appointments()
        return [
            Job(_kind(one, now), one.name) for one in found if not one.wake_at or one.wake_at <= now
        ]

    def next_at(self) -> datetime | None:
        times = [
            one.wake_at or datetime.min.replace(tzinfo=UTC) for one in self._book.appointments()
        ]
        return min(times, default=None)

    def settle(self, job: Job, *, next_at: datetime, trouble: Trouble | None) -> None:
        self._book.settle(
            job.mailbox,
            next_at=next_at,
            trouble=f"{trouble.text} {trouble.remedy}".rstrip() if trouble else "",
            needs_login=trouble.needs_login if trouble else False,
        )


def _kind(one: Appointment, now: datetime) -> JobKind:
    is_old = one.audited_at is not None and now - one.audited_at >= timedelta(days=AUDIT_DAYS)
    return JobKind.AUDIT if is_old else JobKind.SYNC
