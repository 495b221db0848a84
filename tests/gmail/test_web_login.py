"""Consent through pages of our own, in two steps that share nothing but what their caller keeps."""

from __future__ import annotations

import json
import os
from urllib.parse import parse_qsl, urlsplit

import pytest

from inboxcrm.errors import Denied, Offline, Reauth, UsageError
from inboxcrm.gmail.rights import SENDING
from inboxcrm.gmail.token_file import credentials_from_text
from inboxcrm.gmail.web_login import WebLogin
from inboxcrm.ports import MailLogin, Right
from inboxcrm.sandbox.demo import write_client_file
from tests.consenting import click, part

HOME = "http://127.0.0.1:8025/mailboxes/answer"
ALICE = "alice@seller.example"


@pytest.fixture
def client_file(sandbox, tmp_path):
    path = tmp_path / "client.json"
    write_client_file(path, sandbox.url, asks=True)
    return path


@pytest.fixture
def login(sandbox, client_file) -> MailLogin:
    return WebLogin(client_file, api_endpoint=sandbox.url)


def finish(login, asked, back, *, home=HOME, **changes):
    kept = {"state": asked.state, "verifier": asked.verifier, **changes}
    return login.finish(back, redirect_uri=home, **kept)


def test_alice_connects_and_nothing_is_asked_for_but_reading(login):
    asked = login.begin(redirect_uri=HOME)
    query = dict(parse_qsl(urlsplit(asked.url).query))
    assert query["scope"] == "https://www.googleapis.com/auth/gmail.readonly"
    assert query["include_granted_scopes"] == "true"
    assert query["code_challenge_method"] == "S256"
    consent = finish(login, asked, click(asked.url, ALICE))
    assert (consent.provider, consent.address) == ("gmail", ALICE)
    assert credentials_from_text(consent.token, keep=print).refresh_token
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ


def test_secrets_are_in_no_repr(login):
    asked = login.begin(redirect_uri=HOME)
    consent = finish(login, asked, click(asked.url, ALICE))
    assert asked.state not in repr(asked)
    assert asked.verifier not in repr(asked)
    assert json.loads(consent.token)["refresh_token"] not in repr(consent)


def test_sending_is_asked_for_later_and_reading_stays(login):
    asked = login.begin(redirect_uri=HOME)
    finish(login, asked, click(asked.url, ALICE))
    more = login.begin(redirect_uri=HOME, address=ALICE, right=Right.SEND)
    assert f"login_hint={ALICE.replace('@', '%40')}" in more.url
    consent = finish(login, more, click(more.url, ALICE), right=Right.SEND)
    assert SENDING in consent.scopes
    assert any(scope.endswith("readonly") for scope in consent.scopes)


@pytest.mark.parametrize(("right", "without"), [("read", "readonly"), ("send", "compose")])
def test_an_unticked_box_is_said(login, right, without):
    asked = login.begin(redirect_uri=HOME, right=Right(right))
    back = click(asked.url, ALICE, without=(without,))
    with pytest.raises(Denied) as caught:
        finish(login, asked, back, right=Right(right))
    assert "tick the box" in caught.value.remedy


def test_no_is_an_answer(login):
    asked = login.begin(redirect_uri=HOME)
    with pytest.raises(Denied) as caught:
        finish(login, asked, click(asked.url, answer="deny"))
    assert "answered with no" in caught.value.message


def test_an_answer_to_another_question_is_refused(login):
    asked, other = login.begin(redirect_uri=HOME), login.begin(redirect_uri=HOME)
    with pytest.raises(Reauth):
        finish(login, asked, click(other.url, ALICE))


def test_a_code_that_was_caught_is_worth_nothing_without_the_secret(login):
    asked = login.begin(redirect_uri=HOME)
    back = click(asked.url, ALICE)
    with pytest.raises(Reauth):
        finish(login, asked, back, verifier="z" * 43)


def test_an_answer_counts_once(login):
    asked = login.begin(redirect_uri=HOME)
    back = click(asked.url, ALICE)
    finish(login, asked, back)
    with pytest.raises(Reauth):
        finish(login, asked, back)


