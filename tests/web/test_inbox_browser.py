"""The inbox in a real browser: keys, tabs, the drawer, Back on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from inboxcrm.mail.message import Attachment
from tests.web.browsing import LOOKS, PHONE, Visit, axe_findings, go_back, visiting
from tests.web.house import House

pytestmark = pytest.mark.browser

MIDDLE = {"width": 1000, "height": 760}
EVIL = "<img src=x onerror='window.top.pwned = true'>.pdf"


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    house.deliver(
        "Bob Tanaka bob@kitaura.example",
        "The plan",
        attachments=(Attachment("2", EVIL, "application/pdf", 5),),
        hours_ago=1,
    )
    house.sync()
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not found.complaints


def tab(page: Page, key: str) -> None:
    page.locator(f"#tab-{key}").click()
    expect(page.locator(f"#tab-{key}")).to_have_attribute("aria-current", "page")


def test_a_tab_narrows_the_list_and_leaves_the_open_mail_alone(visit: Visit):
    page = visit.page()
    page.locator(".row", has_text="Demo next week").click()
    expect(page.locator("#subject")).to_contain_text("Demo next week")
    page.locator("#quick-note").click()
    page.locator("textarea[name=text]").fill("Half a note")
    tab(page, "waiting-them")
    expect(page.locator(".row")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/threads/\w+\?show=waiting-them$"))
    expect(page.locator("#tab-waiting-them:focus")).to_have_count(1)
    expect(page.locator("textarea[name=text]")).to_have_value("Half a note")
    expect(page.locator("#live")).to_contain_text("Waiting on them")
    page.reload()
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("#subject")).to_contain_text("Demo next week")


def test_back_goes_through_the_tabs(visit: Visit):
    page = visit.page()
    tab(page, "leads")
    tab(page, "unknown")
    expect(page).to_have_title("Unknown · inboxcrm")
    page.locator(".row", has_text="Anfrage").click()
    expect(page).to_have_url(re.compile(r"/threads/\w+\?show=unknown$"))
    go_back(page)
    expect(page.locator("#tab-unknown")).to_have_attribute("aria-current", "page")
    go_back(page)
    expect(page.locator("#tab-leads")).to_have_attribute("aria-current", "page")
    go_back(page)
    expect(page.locator("#tab-all")).to_have_attribute("aria-current", "page")
    expect(page.locator(".row")).to_have_count(6)


def test_the_whole_of_waiting_by_keyboard(visit: Visit):
    """Open, done, undo, next, back to the list."""
    page = visit.page("/?show=waiting")
    expect(page.locator("#tab-waiting .count")).to_have_text("4")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator("#subject")).to_contain_text("Demo next week")
    expect(page.locator("#live")).to_contain_text("Opened: Demo next week")
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text("No answer needed")
    expect(page.locator("#tab-waiting .count")).to_have_text("3")
    expect(page.locator(".row", has_text="Demo next week")).to_have_count(0)
    expect(page.locator("#subject")).to_contain_text("Demo next week")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#tab-waiting .count")).to_have_text("4")
    expect(page.locator(".row[aria-current]")).to_contain_text("Demo next week")
    page.keyboard.press("j")
    expect(page.locator(".row:focus")).to_contain_text("Pricing")
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_contain_text("Pricing")
    expect(page.locator("#live")).to_contain_text("Pricing")
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(r"/\?show=waiting#t-\w+$"))
    expect(page.locator(".row:focus")).to_contain_text("Pricing")
    page.keyboard.press("/")
    page.keyboard.type("jkoeu?")
    expect(page.locator("#q")).to_have_value("jkoeu?")
    expect(page.locator("#keys")).not_to_be_visible()


def test_done_where_nobody_waits_says_so(visit: Visit):
    page = visit.page()
    page.locator(".row", has_text="Security questionnaire").click()
    expect(page.locator("#lead-name")).to_have_text("Oskar Lind")
    expect(page.locator("#live")).to_contain_text("Opened")
    page.keyboard.press("e")
    expect(page.locator("#live")).to_have_text("Nobody waits for an answer here.")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_keys_are_told_of_and_can_be_closed(visit: Visit, dark):
    page = visit.page(dark=dark)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert not axe_findings(page)
    page.keyboard.press("j")
    expect(page.locator(".row:focus")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    page.get_by_role("button", name="all keys").click()
    expect(page.locator("#keys")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#keys")).not_to_be_visible()


def test_between_the_panel_is_a_drawer_with_an_address(visit: Visit):
    page = visit.page("/?show=waiting", size=MIDDLE)
    page.locator(".row", has_text="Pricing").click()
    expect(page.locator("#subject")).to_contain_text("Pricing")
    expect(page.locator(".panel")).not_to_be_visible()
    page.locator(".lead-strip").click()
    expect(page).to_have_url(re.compile(r"/threads/\w+/panel\?show=waiting$"))
    for pane in (".list", ".mail", ".panel"):
        expect(page.locator(pane)).to_be_visible()
    box = page.locator(".panel").bounding_box()
    assert (box["x"] + box["width"], box["width"]) == (1000, 360)
    assert not axe_findings(page)
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).not_to_be_visible()
    expect(page).to_have_url(re.compile(r"/threads/\w+\?show=waiting$"))


def test_on_a_phone_back_leads_through_panel_mail_and_narrowed_list(visit: Visit):
    page = visit.page(size=PHONE)
    tab(page, "waiting")
    page.locator(".row", has_text="Pricing").click()
    expect(page.locator("#subject")).to_contain_text("Pricing")
    expect(page.locator(".list")).not_to_be_visible()
    page.locator(".lead-strip").click()
    expect(page.locator("#lead-name")).to_be_visible()
    go_back(page)
    expect(page.locator("#subject")).to_be_visible()
    go_back(page)
    expect(page.locator("#tab-waiting")).to_have_attribute("aria-current", "page")
    expect(page.locator(".row")).to_have_count(4)
    go_back(page)
    expect(page.locator(".row")).to_have_count(6)


FILTERS = ("all", "waiting", "waiting-them", "leads", "unknown", "mine")


@pytest.mark.parametrize(("size", "dark"), LOOKS)
def test_every_filter_is_in_order_for_everybody(visit: Visit, size, dark):
    page = visit.page(size=size, dark=dark)
    for show in FILTERS:
        page.goto(f"{visit.url}/?show={show}")
        assert not axe_findings(page), show


@pytest.mark.parametrize("width", [320, 360, 800])
def test_every_filter_fits(visit: Visit, width: int):
    page = visit.page(size={"width": width, "height": 700})
    for show in FILTERS:
        page.goto(f"{visit.url}/?show={show}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, show


def test_values_stand_on_the_right_edge_and_no_chip_wraps(visit: Visit):
    page = visit.page("/?show=waiting")
    for row in page.locator(".row").all():
        inner = row.bounding_box()["x"] + row.bounding_box()["width"] - 16
        for part in row.locator("> time, .meta > .owes").all():
            box = part.bounding_box()
            assert abs(box["x"] + box["width"] - inner) < 2
        for chip in row.locator(".chip").all():
            assert chip.bounding_box()["height"] == 20


def test_without_script_the_tabs_are_links(visit: Visit):
    page = visit.page(script=False)
    page.locator("#tab-unknown").click()
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".row").click()
    expect(page).to_have_url(re.compile(r"/threads/\w+\?show=unknown$"))
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("[data-opens]")).not_to_be_visible()


def test_a_hostile_file_name_does_not_run(visit: Visit):
    page = visit.page("/?show=waiting")
    page.locator(".row", has_text="The plan").click()
    expect(page.locator(".attachments a")).to_contain_text("onerror")
    assert page.evaluate("window.pwned") is None


def test_news_asked_for_before_a_change_do_not_take_it_back(visit: Visit, house: House):
    """The list is asked for now and then. Here a question asked before a thread is done is answered after it."""
    held: list[Route] = []
    page = visit.page("/?show=waiting")
    rows = page.locator(".row")
    rows.filter(has_text="Demo next week").click()
    expect(page.locator("#live")).to_contain_text("Opened")
    house.deliver("Zoe Lind zoe@lind.example", "One more", hours_ago=0)
    house.sync()
    page.route("**/news?*", lambda route: route.continue_() if held else held.append(route))
    while not held:
        page.wait_for_timeout(50)
    before = held[0].fetch()
    assert "Demo next week" in before.text()
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text("No answer needed")
    page.evaluate(
        "document.addEventListener('htmx:beforeSwap', ({ detail }) => { if (detail.elt.id === 'news') self.first ??= detail.shouldSwap; })"
    )
    held[0].fulfill(response=before)
    expect(rows.filter(has_text="One more")).to_have_count(1)
    expect(rows.filter(has_text="Demo next week")).to_have_count(0)
    assert page.evaluate("self.first") is False
