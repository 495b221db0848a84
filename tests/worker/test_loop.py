"""The worker's loop: what is due runs, one failing mailbox stops no other, trouble is told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from inboxcrm.errors import BusyMailboxError, InboxcrmError, Offline, Reauth, Throttled
from inboxcrm.worker.clock import Stop
from inboxcrm.worker.loop import Job, JobKind, Trouble, Worker

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Rows:
    """An agenda kept in a dict instead of a database."""

    due_at: dict[str, datetime]
    troubles: dict[str, Trouble | None] = field(default_factory=dict)

    def due(self, now):
        found = sorted((at, name) for name, at in self.due_at.items() if at <= now)
        return [Job(JobKind.SYNC, name) for _, name in found]

    def next_at(self):
        return min(self.due_at.values(), default=None)

    def settle(self, job, *, next_at, trouble):
        self.due_at[job.mailbox] = next_at
        self.troubles[job.mailbox] = trouble


class Clock:
    def __init__(self):
        self.at = START

    def now(self):
        return self.at


class House:
    """A worker over the mailboxes of Alice and Bob; `faults` are what a mailbox answers next."""

    def __init__(self, *names: str):
        self.rows = Rows(dict.fromkeys(names or ("alice", "bob"), START))
        self.clock = Clock()
        self.faults: dict[str, InboxcrmError] = {}
        self.ran: list[str] = []
        self.told: list[str] = []
        self.stop = Stop()
        self.worker = Worker(
            agenda=self.rows,
            run_job=self._run,
            clock=self.clock,
            stop=self.stop,
            tell=self.told.append,
        )

    def _run(self, job):
        self.ran.append(job.mailbox)
        if job.mailbox in self.faults:
            raise self.faults[job.mailbox]

    def pause_of(self, name: str) -> float:
        return (self.rows.due_at[name] - self.clock.at).total_seconds()

    def pass_time(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)


def test_every_due_mailbox_is_read_and_due_again_a_minute_later():
    house = House()
    assert house.worker.run_due() == 2
    assert house.ran == ["alice", "bob"]
    assert house.pause_of("alice") == house.pause_of("bob") == 60
    assert house.worker.run_due() == 0


def test_a_failing_mailbox_does_not_stop_the_other():
    house = House()
    house.faults["alice"] = Reauth("Consent was withdrawn.", remedy="Reconnect.")
    house.worker.run_due()
    assert house.ran == ["alice", "bob"]
    assert house.rows.troubles["bob"] is None
    assert house.rows.troubles["alice"] == Trouble(
        "alice", "Consent was withdrawn.", "Reconnect.", needs_login=True
    )


def test_trouble_is_told_once_and_so_is_its_end():
    house = House("alice")
    house.faults["alice"] = Offline("No answer.", remedy="Check the network.")
    for _ in range(3):
        house.worker.run_due()
        house.pass_time(house.pause_of("alice"))
    assert house.told == ["alice: No answer. Check the network."]
    del house.faults["alice"]
    house.worker.run_due()
    house.pass_time(60)
    house.worker.run_due()
    assert house.told[1:] == ["alice: all is well again."]
    assert house.rows.troubles["alice"] is None


def test_failures_in_a_row_are_asked_ever_more_rarely_up_to_an_hour():
    house = House("alice")
    house.faults["alice"] = Offline("No answer.")
    pauses = []
    for _ in range(9):
        house.worker.run_due()
        pauses.append(house.pause_of("alice"))
        house.pass_time(pauses[-1])
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_after_a_success_the_pause_starts_short_again():
    house = House("alice")
    house.faults["alice"] = Offline("No answer.")
    for _ in range(3):
        house.worker.run_due()
        house.pass_time(house.pause_of("alice"))
    del house.faults["alice"]
    house.worker.run_due()
    house.pass_time(60)
    house.faults["alice"] = Offline("No answer.")
    house.worker.run_due()
    assert house.pause_of("alice") == 60


@pytest.mark.parametrize(("said", "pause"), [(900.0, 900), (0.0, 1), (None, 60)])
def test_the_provider_says_how_long_to_wait(said, pause):
    house = House("alice")
    house.faults["alice"] = Throttled("Slow down.", after_seconds=said)
    house.worker.run_due()
    assert house.pause_of("alice") == pause


def test_a_mailbox_another_worker_reads_is_no_trouble():
    house = House("alice")
    house.faults["alice"] = BusyMailboxError("Another worker has it.")
    house.worker.run_due()
    assert house.rows.troubles["alice"] is None
    assert house.told == []
    assert house.pause_of("alice") == 60


def test_a_stop_between_two_mailboxes_leaves_the_second_due():
    house = House()
    house.worker.run_job = lambda job: (house.ran.append(job.mailbox), house.stop.set())
    house.worker.run()
    assert house.ran == ["alice"]
    assert house.rows.due_at["bob"] == START


def test_our_own_faults_are_not_hidden_as_trouble():
    house = House("alice")

    def broken(_job):
        raise ZeroDivisionError

    house.worker.run_job = broken
    with pytest.raises(ZeroDivisionError):
        house.worker.run_due()


def test_a_run_that_gave_way_goes_on_as_soon_as_the_others_had_their_turn():
    house = House("alice")
    house.worker.run_job = lambda job: False
    house.worker.run_due()
    assert house.rows.due_at["alice"] == START
    house.worker.run_job = lambda job: True
    house.worker.run_due()
    assert house.rows.due_at["alice"] > START