def test_a_token_that_does_not_last_is_explained(login, sandbox):
    sandbox.tokens.keeps_refresh_tokens = True
    asked = login.begin(redirect_uri=HOME)
    with pytest.raises(Denied) as caught:
        finish(login, asked, click(asked.url, ALICE))
    assert "ends within the hour" in caught.value.message
    assert "Security" in caught.value.remedy


def test_a_secret_google_does_not_know_any_more_is_told(login, client_file):
    asked = login.begin(redirect_uri=HOME)
    back = click(asked.url, ALICE)
    config = json.loads(client_file.read_text())
    config["installed"]["client_secret"] = "changed"
    client_file.write_text(json.dumps(config))
    with pytest.raises(Denied) as caught:
        finish(login, asked, back)
    assert "client file" in caught.value.message


def test_a_desktop_client_leads_back_to_this_machine_only(login):
    with pytest.raises(UsageError) as caught:
        login.begin(redirect_uri="https://crm.ourshop.example/mailboxes/answer")
    assert "Web application" in caught.value.remedy


def test_a_web_client_leads_to_the_addresses_it_names(sandbox, tmp_path):
    path = tmp_path / "web.json"
    home = "https://crm.ourshop.example/mailboxes/answer"
    write_client_file(path, sandbox.url, kind="web", asks=True, redirect_uri=home)
    login = WebLogin(path, api_endpoint=sandbox.url)
    assert login.doubt(redirect_uri=home) == ""
    assert HOME in login.doubt(redirect_uri=HOME)
    asked = login.begin(redirect_uri=home)
    assert finish(login, asked, click(asked.url, ALICE), home=home).address == ALICE


def test_an_answer_over_plain_http_through_the_network_is_not_asked_for(sandbox, tmp_path):
    path = tmp_path / "web.json"
    write_client_file(path, sandbox.url, kind="web")
    with pytest.raises(UsageError):
        WebLogin(path).begin(redirect_uri="http://crm.ourshop.example/mailboxes/answer")


@pytest.mark.parametrize("content", [None, "{", "[]", '{"web": {}}'])
def test_a_wrong_client_file_is_told_with_the_way_to_a_right_one(tmp_path, content):
    path = tmp_path / "client.json"
    if content is not None:
        path.write_text(content)
    login = WebLogin(path)
    assert login.consent_origin == ""
    with pytest.raises(UsageError) as caught:
        login.begin(redirect_uri=HOME)
    assert "Web application" in caught.value.remedy


def test_a_sign_in_service_that_is_not_there_is_offline(login, client_file):
    asked = login.begin(redirect_uri=HOME)
    back = click(asked.url, ALICE)
    config = json.loads(client_file.read_text())
    config["installed"]["token_uri"] = "http://127.0.0.1:9/token"
    client_file.write_text(json.dumps(config))
    with pytest.raises(Offline):
        finish(login, asked, back)


def test_consent_is_given_back(login, sandbox):
    asked = login.begin(redirect_uri=HOME)
    token = finish(login, asked, click(asked.url, ALICE)).token
    assert login.end(token)
    assert not login.end(token)


def test_a_token_the_provider_replaced_is_handed_on(login, sandbox):
    from google.auth.transport.requests import Request

    asked = login.begin(redirect_uri=HOME)
    token = finish(login, asked, click(asked.url, ALICE)).token
    sandbox.tokens.rotates_refresh_tokens = True
    kept: list[str] = []
    credentials = credentials_from_text(token, keep=kept.append)
    credentials.refresh(Request())
    assert json.loads(kept[0])["refresh_token"] == credentials.refresh_token
    assert json.loads(kept[0])["refresh_token"] != json.loads(token)["refresh_token"]
    assert json.loads(kept[0])["scopes"] == json.loads(token)["scopes"]


def test_state_of_the_answer_is_the_one_of_the_question(login):
    asked = login.begin(redirect_uri=HOME)
    assert part(click(asked.url, ALICE), "state") == asked.state
