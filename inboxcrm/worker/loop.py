"""What runs when. Due times are rows: a restart forgets nothing, and two workers do not need to know each other.

    1. Ask the agenda what is due now.
    2. Run each job. It is re-entrant: killed halfway, it goes on from its rows when it is next due.
    3. Write down when the job is next due, and its trouble where it failed. One failing mailbox stops no other.
    4. Sleep until the next due time, but look again after a while: another process may have added work.

Whatever dispatches jobs only says "run now". A queue could do it instead of this loop; no claim or cursor lives here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from inboxcrm.errors import BusyMailboxError, InboxcrmError, Reauth, Throttled
from inboxcrm.ports import Clock

POLL_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 3600.0
"""A mailbox in trouble is asked at least once an hour: whoever mends it should not have to wake us."""


class JobKind(StrEnum):
    SYNC = "sync"
    AUDIT = "audit"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Job:
    kind: JobKind
    mailbox: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a job failed, for the mailbox's row and for people. `count` is how often in a row."""

    mailbox: str
    text: str
    remedy: str = ""
    needs_login: bool = False


class Agenda(Protocol):
    """The due times of all jobs, kept in rows."""

    def due(self, now: datetime) -> Sequence[Job]:
        """Jobs whose time has come, the longest waiting first."""

    def next_at(self) -> datetime | None:
        """When the next job falls due; None when there is none at all."""

    def settle(self, job: Job, *, next_at: datetime, trouble: Trouble | None) -> None:
        """Written after every attempt; no trouble clears what was there."""


class StopSign(Protocol):
    def is_set(self) -> bool: ...

    def wait(self, seconds: float) -> bool: ...


@dataclass(slots=True)
class Worker:
    """`run_job` does the work and raises `InboxcrmError`s; False from it means "not finished, others were waiting".
    `tell` is told each new trouble once, and its end. `besides` is short work of the house's own, done in every round.
    """

    agenda: Agenda
    run_job: Callable[[Job], bool | None]
    clock: Clock
    stop: StopSign
    tell: Callable[[str], None]
    poll_seconds: float = POLL_SECONDS
    besides: Callable[[], object] = lambda: None
    _failures: dict[str, int] = field(init=False, default_factory=dict)
    _told: dict[str, str] = field(init=False, default_factory=dict)

    def run(self) -> None:
        """Returns when it is told to stop, after the step it is in."""
        while not self.stop.is_set():
            self.run_due()
            self._run_besides()
            self.stop.wait(self._pause())

    def run_due(self) -> int:
        """Runs what is due now, once; the number of jobs run."""
        count = 0
        for job in self.agenda.due(self.clock.now()):
            if self.stop.is_set():
                break
            self._run_one(job)
            count += 1
        return count

    def _run_one(self, job: Job) -> None:
        try:
            is_finished = self.run_job(job)
        except BusyMailboxError:
            # Another worker has it. That is no trouble of the mailbox: look again at the usual time.
            self._settle(job, after_seconds=self.poll_seconds, trouble=None)
        except InboxcrmError as error:
            self._failures[job.mailbox] = self._failures.get(job.mailbox, 0) + 1
            trouble = Trouble(
                job.mailbox, error.message, error.remedy, needs_login=isinstance(error, Reauth)
            )
            self._tell_once(job.mailbox, f"{job.mailbox}: {error.message} {error.remedy}".rstrip())
            self._settle(job, after_seconds=self._pause_after(job.mailbox, error), trouble=trouble)
        else:
            self._failures.pop(job.mailbox, None)
            if self._told.pop(job.mailbox, None):
                self.tell(f"{job.mailbox}: all is well again.")
            pause = 0.0 if is_finished is False else self.poll_seconds
            self._settle(job, after_seconds=pause, trouble=None)

    def _run_besides(self) -> None:
        """Its trouble is told and does not keep mail from being read."""
        try:
            self.besides()
        except InboxcrmError as error:
            self._tell_once("", f"{error.message} {error.remedy}".rstrip())
        else:
            self._told.pop("", None)

    def _settle(self, job: Job, *, after_seconds: float, trouble: Trouble | None) -> None:
        next_at = self.clock.now() + timedelta(seconds=after_seconds)
        self.agenda.settle(job, next_at=next_at, trouble=trouble)

    def _pause_after(self, mailbox: str, error: InboxcrmError) -> float:
        """The provider's word counts; else twice as long after every failure, up to an hour."""
        if isinstance(error, Throttled) and error.after_seconds is not None:
            return max(error.after_seconds, 1.0)
        doubled = self.poll_seconds * float(2 ** min(self._failures[mailbox] - 1, 16))
        return min(doubled, LONGEST_PAUSE_SECONDS)

    def _tell_once(self, mailbox: str, text: str) -> None:
        if self._told.get(mailbox) != text:
            self._told[mailbox] = text
            self.tell(text)

    def _pause(self) -> float:
        next_at = self.agenda.next_at()
        if next_at is None:
            return LOOK_AGAIN_SECONDS
        seconds = (next_at - self.clock.now()).total_seconds()
        return min(max(seconds, 0.05), LOOK_AGAIN_SECONDS)
