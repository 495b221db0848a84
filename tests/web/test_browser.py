"""Journeys in a real browser: wide and narrow, light and dark, by mouse, by keyboard, and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from inboxcrm.services import leads as lead_services
from inboxcrm.services.invitations import invite
from inboxcrm.services.sessions import open_session
from inboxcrm.store.accounts import insert_account, update_account
from inboxcrm.views.leads import lead_list
from tests.web.browsing import PHONE, WIDE, Visit, axe_findings, go_back, visiting
from tests.web.house import YOU, House, path_of, walk_in

pytestmark = pytest.mark.browser

EVIL = "<script>window.top.pwned = true</script><img src=x onerror='window.top.pwned = true'>"
LETTER = (
    "<html><body onload='window.top.pwned = true'>"
    + EVIL
    + "<p>Our prices, <b>as promised</b>.</p>"
    "<svg onload='window.top.pwned = true'></svg><a href='javascript:window.top.pwned=true'>click</a>"
    "<img src='https://cdn.example/logo.png' alt='Our logo'>"
    + "<p>One more line of the letter.</p>" * 40
    + "</body></html>"
)


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    """Whatever a journey does: no request leaves the server, and the browser has nothing to complain of."""
    house.deliver(f"{EVIL} mallory@evil.example", f"{EVIL} free money", html=LETTER, hours_ago=1)
    house.sync()
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not found.complaints


def open_thread(page: Page, subject: str) -> None:
    page.locator(".row", has_text=subject).click()
    expect(page.locator("#subject")).to_contain_text(subject)
    expect(page.locator("#live")).to_contain_text("Opened")


def stage_of(house: House, name: str) -> str:
    return next(row.stage.key for row in lead_list(house.desk, YOU).rows if row.name == name)


def paths(house: House) -> dict[str, str]:
    client = walk_in(house.app().test_client())
    thread = path_of(client, "Pricing")
    return {
        "thread": thread,
        "someone unknown": path_of(client, "Anfrage"),
        "html mail": path_of(client, "free money"),
        "sidebar": f"/sidebar?thread={thread.rpartition('/')[2]}",
    }


def door_paths(house: House) -> dict[str, str]:
    """The pages of accounts, with something on each: a colleague, a link, a second session."""
    with house.database.write() as tx:
        update_account(tx, 1, name="Alice Berg", address="alice@ourfirm.example")
        insert_account(tx, name="Bea Rusk", role="rep", address="bea@ourfirm.example", created_at=0)
        open_session(tx, 1, browser="Firefox on a train", now=house.machine.now())
    link = invite(house.desk, YOU, role="rep", address="", now=house.machine.now())
    return {
        "sign-in": "/sign-in",
        "invitation": f"/welcome?token={link}",
        "account": "/account",
        "people": "/people",
        "audit": "/audit",
    }


# --- everybody's way ----------------------------------------------------------


def test_a_rep_reads_a_mail_moves_the_stage_and_takes_it_back(visit: Visit, house: House):
    page = visit.page()
    open_thread(page, "Pricing for 40 seats")
    expect(page).to_have_url(re.compile(r"/threads/\w+$"))
    expect(page).to_have_title(re.compile("Pricing for 40 seats"))
    expect(page.locator(".row[aria-current]")).to_contain_text("Pricing")
    page.locator("#stage-menu").click()
    page.get_by_role("button", name="Sales accepted").click()
    expect(page.locator("#toasts")).to_contain_text("Moved to Sales accepted")
    assert stage_of(house, "Bob Tanaka") == "sal"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).not_to_contain_text("Moved to")
    expect(page.locator("#panel [aria-label=Stage]").first).to_contain_text("New")
    assert stage_of(house, "Bob Tanaka") == "new"


def test_three_panes_stand_side_by_side_on_a_wide_screen(visit: Visit, house: House):
    page = visit.page(paths(house)["thread"])
    boxes = [page.locator(selector).bounding_box() for selector in (".list", ".mail", ".panel")]
    assert 320 <= boxes[0]["width"] <= 340
    assert 340 <= boxes[2]["width"] <= 360
    assert boxes[0]["x"] < boxes[1]["x"] < boxes[2]["x"]
    assert boxes[1]["width"] > 600


def test_two_panes_in_between(visit: Visit, house: House):
    size = {"width": 1000, "height": 800}
    page = visit.page(paths(house)["thread"], size=size)
    expect(page.locator(".panel")).not_to_be_visible()
    page.locator(".lead-strip").click()
    for pane in (".list", ".mail", ".panel"):
        expect(page.locator(pane)).to_be_visible()


def test_on_a_phone_every_pane_is_a_page_and_back_works(visit: Visit):
    page = visit.page(size=PHONE)
    assert not page.locator(".mail").is_visible()
    page.locator(".row", has_text="Pricing").click()
    expect(page.locator("#subject")).to_be_visible()
    expect(page.locator(".list")).not_to_be_visible()
    page.locator(".lead-strip").click()
    expect(page.locator("#lead-name")).to_be_visible()
    expect(page.locator(".mail")).not_to_be_visible()
    go_back(page)
    expect(page.locator("#subject")).to_be_visible()
    go_back(page)
    expect(page.locator(".row").first).to_be_visible()


def test_back_after_a_swap_shows_the_list_as_it_was(visit: Visit):
    page = visit.page()
    open_thread(page, "Pricing for 40 seats")
    go_back(page)
    expect(page.locator(".overview h2")).to_contain_text("for our answer")
    expect(page.locator(".row[aria-current]")).to_have_count(0)


def test_by_keyboard_alone(visit: Visit, house: House):
    page = visit.page()
    for key in ("j", "j", "k", "j", "j"):
        page.keyboard.press(key)
    expect(page.locator(".row:focus")).to_contain_text("Pricing")
    page.keyboard.press("Enter")
    expect(page.locator("#subject")).to_contain_text("Pricing")
    expect(page.locator("#live")).to_contain_text("Opened")
    page.keyboard.press("n")
    expect(page.locator("textarea:focus")).to_be_visible()
    page.keyboard.type("Said by keyboard, jktns and all")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Note saved")
    expect(page.locator("#quick-note:focus")).to_have_count(1)
    expect(page.locator(".timeline")).to_contain_text("Said by keyboard, jktns and all")
    page.keyboard.press("t")
    expect(page.locator("[name=title]:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#quick-task:focus")).to_have_count(1)
    page.keyboard.press("s")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Moved to Engaged")
    assert stage_of(house, "Bob Tanaka") == "engaged"
    page.keyboard.press("/")
    expect(page.locator("#q:focus")).to_have_count(1)


def test_focus_can_always_be_seen(visit: Visit, house: House):
    page = visit.page(paths(house)["thread"])
    for _ in range(40):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "() => { const held = document.activeElement; if (!held || held === document.body || held.tagName === 'IFRAME') return 'none needed';"
            " const style = getComputedStyle(held); return style.outlineStyle + ' ' + style.outlineWidth }"
        )
        assert ring in {"none needed", "solid 2px"}, page.evaluate(
            "document.activeElement.outerHTML.slice(0, 200)"
        )


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_at_the_door_is_walked_by_tab(visit: Visit, house: House, size):
    """Everything that can be pressed or filled in has its turn, shows where the focus is, and lets it go on."""
    mailboxes = {"mailboxes": "/mailboxes", "guide": "/mailboxes/connect"}
    page = visit.page(size=size)
    for name, path in (door_paths(house) | mailboxes).items():
        page.goto(visit.url + path)
        page.evaluate("() => { document.activeElement.blur(); getSelection().removeAllRanges(); }")
        wanted = page.evaluate(
            "() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]"
            ".filter((one) => one.checkVisibility({visibilityProperty: true}) && one.type !== 'hidden')"
            ".map((one, at) => { one.dataset.at = at; return at; })"
        )
        met = set()
        for _ in range(len(wanted) + 4):
            page.keyboard.press("Tab")
            at, ring, said = page.evaluate(
                "() => { const held = document.activeElement; const { outlineStyle, outlineWidth } = getComputedStyle(held);"
                " return [held.dataset.at ?? '', outlineStyle + ' ' + outlineWidth, held.outerHTML.slice(0, 200)] }"
            )
            if at:
                met.add(int(at))
                assert ring == "solid 2px", (name, said)
        assert sorted(set(wanted) - met) == [], name


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_without_script_everything_works(visit: Visit, house: House, size):
    page = visit.page(size=size, script=False)
    page.locator(".row", has_text="Pricing").click()
    if size is PHONE:
        page.locator(".lead-strip").click()
    page.locator("#quick-note").click()
    page.locator("textarea[name=text]").fill("No script here.")
    page.locator("text=Save note").click()
    expect(page.locator("#toasts")).to_contain_text("Note saved")
    expect(page.locator(".timeline")).to_contain_text("No script here.")
    page.locator("#stage-menu").click()
    page.locator("button[name=stage][value=won]").click()
    expect(page.locator("#toasts")).to_contain_text("Closed as Won")
    assert stage_of(house, "Bob Tanaka") == "won"
    page.locator("text=Undo").click()
    expect(page.locator("#toasts")).not_to_contain_text("Closed as")
    assert stage_of(house, "Bob Tanaka") == "new"
    if size is WIDE:
        page.locator(".choices button", has_text="Carla").click()
        expect(page.locator("#add-lead")).to_be_visible()


def test_an_unknown_sender_becomes_a_lead(visit: Visit, house: House):
    page = visit.page(paths(house)["someone unknown"])
    page.locator("input[name=name]").fill("Jan Petersen")
    page.locator("#add-lead").click()
    expect(page.locator("#lead-name")).to_have_text("Jan Petersen")
    expect(page.locator("#toasts")).to_contain_text("is a lead now")


def test_a_change_made_elsewhere_meanwhile_is_shown(visit: Visit, house: House):
    page = visit.page(paths(house)["thread"])
    row = next(row for row in lead_list(house.desk, YOU).rows if row.name == "Bob Tanaka")
    lead_services.move_stage(house.desk, YOU, row.id, "engaged", version=row.version)
    page.locator("#stage-menu").click()
    page.locator("button[name=stage][value=sql]").click()
    expect(page.locator("#conflict")).to_contain_text("Somebody changed this lead meanwhile")
    expect(page.locator("#conflict button:focus")).to_have_count(1)
    page.locator("#conflict button").click()
    expect(page.locator("#toasts")).to_contain_text("Moved to Sales qualified")
    visit.complaints[:] = [one for one in visit.complaints if "409" not in one]


def test_new_mail_appears_by_itself_and_focus_stays(visit: Visit, house: House):
    page = visit.page()
    held = page.locator(".row", has_text="Demo next week")
    held.focus()
    house.deliver("Erin Walsh erin@away.example", "Are you there?", hours_ago=0)
    house.sync()
    expect(page.locator(".row").first).to_contain_text("Are you there?")
    expect(page.locator("#live")).to_contain_text("New mail from Erin Walsh")
    expect(page.locator(".row:focus")).to_contain_text("Demo next week")


def test_when_the_server_is_gone_the_page_says_so(visit: Visit, house: House):
    page = visit.page(paths(house)["thread"])
    page.context.set_offline(True)
    page.locator("#stage-menu").click()
    page.locator("button[name=stage][value=sql]").click()
    expect(page.locator("#toasts")).to_contain_text("inboxcrm does not answer")
    visit.complaints.clear()


# --- strangers' mail ----------------------------------------------------------


def test_nothing_a_stranger_sent_runs(visit: Visit, house: House):
    for path in (paths(house)["html mail"], "/", "/leads", "/search?q=money"):
        page = visit.page(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.pwned") is None
        assert page.locator("bdi", has_text="<script>").count() or path == "/search?q=money"


def test_a_mail_in_its_frame_is_whole_quiet_and_as_tall_as_it_needs(visit: Visit, house: House):
    page = visit.page(paths(house)["html mail"])
    frame = page.frame_locator("iframe.frame")
    expect(frame.locator("body")).to_contain_text("as promised")
    expect(frame.locator(".bar")).to_contain_text("1 remote image is not loaded")
    expect(frame.locator(".image")).to_have_text("Our logo")
    page.wait_for_function(
        "document.querySelector('iframe.frame').getBoundingClientRect().height > 900"
    )
    inner = page.evaluate(
        "document.querySelector('iframe.frame').contentDocument.documentElement.scrollHeight"
    )
    assert abs(page.locator("iframe.frame").bounding_box()["height"] - inner) < 12
    assert page.evaluate(
        "document.querySelector('iframe.frame').contentWindow.eval ? 'there' : ''"
    ) in {"there", ""}
    assert frame.locator("script, svg, form, [onload], [onerror]").count() == 0


def test_images_are_asked_for_by_hand(visit: Visit, house: House):
    page = visit.page(paths(house)["html mail"])
    page.context.route(
        "https://cdn.example/**",
        lambda route: route.fulfill(status=200, content_type="image/png", body=b""),
    )
    frame = page.frame_locator("iframe.frame")
    assert not visit.elsewhere
    frame.locator(".bar a").click()
    expect(frame.locator("img[src='https://cdn.example/logo.png']")).to_have_count(1)
    assert visit.elsewhere == ["https://cdn.example/logo.png"]
    visit.asked.clear()
    visit.complaints.clear()


# --- for everybody ------------------------------------------------------------


def test_axe_finds_nothing_in_open_menus_and_forms(visit: Visit, house: House):
    page = visit.page(paths(house)["thread"])
    for opener in ("#stage-menu", "#quick-note", "#quick-task", "#quick-edit"):
        page.locator(opener).click()
        assert not axe_findings(page), opener
        page.keyboard.press("Escape")


def test_the_panel_works_in_a_frame_of_320_pixels(visit: Visit, house: House):
    """As beside the mail: a page of our own frames /sidebar."""
    page = visit.page("/healthz", size={"width": 340, "height": 800})
    page.evaluate(
        "path => { document.body.replaceChildren(Object.assign(document.createElement('iframe'), {src: path, width: 320, height: 760})) }",
        paths(house)["sidebar"],
    )
    visit.complaints.clear()
    frame = page.frame_locator("iframe")
    expect(frame.locator("#lead-name")).to_have_text("Bob Tanaka")


def test_dark_is_dark(visit: Visit, house: House):
    page = visit.page(paths(house)["html mail"], dark=True)
    grounds = [
        body.evaluate("one => one.ownerDocument.defaultView.getComputedStyle(one).backgroundColor")
        for body in (page.locator("body"), page.frame_locator("iframe.frame").locator("body"))
    ]
    for ground in grounds:
        assert max(int(part) for part in re.findall(r"\d+", ground)[:3]) < 60
