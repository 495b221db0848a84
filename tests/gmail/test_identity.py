"""Signing in with Google, tried on the practice server: what is believed and what is not."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from inboxcrm.errors import Denied, Reauth
from inboxcrm.gmail.identity import GoogleIdentity
from inboxcrm.sandbox.demo import write_client_file
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.sandbox.signing import id_token, public_keys
from inboxcrm.worker.clock import machine_seconds
from tests.consenting import sent_to

BACK = "http://127.0.0.1:8025/sign-in/answer"
BEA = "bea@ourfirm.example"


@pytest.fixture
def sandbox():
    with running_sandbox([SandboxMailbox(BEA)]) as server:
        server.service.tokens.seconds = machine_seconds
        yield server


@pytest.fixture
def google(sandbox, tmp_path) -> GoogleIdentity:
    write_client_file(tmp_path / "client.json", sandbox.url, kind="web", redirect_uri=BACK)
    return GoogleIdentity(tmp_path / "client.json")


def answered(question) -> str:
    """The query the consent page sends the browser back with."""
    return urlsplit(sent_to(question.url)).query


def signed_in(google: GoogleIdentity, **more: str):
    question = google.begin(redirect_uri=BACK)
    kept = {"state": question.state, "verifier": question.verifier} | more
    return google.verify(answered(question), redirect_uri=BACK, **kept)


def test_who_signed_in_is_known_by_a_subject_that_is_no_address(google):
    who = signed_in(google)
    assert (who.provider, who.address, who.domain) == ("google", BEA, "ourfirm.example")
    assert who.vouches
    assert "@" not in who.subject
    assert signed_in(google).subject == who.subject


def test_an_answer_meant_for_another_browser_is_refused(google):
    with pytest.raises((Reauth, Denied)):
        signed_in(google, state="of another browser")
    with pytest.raises(Reauth):
        signed_in(google, verifier="x" * 60)


def test_an_answer_is_good_once(google):
    question = google.begin(redirect_uri=BACK)
    answer = answered(question)
    kept = {"state": question.state, "verifier": question.verifier, "redirect_uri": BACK}
    google.verify(answer, **kept)
    with pytest.raises(Reauth):
        google.verify(answer, **kept)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-app"},
        {"iss": "https://accounts.evil.example"},
        {"nonce": "of another sign-in"},
        {"sub": ""},
        {"exp": 1_700_000_000},
        {"iat": 4_000_000_000},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_that_is_not_for_us_now_is_refused(google, sandbox, claims):
    sandbox.service.tokens.claims = claims
    with pytest.raises(Reauth):
        signed_in(google)


def test_a_token_signed_by_somebody_else_is_refused(google, sandbox, monkeypatch):
    from cryptography.hazmat.primitives.asymmetric import rsa

    public_keys()  # made before the other key takes its place
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    real = sandbox.service.tokens._who_they_are

    def forged(code):
        real(code)
        monkeypatch.setattr("inboxcrm.sandbox.signing._key", lambda: other)
        made = id_token({"aud": "sandbox-client.apps.example", "sub": "1"}, at=machine_seconds())
        monkeypatch.undo()
        return made

    sandbox.service.tokens._who_they_are = forged
    with pytest.raises(Reauth, match="could not be checked"):
        signed_in(google)


def test_an_address_google_has_not_checked_is_refused(google, sandbox):
    sandbox.service.tokens.claims = {"email_verified": False}
    with pytest.raises(Denied, match="not checked the mail address"):
        signed_in(google)


def test_google_vouches_only_for_mail_it_runs(google, sandbox):
    sandbox.service.tokens.claims = {"hd": "", "email": "bea@elsewhere.example"}
    assert not signed_in(google).vouches
    sandbox.service.tokens.claims = {"hd": "", "email": "bea.rusk@gmail.com"}
    assert signed_in(google).vouches


def test_who_says_no_is_told_so(google, sandbox):
    sandbox.service.tokens.consent_refused = True
    with pytest.raises(Denied, match="answered with no"):
        signed_in(google)
