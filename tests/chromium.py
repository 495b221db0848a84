"""The one real browser of a test run. A second one in the same process would not start.

Debian's chromium-headless-shell is the same engine without windows, menus and their own pages: it takes a bit more than
half of the time of chromium.

Tests that drive it are marked `browser`. Where no Chromium is found they skip and say so; with
INBOXCRM_REQUIRE_BROWSER=1 they fail instead.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# How long a page may take on a busy machine before a test calls it broken. Speed is measured by the bench.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
]


def installed_browser() -> str | None:
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = installed_browser()
    if path is None:
        said = "no Chromium on this machine (Debian: apt-get install chromium)"
        if os.environ.get("INBOXCRM_REQUIRE_BROWSER") == "1":
            pytest.fail(said)
        pytest.skip(said)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
