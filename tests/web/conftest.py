"""A furnished house for each test, and its pages with and without a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from inboxcrm.services.invitations import first_link
from tests.web.house import House, furnish, walk_in
from tests.web.people import ALICE, browser, join, post


@pytest.fixture
def empty_house(tmp_path: Path, migrated_sqlite: Path) -> Iterator[House]:
    house = House(tmp_path, migrated_sqlite)
    yield house
    house.close()


@pytest.fixture
def house(empty_house: House) -> House:
    furnish(empty_house)
    return empty_house


@pytest.fixture
def client(house: House) -> FlaskClient:
    """Somebody who came in by the link."""
    return walk_in(house.app().test_client())


@pytest.fixture
def stranger(house: House) -> FlaskClient:
    return house.app().test_client()


@pytest.fixture
def alice(house: House) -> FlaskClient:
    """The first admin, signed in."""
    client = browser(house)
    token = first_link(house.desk, now=house.machine.now())
    answer = post(client, "/welcome", page=f"/welcome?token={token}", token=token, **ALICE)
    assert answer.status_code == 303
    return client


@pytest.fixture
def bea(house: House, alice: FlaskClient) -> FlaskClient:
    """A rep Alice invited."""
    return join(house, alice, "rep", "Bea Rusk", "bea@ourfirm.example")


@pytest.fixture
def mira(house: House, alice: FlaskClient) -> FlaskClient:
    """A manager Alice invited."""
    return join(house, alice, "manager", "Mira Holm", "mira@ourfirm.example")
