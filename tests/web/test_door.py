"""Who gets in, under which name, and what every answer carries."""

from __future__ import annotations

import re

import pytest

from inboxcrm.web.security import MAX_FORM_BYTES, MAX_JSON_BYTES, ROUTES, Caller
from tests.web.house import TOKEN, House, path_of, walk_in

INSIDE = [
    "/",
    "/news",
    "/leads",
    "/search?q=bob",
    "/sidebar",
    "/threads/x",
    "/threads/x/panel",
    "/messages/x/body",
    "/nowhere",
]


def test_every_route_says_who_may_call_it(house: House):
    endpoints = {rule.endpoint for rule in house.app().url_map.iter_rules()}
    assert endpoints == set(ROUTES), "routes and the table of callers differ"


def test_a_route_without_an_entry_answers_nobody(house: House, monkeypatch):
    monkeypatch.delitem(ROUTES, "leads.everyone")
    client = walk_in(house.app().test_client())
    assert client.get("/leads").status_code == 404


@pytest.mark.parametrize("path", INSIDE)
def test_without_a_session_every_page_says_how_to_get_in(stranger, path):
    answer = stranger.get(path)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert "open the link printed there" in page
    assert "stop inboxcrm with Ctrl-C and start it again" in page


@pytest.mark.parametrize(
    ("rule", "caller"), [(r, c) for r, c in ROUTES.items() if c is not Caller.ANYONE]
)
def test_no_route_but_the_open_ones_works_without_a_session(house: House, rule, caller):
    app = house.app()
    found = next(one for one in app.url_map.iter_rules() if one.endpoint == rule)
    path = re.sub("<[^>]+>", "x", found.rule)
    method = "POST" if "POST" in (found.methods or ()) else "GET"
    answer = app.test_client().open(path, method=method, json={} if caller is Caller.API else None)
    assert answer.status_code == 403


def test_the_link_opens_once(house: House):
    app = house.app()
    bob, carol = app.test_client(), app.test_client()
    first = bob.get(f"/enter?token={TOKEN}")
    again = carol.get(f"/enter?token={TOKEN}")
    assert (first.status_code, first.location) == (303, "/")
    assert again.status_code == 403
    assert "has been used" in again.get_data(as_text=True)
    assert bob.get("/").status_code == 200
    assert carol.get("/").status_code == 403


def test_using_the_link_twice_in_one_browser_is_refused_with_a_way_on(client):
    answer = client.get(f"/enter?token={TOKEN}")
    assert answer.status_code == 403
    assert "You are in already" in answer.get_data(as_text=True)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "ü", "\x00"])
def test_a_wrong_link_opens_nothing_and_spends_nothing(house: House, token):
    client = house.app().test_client()
    assert client.get("/enter", query_string={"token": token}).status_code == 403
    assert client.get(f"/enter?token={TOKEN}").status_code == 303


def test_a_link_checker_that_only_heads_does_not_spend_the_link(stranger):
    assert stranger.head(f"/enter?token={TOKEN}").status_code == 204
    assert stranger.get(f"/enter?token={TOKEN}").status_code == 303


def test_without_a_token_the_pages_open_to_nobody(house: House):
    from inboxcrm.config import WebSettings
    from inboxcrm.web import create_app

    client = create_app(house.desk, web=WebSettings(), machine_now=house.machine.now).test_client()
    assert client.get("/enter?token=").status_code == 403
    assert client.get("/enter?token=None").status_code == 403


def test_the_cookie_is_for_this_server_alone(house: House):
    answer = house.app(port=8026).test_client().get(f"/enter?token={TOKEN}")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("inboxcrm_8026=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_session_outlives_the_program(house: House):
    first = walk_in(house.app().test_client())
    cookie = first.get_cookie("inboxcrm_8025")
    second = house.app().test_client()
    second.set_cookie("inboxcrm_8025", cookie.value)
    assert second.get("/").status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8025",
        "127.0.0.1:8025",
        "[::1]:8025",
        "crm.ourfirm.example",
        "crm.ourfirm.example:443",
    ],
)
def test_our_own_names_are_answered(house: House, host):
    client = house.app(allowed_hosts=("crm.ourfirm.example",)).test_client()
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8025",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "crm.ourfirm.example.evil.example",
        "",
    ],
)
def test_a_foreign_name_is_turned_away_before_anything_else(house: House, host):
    client = walk_in(house.app(allowed_hosts=("crm.ourfirm.example",)).test_client())
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "allowed_hosts" in answer.get_data(as_text=True)


