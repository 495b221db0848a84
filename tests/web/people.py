"""People at the front door: browsers of their own, the first admin, and those she invites."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from inboxcrm.config import WebSettings
from inboxcrm.web import create_app
from tests.web.house import House

PASSWORD = "four words that do not rhyme"
ALICE = {"name": "Alice Berg", "address": "alice@ourfirm.example", "password": PASSWORD}


def browser(house: House, **settings) -> FlaskClient:
    web = WebSettings(**settings)
    return create_app(house.desk, web=web, machine_now=house.machine.now).test_client()


def form_token(client: FlaskClient, path: str = "/sign-in") -> str:
    page = client.get(path).get_data(as_text=True)
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def post(client: FlaskClient, path: str, *, page: str = "/sign-in", **fields: str):
    return client.post(path, data={"csrf_token": form_token(client, page), **fields})


def join(house: House, admin: FlaskClient, role: str, name: str, address: str) -> FlaskClient:
    page = post(admin, "/people/invite", page="/people", role=role, address="").get_data(
        as_text=True
    )
    link = re.search(r"/welcome\?token=([\w-]+)", page)[1]
    client = browser(house)
    answer = post(
        client,
        "/welcome",
        page=f"/welcome?token={link}",
        token=link,
        name=name,
        address=address,
        password=PASSWORD,
    )
    assert answer.status_code == 303
    return client


def sign_in(
    client: FlaskClient, *, password: str = PASSWORD, address: str = ALICE["address"], **more
):
    return post(client, "/sign-in", address=address, password=password, **more)
