"""`real_mbox`: a file of real mail, for the tests that count what is in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def real_mbox() -> Path:
    """Other people's mail is public in this case and still not ours to carry along, so it lies outside the repository.

    `.ci/run` sets REAL_MBOX wherever the sample exists, and nothing is skipped there.
    """
    named = os.environ.get("REAL_MBOX")
    if not named:
        pytest.skip("REAL_MBOX names no mbox file of real mail to read")
    return Path(named)
