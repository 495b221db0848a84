from __future__ import annotations

import gzip
import json
import os
import signal
import zlib
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.sandbox.child import MailboxPlan, child_sandbox
from inboxcrm.sandbox.demo import write_client_file, write_token_file
from inboxcrm.sandbox.packing import Packer
from inboxcrm.sandbox.tokens import READONLY
from tests.consenting import sent_to
from tests.sandbox.gmail_client import NOON, connect, letter


@given(st.lists(st.binary(max_size=2000)))
def test_packed_pieces_are_one_ordinary_gzip_member(pieces):
    packer = Packer()
    for _ in range(2):
        packed = packer.pack(pieces)
        assert gzip.decompress(packed) == b"".join(pieces)
        reader = zlib.decompressobj(31)
        assert reader.decompress(packed) == b"".join(pieces)
        assert (reader.eof, reader.unused_data) == (True, b"")


def test_answers_are_squeezed_for_those_who_ask(sandbox, box):
    ref = box.deliver(letter(body="word " * 2000))
    url = f"{sandbox.url}/gmail/v1/users/me/messages/{ref}"
    headers = {"Authorization": f"Bearer {sandbox.access_token()}"}
    with urlopen(Request(url, headers=headers), timeout=5) as plain:
        whole = plain.read()
        assert plain.headers["Content-Encoding"] is None
    with urlopen(Request(url, headers=headers | {"Accept-Encoding": "gzip"}), timeout=5) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        squeezed = packed.read()
    assert len(squeezed) < len(whole) / 3
    assert gzip.decompress(squeezed) == whole


def ask_consent(sandbox, path):
    client = json.loads(path.read_text())["installed"]
    url = (
        f"{client['auth_uri']}?redirect_uri=http://localhost:9&state=xyz&scope={READONLY}%20openid"
    )
    return {key: values[0] for key, values in parse_qs(urlsplit(sent_to(url)).query).items()}


def test_consent_gives_a_code_and_the_code_gives_tokens_once(sandbox, tmp_path):
    path = tmp_path / "client.json"
    write_client_file(path, sandbox.url)
    answer = ask_consent(sandbox, path)
    assert answer["state"] == "xyz"
    form = f"grant_type=authorization_code&code={answer['code']}".encode()
    with urlopen(f"{sandbox.url}/token", data=form, timeout=5) as given_tokens:
        tokens = json.loads(given_tokens.read())
    service = connect(sandbox.url, tokens["access_token"])
    assert service.users().getProfile(userId="me").execute()["emailAddress"] == "alice@own.example"
    service.close()
    assert tokens["refresh_token"].startswith("1//")
    with (
        pytest.raises(Exception, match="400") as refused,
        urlopen(f"{sandbox.url}/token", data=form, timeout=5),
    ):
        pass
    refused.value.close()


def test_consent_may_be_partial_or_refused(sandbox, tmp_path):
    path = tmp_path / "client.json"
    write_client_file(path, sandbox.url)
    sandbox.tokens.consent_scopes = frozenset({"openid"})
    assert ask_consent(sandbox, path)["scope"] == "openid"
    sandbox.tokens.consent_refused = True
    assert ask_consent(sandbox, path)["error"] == "access_denied"


def test_levers_are_closed_without_the_key(sandbox):
    with (
        pytest.raises(Exception, match="404") as refused,
        urlopen(f"{sandbox.url}/sandbox/usage", data=b"{}", timeout=5),
    ):
        pass
    refused.value.close()


@pytest.fixture(scope="module")
def child():
    plan = MailboxPlan(
        "alice@own.example", NOON, raws=(letter("One"), letter("Two")), prepared_fields="id,payload"
    )
    with child_sandbox([plan]) as running:
        yield running


def test_a_server_in_a_child_does_all_that_its_levers_say(child):
    assert child.pid != os.getpid()
    grant = child.pull("grant")
    service = connect(child.url, grant["access_token"])
    gmail = service.users()
    start = gmail.getProfile(userId="me").execute()
    assert start["messagesTotal"] == 2
    ref = child.pull("deliver", raw=letter("Three"), labels=["INBOX"])["ref"]
    assert gmail.messages().get(userId="me", id=ref).execute()["labelIds"] == ["INBOX"]
    child.pull("modify", ref=ref, add=["STARRED"])
    assert child.pull("state")["messages"][ref]["labels"] == ["INBOX", "STARRED"]
    at = child.pull("usage")["request_number"] + 2
    child.pull("script", at=at, lever="delete", body={"ref": ref})
    totals = [gmail.getProfile(userId="me").execute()["messagesTotal"] for _ in range(2)]
    assert totals == [3, 2]
    child.pull("fault", plan="fail_next", status=404, path="/history")
    child.pull("expire-history")
    with pytest.raises(Exception, match="404"):
        gmail.history().list(userId="me", startHistoryId=start["historyId"]).execute()
    assert child.pull("usage")["calls"]["messages.get"] == 1
    with pytest.raises(ValueError, match="no such plan"):
        child.pull("fault", plan="__init__")
    service.close()


def test_a_child_ends_with_its_parents_pipe():
    with child_sandbox([MailboxPlan("alice@own.example", NOON)]) as running:
        os.kill(running.pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(running.pid, signal.SIG_DFL)


def test_a_token_file_written_before_the_server_runs_opens_it(sandbox, tmp_path):
    path = tmp_path / "token.json"
    write_token_file(path, sandbox.url)
    content = json.loads(path.read_text())
    service = connect(
        sandbox.url, None, refresh_token=content["refresh_token"], token_uri=content["token_uri"],
        client_id=content["client_id"], client_secret=content["client_secret"],
    )  # fmt: skip
    assert service.users().getProfile(userId="me").execute()["emailAddress"] == "alice@own.example"
    write_token_file(path, sandbox.url, address="Alice@own.example")
    assert sandbox.tokens.access(json.loads(path.read_text())["refresh_token"])
    service.close()
