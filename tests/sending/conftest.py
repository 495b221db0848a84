"""Offices on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kept import keep_file, keep_rows
from tests.sending.keeping import NewOffice, Shelf
from tests.sending.office import Office
from tests.sync.conftest import new_bench as new_bench  # noqa: PLC0414 - a fixture
from tests.sync.killing import Bench


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def new_office(
    new_bench: Callable[..., Bench],
    shelf: Shelf,
    dialect: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> NewOffice:
    def keep(office: Office) -> Path | str:
        if dialect == "postgresql":
            return keep_rows(request.getfixturevalue("cleaner"))
        database: Any = office.bench.database
        database.close()
        return keep_file(database.path, tmp_path_factory.getbasetemp())

    # What was made while a rule was patched is nothing for others.
    is_plain = "monkeypatch" not in request.fixturenames
    return NewOffice(dialect, new_bench, shelf, keep, is_plain)
