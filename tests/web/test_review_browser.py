"""The whole review queue by keyboard in a real browser; Today in place; both on a phone, in both themes, without script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from inboxcrm.services.tasks import add_task
from inboxcrm.views.leads import lead_list
from inboxcrm.views.review import review_page
from tests.web.browsing import Visit, visiting
from tests.web.house import YOU, House

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror='window.top.pwned = true'>"


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    """Six doubtful senders, the longest wait first: Info Desk, three at Werft, Bob from home, somebody evil."""
    for number, who in enumerate(("Sales", "Office", "Service")):
        house.deliver(
            f"{who} {who.lower()}@werft.example", f"{who} speaking", hours_ago=29 - number
        )
    house.deliver("Bob Tanaka bob.tanaka@gmail.com", "From home", hours_ago=20)
    house.deliver(f"{EVIL} info@evil.example", f"{EVIL} offer", f"{EVIL}", hours_ago=10)
    house.sync()
    bob = next(row.id for row in lead_list(house.desk, YOU).rows if row.name == "Bob Tanaka")
    add_task(house.desk, YOU, bob, "Send the quote", date(2026, 5, 12))
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not found.complaints


def queue(house: House) -> list[str]:
    return [one.address for one in review_page(house.desk, YOU).items]


def under_keys(page: Page):
    return page.locator(".doubt.is-here h2")


def toast(page: Page):
    return page.locator("#toasts .toast")


def test_the_whole_queue_by_keyboard(visit: Visit, house: House):
    page = visit.page("/review")
    expect(under_keys(page)).to_have_text("Info Desk")
    page.keyboard.press("j")
    expect(page.locator(".doubt:focus h2")).to_have_text("Sales")
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()

    page.keyboard.press("a")
    expect(toast(page)).to_contain_text("Info Desk is a lead now")
    expect(page.locator(".doubt:focus h2")).to_have_text("Sales")
    page.keyboard.press("z")
    expect(toast(page)).to_contain_text("Taken back")
    expect(page.locator(".doubt:focus h2")).to_have_text("Info Desk")
    page.keyboard.press("x")
    expect(toast(page)).to_contain_text("info@hafen.example is ignored from now on")
    expect(page.locator(".doubt:focus h2")).to_have_text("Sales")

    page.keyboard.press("d")
    box = page.locator("#box")
    expect(box).to_contain_text("Ignore everybody at werft.example?")
    expect(box).to_contain_text("3 addresses change now")
    expect(box.get_by_role("button", name="Ignore them all")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box).to_be_hidden()
    expect(toast(page)).to_contain_text("Everybody at werft.example is ignored from now on")
    expect(page.locator(".doubt:focus h2")).to_have_text("Bob Tanaka")

    page.keyboard.press("m")
    expect(page.locator("#find-lead")).to_be_focused()
    expect(page.locator("#find-lead")).to_have_value("Bob Tanaka")
    for words, found in (("ines", "Ines Duarte"), ("kitaura", "Bob Tanaka")):
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(box.locator(".found button")).to_have_text(f"Add to {found}")
        expect(page.locator("#find-lead")).to_be_focused()
    expect(box.get_by_role("button", name="Add to Bob Tanaka")).to_be_visible()
    box.get_by_role("button", name="Add to Bob Tanaka").press("Enter")
    expect(toast(page)).to_contain_text("bob.tanaka@gmail.com added to Bob Tanaka")

    expect(page.locator(".doubt:focus h2")).to_contain_text("onerror")
    page.keyboard.press("n")
    expect(page.locator("#list-title")).to_be_focused()
    expect(page.locator("#list-title")).to_have_text("Nobody waits for your word")
    assert queue(house) == []
    assert page.evaluate("window.pwned") is None


def test_several_are_chosen_answered_and_taken_back_by_keyboard(visit: Visit, house: House):
    before = queue(house)
    page = visit.page("/review")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    expect(page.locator("#chosen")).to_have_text("2 chosen")
    page.keyboard.press("Escape")
    expect(page.locator("#chosen")).to_contain_text("Tick several")
    page.get_by_role("link", name="Choose all 3 from this domain").first.click()
    expect(page.locator("#chosen")).to_have_text("3 chosen")
    expect(page.locator("#live")).to_have_text("3 chosen at werft.example")
    page.keyboard.press("x")
    expect(toast(page)).to_contain_text("3 addresses are ignored from now on")
    assert len(queue(house)) == len(before) - 3
    expect(toast(page).get_by_role("link")).to_have_text("Always for werft.example")
    page.keyboard.press("z")
    expect(toast(page)).to_contain_text("Taken back")
    assert queue(house) == before


def test_an_answer_becomes_a_rule_after_a_look(visit: Visit, house: House):
    page = visit.page("/review")
    page.locator(".doubt", has_text="Sales speaking").get_by_role(
        "button", name="Ignore", exact=True
    ).click()
    toast(page).get_by_role("link", name="Always for werft.example").click()
    expect(page.locator("#box")).to_contain_text("2 addresses change now, 1 stays as it is")
    page.locator("#box").get_by_role("link", name="Leave it").click()
    expect(page.locator("#box")).to_be_hidden()
    assert len(queue(house)) == 5


def test_the_queue_works_without_script(visit: Visit, house: House):
    page = visit.page("/review", script=False)
    first = page.locator(".doubt").first
    first.get_by_role("checkbox").check()
    page.locator(".bulk").get_by_role("button", name="Ignore").click()
    expect(toast(page)).to_contain_text("info@hafen.example is ignored")
    toast(page).get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_have_text("6 senders wait for your word")
    page.locator(".doubt").nth(1).get_by_role("link", name="Ignore all of").click()
    page.get_by_role("button", name="Ignore them all").click()
    expect(page.locator("h1")).to_have_text("3 senders wait for your word")


def test_today_in_place_and_the_focus_stays(visit: Visit, house: House):
    page = visit.page("/today")
    expect(page.locator("h1")).to_have_text("2 people wait for an answer, 1 task is due")
    page.locator(".lead-line", has_text="Bob Tanaka").get_by_role(
        "button", name="No answer needed"
    ).click()
    expect(page.locator("h1")).to_have_text("1 person waits for an answer, 1 task is due")
    expect(page.locator("section[aria-labelledby=h-owed] :focus")).to_be_visible()
    expect(page.locator("#live")).to_have_text("1 person waits for an answer, 1 task is due")
    page.get_by_role("button", name="Done: Send the quote").press("Enter")
    expect(page.locator("h1")).to_have_text("1 person waits for an answer")
    expect(page.locator("#today-title")).to_be_focused()
    page.keyboard.press("z")
    expect(page.locator("h1")).to_have_text("1 person waits for an answer, 1 task is due")


PATHS = ("/review", "/review/ignored", "/review/rules", "/review/rules/new?for=werft.example&outcome=ignored", "/today")  # fmt: skip
