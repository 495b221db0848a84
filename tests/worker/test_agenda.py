"""The agenda's rows: due times and trouble survive in the database, and a week brings a comparison."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services.agenda import MailboxBook
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.tables import mailbox
from inboxcrm.worker.agenda import MailboxAgenda, Turn
from inboxcrm.worker.loop import Job, JobKind, Trouble

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def now(self):
        return NOW


@pytest.fixture
def desk(database):
    desk = Desk(database, Clock(), Pipelines(), OpaqueIds(b"key"), WorkingHours())
    declare_mailboxes(desk, [Declared("alice", "gmail"), Declared("old", "mbox")])
    return desk


def agenda(desk, *names):
    return MailboxAgenda(MailboxBook(desk, frozenset(names or ("alice",))))


def write(desk, **values):
    with desk.database.write() as tx:
        tx.execute(update(mailbox).where(mailbox.c.name == "alice").values(**values))


def read(desk):
    with desk.database.read() as tx:
        return tx.execute(mailbox.select().where(mailbox.c.name == "alice")).one()


def test_a_new_mailbox_is_due_at_once_and_others_are_not_ours(desk):
    assert agenda(desk).due(NOW) == [Job(JobKind.SYNC, "alice")]
    assert agenda(desk).next_at() < NOW


def test_it_is_due_again_when_its_row_says_so(desk):
    later = NOW + timedelta(seconds=60)
    agenda(desk).settle(Job(JobKind.SYNC, "alice"), next_at=later, trouble=None)
    fresh = agenda(desk)
    assert fresh.due(NOW) == []
    assert fresh.next_at() == later
    assert fresh.due(later) == [Job(JobKind.SYNC, "alice")]


def test_trouble_is_written_on_the_mailbox_and_cleared_by_a_success(desk):
    job = Job(JobKind.SYNC, "alice")
    trouble = Trouble("alice", "Consent ended.", "Reconnect.", needs_login=True)
    agenda(desk).settle(job, next_at=NOW, trouble=trouble)
    assert (read(desk).trouble, read(desk).auth) == ("Consent ended. Reconnect.", "reauth")
    agenda(desk).settle(job, next_at=NOW, trouble=None)
    assert (read(desk).trouble, read(desk).auth) == ("", "ok")


def test_a_restart_does_not_wait_out_the_pause_of_a_troubled_mailbox(desk):
    write(desk, trouble="Consent ended.", wake_at=to_ms(NOW + timedelta(hours=1)))
    assert agenda(desk).due(NOW) == [Job(JobKind.SYNC, "alice")]


def test_a_paused_mailbox_is_left_alone(desk):
    write(desk, paused=True)
    assert agenda(desk).due(NOW) == []
    assert agenda(desk).next_at() is None


@pytest.mark.parametrize(
    ("audited_days", "kind"), [(None, JobKind.SYNC), (6, JobKind.SYNC), (7, JobKind.AUDIT)]
)
def test_a_week_after_the_last_comparison_comes_another(desk, audited_days, kind):
    at = None if audited_days is None else to_ms(NOW - timedelta(days=audited_days))
    write(desk, synced_at=to_ms(NOW), audited_at=at)
    assert agenda(desk).due(NOW) == [Job(kind, "alice")]


def test_the_week_is_counted_from_the_first_reading_though_every_minute_brings_another(desk):
    job = Job(JobKind.SYNC, "alice")
    for day in range(8):
        now = NOW + timedelta(days=day)
        [found] = agenda(desk).due(now)
        assert found.kind is (JobKind.AUDIT if day == 7 else JobKind.SYNC)
        # The first reading has seen the whole mailbox; the ones after it only what changed.
        write(desk, synced_at=to_ms(now), **({"audited_at": to_ms(now)} if day == 0 else {}))
        agenda(desk).settle(job, next_at=now, trouble=None)


def test_the_longest_waiting_comes_first(desk):
    write(desk, wake_at=to_ms(NOW - timedelta(seconds=5)))
    names = [job.mailbox for job in agenda(desk, "alice", "old").due(NOW)]
    assert names == ["old", "alice"]


# --- a run and its turn ----------------------------------------------------------------


class Machine:
    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


class Stop:
    def is_set(self):
        return False


def turn(desk, machine):
    return Turn(MailboxBook(desk, frozenset({"alice", "old"})), "alice", Stop(), machine)


def test_a_long_run_gives_way_to_a_mailbox_that_waits(desk):
    machine = Machine()
    run = turn(desk, machine)
    machine.seconds = 5
    assert not run.is_over()
    machine.seconds = 11
    assert run.is_over()
    assert run.gave_way


def test_where_nobody_waits_a_run_goes_on(desk):
    agenda(desk, "old").settle(
        Job(JobKind.SYNC, "old"), next_at=NOW + timedelta(hours=1), trouble=None
    )
    machine = Machine()
    run = turn(desk, machine)
    machine.seconds = 1000
    assert not run.is_over()


def test_a_run_ends_when_its_mailbox_is_paused(desk):
    machine = Machine()
    run = turn(desk, machine)
    write(desk, paused=True)
    machine.seconds = 2
    assert run.is_over()


def test_the_rows_are_looked_at_once_a_second_and_not_at_every_step(desk):
    run = turn(desk, Machine())
    write(desk, paused=True)
    assert not run.is_over()


# --- mailboxes connected in the browser ------------------------------------------------


def test_a_mailbox_connected_while_we_run_is_due_at_once(desk):
    running = agenda(desk)
    running.settle(Job(JobKind.SYNC, "alice"), next_at=NOW + timedelta(hours=1), trouble=None)
    assert running.due(NOW) == []
    connect(desk, "tom@own.example")
    assert running.due(NOW) == [Job(JobKind.SYNC, "tom@own.example")]


def test_a_disconnected_mailbox_is_not_read_and_one_to_be_removed_is(desk):
    connect(desk, "tom@own.example", auth="ended")
    connect(desk, "mira@own.example", auth="removing")
    connect(desk, "gone@own.example", auth="removed")
    assert set(agenda(desk).due(NOW)) == {
        Job(JobKind.SYNC, "alice"),
        Job(JobKind.REMOVE, "mira@own.example"),
    }


def test_a_removal_that_fails_waits_before_the_next_try(desk):
    connect(desk, "mira@own.example", auth="removing")
    job = Job(JobKind.REMOVE, "mira@own.example")
    trouble = Trouble("mira@own.example", "The database is away.")
    agenda(desk).settle(job, next_at=NOW + timedelta(minutes=1), trouble=trouble)
    assert job not in agenda(desk).due(NOW)
    assert job in agenda(desk).due(NOW + timedelta(minutes=1))


def test_who_asks_for_some_mailboxes_gets_no_others(desk):
    connect(desk, "tom@own.example")
    book = MailboxBook(desk, frozenset({"alice"}), frozenset({"alice"}))
    assert MailboxAgenda(book).due(NOW) == [Job(JobKind.SYNC, "alice")]


def connect(desk, name, **values):
    with desk.database.write() as tx:
        tx.execute(
            mailbox.insert().values(name=name, provider="gmail", made_in="browser", **values)
        )
