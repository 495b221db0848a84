"""Limits and a mail sent once more in a real browser: by hand, on a phone, in the dark, without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.store.tables import enrollment
from tests.web.browsing import PHONE, Visit, axe_findings, visiting
from tests.web.house import House
from tests.web.merging import a_running_merge, put, ready

pytestmark = pytest.mark.browser


@pytest.fixture
def paths() -> dict[str, str]:
    return {}


@pytest.fixture
def visit(browser: Browser, house: House, paths: dict[str, str]) -> Iterator[Visit]:
    paths["cadence"] = a_running_merge(ready(house))
    paths["mail"] = put(house, "Ines Duarte", OutboxState.UNCONFIRMED)
    with house.database.write() as tx:
        tx.execute(update(enrollment).values(state="active"))
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not found.complaints


def test_limits_and_a_resend_by_hand_on_a_phone_in_the_dark_without_script(visit, paths):
    page = visit.page(paths["cadence"], size=PHONE, dark=True, script=False)
    page.get_by_role("link", name="Change the limits").click()
    expect(page.locator("h1")).to_have_text("Limits")
    page.get_by_label("Mails of the mailbox in 24 hours").fill("1")
    page.get_by_role("button", name="Look who gets what when").click()
    expect(page.get_by_role("heading", name="Who gets what when")).to_be_visible()
    page.get_by_role("button", name="Change the limits").click()
    expect(page.get_by_text("At most 1 mails leave the mailbox")).to_be_visible()
    page.goto(visit.url + paths["mail"])
    page.get_by_role("link", name="Send it once more").click()
    expect(page.get_by_text("Nobody could tell whether the mail of")).to_be_visible()
    page.get_by_role("button", name="though it may double").click()
    expect(page.get_by_role("heading", name="Once more")).to_be_visible()


def test_both_pages_are_fit_for_everybody_on_a_phone(visit, paths):
    for path in (f"{paths['cadence']}/limits", f"{paths['mail']}/resend"):
        phone = visit.page(path, size=PHONE, dark=True)
        expect(phone.locator("h1")).to_be_visible()
        assert axe_findings(phone) == [], path
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
