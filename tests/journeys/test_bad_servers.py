"""Gmail away, broken or refusing: said in words, nothing lost, and the next run goes on."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from inboxcrm.sandbox.faults import Fault, FaultKind
from inboxcrm.worker import clock, runner


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Between attempts the program sleeps; here its clocks go forward instead."""
    slept: list[float] = []
    real_now, real_seconds = clock.machine_now, clock.machine_seconds
    monkeypatch.setattr(clock, "machine_now", lambda: real_now() + timedelta(seconds=sum(slept)))
    for place in (clock, runner):
        monkeypatch.setattr(place, "sleep", slept.append)
        monkeypatch.setattr(place, "machine_seconds", lambda: real_seconds() + sum(slept))


def failed(home, words: str) -> str:
    done = home.type("sync", "--json")
    assert done.code == 1
    assert done.report["state"] == "failed"
    assert words in done.err
    assert done.report["trouble"] in done.err
    assert done.report["remedy"] in done.err
    assert done.report["remedy"]
    return done.err


def all_is_well(home) -> None:
    done = home.type("sync", "--json")
    assert (done.code, done.report["state"]) == (0, "live")
    checked = home.type("doctor")
    assert (checked.code, "3 stored, 0 waiting" in checked.out) == (0, True)


def test_a_server_that_does_not_listen(home, closed_port):
    home.gmail(f"http://127.0.0.1:{closed_port}", refresh_token="1//away-refresh")
    failed(home, "No connection to 127.0.0.1")
    checked = home.type("doctor")
    assert checked.code == 1
    assert "FAIL  sync sales" in checked.out


def test_a_server_that_goes_away_between_two_runs(home, gmail, closed_port):
    assert home.type("sync").code == 0
    home.gmail(f"http://127.0.0.1:{closed_port}", refresh_token=gmail.refresh_token(), more="")
    failed(home, "No connection to 127.0.0.1")
    home.gmail(gmail.url, refresh_token=gmail.refresh_token())
    all_is_well(home)


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (500, "internalError", "Gmail"),
        (503, "backendError", "Gmail"),
        (429, "rateLimitExceeded", "slow down"),
        (403, "userRateLimitExceeded", "slow down"),
        (403, "dailyLimitExceeded", "daily or bandwidth limit"),
        (403, "accessNotConfigured", "switched off"),
        (403, "domainPolicy", "Workspace"),
        (403, "insufficientPermissions", "without the right to read mail"),
    ],
)
def test_a_server_that_refuses_everything(home, gmail, status, reason, words):
    gmail.faults.fail_next(status, reason, count=1000)
    failed(home, words)
    gmail.faults.clear()
    clock.sleep(3700)  # a daily limit is not asked about again within the hour
    all_is_well(home)


def test_a_server_that_fails_in_the_middle_loses_nothing(home, gmail):
    gmail.faults.fail_next(500, count=1000, path="/batch")
    gmail.faults.fail_next(500, count=1000, path="/messages/")
    gmail.faults.fail_next(500, count=1000, path="/threads/")
    home.type("sync", "--json")
    gmail.faults.clear()
    all_is_well(home)


def test_consent_taken_back_leads_to_connect_and_back(home, gmail):
    assert home.type("sync").code == 0
    gmail.tokens.revoke()
    err = failed(home, "has ended this mailbox's consent")
    assert "inboxcrm connect gmail --mailbox sales" in err
    checked = home.type("doctor")
    assert checked.code == 1
    assert "consent" in checked.out
    home.gmail(gmail.url, refresh_token=gmail.refresh_token())
    all_is_well(home)


def test_a_refusal_is_told_once_and_in_our_words(home, gmail):
    """In a process of its own: libraries that log would be heard there."""
    gmail.faults.fail_next(403, "accessNotConfigured", count=1000)
    done = home.run("sync")
    assert done.code == 1
    told = done.err.splitlines()
    assert len(told) == 2, told
    assert told[0].startswith("sales: The Gmail API is switched off")
    assert told[1].startswith("Enable the Gmail API")


def test_what_answers_is_not_gmail(home, gmail):
    """A hotel's sign-in page: no JSON, and it says 200."""
    gmail.faults._plan(gmail.faults._requests, Fault(FaultKind.SHORT_BODY, left=1000))
    failed(home, "")
    gmail.faults.clear()
    all_is_well(home)
