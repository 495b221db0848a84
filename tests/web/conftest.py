"""A furnished house for each test, and its pages with and without a session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.house import House, furnish, walk_in


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
