"""Connecting a mailbox in a real browser: to the consent page, back, and what the page then says by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import expect

from inboxcrm.gmail.source import GmailSource
from inboxcrm.gmail.token_file import credentials_from_text
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.services.consents import open_token
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.worker.runner import this_runner
from tests.sync.letters import letter
from tests.sync.practice import Book, GmailPrices
from tests.web.browsing import LOOKS, PHONE, WIDE, Visit, axe_findings, serving
from tests.web.test_mailboxes import TOM, Pages

pytestmark = pytest.mark.browser


@pytest.fixture
def pages(empty_house, tmp_path) -> Iterator[Pages]:
    box = SandboxMailbox(TOM)
    box.deliver(letter(1, "Bob <bob@customer.example>", TOM))
    with running_sandbox(box) as sandbox:
        yield Pages(empty_house, sandbox, tmp_path)


@pytest.fixture
def visit(browser, pages) -> Iterator[Visit]:
    from inboxcrm.config import WebSettings
    from inboxcrm.web import create_app

    app = create_app(
        pages.house.desk,
        web=WebSettings(),
        machine_now=pages.house.machine.now,
        entry_token="the-link",
        mail_login=pages.login,
    )
    with serving(app) as url:
        context = browser.new_context()
        context.new_page().goto(f"{url}/enter?token=the-link")
        visit = Visit(browser, url, context.storage_state())
        context.close()
        yield visit
        visit.close()


def read(pages: Pages) -> None:
    source = GmailSource(
        Traffic(
            credentials_from_text(open_token(pages.house.desk, TOM), keep=lambda _: None),
            gmail=GmailPrices(pages.sandbox.url),
            bucket=Book(),
            sleep=lambda _: None,
            monotonic=lambda: 0.0,
            mailbox="",
        )
    )
    with closing(source):
        sync_mailbox(pages.house.desk, source, TOM, runner=this_runner())


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_there_and_back_and_the_page_follows_the_reading(visit, pages, size):
    page = visit.page("/mailboxes", size=size)
    page.get_by_role("link", name="Connect a mailbox").click()
    page.get_by_role("button", name="Continue to Google").click()
    page.get_by_label(TOM).check()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{visit.url}/mailboxes#m-*")
    box = page.locator("section", has=page.get_by_role("heading", name=TOM))
    box.get_by_text("To be read in a moment").wait_for()
    read(pages)
    box.get_by_text("Well", exact=True).wait_for()
    expect(page.locator("#told")).to_contain_text(f"{TOM}: Well")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert visit.complaints == []


def test_without_script_all_of_it_works_too(visit):
    page = visit.page("/mailboxes/connect", script=False)
    page.get_by_role("button", name="Continue to Google").click()
    page.get_by_label(TOM).check()
    page.get_by_role("button", name="Allow").click()
    page.get_by_role("button", name="Pause").click()
    expect(page.locator("body")).to_contain_text("Nothing new is read while it is paused")
    page.get_by_role("button", name="Resume").click()
    page.locator("summary", has_text="Disconnect").click()
    page.get_by_text("Keep it.").click()
    page.locator(".more[open] button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("Disconnected, its mail is kept")


def test_a_form_that_is_open_stays_while_the_page_follows(visit, pages):
    page = visit.page("/mailboxes/connect")
    page.get_by_role("button", name="Continue to Google").click()
    page.get_by_label(TOM).check()
    page.get_by_role("button", name="Allow").click()
    page.locator("summary", has_text="Change").click()
    page.get_by_label("Who becomes a lead").select_option("ask")
    read(pages)
    page.get_by_text("Well", exact=True).first.wait_for()
    expect(page.get_by_label("Who becomes a lead")).to_have_value("ask")


@pytest.mark.parametrize(("size", "dark"), LOOKS)
def test_nothing_is_in_the_way_of_anybody(visit, pages, size, dark):
    page = visit.page("/mailboxes/connect", size=size, dark=dark)
    for fold in page.locator(".way > summary").all():
        fold.click()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Continue to Google").click()
    page.get_by_label(TOM).check()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url(f"{visit.url}/mailboxes#m-*")
    page.evaluate("scrollTo(0, 0)")  # what lies half under the head counts as too small
    assert axe_findings(page) == []
    for name in ("Change", "Disconnect"):
        page.locator("summary", has_text=name).click()
        assert axe_findings(page, has_open_menu=True) == []
    elsewhere = [one for one in visit.elsewhere if not one.startswith(pages.sandbox.url)]
    assert elsewhere == []
