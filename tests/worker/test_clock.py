"""The real clock, which may start elsewhere and run faster."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import time_machine

from inboxcrm.worker.clock import RealClock, Stop, machine_now

MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_without_an_origin_it_is_the_machines_own_time():
    with time_machine.travel(MARCH, tick=False):
        assert RealClock().now() == machine_now() == MARCH


def test_a_fast_clock_shows_an_hour_in_a_second(monkeypatch):
    seconds = iter([100.0, 100.0, 101.0])
    monkeypatch.setattr("time.monotonic", lambda: next(seconds))
    clock = RealClock(datetime(2030, 1, 1, tzinfo=UTC), rate=3600)
    assert clock.now() == datetime(2030, 1, 1, tzinfo=UTC)
    assert clock.now() == datetime(2030, 1, 1, 1, tzinfo=UTC)


def test_setting_the_machines_clock_is_followed():
    with time_machine.travel(MARCH, tick=False) as machine:
        clock = RealClock()
        machine.move_to(MARCH - timedelta(days=1))
        assert clock.now() == MARCH - timedelta(days=1)


def test_waiting_ends_as_soon_as_it_is_told_to_stop():
    stop = Stop()
    assert stop.wait(0) is False
    threading.Timer(0.01, stop.set).start()
    assert stop.wait(30) is True
    assert stop.is_set()
