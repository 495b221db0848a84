"""A furnished house for each test, and its pages with and without a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from inboxcrm.ports import Fetched
from inboxcrm.services.invitations import first_link
from inboxcrm.store.database import Database
from tests.web.house import House, furnish, lay_down, walk_in
from tests.web.people import ALICE, browser, join, post


@pytest.fixture(scope="session")
def standing_database(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[Database]:
    """One for all houses of a test process; each lays its own content down."""
    path = tmp_path_factory.mktemp("houses") / "house.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with Database.open(f"sqlite:///{path}") as database:
        yield database


@pytest.fixture
def empty_house(
    tmp_path: Path, migrated_sqlite: Path, standing_database: Database
) -> Iterator[House]:
    lay_down(standing_database, migrated_sqlite)
    house = House(tmp_path, migrated_sqlite, standing_database)
    yield house
    house.close()


@pytest.fixture(scope="session")
def furnished(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> tuple[Path, dict[str, Fetched]]:
    """The content of a furnished house, and the letters that lie in its mailbox."""
    folder = tmp_path_factory.mktemp("furnished")
    house = House(folder, migrated_sqlite)
    furnish(house)
    house.close()
    return folder / "house.db", house.letters.held


@pytest.fixture
def house(
    tmp_path: Path,
    migrated_sqlite: Path,
    standing_database: Database,
    furnished: tuple[Path, dict[str, Fetched]],
) -> Iterator[House]:
    content, letters = furnished
    lay_down(standing_database, content)
    house = House(tmp_path, migrated_sqlite, standing_database)
    house.letters.held.update(letters)
    yield house
    house.close()


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
