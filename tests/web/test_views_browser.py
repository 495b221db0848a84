"""A view saved, shared and opened by a second person; and many leads changed by ticks and keys, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from inboxcrm.services import bulk_running
from tests.web.browsing import PHONE, Visit, axe_findings, visiting
from tests.web.house import House
from tests.web.people import PASSWORD, join
from tests.web.test_pipeline import row

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, house: House, alice) -> Iterator[Visit]:
    join(house, alice, "rep", "Bea Rusk", "bea@ourfirm.example")
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        # The browser notes every answer that says no; there is nothing else to complain of.
        assert [one for one in found.complaints if "404" not in one] == []


def test_a_view_is_saved_shared_and_opened_by_a_second_person_and_ticked_leads_are_changed(
    visit: Visit, house: House, monkeypatch
):
    page = visit.page("/pipeline/sheet")
    page.locator(".grid thead .c-stage .only-some").click()
    form = page.locator("#narrow")
    expect(form).to_be_visible()
    assert axe_findings(page) == []
    form.get_by_label("New", exact=True).check()
    form.get_by_role("button", name="Show these").click()
    expect(page.locator(".only-word")).to_contain_text("whose stage is one of New")
    page.locator(".save-view summary").click()
    name = page.locator(".save-view [name=name]")
    expect(name).to_be_visible()
    name.fill("Nobody answered yet")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts .toast")).to_contain_text("Nobody answered yet is saved")
    address = page.locator(".views nav a[aria-current]").get_attribute("href")

    other = visit.browser.new_context(viewport=PHONE, color_scheme="dark", reduced_motion="reduce")
    visit.contexts.append(other)
    theirs = other.new_page()
    theirs.goto(f"{visit.url}/sign-in")
    theirs.locator("[name=address]").fill("bea@ourfirm.example")
    theirs.locator("[name=password]").fill(PASSWORD)
    theirs.keyboard.press("Enter")
    expect(theirs.locator("nav[aria-label]").first).to_be_attached()
    expect(theirs).not_to_have_url(f"{visit.url}/sign-in")
    theirs.goto(visit.url + address)
    expect(theirs.locator("main")).to_contain_text("not shared with you")

    page.locator(".view-now summary").click()
    share = page.get_by_role("button", name="Share it with the team")
    expect(share).to_be_visible()
    share.click()
    expect(page.locator(".view-now")).to_contain_text("shared with the team")
    theirs.goto(visit.url + address)
    expect(theirs.locator(".view-now")).to_contain_text("Nobody answered yet")
    expect(theirs.locator(".grid tbody th", has_text="Ines Duarte")).to_be_visible()
    assert axe_findings(theirs) == []
    assert theirs.evaluate("document.documentElement.scrollWidth <= innerWidth")

    monkeypatch.setattr(bulk_running, "STEP", 1)
    page.goto(visit.url + "/pipeline/sheet?sort=name")
    bob = page.locator("tbody th a", has_text="Bob Tanaka")
    expect(bob).to_be_visible()
    bob.focus()
    page.keyboard.press("x")
    expect(page.locator("#ticked")).to_have_text("1 lead ticked")
    page.locator("[data-all]").check()
    expect(page.locator("#ticked")).to_have_text("3 leads ticked")
    page.get_by_role("button", name="Change the ticked").click()
    expect(page.locator("#bulk-title")).to_contain_text("3 leads chosen")
    assert axe_findings(page) == []
    page.locator("[name=what][value=stage]").check()
    page.locator("[name='value.stage']").select_option("engaged")
    page.get_by_role("button", name="Look what it does").click()
    expect(page.locator("#look-title")).to_contain_text("3 leads: 3 change")
    page.get_by_role("button", name="Change these 3").click()
    # Each request changes one; the page asks for the next by itself.
    expect(page.locator("#bulk-title")).to_have_text("3 leads changed")
    expect(page.locator("#bulk-title")).to_be_focused()
    assert row(house, "Bob Tanaka").stage.key == "engaged"
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.locator("#bulk-title")).to_have_text("3 leads taken back")
    assert row(house, "Bob Tanaka").stage.key == "new"
