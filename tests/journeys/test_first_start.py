"""From an empty folder to work done, in a real browser: first start, first admin, a mailbox connected, a lead moved."""

from __future__ import annotations

import re
import socket

import pytest
from playwright.sync_api import Browser, Page, expect

from inboxcrm.sandbox.demo import write_client_file
from tests.chromium import PATIENCE_MS
from tests.journeys.home import Home
from tests.web.browsing import PHONE, WIDE

pytestmark = pytest.mark.browser

PASSWORD = "four words that do not rhyme"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def become_the_first_admin(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Who runs this inboxcrm?")
    page.get_by_label("Your name").fill("Alice Berg")
    page.get_by_label("Your mail address").fill("alice@ourshop.example")
    page.get_by_label("A password").fill("short")
    page.get_by_role("button", name="Become the first admin").click()
    expect(page.locator("#p-password")).to_contain_text("at least 10 characters")
    expect(page.get_by_label("Your name")).to_have_value("Alice Berg")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Become the first admin").click()


def connect_a_mailbox(page: Page, url: str) -> None:
    page.goto(f"{url}/mailboxes/connect")
    page.get_by_role("button", name="Continue to Google").click()
    page.get_by_label("alice@ourshop.example").check()
    page.get_by_role("button", name="Allow").click()
    expect(page.locator("#toasts")).to_contain_text("alice@ourshop.example is connected")


def open_the_first_thread(page: Page, url: str) -> None:
    for _ in range(60):
        page.goto(url)
        if page.locator(".row").count():
            break
        page.wait_for_timeout(500)
    page.locator(".row").first.click()
    expect(page.locator("#subject")).to_contain_text("Chairs")


def move_a_stage(page: Page, size: dict[str, int]) -> None:
    if size is PHONE:
        page.locator(".lead-strip").click()
        page.wait_for_url(re.compile("/panel$"))
    page.keyboard.press("s")
    page.locator(".panel").get_by_role("button", name=re.compile("^Engaged")).first.click()
    expect(page.locator("#toasts")).to_contain_text("Engaged")
    expect(page.locator(".panel")).to_contain_text("New → Engaged")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_from_the_first_start_to_a_lead_moved_a_stage(
    home: Home, gmail, browser: Browser, size: dict[str, int]
) -> None:
    port = free_port()
    back = f"http://127.0.0.1:{port}/mailboxes/answer"
    write_client_file(
        home.folder / "client.json", gmail.url, kind="web", asks=True, redirect_uri=back
    )
    home.config(
        f'[gmail]\napi_endpoint = "{gmail.url}"\nprice_table = "generous"\nclient_file = "client.json"\n'
    )
    server = home.start("up", "--port", str(port))
    link = server.first_line("Open http").split()[1]
    url = link.partition("/welcome")[0]
    context = browser.new_context(viewport=size)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    try:
        become_the_first_admin(page, link)
        connect_a_mailbox(page, url)
        open_the_first_thread(page, url)
        move_a_stage(page, size)
        page.goto(f"{url}/leads")
        expect(page.locator("main")).to_contain_text("Engaged")
    finally:
        context.close()
    done = server.end()
    assert done.code == 0
