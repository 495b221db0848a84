"""The agenda of the mailboxes: each is read when its row says so, and once a week compared as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from inboxcrm.services.agenda import Appointment, MailboxBook
from inboxcrm.worker.loop import Job, JobKind, StopSign, Trouble

AUDIT_DAYS = 7
TURN_SECONDS = 10.0
LOOK_EVERY_SECONDS = 1.0


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


class Turn:
    """One run of one mailbox. A long first reading gives way to mailboxes that wait, a paused one stops; a run that
    ended early goes on from its rows.
    """

    def __init__(
        self, book: MailboxBook, name: str, stop: StopSign, seconds: Callable[[], float]
    ) -> None:
        self._book = book
        self._name = name
        self._stop = stop
        self._seconds = seconds
        self._began = self._looked = seconds()
        self.gave_way = False

    def is_over(self) -> bool:
        """Asked before every step of a run; the rows are looked at once a second."""
        if self.gave_way or self._stop.is_set():
            return True
        now = self._seconds()
        if now - self._looked >= LOOK_EVERY_SECONDS:
            self._looked = now
            self.gave_way = self._book.must_give_way(
                self._name, long_enough=now - self._began >= TURN_SECONDS
            )
        return self.gave_way


def _kind(one: Appointment, now: datetime) -> JobKind:
    if one.is_removal:
        return JobKind.REMOVE
    is_old = one.audited_at is not None and now - one.audited_at >= timedelta(days=AUDIT_DAYS)
    return JobKind.AUDIT if is_old else JobKind.SYNC