def test_healthz_needs_no_session(stranger):
    answer = stranger.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert answer.json["schema"]


def test_every_answer_carries_the_standing_headers(client, stranger):
    for answer in (
        client.get("/"),
        client.get("/nowhere"),
        stranger.get("/"),
        client.get("/sidebar"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy


def test_only_the_sidebar_may_be_framed(client):
    assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/leads").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in client.get("/sidebarnot").headers["Content-Security-Policy"]
    assert (
        "frame-ancestors 'self' https://mail.google.com"
        in client.get("/sidebar").headers["Content-Security-Policy"]
    )


def test_no_page_has_inline_code(client):
    for path in ("/", path_of(client, "Pricing"), "/leads", "/sidebar", "/search?q=bob"):
        page = client.get(path).get_data(as_text=True)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)


def test_pages_load_nothing_from_elsewhere(client):
    for path in ("/", path_of(client, "Pricing"), "/leads", "/sidebar"):
        page = client.get(path).get_data(as_text=True)
        loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"', page)
        assert loaded
        assert all(one.startswith("/") and not one.startswith("//") for one in loaded)


def test_assets_are_kept_for_ever_and_known_by_their_content(client, stranger):
    page = client.get("/").get_data(as_text=True)
    found = set(re.findall(r'"(/assets/[^"]+)"', page))
    assert {one.rpartition("/")[2] for one in found} == {
        "app.css", "app.js", "htmx.js", "icon.svg", "inbox.css",
    }  # fmt: skip
    for one in found:
        answer = stranger.get(one)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert stranger.get("/assets/000000000000/app.css").status_code == 404
    assert stranger.get("/assets/000000000000/../../config.py").status_code in {403, 404}


def test_a_change_without_the_token_of_our_page_is_refused(client):
    answer = client.post("/sidebar/ignore", data={"address": "bob@kitaura.example"})
    assert answer.status_code == 403
    assert "out of date" in answer.get_data(as_text=True)


def test_a_change_asked_for_by_another_site_is_refused(client):
    token = re.search(
        r'name="csrf-token" content="([^"]+)"', client.get("/").get_data(as_text=True)
    )[1]
    data = {"csrf_token": token, "address": "bob@kitaura.example"}
    answer = client.post("/sidebar/ignore", data=data, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "another site" in answer.get_data(as_text=True)


def test_too_large_a_body_is_refused(client):
    token = re.search(
        r'name="csrf-token" content="([^"]+)"', client.get("/").get_data(as_text=True)
    )[1]
    answer = client.post(
        "/sidebar/ignore", data={"csrf_token": token, "address": "x" * MAX_FORM_BYTES}
    )
    assert answer.status_code == 413
    answer = client.post(
        "/api/v1/ext/context", data="x" * (MAX_JSON_BYTES + 1), content_type="application/json"
    )
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "too_large"


def test_a_fault_of_ours_is_told_without_its_insides(house: House, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("inboxcrm.web.listing.inbox", broken)
    client = walk_in(house.app().test_client())
    answer = client.get("/")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Something broke on our side" in page
    assert "secret" not in page
    assert "Traceback" not in page


def test_a_busy_database_asks_to_come_again(house: House, monkeypatch):
    from inboxcrm.errors import DatabaseBusyError

    def busy(*args, **kwargs):
        raise DatabaseBusyError("Another process is writing.", remedy="Wait a moment.")

    monkeypatch.setattr("inboxcrm.web.listing.inbox", busy)
    answer = walk_in(house.app().test_client()).get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Wait a moment." in answer.get_data(as_text=True)


def test_a_users_own_templates_come_first(house: House, tmp_path):
    from inboxcrm.config import WebSettings
    from inboxcrm.web import create_app

    (tmp_path / "partials").mkdir()
    (tmp_path / "partials" / "header.html").write_text("<header>Our own house</header>")
    app = create_app(
        house.desk,
        web=WebSettings(),
        machine_now=house.machine.now,
        entry_token=TOKEN,
        templates_override=tmp_path,
    )
    page = walk_in(app.test_client()).get("/").get_data(as_text=True)
    assert "Our own house" in page
    assert "Pricing for 40 seats" in page
