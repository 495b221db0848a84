"""Who may call what: every route stands in the table, and the table is kept for each role and for nobody."""

from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient

from inboxcrm.web.security import ROUTES, Caller
from tests.web.house import House
from tests.web.people import ALICE, PASSWORD, form_token

REFUSED = {403}
SHUT_OUT = {303, 403}


def asked(client: FlaskClient, rule, token: str = "", *, path: str = ""):
    """A call that is well formed but about nothing that exists; what the page makes of it is its own affair."""
    path = path or rule.rule
    for argument in rule.arguments:
        path = path.replace(f"<{argument}>", "0").replace(f"<path:{argument}>", "0")
    if "GET" in rule.methods:
        return client.get(path)
    headers = {"X-CSRF-Token": token}
    if ROUTES.get(rule.endpoint) is Caller.API:
        return client.post(path, json={}, headers=headers)
    return client.post(path, data={}, headers=headers)


def rules(house: House) -> list:
    return [rule for rule in house.app().url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_says_who_may_call_it(house):
    missing = {rule.endpoint for rule in rules(house)} - set(ROUTES)
    assert missing == set()


def test_the_table_names_no_route_that_is_gone(house):
    assert set(ROUTES) - {rule.endpoint for rule in rules(house)} == set()


def test_a_route_without_an_entry_answers_nobody(house, alice):
    app = house.app()
    app.add_url_rule("/new-page", "new.page", lambda: "here I am")
    client = app.test_client()
    client.set_cookie("inboxcrm_8025", alice.get_cookie("inboxcrm_8025").value)
    assert client.get("/").status_code == 200
    assert client.get("/new-page").status_code == 404


def test_nobody_gets_past_the_door(house, alice):
    from tests.web.people import browser

    stranger = browser(house)
    token = form_token(stranger)
    open_to_all = {rule.endpoint for rule in rules(house) if ROUTES[rule.endpoint] is Caller.ANYONE}
    assert open_to_all == {
        "assets.serve", "entry.enter", "entry.healthz", "entry.sign_in_page", "entry.sign_in_form",
        "entry.welcome_page", "entry.welcome_form", "entry.ask_elsewhere", "entry.answer_elsewhere",
    }  # fmt: skip
    got = {
        rule.endpoint: asked(stranger, rule, token).status_code
        for rule in rules(house)
        if rule.endpoint not in open_to_all
    }
    assert {endpoint: code for endpoint, code in got.items() if code not in SHUT_OUT} == {}
    for rule in rules(house):
        if rule.endpoint not in open_to_all and "GET" in rule.methods:
            answer = asked(stranger, rule)
            assert answer.status_code == 403 or answer.location.startswith("/sign-in"), rule.rule


@pytest.mark.parametrize("who", ["bea", "mira", "alice"])
def test_admin_pages_are_for_admins_and_the_others_for_all(house, who, request):
    client = request.getfixturevalue(who)
    token = form_token(client, "/account")
    for rule in rules(house):
        caller = ROUTES[rule.endpoint]
        if caller is Caller.ANYONE or rule.endpoint == "entry.sign_out":
            continue
        code = asked(client, rule, token).status_code
        if caller is Caller.ADMIN and who != "alice":
            assert code in REFUSED, rule.rule
        elif caller is Caller.DEMO:
            assert code == 404, rule.rule
        else:
            assert code not in REFUSED, rule.rule
            assert code < 500, (rule.rule, code)


def test_no_change_without_a_token_of_the_form(house, alice):
    changes = [rule for rule in rules(house) if "POST" in rule.methods]
    assert len(changes) > 15
    for rule in changes:
        if ROUTES[rule.endpoint] in {Caller.API, Caller.DEMO}:
            continue
        assert asked(alice, rule, "not the token").status_code == 403, rule.rule
    assert alice.get("/").status_code == 200


FOREIGN = ("https://evil.example", "http://localhost.evil.example", "http://localhost:1", "file://")


def test_no_change_that_another_site_asks_for_even_with_our_token(house, alice):
    token = form_token(alice, "/account")
    changes = [one for one in rules(house) if "POST" in one.methods]
    for rule, origin in zip(changes, FOREIGN * len(changes), strict=False):
        path = re.sub("<[^>]+>", "0", rule.rule)
        headers = {"X-CSRF-Token": token, "Origin": origin}
        body = {"json": {}} if ROUTES[rule.endpoint] is Caller.API else {"data": {}}
        code = alice.post(path, headers=headers, **body).status_code
        assert code == (404 if ROUTES[rule.endpoint] is Caller.DEMO else 403), (rule.rule, origin)
    assert alice.get("/").status_code == 200


@pytest.mark.parametrize("place", ["//evil.example", "https://evil.example/", "\r\nSet-Cookie: a=b", "/\\evil.example"])  # fmt: skip
def test_where_a_change_leads_back_to_is_a_page_of_ours(house, alice, place):
    """The hidden fields that say where one was are no way out, and no way into the headers."""
    token = form_token(alice, "/account")
    hidden = dict.fromkeys(("after", "domain", "find", "reason", "scope", "section", "team", "next", "person", "place_id"), place)  # fmt: skip
    for path, fields in (
        ("/sidebar/ignore", {"address": "x@evil.example", "place": "thread"}),
        ("/review/answer", {"do": "later:x", "place": "queue"}),
        ("/today/undo", {"token": "x"}),
        ("/account/sessions/end-others", {}),
        ("/sign-in", {"address": ALICE["address"], "password": PASSWORD}),
    ):
        answer = alice.post(path, data={"csrf_token": token} | hidden | fields)
        assert answer.status_code < 500, path
        assert (answer.location or "/").startswith("/"), path
        assert not (answer.location or "/").startswith(("//", "/\\")), path
        assert "a=b" not in str(answer.headers.getlist("Set-Cookie"))


def test_a_form_of_very_many_parts_is_refused_before_it_is_read(house, alice):
    parts = {f"field{number}": (io.BytesIO(b"x"), "x.txt") for number in range(300)}
    assert alice.post("/account/password", data=parts).status_code == 413
