"""The servers: a taken port is said plainly, the link works, and both Ctrl-C and SIGTERM are a good end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from inboxcrm.cli.listening import address_of, bind
from inboxcrm.errors import InboxcrmError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("command", ["up", "serve", "demo"])
def test_a_taken_port_is_said_with_the_remedy(terminal, taken_port, command):
    done = terminal.type(command, "--port", str(taken_port))
    assert done.code == 1
    assert f"Port {taken_port} on 127.0.0.1 is taken" in done.err
    assert "--port" in done.err
    assert done.out == ""
    assert list(terminal.folder.iterdir()) == []


def test_a_port_of_the_system_is_refused_in_words(monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(InboxcrmError, match="may not listen on port 80") as caught:
        bind("127.0.0.1", 80)
    assert "1023" in caught.value.remedy


def test_port_0_takes_any_free_one():
    with bind("127.0.0.1", 0) as listener:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address_of(listener))


class Server:
    """A command that runs until it is stopped."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "inboxcrm", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def link(self) -> str:
        """The first address it prints."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                return found[0]
        raise AssertionError(self.process.stderr.read())

    def end(self, number: int) -> tuple[int, str]:
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=40)
        return self.process.returncode, err


@pytest.fixture
def start(tmp_path, terminal):
    running: list[Server] = []

    def make(*words: str) -> Server:
        running.append(Server(tmp_path, *words))
        return running[-1]

    yield make
    for server in running:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["up", "serve"])
def test_a_server_answers_and_ends_cleanly(start, command, number):
    server = start(command, "--port", "0")
    link = server.link()
    home = link.partition("/welcome")[0]
    code, text = get(f"{home}/healthz")
    assert (code, '"status": "ok"' in text.replace('":"', '": "')) == (200, True)
    code, err = server.end(number)
    assert (code, err.strip()) == (0, "Stopped.")


def test_a_worker_ends_cleanly(start):
    server = start("worker")
    line = server.process.stderr.readline()
    assert "Reading 0 mailboxes" in line
    code, err = server.end(signal.SIGTERM)
    assert (code, err.strip()) == (0, "Stopped.")
