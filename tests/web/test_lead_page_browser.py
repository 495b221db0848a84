"""A lead's page in a real browser: two people at one lead, the keyboard, a phone, and nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from inboxcrm.services import leads as lead_services
from inboxcrm.services.lead_marks import add_tag, pin
from inboxcrm.services.tasks import add_task
from inboxcrm.views.lead_page import lead_record
from inboxcrm.views.leads import lead_list
from tests.web.browsing import LOOKS, Visit, axe_findings, visiting
from tests.web.house import YOU, House

pytestmark = pytest.mark.browser

EVIL = "<script>window.top.pwned = true</script><img src=x onerror='window.top.pwned = true'>"


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not [one for one in found.complaints if "status of 4" not in one]


def lead_id(house: House, name: str = "Bob Tanaka") -> str:
    return next(row.id for row in lead_list(house.desk, YOU).rows if row.name == name)


def furnish_lead(house: House) -> str:
    """A bit of everything, some of it hostile."""
    bob = lead_id(house)
    note = lead_services.add_note(house.desk, YOU, bob, f"{EVIL} The board decides.")
    lead_services.add_note(house.desk, YOU, bob, "A long story. " * 120)
    pin(house.desk, YOU, bob, note.object_id)
    add_tag(house.desk, YOU, bob, "key account")
    add_task(house.desk, YOU, bob, f"Send the quote {EVIL}")
    changes = {"phone": "+81 3 5550 0142, ask for Bob", "value": "22000", "currency": "EUR"}
    lead_services.edit_lead(house.desk, YOU, bob, version=1, changes=changes)
    return f"/leads/{bob}"


def test_two_people_edit_one_lead_and_both_changes_stand(visit: Visit, house: House):
    path = f"/leads/{lead_id(house)}"
    hers, his = visit.page(path), visit.page(path)
    for page in (hers, his):
        page.locator("#quick-edit").click()
    hers.get_by_label("Phone").fill("+81 3 5550 0142")
    hers.get_by_label("Name", exact=True).fill("Bob Tanaka (CEO)")
    hers.get_by_role("button", name="Save", exact=True).click()
    expect(hers.locator("#lead-name")).to_have_text("Bob Tanaka (CEO)")

    his.get_by_label("Name", exact=True).fill("Robert Tanaka")
    his.get_by_role("button", name="Save", exact=True).click()
    clash = his.locator("#conflict")
    expect(clash).to_contain_text("Somebody changed this lead meanwhile")
    expect(clash.get_by_label("Bob Tanaka (CEO)")).not_to_be_checked()
    expect(clash.get_by_label("Robert Tanaka")).to_be_checked()
    expect(clash.get_by_role("button", name="Save what is chosen")).to_be_focused()
    assert lead_record(house.desk, YOU, lead_id(house, "Bob Tanaka (CEO)")).card.version == 2
    clash.get_by_role("button", name="Save what is chosen").click()
    expect(his.locator("#lead-name")).to_have_text("Robert Tanaka")
    expect(his.locator(".reach")).to_contain_text("+81 3 5550 0142")
    expect(his.locator("#conflict")).to_have_count(0)


def test_a_stage_both_moved_is_settled_by_choosing(visit: Visit, house: House):
    path = f"/leads/{lead_id(house)}"
    hers, his = visit.page(path), visit.page(path)
    for page, stage in ((hers, "Engaged"), (his, "Sales accepted")):
        page.locator("#stage-menu").click()
        page.get_by_role("button", name=stage).click()
    clash = his.locator("#conflict")
    clash.get_by_label("Engaged").check()
    clash.get_by_role("button", name="Save what is chosen").click()
    expect(his.locator("#toasts")).to_contain_text("Already in Engaged")
    expect(his.locator("#conflict")).to_have_count(0)


def test_everything_is_written_down_by_keyboard(visit: Visit, house: House):
    page = visit.page(f"/leads/{lead_id(house)}")
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type("Met at the fair, n and t are letters here.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Note saved")
    expect(page.locator("#note-text")).to_be_focused()
    expect(page.locator("#note-text")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.type("Send the quote")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Task added")
    expect(page.locator(".todo")).to_contain_text("Send the quote")
    expect(page.locator("#task-title")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Moved to Engaged")
    expect(page.locator("#stage-menu")).to_be_focused()
    page.keyboard.press("e")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#write-note").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#call-text")).to_be_visible()


def test_what_is_half_written_outlives_a_change_elsewhere(visit: Visit, house: House):
    add_task(house.desk, YOU, lead_id(house), "Send the quote")
    page = visit.page(f"/leads/{lead_id(house)}")
    page.locator("#note-text").fill("Half a thought")
    page.locator("label[for=write-call]").click()
    page.locator(".todo .tick").click()
    expect(page.locator("#toasts")).to_contain_text("Task done")
    expect(page.locator("#call-text")).to_be_visible()
    page.locator("label[for=write-note]").click()
    expect(page.locator("#note-text")).to_have_value("Half a thought")


def test_the_focus_follows_an_entry_to_the_top_and_down_again(visit: Visit, house: House):
    lead_services.add_note(house.desk, YOU, lead_id(house), "The board decides")
    page = visit.page(f"/leads/{lead_id(house)}")
    note = page.get_by_role("listitem").filter(has_text="The board decides")
    note.get_by_role("button", name="Pin on top").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".is-pinned")).to_contain_text("The board decides")
    expect(page.get_by_role("button", name="Take down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".is-pinned")).to_have_count(0)
    expect(note.get_by_role("button", name="Pin on top")).to_be_focused()


def test_a_wrong_field_has_the_focus_and_keeps_its_words(visit: Visit, house: House):
    page = visit.page(f"/leads/{lead_id(house)}")
    page.locator("#quick-edit").click()
    page.get_by_label("Value").fill("a lot")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Value")).to_be_focused()
    expect(page.get_by_label("Value")).to_have_value("a lot")
    expect(page.locator(".wrong")).to_contain_text("is no amount")


def test_without_script_a_note_and_a_stage_move(visit: Visit, house: House):
    page = visit.page(f"/leads/{lead_id(house)}", script=False)
    page.locator("#note-text").fill("By hand")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#toasts")).to_contain_text("Note saved")
    page.locator("label[for=write-task]").click()
    page.locator("#task-title").fill("Send it")
    page.get_by_role("button", name="Add task").click()
    expect(page.locator(".todo")).to_contain_text("Send it")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".todo")).to_have_count(0)


@pytest.mark.parametrize(("size", "dark"), LOOKS)
def test_the_pages_fit_and_axe_finds_nothing(visit: Visit, house: House, size, dark):
    path = furnish_lead(house)
    organization = lead_record(house.desk, YOU, path.rpartition("/")[2]).organization_url
    for where in (path, f"{path}?kind=note", organization, "/leads"):
        page = visit.page(where, size=size, dark=dark)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], where
        assert axe_findings(page) == [], where
        assert page.evaluate("window.pwned") is None
    page = visit.page(path, size=size, dark=dark)
    for opener in ("#quick-edit", "#snooze-menu", "label[for=write-meeting]"):
        page.locator(opener).click()
        assert axe_findings(page, has_open_menu=True) == [], opener
        assert_reachable(page)


def assert_reachable(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_one_primary_button_is_seen(visit: Visit, house: House):
    page = visit.page(furnish_lead(house))
    for kind in ("call", "meeting", "task", "follow_up", "note"):
        page.locator(f"label[for=write-{kind}]").click()
        expect(page.locator(".button.primary:visible")).to_have_count(1)
