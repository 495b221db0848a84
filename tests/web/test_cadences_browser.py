"""From a segment to a running mail merge in a real browser: by clicks, by keyboard, without script; on a phone; for
everybody.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.services.cadences import cadence_named, start
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.segments import save_segment, segments
from inboxcrm.services.suppressions import suppress
from inboxcrm.views.templates import template_list
from tests.web.browsing import WIDE, Visit, visiting
from tests.web.house import YOU, House
from tests.web.merging import EVERYBODY, a_merge, a_template, may_send, put

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror='window.top.pwned = true'>"


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    may_send(house)
    a_template(house)
    a_template(house, "pretty", html="<p>Good day <b>{{ first_name }}</b></p>")
    save_segment(house.desk, YOU, name="Open ones", text=EVERYBODY)
    create_lead(house.desk, YOU, "evil@evil.example", EVIL)
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not found.complaints


def counts(house: House, name: str) -> dict[str, int]:
    return cadence_named(house.desk, YOU, name).counts


def test_from_a_segment_to_a_running_merge(visit: Visit, house: House):
    page = visit.page("/segments")
    page.get_by_role("link", name="Write to them").click()
    expect(page.locator("#look .sum")).to_have_text("4 people would get mail")
    page.get_by_text("pretty").click()
    page.get_by_role("button", name="Make it and look at the mails").click()
    expect(page.locator("h1")).to_have_text("pretty, 14 May 2026 not started")
    expect(page.locator(".letter")).to_have_count(3)
    page.locator(".letter").first.get_by_text("As HTML").click()
    frame = page.frame_locator(".letter iframe").first
    expect(frame.locator("b")).to_have_text("Bob")
    page.get_by_label("4 people get a mail").fill("3")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#wrong-count")).to_contain_text("4 people would get mail, not 3")
    expect(page.locator("#count")).to_be_focused()
    assert ["409" in one for one in visit.complaints] == [True]
    visit.complaints.clear()
    page.locator("#count").fill("4")
    page.locator("#count").press("Enter")
    expect(page.locator("#toasts .toast")).to_contain_text("Started: 4 people are in.")
    expect(page.locator("h1 .chip")).to_have_text("running")
    assert counts(house, "pretty, 14 May 2026") == {"planned": 4}
    page.get_by_text("Cancel…").click()
    page.get_by_role("button", name="Cancel it for good").click()
    expect(page.locator("h1 .chip")).to_have_text("cancelled")
    assert page.evaluate("window.pwned") is None


def test_who_that_is_follows_what_is_written_by_keyboard(visit: Visit):
    page = visit.page("/cadences/new")
    page.locator("#segment").focus()
    page.keyboard.type("stage_kind is open")
    expect(page.locator("#which-written")).to_be_checked()
    expect(page.locator("#look")).to_contain_text("4 people would get mail")
    page.keyboard.type(" and")
    expect(page.locator("#look .places")).to_contain_text("column")
    page.keyboard.type(" name is bob")
    expect(page.locator("#look")).to_contain_text("Nobody is in it now.")
    expect(page.locator("#segment")).to_be_focused()
    page.get_by_role("radio", name="Open ones").focus()
    page.keyboard.press("Space")
    expect(page.locator("#look")).to_contain_text("4 people would get mail")
    expect(page.get_by_role("radio", name="Open ones")).to_be_focused()


def test_all_of_it_without_script(visit: Visit, house: House):
    page = visit.page("/segments/new", script=False)
    page.get_by_label("Name").fill("Bob alone")
    page.get_by_role("textbox", name="Who").fill('name is "Bob Tanaka"')
    page.get_by_role("button", name="Look who that is").click()
    expect(page.locator("#look .sum")).to_have_text("1 person would get mail")
    page.get_by_role("button", name="Save it").click()
    assert "Bob alone" in [one.name for one in segments(house.desk, YOU)]
    page.get_by_role("link", name="Write to them").click()
    page.get_by_role("radio", name="hello").check()
    page.get_by_role("button", name="Make it and look at the mails").click()
    page.locator("#count").fill("1")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("h1 .chip")).to_have_text("running")
    page.goto(visit.url + "/templates/new")
    page.locator("[name=name]").fill("Broken")
    page.locator("[name=subject]").fill("Hello {{ frist_name }}")
    page.locator("[name=text]").fill("x")
    page.get_by_role("button", name="Save it").click()
    expect(page.locator("#flaw-subject")).to_contain_text("did you mean first_name?")
    expect(page.locator("[name=subject]")).to_have_value("Hello {{ frist_name }}")
    assert ["422" in one for one in visit.complaints] == [True]
    visit.complaints.clear()


def test_nothing_of_a_hostile_name_runs_on_any_page(visit: Visit, house: House):
    draft, running = a_merge(house, "Draft", template="pretty"), a_merge(house, EVIL)
    start(house.desk, YOU, EVIL)
    mail = put(house, "Bob Tanaka", OutboxState.UNCONFIRMED, line=EVIL)
    put(house, "Ines Duarte", OutboxState.SENT)
    suppress(house.desk, YOU, "carol@firm.example")
    template = f"/templates/{template_list(house.desk, YOU)[0].id}"
    segment = f"/segments/{segments(house.desk, YOU)[0].id}"
    page = visit.page("/cadences", size=WIDE)
    for path in (
        "/cadences", "/cadences/new?segment=Open+ones", draft, running, mail, "/outbox", "/templates", template,
        "/segments", segment, "/suppression",
    ):  # fmt: skip
        page.goto(visit.url + path)
        assert page.evaluate("window.pwned") is None, path
