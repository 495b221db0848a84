"""A table of strangers by its pages in a real browser: without script, on a phone, in the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browsing import PHONE, WIDE, axe_findings, visiting
from tests.web.house import House

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror='window.top.pwned = true'>"
FAIR = f'Name,Reach,Company,{EVIL}\n"{EVIL}",eve@hostile.example,{{{{ 7*7 }}}},\u202e\nErin Walsh,erin@away.example,Away,\n,nobody,,\n'


@pytest.mark.parametrize(
    ("size", "dark", "script"), [(WIDE, False, True), (PHONE, True, False)], ids=["wide", "phone"]
)
def test_from_a_file_to_leads_and_back(browser: Browser, house: House, size, dark, script):
    with visiting(browser, house) as visit:
        page = visit.page("/leads/import", size=size, dark=dark, script=script)
        seen = visit.page("/leads/import", size=size, dark=dark)

        def within_reach() -> None:
            seen.goto(page.url)
            assert axe_findings(seen) == [], page.url
            assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
            assert seen.evaluate("window.pwned") is None

        within_reach()
        file = {"name": "fair.csv", "mimeType": "text/csv", "buffer": FAIR.encode()}
        page.get_by_label("The file").set_input_files(file)
        page.get_by_role("button", name="Look at it").click()
        expect(page.locator("h1")).to_have_text("fair.csv")
        expect(page.locator("#rows li")).to_have_count(3)
        within_reach()
        page.get_by_label("Reach").select_option("address")
        page.get_by_label("Tag all of them").fill("Fair")
        page.get_by_role("button", name="Look again").click()
        expect(page.get_by_label("Tag all of them")).to_have_value("Fair")
        page.get_by_role("button", name="Import it").click()
        expect(page.get_by_role("link", name="Write to them")).to_be_visible()
        expect(page.locator("#main")).to_contain_text('Reach: "nobody" is no mail address')
        within_reach()
        page.get_by_text("Take it back…").click()
        page.get_by_role("button", name="Take it back").click()
        expect(page.locator("#toasts")).to_contain_text("2 leads removed")
        assert not visit.elsewhere
        assert not visit.complaints
