"""The panel's forms in a real browser, filled in wrong: what is said stands beside the field, and the field has the
focus, with and without script, on a desk and on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from inboxcrm.services.lead_stops import stop_lead
from inboxcrm.views.leads import lead_list
from tests.web.browsing import PHONE, WIDE, Visit, axe_findings, visiting
from tests.web.house import YOU, House, path_of, walk_in
from tests.web.merging import a_running_merge, ready

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not [one for one in found.complaints if "status of 4" not in one]


def panel_of(house: House, subject: str) -> str:
    return path_of(walk_in(house.app().test_client()), subject) + "/panel"


def expect_wrong(page: Page, field: Locator, said: str) -> None:
    """It is said, close by, in words that belong to the field, and whoever types on mends it."""
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(re.escape(said)))
    words = page.locator(".wrong", has_text=said)
    expect(words).to_be_visible()
    expect(words).to_be_in_viewport()
    gap = words.bounding_box()["y"] - field.bounding_box()["y"] - field.bounding_box()["height"]
    assert 0 <= gap < 16


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_wrong_field_of_the_panel_has_the_focus_and_keeps_its_words(
    visit: Visit, house: House, size, script
):
    page = visit.page(panel_of(house, "Pricing"), size=size, script=script)
    page.locator("#quick-task").click()
    page.get_by_label("Task", exact=True).fill("  ")
    page.get_by_label("Due on").fill("2026-05-20")
    page.get_by_role("button", name="Add task").click()
    expect_wrong(page, page.locator("input[name=title]"), "has no title")
    expect(page.get_by_label("Due on")).to_have_value("2026-05-20")
    page.keyboard.type("Send the quote")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Task added")

    page.locator("#quick-edit").click()
    page.get_by_label("Phone").fill("+81 3 5550 0142")
    page.get_by_label("Value").fill("a lot")
    page.get_by_role("button", name="Save", exact=True).click()
    expect_wrong(page, page.get_by_label("Value"), "is no amount")
    expect(page.get_by_label("Value")).to_have_value("a lot")
    expect(page.get_by_label("Phone")).to_have_value("+81 3 5550 0142")
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert axe_findings(page) == []
    page.get_by_label("Value").fill("22000")
    page.get_by_label("Value").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Saved")
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    row = next(one for one in lead_list(house.desk, YOU).rows if one.name == "Bob Tanaka")
    assert row.value.amount == "22000.00"


def test_looking_for_nobody_is_said_where_one_looks(visit: Visit, house: House):
    page = visit.page(panel_of(house, "Anfrage"), dark=True)
    look = page.locator("#find-lead")
    look.fill("  ")
    look.press("Enter")
    expect_wrong(page, look, "Look for whom?")
    assert axe_findings(page) == []
    look.fill("nobody of that name")
    look.press("Enter")
    expect(look).to_have_accessible_description(re.compile("No lead found"))
    expect(look).to_be_focused()
    look.fill("Oskar")
    look.press("Enter")
    expect(page.get_by_role("button", name="Add to Oskar Lind")).to_be_visible()


@pytest.mark.parametrize("where", ["panel", "lead"])
def test_what_came_too_late_is_said_and_the_page_stays(visit: Visit, house: House, where: str):
    """Their last mail left, or somebody stopped it, between looking and pressing."""
    a_running_merge(ready(house))
    row = next(one for one in lead_list(house.desk, YOU).rows if one.name == "Bob Tanaka")
    path = panel_of(house, "Pricing") if where == "panel" else f"/leads/{row.id}"
    page = visit.page(path, size=WIDE)
    cadence = page.get_by_role("region", name="Cadence")
    cadence.get_by_text("Pause", exact=True).click()
    stop_lead(house.desk, YOU, row.id)
    page.get_by_role("button", name="For a week").click()
    expect(page.locator("#toasts")).to_contain_text("The lead is in no cadence.")
    expect(page.get_by_role("heading", name="Bob Tanaka")).to_be_visible()
    expect(page.locator("#panel")).not_to_have_class(re.compile("is-waiting"))
