"""The demo on a fast clock, in a real browser and from the command line: from a segment to an answer that stops what was
to follow; and every figure of its numbers, down to the leads behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.chromium import PATIENCE_MS
from tests.journeys.home import Home, until

pytestmark = pytest.mark.browser

SPEED = "60"
DESK = {"width": 1280, "height": 800}


@dataclass(frozen=True, slots=True)
class Demo:
    page: Page
    url: str
    config: str

    def go(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page


@pytest.fixture(scope="module")
def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """All of its mail is read, and Alice's past is played."""
    folder: Path = tmp_path_factory.mktemp("fast")
    home = Home(folder, capfd=None)
    program = home.start("demo", "--port", "0", "--folder", "mine", "--speed", SPEED)
    link = program.first_line("Open +http").split()[1]
    program.first_line("Read:")
    context = browser.new_context(viewport=DESK, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(link)
    yield Demo(page, link.partition("/enter")[0], str(folder / "mine" / "config.toml"))
    context.close()
    assert program.end().code == 0
    home.check_manners()


def make_template(demo: Demo, name: str, subject: str) -> None:
    page = demo.go("/templates/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Subject").fill(subject)
    page.get_by_label("Text", exact=True).fill("Good day,\n\nwill you come?\n")
    page.get_by_role("button", name="Check it and see a mail").click()
    expect(page.locator("#tried .letter h3")).to_have_text(subject)
    page.get_by_role("button", name="Save it").click()
    expect(page.locator("h1")).to_have_text(name)


def test_by_the_pages_from_a_segment_to_an_answer_that_stops_it(demo: Demo):
    page = demo.go("/segments/new")
    page.get_by_label("Name").fill("In talks")
    page.get_by_label("Another condition").select_option("Stage")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("checkbox", name="Engaged").check()
    page.get_by_role("checkbox", name="Marketing qualified").check()
    page.get_by_role("button", name="Look who that is").click()
    expect(page.locator("#look .sum")).to_contain_text("would get mail")
    page.get_by_role("button", name="Save it").click()
    expect(page.locator("h1")).to_have_text("In talks")
    make_template(demo, "Fair", "Come to our fair")
    make_template(demo, "Fair again", "Still a place at our fair")

    page = demo.go("/segments")
    page.get_by_role("link", name="Write to them : In talks").click()
    page.locator("input[name=template][value='Fair']").check()
    page.locator("[name=hours]").select_option("any")
    page.get_by_label("Name", exact=True).fill("Spring fair")
    page.get_by_role("button", name="Make it and look at the mails").click()
    expect(page.locator("h1")).to_contain_text("Spring fair")
    expect(page.locator(".letter h3").first).to_have_text("Come to our fair")
    page.get_by_role("link", name="Change the steps").click()
    page.get_by_role("button", name="Add a mail").click()
    page.locator("[name=template-2]").select_option("1:Fair again")
    page.get_by_role("button", name="Look who gets what differently").click()
    page.get_by_role("button", name="Save these steps").click()
    expect(page.locator(".steps li")).to_have_count(2)
    page.get_by_role("link", name="See the whole plan").click()
    expect(page.locator("h1")).to_have_text("What would go, and when")
    reminder = page.locator("details", has_text="Re: Come to our fair").first
    reminder.locator("summary").click()
    expect(reminder.get_by_text("will you come?")).to_be_visible()
    page.get_by_role("link", name="Spring fair").click()

    asked = page.locator("label[for=count]").inner_text()
    page.locator("#count").fill(re.match(r"\d+", asked)[0])
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("h1 .chip")).to_have_text("running")
    path = page.url.removeprefix(demo.url).partition("?")[0]

    demo.go("/")
    answer = page.locator("#rows .row", has_text="Come to our fair").filter(has_text="we owe")
    expect(answer.first).to_be_visible(timeout=4 * PATIENCE_MS)
    stopped = demo.go(f"{path}?state=stopped").locator(".mails .row")
    until(lambda: stopped.count() or page.reload() is None)
    stopped.first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"\S+@\S+ wrote on"))


def test_by_commands_from_a_segment_to_an_answer_that_stops_it(demo: Demo, home: Home):
    """The demo's worker sends and reads; commands in its folder go by the same fast clock."""

    def told(*words: str):
        said = home.type("--config", demo.config, *words, "--json")
        assert said.code == 0, said.err
        return said.document

    told("segment", "save", "Further on", "stage is sal or stage is sql or stage is opportunity")
    many = told("segment", "count", "Further on")["count"]
    for name, subject in (("visit", "May we visit"), ("visit again", "Next week then")):
        text = home.file(f"{subject}.txt", f"Subject: {subject}\n\nGood day,\n\nmay we come?\n")
        told("template", "save", name, "--text", text)
    merge = ("--template", "visit", "--segment", "Further on", "--mailbox", "alice", "--any-hour")
    told("cadence", "merge", "Visits", *merge, "--gap", "0", "--no-ramp", "--day-cap", "400")
    told("cadence", "step", "Visits", "--after", "2 days", "--template", "visit again")
    assert {one["subject"] for one in told("cadence", "preview", "Visits")["previews"]} == {"May we visit"}  # fmt: skip
    count = told("cadence", "start", "Visits")["people"]
    assert 0 < count <= many
    plan = told("cadence", "plan", "Visits", "--days", "30")
    assert len(plan["mails"]) == 2 * count
    told("cadence", "start", "Visits", "--expect", str(count), "--yes")

    def people(state: str) -> set[str]:
        mails = told("outbox", "list", "--state", state)["mails"]
        return {one["to"] for one in mails if one["cadence"] == "Visits"}

    def answered() -> set[str]:
        # Answers are heeded before mail is sent; the worker does so when some is due. Both may be at it at once.
        home.type("--config", demo.config, "cadence", "run", "--mailbox", "alice", "--yes")
        return people("sent") & people("cancelled")

    who = min(until(answered))
    why = home.type("--config", demo.config, "cadence", "why", who).out
    assert re.search(r"Visits: stopped\. \S+ wrote on", why), why


def test_every_figure_of_the_numbers_opens_its_leads(demo: Demo):
    """Each figure that counts leads leads to as many; behind each of them stand leads one can open."""
    figures = links_to_leads(demo)
    assert len(figures) > 30
    for shown, href in figures:
        until(lambda shown=shown, href=href: tells_as_many(demo, shown, href))
    demo.page.locator("tbody th a").first.click()
    expect(demo.page.locator("#lead-name")).to_be_visible()


def links_to_leads(demo: Demo) -> list[tuple[str, str]]:
    links = demo.go("/pipeline/numbers").locator("#main a[href*='/numbers/leads']")
    return links.evaluate_all("all => all.map(one => [one.innerText, one.getAttribute('href')])")


def tells_as_many(demo: Demo, shown: str, href: str) -> bool:
    """Mail keeps arriving, so a count that has changed is read anew. Some figures count stays, or how often a date was
    put off: the page behind them says so beside its leads.
    """
    page = demo.go(href)
    said = re.findall(r"\b([\d,]+|one) (?:stays?|times?)\b", page.locator("#main").inner_text())
    told = int(re.search(r": ([\d,]+) leads?$", page.locator("h1").inner_text())[1].replace(",", ""))  # fmt: skip
    rows = page.locator("tbody tr").count()
    if not re.fullmatch(r"[\d,]+", shown) or shown in said or (shown == "1" and "one" in said):
        return rows > 0
    if int(shown.replace(",", "")) == told and (rows == told or rows >= 50):
        return True
    now = {shown.replace(",", "") for shown, link in links_to_leads(demo) if link == href}
    return str(told) in now or not now
