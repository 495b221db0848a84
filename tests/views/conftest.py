from __future__ import annotations

import pytest

from tests.views.correspondence import Office, open_office


@pytest.fixture
def office(database) -> Office:
    return open_office(database)
