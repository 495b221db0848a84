"""The JSON door: Context in, SidebarView out, and plain words for what is wrong."""

from __future__ import annotations

import pytest

URL = "/api/v1/ext/context"
BOB = {"address": "bob@kitaura.example", "name": "Bob Tanaka", "role": "from"}


def test_a_known_sender_answers_the_lead(client):
    answer = client.post(URL, json={"v": 1, "people": [BOB]})
    assert answer.status_code == 200
    view = answer.json
    assert (view["v"], view["state"]) == (1, "lead")
    assert view["lead"]["name"] == "Bob Tanaka"
    assert view["lead"]["stage"]["key"] == "new"
    assert view["lead"]["owes"]["who"] == "us"
    assert view["lead"]["reason"]["text"].startswith("Lead because")
    assert view["lead"]["timeline"][0]["at"].endswith("Z")


def test_an_unknown_sender_answers_the_candidate(client):
    view = client.post(URL, json={"people": [{"address": "new@else.example"}]}).json
    assert view["state"] == "unknown"
    assert view["candidate"]["address"] == "new@else.example"


def test_nobody_answers_idle(client):
    assert client.post(URL, json={}).json["state"] == "idle"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"v": 2}, "v:"),
        ({"people": [{"name": "Bob"}]}, "people.0.address:"),
        ({"people": [{"address": ""}]}, "people.0.address:"),
        ({"people": [BOB] * 26}, "people:"),
        ({"people": "bob"}, "people:"),
        ({"subject": "x" * 2001}, "subject:"),
        ({"account": "x"}, "account:"),
        ([], "JSON object"),
        ("text", "JSON object"),
    ],
)
def test_wrong_fields_are_named(client, body, place):
    answer = client.post(URL, json=body)
    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "fields"
    assert place in answer.json["error"]["message"]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 60_000])
def test_broken_json_is_refused(client, data):
    answer = client.post(URL, data=data, content_type="application/json")
    assert answer.status_code == 422


def test_other_kinds_of_bodies_are_refused(client):
    answer = client.post(URL, data={"people": "x"})
    assert answer.status_code == 415
    assert answer.json["error"]["code"] == "not_json"


def test_without_a_session_the_answer_is_json_too(stranger):
    answer = stranger.post(URL, json={})
    assert answer.status_code == 403
    assert answer.json["error"]["code"] == "no_session"


def test_another_site_cannot_ask(client):
    answer = client.post(URL, json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


def test_only_posts_are_answered(client):
    answer = client.get(URL)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.json["error"]["code"] == "method"


def test_panel_and_json_say_the_same(client):
    view = client.post(URL, json={"people": [BOB]}).json
    from tests.web.test_sidebar import csrf

    page = client.post("/sidebar/context", json={"people": [BOB]}, headers=csrf(client)).get_data(
        as_text=True
    )
    for text in (
        view["lead"]["name"],
        view["lead"]["owes"]["text"],
        view["lead"]["reason"]["text"],
        view["lead"]["stage"]["label"],
    ):
        assert text in page
