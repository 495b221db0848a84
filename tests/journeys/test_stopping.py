"""Stopped by a person, a system or a crash: a clean end, nobody left behind, and the next run goes on."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.journeys.home import until
from tests.journeys.mails import ARCHIVE, IMPORT, many


def stored(home) -> int:
    try:
        with closing(sqlite3.connect(home.folder / "inboxcrm.db", timeout=20)) as raw:
            return raw.execute("SELECT count(*) FROM message").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def test_an_import_that_is_killed_half_way_is_completed_by_the_next(home):
    home.config(ARCHIVE)
    home.file("mail.mbox", many(6_000))
    home.type("leads", "list")
    first = home.start(*IMPORT)
    until(lambda: stored(home) > 500)
    first.process.kill()
    first.process.communicate()
    half = stored(home)
    assert 500 < half < 6_000
    again = home.type(*IMPORT, "--json")
    assert (again.code, half + again.report["stored"]) == (0, 6_000)
    assert stored(home) == 6_000
    assert home.type("leads", "list", "--limit", "1", "--json").document["total"] == 6_000
    assert home.type(*IMPORT, "--json").report["stored"] == 0


def test_an_import_that_is_stopped_by_the_keyboard_says_so_and_goes_on(home):
    home.config(ARCHIVE)
    home.file("mail.mbox", many(6_000))
    home.type("leads", "list")
    first = home.start(*IMPORT, "--json")
    until(lambda: stored(home) > 200)
    done = first.end(signal.SIGINT)
    assert (done.code, done.out) == (130, "")
    assert done.err.splitlines()[0].startswith("Stopping after this step.")
    assert done.err.splitlines()[-1] == "Stopped."
    half = stored(home)
    assert half + home.type(*IMPORT, "--json").report["stored"] == 6_000


def alive(number: int) -> bool:
    return Path(f"/proc/{number}").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["int", "term"])
def test_watching_ends_cleanly(home, gmail, number):
    watching = home.start("sync", "--watch")
    assert "3 stored" in watching.first_line("stored")
    done = watching.end(number)
    assert (done.code, done.err.splitlines()[-1]) == (0, "Stopped.")
    assert gmail.request_number > 0
    assert home.type("sync", "--json").report["stored"] == 0


@pytest.mark.parametrize("command", ["up", "serve", "worker"])
def test_a_long_running_command_ends_cleanly_also_where_interrupts_were_ignored(
    home, gmail, command
):
    """As a script starts it in the background: with SIGINT ignored."""
    words = [command] if command == "worker" else [command, "--port", "0"]
    running = home.start(
        *words, before="import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)"
    )
    if command == "worker":
        running.first_line("Reading one mailbox", stream="stderr")
    else:
        url = running.first_line("Open http").split()[1].partition("/welcome")[0]
        assert urlopen(f"{url}/healthz", timeout=20).status == 200
    if command != "serve":
        until(lambda: stored(home) == 3)
    children = running.children()
    done = running.end(signal.SIGINT)
    assert (done.code, done.err.splitlines()[-1]) == (0, "Stopped.")
    assert not [one for one in children if alive(one)]
    assert gmail.url


def test_a_worker_outlives_a_server_that_goes_away(home, gmail):
    """Trouble is told once, the mailbox shows it, and it ends by itself."""
    gmail.faults.fail_next(403, "accessNotConfigured", count=1)
    watching = home.start("sync", "--watch")
    told = watching.first_line("switched off", stream="stderr")
    assert "Enable the Gmail API" in told
    assert "Gmail API is switched off" in until(lambda: home.type("doctor").out)
    assert watching.end(signal.SIGTERM).code == 0
    assert home.type("sync", "--json").report["stored"] == 3
    assert home.type("doctor").code == 0
