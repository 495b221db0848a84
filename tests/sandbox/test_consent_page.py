"""The practice server's consent page keeps to what Google's keeps to."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.sandbox.tokens import CLIENT_ID, CLIENT_SECRET, MODIFY, READONLY
from tests.consenting import click, get, part
from tests.sandbox.gmail_client import connect

HOME = "http://127.0.0.1:8025/mailboxes/answer"
VERIFIER = "a" * 43


@pytest.fixture
def sandbox():
    boxes = [SandboxMailbox(f"{name}@own.example") for name in ("alice", "tom")]
    with running_sandbox(boxes) as running:
        yield running


def question(sandbox, **changes: str) -> str:
    challenge = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
    query = {
        "client_id": CLIENT_ID,
        "redirect_uri": HOME,
        "response_type": "code",
        "scope": f"{READONLY} {MODIFY}",
        "state": "xyz",
        "access_type": "offline",
        "prompt": "consent",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **changes,
    }
    return f"{sandbox.url}/o/oauth2/v2/auth?{urlencode({k: v for k, v in query.items() if v})}"


def exchange(sandbox, code: str, **changes: str) -> dict:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": VERIFIER,
        "redirect_uri": HOME,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        **changes,
    }
    try:
        with urlopen(Request(f"{sandbox.url}/token", urlencode(form).encode()), timeout=5) as given:
            return json.loads(given.read())
    except HTTPError as refused:
        with refused:
            return json.loads(refused.read())


def test_a_person_chooses_a_mailbox_and_what_may_be_done_with_it(sandbox):
    back = click(question(sandbox), "tom@own.example", without=("modify",))
    assert part(back, "state") == "xyz"
    tokens = exchange(sandbox, part(back, "code"))
    assert tokens["scope"] == READONLY
    service = connect(sandbox.url, tokens["access_token"])
    assert service.users().getProfile(userId="me").execute()["emailAddress"] == "tom@own.example"
    service.close()


def test_the_mailbox_that_was_meant_is_chosen_beforehand(sandbox):
    page = get(question(sandbox, login_hint="tom@own.example"))[1]
    assert 'value="tom@own.example" checked' in page


def test_deny_is_an_answer_too(sandbox):
    back = click(question(sandbox), answer="deny")
    assert (part(back, "error"), part(back, "state")) == ("access_denied", "xyz")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"client_id": "somebody-else"}, "invalid_client"),
        ({"redirect_uri": "http://crm.example/mailboxes/answer"}, "redirect_uri_mismatch"),
        ({"redirect_uri": "javascript:alert(1)"}, "redirect_uri_mismatch"),
        ({"code_challenge": ""}, "PKCE"),
        ({"code_challenge_method": "plain"}, "PKCE"),
        ({"scope": ""}, "invalid_request"),
    ],
)
def test_what_a_client_may_not_ask_is_refused_on_the_page(sandbox, changes, said):
    status, page = get(question(sandbox, **changes))
    assert status == 400
    assert said in page


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "b" * 43}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:9/elsewhere"}, "redirect_uri_mismatch"),
        ({"client_secret": "guessed"}, "invalid_client"),
        ({"client_id": "somebody-else"}, "invalid_client"),
    ],
)
def test_a_code_is_worth_nothing_to_whoever_caught_it(sandbox, changes, error):
    code = part(click(question(sandbox), "tom@own.example"), "code")
    assert exchange(sandbox, code, **changes)["error"] == error


def test_a_code_opens_once(sandbox):
    code = part(click(question(sandbox), "tom@own.example"), "code")
    assert "access_token" in exchange(sandbox, code)
    assert exchange(sandbox, code)["error"] == "invalid_grant"


def test_what_was_granted_before_is_added_where_asked_for(sandbox):
    click(question(sandbox, scope=READONLY), "tom@own.example")
    more = question(sandbox, scope=MODIFY, include_granted_scopes="true")
    tokens = exchange(sandbox, part(click(more, "tom@own.example"), "code"))
    assert set(tokens["scope"].split()) == {READONLY, MODIFY}


def test_a_lasting_token_is_given_once_unless_consent_is_asked_anew(sandbox):
    def refresh_token(**how: str) -> bool:
        code = part(click(question(sandbox, **how), "tom@own.example"), "code")
        return "refresh_token" in exchange(sandbox, code)

    assert refresh_token(prompt="")
    assert not refresh_token(prompt="")
    assert refresh_token()
    assert not refresh_token(access_type="online")
