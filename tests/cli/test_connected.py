"""Mailboxes connected in the browser, from the command line: read like declared ones, and their key exchanged."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.bootstrap.desk import open_desk
from inboxcrm.bootstrap.jobs import make_worker
from inboxcrm.bootstrap.providers import mail_login
from inboxcrm.config import load
from inboxcrm.ports import Right
from inboxcrm.sandbox.demo import write_client_file
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.services.consents import Asker, begin_connecting, finish_connecting
from inboxcrm.views.mailboxes import mailbox_states
from inboxcrm.worker.clock import RealClock, Stop
from tests.consenting import click, part
from tests.sync.letters import letter

TOM = "tom@lumenworks.example"
HOME = "http://127.0.0.1:8025/mailboxes/answer"
YOU = Viewer(1, AccountRole.ADMIN)

SETTINGS = """
[gmail]
api_endpoint = "{url}"
price_table = "generous"
client_file = "client.json"
"""


@pytest.fixture
def sandbox(terminal, monkeypatch):
    monkeypatch.delenv("INBOXCRM_KEY", raising=False)
    box = SandboxMailbox(TOM)
    box.deliver(letter(1, "Bob <bob@customer.example>", TOM))
    with running_sandbox(box) as running:
        write_client_file(terminal.folder / "client.json", running.url, asks=True)
        terminal.config(SETTINGS.format(url=running.url))
        yield running


@pytest.fixture
def desk(terminal, sandbox):
    opened = open_desk(load(None, {}), RealClock())
    yield opened
    opened.database.close()


@pytest.fixture
def connected(desk):
    login = mail_login(load(None, {}))
    asker = Asker(YOU, "one", datetime(2026, 5, 14, tzinfo=UTC))
    back = click(begin_connecting(desk, asker, login, redirect_uri=HOME), TOM)
    return finish_connecting(desk, asker, login, state=part(back, "state"), answer=back)


def test_sync_reads_it_without_a_word_in_the_settings(terminal, connected):
    typed = terminal.type("sync", "--json")
    assert typed.code == 0, typed.err
    [report] = typed.document["mailboxes"]
    assert (report["name"], report["stored"], report["leads_created"]) == (TOM, 1, 1)
    assert terminal.type("sync", "--mailbox", TOM, "--json").code == 0


def test_the_worker_reads_it_though_it_was_connected_later(desk, connected):
    told: list[str] = []
    reports = []
    worker = make_worker(
        load(None, {}), desk, stop=Stop(), tell=told.append, on_report=reports.append
    )
    assert worker.run_due() == 1
    assert [(one.name, one.stored) for one in reports] == [(TOM, 1)]
    assert told == []


def test_the_key_is_exchanged_by_a_command(terminal, connected):
    before = (terminal.folder / "inboxcrm.key").read_text()
    typed = terminal.type("keys", "rotate")
    assert typed.code == 0, typed.err
    assert "One mailbox is sealed" in typed.out
    after = (terminal.folder / "inboxcrm.key").read_text()
    assert after != before
    assert after.splitlines()[-1] not in typed.out
    assert terminal.type("sync", "--json").code == 0


@pytest.mark.parametrize(("words", "right"), [((), Right.READ), (("--sending",), Right.SEND)])
def test_connect_asks_for_sending_only_when_told_to(terminal, monkeypatch, words, right):
    asked = {}
    monkeypatch.setattr("inboxcrm.gmail.auth.connect", lambda *_files, **how: asked.update(how))
    terminal.config(
        '[[mailbox]]\nname = "sales"\nprovider = "gmail"\ntoken_file = "t.json"\n'
        '[gmail]\nclient_file = "client.json"\napi_endpoint = "http://127.0.0.1:9"\n'
    )
    assert terminal.type("connect", "gmail", "--no-browser", *words).code == 0
    assert asked == {
        "mailbox": "sales",
        "right": right,
        "api_endpoint": "http://127.0.0.1:9",
        "open_browser": False,
    }


def test_a_lost_key_is_told_in_words(terminal, connected):
    (terminal.folder / "inboxcrm.key").unlink()
    typed = terminal.type("sync")
    assert typed.code == 1
    assert "Reconnect" in typed.err
    assert "Traceback" not in typed.err


def test_a_new_key_is_printed_and_nothing_else(terminal):
    typed = terminal.type("keys", "new")
    assert len(typed.out.strip()) == 44
    assert typed.err == ""


def test_a_key_in_the_settings_file_is_refused(terminal):
    terminal.config('[security]\nkey = "abc"\n')
    typed = terminal.type("sync")
    assert typed.code == 2
    assert "INBOXCRM_KEY" in typed.err


def test_the_environment_comes_before_the_file(terminal, sandbox, monkeypatch):
    monkeypatch.setenv("INBOXCRM_KEY", "not a key")
    typed = terminal.type("keys", "rotate")
    assert typed.code == 2
    assert "not a key" not in typed.err


def test_no_mailbox_at_all_is_told_with_both_ways(terminal):
    terminal.config("")
    typed = terminal.type("sync")
    assert typed.code == 2
    assert "Mailboxes page" in typed.err


def test_a_disconnected_mailbox_is_no_progress_line(desk, connected):
    with desk.database.write() as tx:
        tx.exec_driver_sql("UPDATE mailbox SET auth = 'removed'")
    assert mailbox_states(desk, YOU) == ()
