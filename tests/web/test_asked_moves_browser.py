"""What a stage asks for when a card is drawn or moved by keys: a dialog that keeps the focus, and leads back to the card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from inboxcrm.leads.pipeline import DEFAULT_PIPELINE, Pipelines
from tests.web.browsing import PHONE, Visit, axe_findings, visiting
from tests.web.house import House
from tests.web.test_pipeline import row
from tests.web.test_pipeline_browser import draw_by_finger, stage

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    stages = tuple(
        replace(one, requires=("value", "close_on")) if one.key == "engaged" else one
        for one in DEFAULT_PIPELINE.stages
    )
    asking = replace(DEFAULT_PIPELINE, stages=stages, lost_reasons=("Too dear", "No answer"))
    house.desk = replace(house.desk, pipelines=Pipelines((asking,)))
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        # The browser notes every answer that says no; there is nothing else to complain of.
        assert [one for one in found.complaints if "422" not in one] == []


def test_a_drawn_card_asks_for_what_is_missing_and_stands_in_its_stage_then(
    visit: Visit, house: House
):
    page = visit.page("/pipeline", size=PHONE, dark=True)
    ines = page.locator(".bcard", has_text="Ines Duarte")
    expect(ines).to_be_visible()
    ines.locator("a.strong").focus()
    page.keyboard.press("]")
    asked = page.locator("#asked")
    expect(asked).to_be_visible()
    expect(asked.locator("[name='asked.value']")).to_be_focused()
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    expect(asked).to_be_hidden()
    assert row(house, "Ines Duarte").stage.key == "new"

    page.set_viewport_size({"width": 1440, "height": 900})
    draw_by_finger(page, ines, stage(page, "engaged"))
    expect(asked).to_be_visible()
    asked.locator("[name='asked.value']").fill("1200")
    asked.locator("[name='asked.currency']").fill("EUR")
    asked.locator("[name='asked.close']").fill("2026-06-30")
    page.keyboard.press("Enter")
    expect(stage(page, "engaged").locator(".bcard")).to_contain_text("EUR 1,200")
    expect(ines.locator("a.strong")).to_be_focused()
    page.keyboard.press("z")
    expect(stage(page, "new").locator(".bcard", has_text="Ines Duarte")).not_to_contain_text("EUR")
    moved = row(house, "Ines Duarte")
    assert (moved.stage.key, moved.value) == ("new", None)

    page.set_viewport_size(PHONE)
    page.goto(f"{visit.url}/leads/{moved.id}")
    page.locator("#stage-menu").click()
    page.locator(".menu-list button", has_text="Lost").click()
    expect(asked.locator("[name=reason]")).to_be_focused()
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.type("too dear")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts .toast")).to_contain_text("Closed as Lost")
    assert row(house, "Ines Duarte").stage.key == "lost"
