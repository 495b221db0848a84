"""Signing in with Google through the pages, there and back, on the practice server."""

from __future__ import annotations

import pytest

from inboxcrm.config import WebSettings
from inboxcrm.gmail.identity import GoogleIdentity
from inboxcrm.sandbox.demo import write_client_file
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.services.identities import SignInPolicy
from inboxcrm.web import create_app
from inboxcrm.worker.clock import machine_seconds
from tests.consenting import sent_to
from tests.web.house import House
from tests.web.people import form_token, post

BACK = "http://localhost/sign-in/answer"


@pytest.fixture
def new_browser(house: House, alice, tmp_path):
    """Browsers at a house that lets people of ourfirm.example in by Google."""
    with running_sandbox([SandboxMailbox("bea@ourfirm.example")]) as sandbox:
        sandbox.service.tokens.seconds = machine_seconds
        write_client_file(tmp_path / "c.json", sandbox.url, kind="web", redirect_uri=BACK)
        app = create_app(
            house.desk,
            web=WebSettings(),
            machine_now=house.machine.now,
            identity=GoogleIdentity(tmp_path / "c.json"),
            sign_in_policy=SignInPolicy(domains=frozenset({"ourfirm.example"})),
        )
        yield app.test_client


def test_there_and_back_one_is_signed_in_and_where_one_wanted_to_go(new_browser):
    client = new_browser()
    asked = post(client, "/sign-in/google", next="/leads")
    assert asked.status_code == 303
    answer = client.get(sent_to(asked.location))
    assert (answer.status_code, answer.location) == (303, "/leads")
    page = client.get("/account").get_data(as_text=True)
    assert "works here as a rep" in page
    assert "bea@ourfirm.example" in page


def test_an_answer_brought_by_another_browser_signs_nobody_in(new_browser):
    thief, victim = new_browser(), new_browser()
    back = sent_to(post(thief, "/sign-in/google").location)
    assert victim.get(back).location == "/sign-in"
    assert victim.get("/").status_code == 303
    post(victim, "/sign-in/google")
    assert victim.get(back).status_code == 422
    assert victim.get("/").status_code == 303


def test_an_answer_is_good_once(new_browser):
    client = new_browser()
    back = sent_to(post(client, "/sign-in/google").location)
    assert client.get(back).status_code == 303
    post(client, "/sign-out", page="/account")
    assert client.get(back).location == "/sign-in"
    assert client.get("/").status_code == 303


def test_the_sign_in_page_alone_names_the_provider_in_its_policy(new_browser):
    client = new_browser()
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:" in policy
    assert policy.endswith("frame-ancestors 'none'")
    back = sent_to(post(client, "/sign-in/google").location)
    client.get(back)
    assert "form-action 'self';" in client.get("/account").headers["Content-Security-Policy"]


def test_without_the_setting_there_is_no_such_way(house, alice):
    from tests.web.people import browser

    client = browser(house)
    assert "Google" not in client.get("/sign-in").get_data(as_text=True)
    token = form_token(client)
    assert client.post("/sign-in/google", data={"csrf_token": token}).status_code == 404
