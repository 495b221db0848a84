"""Consent in the browser, the token file, and what a person is told when either is wrong."""

from __future__ import annotations

import json
import os
import threading
import urllib.request
from pathlib import Path

import pytest

from inboxcrm.errors import Denied, Offline, Reauth, UsageError
from inboxcrm.gmail.auth import connect
from inboxcrm.gmail.rights import READONLY, SENDING, scopes_in
from inboxcrm.gmail.token_file import load_credentials
from inboxcrm.ports import Right
from inboxcrm.sandbox.demo import write_client_file, write_token_file


class Browser:
    """Goes where it is sent, as a person who clicks Allow does."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.url = ""

    def open(self, url: str) -> None:
        self.url = url
        thread = threading.Thread(target=self._visit, args=(url,))
        self.threads.append(thread)
        thread.start()

    @staticmethod
    def _visit(url: str) -> None:
        with urllib.request.urlopen(url, timeout=10) as answer:
            answer.read()

    def close(self) -> None:
        for thread in self.threads:
            thread.join()


@pytest.fixture
def browser():
    opened = Browser()
    yield opened
    opened.close()


@pytest.fixture
def client_file(sandbox, tmp_path) -> Path:
    path = tmp_path / "client.json"
    write_client_file(path, sandbox.url)
    return path


@pytest.fixture
def token_file(tmp_path) -> Path:
    return tmp_path / "tokens" / "alice.json"


@pytest.fixture
def join(sandbox, client_file, token_file, browser):
    def join_(**how) -> str:
        return connect(
            client_file,
            token_file,
            mailbox="alice",
            api_endpoint=sandbox.url,
            open_browser=False,
            show=browser.open,
            answer_within_seconds=10,
            **how,
        )

    return join_


# --- consent -------------------------------------------------------------------------


def test_alice_connects_and_her_token_is_hers_alone(join, token_file, browser):
    assert join() == "alice@seller.example"
    assert token_file.stat().st_mode & 0o777 == 0o600
    assert "scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fgmail.readonly&" in browser.url
    assert load_credentials(token_file).refresh_token
    assert [path.name for path in token_file.parent.iterdir()] == ["alice.json"]
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ


def test_an_unticked_box_is_said_and_nothing_is_written(join, sandbox, token_file):
    sandbox.tokens.consent_scopes = frozenset()
    with pytest.raises(Denied) as caught:
        join()
    assert "box" in caught.value.remedy
    assert not token_file.exists()


def test_sending_is_asked_for_only_when_it_is_wanted(join, sandbox, token_file):
    join()
    assert scopes_in(token_file) == (READONLY,)
    sandbox.tokens.consent_scopes = frozenset({READONLY})
    before = token_file.read_bytes()
    with pytest.raises(Denied) as caught:
        join(right=Right.SEND)
    assert "right to send" in caught.value.message
    assert token_file.read_bytes() == before
    sandbox.tokens.consent_scopes = None
    join(right=Right.SEND)
    assert set(scopes_in(token_file)) == {READONLY, SENDING}


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"scopes": 5}', b"\xff", b"{}"])
def test_a_file_that_says_nothing_of_rights_grants_none(tmp_path, content):
    path = tmp_path / "token.json"
    if content is not None:
        path.write_bytes(content)
    assert scopes_in(path) == ()


def test_no_is_an_answer(join, sandbox, token_file):
    sandbox.tokens.consent_refused = True
    with pytest.raises(Denied) as caught:
        join()
    assert "connect gmail --mailbox alice" in caught.value.remedy
    assert not token_file.exists()


def test_nobody_answers_in_time(client_file, token_file, sandbox):
    with pytest.raises(Denied) as caught:
        connect(
            client_file,
            token_file,
            api_endpoint=sandbox.url,
            open_browser=False,
            show=lambda url: None,
            answer_within_seconds=0.05,
        )
    assert "in time" in caught.value.message


def test_connecting_again_replaces_the_old_token_in_one_step(join, token_file):
    join()
    first = json.loads(token_file.read_text())["refresh_token"]
    join()
    assert json.loads(token_file.read_text())["refresh_token"] != first


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "{",
        "[]",
        '{"web": {"client_id": "x"}}',
        '{"installed": {"client_id": "x"}}',
        '{"installed": 5}',
    ],
)
def test_a_wrong_client_file_is_told_with_the_way_to_a_right_one(tmp_path, token_file, content):
    path = tmp_path / "client.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError) as caught:
        connect(path, token_file)
    assert "Desktop app" in caught.value.remedy


def test_a_sign_in_service_that_is_not_there_is_offline(tmp_path, token_file, browser, sandbox):
    path = tmp_path / "client.json"
    write_client_file(path, sandbox.url)
    config = json.loads(path.read_text())
    config["installed"]["token_uri"] = "http://127.0.0.1:9/token"
    path.write_text(json.dumps(config))
    with pytest.raises(Offline):
        connect(
            path,
            token_file,
            api_endpoint=sandbox.url,
            open_browser=False,
            show=browser.open,
            answer_within_seconds=10,
        )


# --- the token file ---------------------------------------------------------------------


def write(path: Path, **changes: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    write_token_file(path, "http://127.0.0.1:9", refresh_token="1//x")
    info = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({key: value for key, value in info.items() if value is not None}))
    return path


def test_the_files_own_token_address_counts(token_file):
    assert load_credentials(write(token_file)).token_uri == "http://127.0.0.1:9/token"


def test_a_mailbox_that_was_never_connected_is_told_the_command(token_file):
    with pytest.raises(Reauth) as caught:
        load_credentials(token_file, mailbox="alice")
    assert caught.value.remedy == "Run: inboxcrm connect gmail --mailbox alice"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe\x00", b'"x"', b" " * 70_000])
def test_a_damaged_file_is_told(token_file, content):
    write(token_file).write_bytes(content)
    with pytest.raises(Reauth) as caught:
        load_credentials(token_file)
    assert "damaged" in caught.value.message


@pytest.mark.parametrize("key", ["refresh_token", "client_id", "client_secret"])
@pytest.mark.parametrize("value", [None, "", 5])
def test_an_incomplete_file_names_what_is_missing(token_file, key, value):
    with pytest.raises(Reauth) as caught:
        load_credentials(write(token_file, **{key: value}))
    assert key in caught.value.message


def test_a_token_for_something_else_is_told(token_file):
    with pytest.raises(Reauth) as caught:
        load_credentials(write(token_file, scopes=["https://www.googleapis.com/auth/gmail.labels"]))
    assert "right to read" in caught.value.message


@pytest.mark.parametrize("scopes", [None, READONLY, [READONLY], "openid https://mail.google.com/"])
def test_every_right_to_read_is_enough(token_file, scopes):
    assert load_credentials(write(token_file, scopes=scopes)).refresh_token == "1//x"


def test_a_consent_never_travels_in_the_clear(token_file):
    with pytest.raises(Denied):
        load_credentials(write(token_file, token_uri="http://tokens.example/token"))


def test_a_file_others_can_read_is_made_private_with_a_warning(token_file, caplog):
    write(token_file).chmod(0o644)
    load_credentials(token_file)
    assert token_file.stat().st_mode & 0o777 == 0o600
    assert "could be read by others" in caplog.text
    assert "1//x" not in caplog.text


def test_a_folder_in_the_files_place_is_told(token_file):
    token_file.mkdir(parents=True)
    with pytest.raises(Denied):
        load_credentials(token_file)


@pytest.mark.parametrize(
    "expiry", ["2026-03-02T10:00:00Z", "2026-03-02T10:00:00.123Z", "soon", None, 5]
)
def test_any_expiry_at_all_is_survived(token_file, expiry):
    assert load_credentials(write(token_file, token="ya29.x", expiry=expiry)).expired
