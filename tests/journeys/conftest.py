"""Journeys begin in an empty folder, in a terminal of 80 columns, without any settings in the environment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import Sandbox, running_sandbox
from tests.journeys.home import ALICE, Home


@pytest.fixture
def home(tmp_path, monkeypatch, capfd) -> Iterator[Home]:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("INBOXCRM_CONFIG", "INBOXCRM_DATABASE_URL", "INBOXCRM_DATABASE_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    made = Home(folder, capfd)
    yield made
    made.close()
    made.check_manners()


@pytest.fixture
def gmail(home) -> Iterator[Sandbox]:
    """A practice Gmail with three mails of Bob's, and settings that read it."""
    mailbox = SandboxMailbox(ALICE)
    for number in range(3):
        mailbox.deliver(
            (
                f"From: Bob Moss <bob@firm.example>\r\nTo: {ALICE}\r\nSubject: Chairs {number}\r\n"
                f"Message-ID: <{number}@firm.example>\r\n"
                f"Date: Mon, 2 Mar 2026 09:0{number}:00 +0000\r\n\r\nForty chairs, please.\r\n"
            ).encode()
        )
    with running_sandbox(mailbox) as server:
        home.gmail(server.url, refresh_token=server.refresh_token())
        yield server
