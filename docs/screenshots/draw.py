"""Takes the manual's screenshots from a running demo: `make screenshots`. Needs Chromium; writes docs/screenshots/."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import FLAGS, installed_browser

HERE = Path(__file__).parent
WIDE = {"width": 1440, "height": 900}
MIDDLE = {"width": 1000, "height": 760}
PHONE = {"width": 360, "height": 740}
FRAME = {"width": 320, "height": 740}
FIRST_SYNC_SECONDS = 60


@contextmanager
def running_demo() -> Iterator[str]:
    """The link of a demo that has read all its mail."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-u", "-m", "inboxcrm", "demo", "--port", str(port)]
    demo = subprocess.Popen(  # noqa: S603 - our own demo
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert demo.stdout is not None
    try:
        link = ""
        until = time.monotonic() + FIRST_SYNC_SECONDS
        for line in demo.stdout:
            found = re.search(r"http://\S+/enter\?token=\S+", line)
            link = found[0] if found else link
            if "Read:" in line or time.monotonic() > until:
                break
        if not link:
            raise SystemExit("The demo did not start; run `inboxcrm demo` to see why.")
        yield link
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=20)


class Camera:
    def __init__(self, browser: Browser, link: str) -> None:
        self._browser = browser
        self._base = link.partition("/enter")[0]
        context = browser.new_context()
        page = context.new_page()
        page.goto(link)
        self._state = context.storage_state()
        context.close()

    def become(self, person: str) -> None:
        """The demo lets a visitor be somebody else."""
        page = self.open("/account")
        page.locator("details.me > summary").click()
        page.locator(f"button[name=person][value={person}]").click()
        page.wait_for_load_state()
        self._state = page.context.storage_state()
        page.context.close()

    def open(self, path: str, *, size: dict[str, int] = WIDE, dark: bool = False) -> Page:
        context = self._browser.new_context(
            viewport=size,
            storage_state=self._state,
            color_scheme="dark" if dark else "light",
        )
        page = context.new_page()
        page.goto(self._base + path)
        page.wait_for_timeout(500)
        return page

    def shoot(
        self,
        name: str,
        path: str,
        *,
        size: dict[str, int] = WIDE,
        dark: bool = False,
        key: str = "",
    ) -> None:
        page = self.open(path, size=size, dark=dark)
        if key:
            page.keyboard.press(key)
            page.wait_for_timeout(300)
        page.screenshot(path=HERE / f"{name}.png")
        page.context.close()

    def first(self, path: str, selector: str, *, holding: str = "") -> str:
        """Where the first such link leads."""
        page = self.open(path)
        link = page.locator(selector)
        if holding:
            link = link.filter(has_text=re.compile(holding))
        target = link.first.get_attribute("href") or "/"
        page.context.close()
        return target


FOUR = (
    ("light", WIDE, False),
    ("dark", WIDE, True),
    ("phone", PHONE, False),
    ("phone-dark", PHONE, True),
)
"""How every page is taken: on a desk and on a phone, light and dark."""


def pages(camera: Camera) -> dict[str, str]:
    """Every page there is, by the name of its pictures."""
    thread = camera.first("/", ".row", holding="(late|we owe)")
    lead = camera.first("/leads?owes=us", "a[href^='/leads/']:not([href='/leads/import'])")
    cadence = camera.first("/cadences", "a[href^='/cadences/']", holding="Open evening")
    last_month = (datetime.now(UTC) - timedelta(days=30)).date()  # noqa: TID251 - the demo lives today
    return {
        "today": "/today",
        "inbox": "/",
        "waiting": "/?show=waiting",
        "thread": thread,
        "panel": f"{thread}/panel",
        "unknown": camera.first("/", ".row", holding="in review"),
        "leads": "/leads",
        "import": "/leads/import",
        "pipeline": "/pipeline",
        "pipeline-past": f"/pipeline?as_of={last_month}",
        "sheet": "/pipeline/sheet",
        "numbers": "/pipeline/numbers",
        "narrow": "/pipeline/narrow?at=sheet&column=value",
        "views": "/pipeline/views",
        "calls": "/pipeline/calls",
        "lead": lead,
        "organization": camera.first(lead, "a[href^='/organizations/']"),
        "review": "/review",
        "ignored": "/review/ignored",
        "rules": "/review/rules",
        "search": "/search?q=price",
        "nothing-found": "/search?q=zzzz",
        "mailboxes": "/mailboxes",
        "connect": "/mailboxes/connect",
        "account": "/account",
        "people": "/people",
        "audit": "/audit",
        "cadences": "/cadences",
        "cadence": cadence,
        "steps": f"{cadence}/steps",
        "limits": f"{cadence}/limits",
        "reports": "/cadences/reports",
        "cadence-new": "/cadences/new",
        "templates": "/templates",
        "template": camera.first("/templates", "a[href^='/templates/']", holding="Invitation"),
        "missing-fields": "/templates/missing",
        "snippets": "/snippets",
        "segments": "/segments",
        "segment": camera.first("/segments", "main a[href^='/segments/']:not([href$='/new'])"),
        "outbox": "/outbox",
        "suppression": "/suppression",
        "door": "/enter?token=used",
    }


def take_all(camera: Camera) -> None:
    camera.become("admin")
    found = pages(camera)
    for name, path in found.items():
        for suffix, size, dark in FOUR:
            camera.shoot(f"{name}-{suffix}", path, size=size, dark=dark)
    thread = found["thread"]
    camera.shoot("thread-middle", thread, size=MIDDLE)
    camera.shoot("stages-light", thread, key="s")
    camera.shoot("task-dark", thread, key="t", dark=True)
    camera.shoot("keys-light", "/", key="?")
    panel = f"/sidebar?thread={thread.rpartition('/')[2]}"
    camera.shoot("sidebar-light", panel, size=FRAME)
    camera.shoot("sidebar-dark", panel, size=FRAME, dark=True)


def main() -> None:
    chromium = installed_browser()
    if chromium is None:
        raise SystemExit("No Chromium on this machine (Debian: apt-get install chromium).")
    with running_demo() as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        take_all(Camera(browser, link))
        browser.close()
    sys.stdout.write(f"{len(list(HERE.glob('*.png')))} screenshots in {HERE}\n")


if __name__ == "__main__":
    main()
