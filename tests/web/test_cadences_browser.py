"""From a segment to a running mail merge in a real browser: by clicks, by keyboard, without script; on a phone; for
everybody.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

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


def test_a_segment_is_put_together_by_keyboard_and_the_look_follows(visit: Visit, house: House):
    page = visit.page("/segments/new")
    look, focused = page.locator("#look"), page.locator(":focus")
    page.get_by_label("Name").focus()
    page.keyboard.type("Open or Bob")
    page.get_by_role("combobox", name="Leads for whom").select_option("any of these holds")
    more = page.get_by_label("Another condition")
    more.focus()
    more.select_option("Kind of stage")
    page.keyboard.press("Tab")
    expect(focused).to_have_text("Add")
    page.keyboard.press("Enter")
    expect(focused).to_have_attribute("name", "q.0.op")
    expect(look).to_contain_text("Kind of stage: say what it is compared with")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(look).to_contain_text("4 people would get mail")
    more.select_option("Name")
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(focused).to_have_attribute("name", "q.1.op")
    focused.select_option("is")
    expect(page.locator("[name='q.1.value']")).to_have_count(1)
    expect(focused).to_have_attribute("name", "q.1.op")
    page.keyboard.press("Tab")
    page.keyboard.type("Nobody")
    expect(page.locator("[name='q.1.value']")).to_have_count(2)
    page.keyboard.press("Tab")
    page.keyboard.type("Bob Tanaka")
    expect(look).to_contain_text("or whose name is one of “Nobody” or “Bob Tanaka”")
    page.get_by_role("button", name="Take out: Kind of stage").press("Enter")
    expect(look).to_contain_text("1 person would get mail")
    expect(focused).to_have_attribute("name", "q.new")
    page.get_by_role("button", name="Save it").click()
    expect(page.locator("h1")).to_have_text("Open or Bob")
    saved = next(one for one in segments(house.desk, YOU) if one.name == "Open or Bob")
    assert saved.text == 'name any of (Nobody, "Bob Tanaka")'


def draw_slowly(page: Page) -> None:
    """The next time the form is drawn anew."""
    slow = lambda route: (page.wait_for_timeout(700), route.continue_())  # noqa: E731
    page.route("**/segments/new", slow, times=1)


def test_who_types_on_while_the_form_is_drawn_loses_nothing(visit: Visit):
    page = visit.page("/segments/new")
    page.get_by_label("Another condition").select_option("Name")
    page.get_by_role("button", name="Add", exact=True).click()
    field = page.locator("[name='q.0.value']")
    expect(field).to_have_count(1)
    draw_slowly(page)
    page.locator("[name='q.0.op']").select_option("contains")
    field.first.focus()
    page.keyboard.type("Bo")
    expect(page.locator("[name='q.0.op']")).to_have_value("contains")
    page.wait_for_timeout(1_500)
    expect(page.locator(":focus")).to_have_attribute("name", "q.0.value")
    page.keyboard.type("b")
    expect(page.locator("#look")).to_contain_text("Leads whose name contains “Bob”")
    page.locator("[name='q.0.op']").select_option("is")  # the value is drawn with what it is by now
    expect(page.locator("#look")).to_contain_text("Leads whose name is “Bob”")
    expect(field).to_have_count(2)
    draw_slowly(page)
    page.locator("[name='q.0.op']").select_option("is not")
    field.first.focus()
    page.keyboard.press("End")
    page.keyboard.type("by")
    expect(page.locator("#look")).to_contain_text("Leads whose name is not “Bobby”")
    draw_slowly(page)
    page.locator("[name='q.0.op']").select_option("contains")
    field.first.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1_500)  # it is drawn while they think
    page.keyboard.type("hum")
    expect(page.locator("#look")).to_contain_text("Leads whose name contains “Bhumobby”")


def test_all_of_it_without_script(visit: Visit, house: House):
    page = visit.page("/segments/new", script=False)
    page.get_by_label("Name").fill("Bob alone")
    page.get_by_label("Another condition").select_option("Name")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("textbox", name="Name", exact=True).last.fill("Bob Tanaka")
    page.get_by_role("textbox", name="Name", exact=True).last.press("Enter")
    expect(page.locator("#look .sum")).to_have_text("1 person would get mail")
    page.get_by_role("button", name="Write it as text").click()
    expect(page.get_by_role("textbox", name="Who")).to_have_value('name contains "Bob Tanaka"')
    page.get_by_role("button", name="Make it in a form").click()
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


def test_a_button_stays_where_it_is_while_it_is_pressed(visit: Visit):
    """On a phone at the foot of the page: what was typed last makes the look short, and the page with it."""
    page = visit.page("/segments/new", size={"width": 360, "height": 740})
    page.get_by_label("Name").fill("Bob alone")
    page.get_by_label("Another condition").select_option("Name")
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("[name='q.0.op']").select_option("contains")
    page.locator("[name='q.0.value']").first.fill("o")
    expect(page.locator("#look")).to_contain_text("3 people would get mail")
    page.locator("[name='q.0.value']").first.focus()
    page.keyboard.press("End")
    page.keyboard.type("b")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    save = page.get_by_role("button", name="Save it").bounding_box()
    page.mouse.move(save["x"] + 5, save["y"] + 5)
    page.mouse.down()
    page.wait_for_timeout(1500)  # longer than it takes to ask and to be answered
    page.mouse.up()
    expect(page.locator("h1")).to_have_text("Bob alone")
    expect(page.locator("#look")).to_contain_text("1 person would get mail")
