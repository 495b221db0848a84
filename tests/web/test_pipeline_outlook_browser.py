"""The charts and tables of the outlook in a real browser, in the dark at 360 px: readable, in place, and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from inboxcrm.leads.goals import Quota
from tests.web.browsing import PHONE, axe_findings, visiting
from tests.web.house import House
from tests.web.test_pipeline_outlook import aim, house  # noqa: F401

pytestmark = pytest.mark.browser


def test_the_outlook_is_read_and_opened_on_a_phone_in_the_dark(browser: Browser, house: House):  # noqa: F811
    aim(house, Quota(10_000_00, "EUR", "quarter"))
    with visiting(browser, house) as visit:
        page = visit.page("/pipeline/numbers", size=PHONE, dark=True)
        chart = page.get_by_role("img", name="Forecast and what came by month, in EUR")
        expect(chart).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert chart.evaluate("chart => chart.getBoundingClientRect().right <= innerWidth")
        smallest = "chart => Math.min(...[...chart.querySelectorAll('text')].map(one => one.getBoundingClientRect().height))"
        assert chart.evaluate(smallest) >= 9, "letters people can read"
        inside = "chart => [...chart.querySelectorAll('text, rect')].every(one => one.getBoundingClientRect().right <= chart.getBoundingClientRect().right + 1)"
        assert chart.evaluate(inside)
        assert axe_findings(page) == []
        link = page.locator("#figure-slipped a")
        link.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Put off to a later month")
        expect(page.get_by_role("rowheader")).to_contain_text("Bob Tanaka")
        assert not visit.elsewhere
        assert not visit.complaints
