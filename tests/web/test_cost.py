"""What a page costs in questions to the database: a fixed number, however much mail there is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.statements import statements_seen
from tests.web.house import House, path_of, walk_in
from tests.web.test_sidebar import csrf

# Two of each are whose session it is, and which mailboxes they may read.
MOST = {"inbox": 12, "news": 11, "thread": 26, "panel": 10, "api": 10, "leads": 8, "lead": 24}


def questions(client: FlaskClient) -> dict[str, int]:
    thread, token = path_of(client, "Pricing"), csrf(client)
    lead = re.search(
        r'href="(/leads/[^"]+)"><bdi>Bob', client.get("/leads").get_data(as_text=True)
    )[1]
    context = {"people": [{"address": "bob@kitaura.example", "role": "from"}]}
    pages: dict[str, Callable] = {
        "inbox": lambda: client.get("/"),
        "news": lambda: client.get("/news?seen=x"),
        "thread": lambda: client.get(thread),
        "panel": lambda: client.post("/sidebar/context", json=context, headers=token),
        "api": lambda: client.post("/api/v1/ext/context", json=context),
        "leads": lambda: client.get("/leads"),
        "lead": lambda: client.get(lead),
    }
    found = {}
    for name, ask in pages.items():
        with statements_seen() as asked:
            assert ask().status_code == 200
        found[name] = len(
            [one for one in asked if one.lstrip().upper().startswith(("SELECT", "WITH"))]
        )
    return found


@pytest.fixture
def few(house: House) -> dict[str, int]:
    return questions(walk_in(house.app().test_client()))


def test_pages_ask_few_questions(few):
    assert {name: count for name, count in few.items() if count > MOST[name]} == {}


def test_more_mail_means_no_more_questions(house: House, few):
    for number in range(30):
        house.deliver(
            f"Guest {number} guest{number}@hotel.example", f"Room {number}", hours_ago=30 + number
        )
        house.deliver("Bob Tanaka bob@kitaura.example", f"More {number}", hours_ago=40 + number)
    house.sync()
    assert questions(walk_in(house.app().test_client())) == few
