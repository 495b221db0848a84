"""A real browser before the furnished house: what the tests that drive it have in common."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from tests.chromium import PATIENCE_MS
from tests.web.house import TOKEN, House

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
# Every size and every theme once: layout follows the one, colours the other.
LOOKS = [pytest.param(WIDE, False, id="wide-light"), pytest.param(PHONE, True, id="phone-dark")]


class Quiet(WSGIRequestHandler):
    timeout = 10
    """Seconds. A browser opens connections ahead, and may never say anything on them."""

    def log(self, *_args) -> None:
        """The browser's own notes are what tests look at."""


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The pages over real HTTP on a free port. Afterwards nobody reads or writes any more: the next test lays other
    content under the same database.
    """
    server = ThreadedWSGIServer("127.0.0.1", 0, app, Quiet)
    server.daemon_threads = False  # closing waits for the answers under way
    # It looks so often whether it is to end; by default twice a second, and every test waited for that.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@dataclass
class Visit:
    """Somebody at the pages. What the browser asked for and complained of is kept, to be looked at in the end."""

    browser: Browser
    url: str
    state: dict
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def page(self, path: str = "/", *, size=WIDE, dark: bool = False, script: bool = True) -> Page:
        context = self.browser.new_context(
            viewport=size,
            storage_state=self.state,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        context.on("request", self._note)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and self.complaints.append(message.text),
        )
        page.goto(self.url + path)
        return page

    def _note(self, request: Request) -> None:
        self.asked.append(request.url)

    @property
    def elsewhere(self) -> list[str]:
        return [
            one for one in self.asked if not one.startswith((self.url + "/", "data:", "about:"))
        ]

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@contextmanager
def visiting(browser: Browser, house: House) -> Iterator[Visit]:
    with serving(house.app()) as url:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{url}/enter?token={TOKEN}")
        assert page.url == f"{url}/"
        visit = Visit(browser, url, context.storage_state())
        context.close()
        try:
            yield visit
        finally:
            visit.close()


def go_back(page: Page) -> None:
    """Back as a person presses it, until the page is there whole: what a swap left behind is drawn anew, a moment after
    the address has changed already."""
    with page.expect_event("load"):
        page.evaluate("setTimeout(() => history.back())")


STANDARDS = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"],
}
"""Named, because a run without names leaves out the rules of WCAG 2.2."""
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def axe_findings(
    page: Page, wanted: Mapping[str, object] = STANDARDS, *, has_open_menu: bool = False
) -> list[str]:
    """Every violation, however slight. Evaluated, not added as a script: the policy would refuse that. What lies half
    under a menu that is open counts as too small to be hit, though it is not while the menu is shut. A page that is
    still arriving is waited for: of a document without its root axe only says that there is none.
    """
    page.wait_for_load_state()
    if not page.evaluate("Boolean(self.axe)"):
        page.evaluate(_axe())
    options = {"runOnly": wanted, "resultTypes": ["violations"], "iframes": False}
    found = page.evaluate("options => axe.run(document, options)", options)
    covered = {"target-size"} if has_open_menu else set()
    return [
        f"{one['id']}: {one['help']} ({' '.join(node['html'][:160].split())})"
        for one in found["violations"]
        if one["id"] not in covered
        for node in one["nodes"]
    ]


@cache
def _axe() -> str:
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
