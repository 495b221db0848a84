"""Every page is for everybody: axe-core finds nothing, on a desk and on a phone, light and dark, and nothing is wider
than the screen. A page that is not visited fails a test of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from inboxcrm.services.cadences import start
from inboxcrm.web.unsubscribe import create_unsubscribe_app
from tests.web.browsing import COLOURS, Visit, axe_findings, serving, visiting
from tests.web.house import YOU, House
from tests.web.merging import a_merge, a_template, may_send
from tests.web.test_unsubscribe import token_of
from tests.web.tour import NO_PAGES, every_page, wanted_pages

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
LETTERS = {"inbox.body", "cadences.body", "cadences.mail_body"}
"""Mails in their frames: a mail has the headings its writer gave it, and often none."""
NARROWEST = 320
"""CSS pixels: WCAG 2.2, 1.4.10 Reflow."""


def test_every_page_is_on_the_tour(house: House):
    app = house.app()
    assert sorted(wanted_pages(app) - set(every_page(house, app))) == []
    assert set(NO_PAGES) <= {one.endpoint for one in app.url_map.iter_rules()}


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    with visiting(browser, house) as found:
        yield found


def out_of_its_sandbox(route: Route) -> None:
    """A mail is shown where no script runs, and so no axe either. Here it is looked at by itself."""
    answer = route.fetch()
    kept = {name: held for name, held in answer.headers.items() if "security-policy" not in name}
    route.fulfill(response=answer, headers=kept)


def findings(page: Page, name: str) -> list[str]:
    """Of the page that is open. A theme changes colours and nothing else, so in the dark only these are looked at."""
    # A page that led to its open form lies half under the head, and what is covered counts as too small.
    page.evaluate("scrollTo(0, 0)")
    found = [f"{name}: {one}" for one in axe_findings(page)]
    if name in LETTERS:
        found = [one for one in found if "page-has-heading-one" not in one]
    page.emulate_media(color_scheme="dark")
    found += [f"{name}, dark: {one}" for one in axe_findings(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_any_page(visit: Visit, house: House, size):
    page, found = visit.page("/healthz", size=size), []
    page.route(re.compile(r"/body([/?]|$)"), out_of_its_sandbox)
    for name, path in every_page(house, house.app()).items():
        page.goto(visit.url + path)
        found += findings(page, name)
        if size is PHONE:
            page.set_viewport_size({"width": NARROWEST, "height": 740})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}: wider than {NARROWEST} px")
            page.set_viewport_size(PHONE)
    assert "\n".join(found) == ""


@pytest.mark.browser
def test_axe_finds_nothing_where_something_is_wrong(visit: Visit, house: House):
    """Forms that were refused: what is wrong stands beside its field and belongs to it."""
    may_send(house)
    page, found = visit.page("/sign-in", size=PHONE), []
    page.get_by_label("Your mail address").fill("alice@ourfirm.example")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    found += findings(page, "sign-in")
    page.goto(visit.url + "/templates/new")
    page.locator("[name=name]").fill("Broken")
    page.locator("[name=subject]").fill("Hello {{ frist_name }}")
    page.get_by_role("button", name="Save it").click()
    expect(page.locator("#flaw-subject")).to_be_visible()
    found += findings(page, "template")
    page.goto(visit.url + "/segments/new")
    page.get_by_label("Name").fill("Nobody")
    page.get_by_role("button", name="Write it as text").click()
    page.get_by_role("textbox", name="Who").fill("stage is and")
    page.get_by_role("button", name="Save it").click()
    expect(page.locator("[aria-invalid]").first).to_be_visible()
    found += findings(page, "segment")
    page.get_by_role("textbox", name="Who").fill(
        "tag is a and (stage is new or last_in within 3 days or consent is given)"
    )
    page.get_by_role("button", name="Make it in a form").click()
    page.locator("[name='q.1.1.value']").fill("")
    page.get_by_role("button", name="Save it").click()
    expect(page.locator("[aria-invalid]").first).to_be_visible()
    found += findings(page, "segment in a form")
    assert "\n".join(found) == ""


@pytest.mark.browser
def test_axe_finds_nothing_on_the_page_of_strangers(browser: Browser, house: House):
    """Whoever wants no more mail, before and after the button, and with a link that is none."""
    may_send(house)
    a_template(house)
    a_merge(house)
    start(house.desk, YOU, "Autumn")
    app = create_unsubscribe_app(house.desk, machine_now=house.machine.now)
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    page, found = context.new_page(), []
    with serving(app) as url:
        page.goto(f"{url}/u/{token_of(house)}")
        found += findings(page, "asked")
        page.get_by_role("button").click()
        # Waited for by what appears: while the next page is still empty, the button is gone as well.
        expect(page.get_by_role("heading")).to_have_text("Done")
        found += findings(page, "done")
        page.goto(f"{url}/u/broken")
        found += findings(page, "broken")
        context.close()
    assert "\n".join(found) == ""
