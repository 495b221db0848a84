from __future__ import annotations

import pytest

from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from tests.sandbox.gmail_client import connect


@pytest.fixture
def box():
    return SandboxMailbox("alice@own.example", name="Alice", aliases=["sales@own.example"])


@pytest.fixture
def sandbox(box):
    with running_sandbox(box) as running:
        yield running


@pytest.fixture
def gmail(sandbox):
    service = connect(sandbox.url, sandbox.access_token())
    yield service.users()
    service.close()
