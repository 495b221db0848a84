"""What strangers and colleagues wrote, on every page that shows it, in the real browser: it is text and nothing else.

One house holds every string of `evasions.py` in every place that takes words. The browser watches each page for what a
hole would show: the flag, a sum worked out, an element or attribute that is not ours, a link to run, a request to
elsewhere, a way off the page, a dialog, another window, a complaint of the policy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select

from inboxcrm.leads.fields import LeadField
from inboxcrm.mail.message import Attachment
from inboxcrm.services import lead_marks, lead_talks, leads, tasks
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.organizations import rename_organization
from inboxcrm.services.review_rules import make_rule, rehearse_rule
from inboxcrm.services.sessions import open_session
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.store import queue
from inboxcrm.store.accounts import insert_account, update_account
from inboxcrm.store.sessions import note_audit
from inboxcrm.store.tables import mailbox, organization, thread
from inboxcrm.views.leads import lead_list
from inboxcrm.worker.runner import this_runner
from tests.chromium import PATIENCE_MS
from tests.web.browsing import WIDE, serving
from tests.web.evasions import ALL_AT_ONCE, EVASIONS, LOADS, PLACES, RUNS, SUM
from tests.web.house import ALICE, TOKEN, YOU, House, Letters

pytestmark = pytest.mark.browser

STRINGS = [one for strings in EVASIONS.values() for one in strings]
BULK = (("list-unsubscribe", "<mailto:off@news.example>"), ("precedence", "bulk"))

# A panel beside somebody else's page, told what lies open there.
POST_CONTEXT = """said => {
  const form = Object.assign(document.createElement("form"), { method: "post", action: "/sidebar/context" });
  const add = (name, value) => form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  add("csrf_token", document.querySelector("meta[name=csrf-token]").content);
  add("context", said);
  document.body.append(form);
  form.submit();
}"""
WITH_IMAGES = """() => Promise.all([...document.querySelectorAll("iframe")].map((frame) => new Promise((done) => {
  frame.addEventListener("load", done);
  frame.src = frame.getAttribute("src").split("?")[0] + "?images=1";
})))"""
HERE = Path(__file__).parent
NOT_OURS = (HERE / "what_is_not_ours.js").read_text()
BARE_PAGES = (HERE / "bare_pages.js").read_text()


@dataclass
class Watch:
    """A browser that keeps everything it was made to do."""

    context: BrowserContext
    url: str
    seen: list[str] = field(default_factory=list)
    now_at: str = ""

    def __post_init__(self) -> None:
        self.context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.abort())
        self.context.on("request", lambda asked: self._asked(asked.url))
        self.page: Page = self.context.new_page()
        self.context.on("page", lambda page: self._note(f"another window: {page.url}"))
        self.page.on("dialog", lambda dialog: (self._note("a dialog"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self._note(f"an error: {error}"))
        self.page.on("console", lambda said: said.type == "error" and self._note(said.text))

    def _note(self, what: str) -> None:
        # A refusal we asked for is the only thing a browser may report.
        if "the server responded with a status of 4" not in what:
            self.seen.append(f"{self.now_at}: {what}")

    def _asked(self, address: str) -> None:
        if not address.startswith((f"{self.url}/", "data:", "about:", "blob:")):
            self._note(f"asked {address}")

    def look(self, path: str, *, shows: bool = True) -> None:
        self.now_at = path
        self.page.goto(self.url + path, wait_until="domcontentloaded")
        self.check(shows=shows)

    def check(self, *, shows: bool = True) -> None:
        stands = self.page.url
        told = self.page.evaluate(NOT_OURS, SUM)
        self.seen += [f"{self.now_at}: {one}" for one in told["found"]]
        if shows and not told["isThere"]:
            self._note("nothing hostile stands on this page; it proves nothing")
        if self.page.url != stands or not stands.startswith(f"{self.url}/"):
            self._note(f"led away to {self.page.url}")

    def look_through(self, path: str) -> int:
        """A list to its end; how many pages it had."""
        count = 0
        while path:
            self.look(path)
            count += 1
            onward = self.page.locator("a.button[href*='after='], a.button[href*='before=']")
            path = onward.last.get_attribute("href") if onward.count() else ""
        return count


class HostileHouse(House):
    """Mail, leads, tasks and firms hold every string, longer pages a third of them; a place for one holds ALL_AT_ONCE."""

    def __init__(self, folder: Path, migrated: Path) -> None:
        super().__init__(folder, migrated)
        labels = {f"f{number}": text for number, text in enumerate(STRINGS[2::3])}
        own = (LeadField(key, text[:80]) for key, text in labels.items())
        self.desk = replace(self.desk, lead_fields=tuple(own))
        declare_mailboxes(
            self.desk,
            [
                Declared("sales", "gmail", ALICE),
                Declared(ALL_AT_ONCE[:90], "gmail", "back@ourfirm.example"),
            ],
        )
        self._mail()
        self._people()
        self._leads(labels)
        self._rules()
        self._boxes()

    def _mail(self) -> None:
        """Of each class one thread; of each string a doubtful sender or a newsletter besides."""
        number = 0
        for name, strings in EVASIONS.items():
            for text in strings:
                number += 1
                # Of one name only one is taken for somebody; digits make no other name of it.
                tail = chr(97 + number // 26) + chr(97 + number % 26) + "x"
                self.deliver(
                    f"{text} N{tail} who{number}@firm{number}.example",
                    " ".join(strings),
                    text,
                    html=f"<p>before</p>{text}<p>after</p>" if number % 4 else "",
                    thread=name.replace(" ", "-"),
                    hours_ago=200 - number,
                    cc=[f"{text} Too{tail} cc{number}@firm{number}.example"],
                    attachments=(Attachment("2", text, text, 9), Attachment("3", text, "image/png", 9, is_inline=True)),
                )  # fmt: skip
                if number % 2:
                    self.deliver(f"{text} Info{tail} info@house{number}.example", text, text, hours_ago=100 - number)  # fmt: skip
                else:
                    self.deliver(f"{text} News{tail} news@news{number}.example", text, text, headers=BULK, hours_ago=300 - number)  # fmt: skip
        self.sync()
        private = Letters()
        ref = self.deliver(
            f"{STRINGS[0]} who1@firm1.example",
            ALL_AT_ONCE,
            ALL_AT_ONCE,
            to=["back@ourfirm.example"],
        )
        private.held[ref] = self.letters.held.pop(ref)
        sync_mailbox(self.desk, private, ALL_AT_ONCE[:90], runner=this_runner())

    def _people(self) -> None:
        with self.database.write() as tx:
            tx.execute(mailbox.update().values(owner_id=1))
            update_account(tx, 1, name=ALL_AT_ONCE, address=f"{ALL_AT_ONCE}@ourfirm.example")
            for number, text in enumerate(STRINGS[::3]):
                found = insert_account(
                    tx, name=text, role="rep", address=f"{text}@{number}.example", created_at=0
                )
                note_audit(tx, at=number, account_id=found, kind="invite", about=text)
            for text in STRINGS[1::3]:
                open_session(tx, 1, browser=text, now=self.machine.now())
            tx.execute(mailbox.update().where(mailbox.c.id == 2).values(visibility="private", owner_id=2))  # fmt: skip

    def _leads(self, labels: dict[str, str]) -> None:
        rows = {row.address: row.id for row in lead_list(self.desk, YOU, limit=200).rows}
        self.first = first = rows["who1@firm1.example"]
        for number, text in enumerate(STRINGS):
            if number % 3 == 0:
                tasks.add_task(self.desk, YOU, first, text, date(2026, 5, 12))
            elif number % 3 == 1:
                leads.add_note(self.desk, YOU, first, text)
            else:
                lead_talks.log_call(self.desk, YOU, first, text=text)
            if len(text) <= 60:
                other = rows[f"who{number + 1}@firm{number + 1}.example"]
                lead_marks.add_tag(self.desk, YOU, other, text)
                lead_marks.add_tag(self.desk, YOU, first, text) if number % 4 == 0 else None
        fields = {"source": ALL_AT_ONCE, "phone": ALL_AT_ONCE[:100], "custom": labels}
        leads.edit_lead(self.desk, YOU, first, version=1, changes=fields)
        with self.database.read() as tx:
            held = {row.domain: row for row in tx.execute(organization.select())}
        for number, text in enumerate(STRINGS, 1):
            row = held[f"firm{number}.example"]
            sealed = self.desk.ids.seal("organization", row.id)
            rename_organization(self.desk, YOU, sealed, text, was=row.name)

    def _rules(self) -> None:
        for number in (1, 3, 5):
            given = {"domain": f"house{number}.example", "outcome": "ignored"}
            seen = rehearse_rule(self.desk, YOU, **given).fingerprint
            make_rule(self.desk, YOU, **given, fingerprint=seen)

    def _boxes(self) -> None:
        """Mail set aside, for reasons in a stranger's words."""
        with self.database.write() as tx:
            refs = [(f"r{number}", "") for number in range(len(STRINGS))]
            queue.enqueue(tx, 1, refs, priority=0)
            for number, text in enumerate(STRINGS):
                queue.quarantine(tx, 1, f"r{number}", reason=text, mentions=[], parser_version=1)

    def sealed(self, kind: str, table, **where) -> list[str]:
        with self.database.read() as tx:
            rows = tx.execute(table.select().filter_by(**where).order_by(table.c.id)).all()
        return [self.desk.ids.seal(kind, row.id) for row in rows]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, migrated_sqlite) -> Iterator[HostileHouse]:
    house = HostileHouse(tmp_path_factory.mktemp("hostile"), migrated_sqlite)
    yield house
    house.close()


@pytest.fixture(scope="module")
def only_watch(browser: Browser, hostile: HostileHouse) -> Iterator[Watch]:
    with serving(hostile.app()) as url:
        context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        found = Watch(context, url)
        found.page.goto(f"{url}/enter?token={TOKEN}")
        yield found
        context.close()


@pytest.fixture
def watch(only_watch: Watch) -> Iterator[Watch]:
    only_watch.seen.clear()
    yield only_watch
    assert "\n".join(only_watch.seen) == ""


# --- the watch itself ---------------------------------------------------------


def test_where_nobody_escapes_the_watch_sees_it(browser: Browser) -> None:
    """Each string on a bare page of our own, in the place it breaks out of."""
    context = browser.new_context()
    asked: set[str] = set()
    context.on("request", lambda one: asked.add(urlsplit(one.url).path))
    context.route("**/*", lambda route: route.fulfill(status=200, body="<!doctype html>"))
    page = context.new_page()
    page.goto("http://127.0.0.1:9/")
    pages = [
        (text, place.replace("{}", text))
        for name, strings in EVASIONS.items()
        if name in RUNS or name in {"style", "leading away"}
        for text in strings
        for place in PLACES[name]
    ]
    ran = set(page.evaluate(BARE_PAGES, pages))
    context.close()
    assert {name for name, strings in EVASIONS.items() if ran & set(strings)} >= RUNS
    assert len(ran) > len(STRINGS) / 2
    assert asked >= LOADS


def test_what_is_not_ours_is_found_on_a_page(browser: Browser) -> None:
    """Also what does not run by itself: a page without escaping, looked at as ours are."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(status=200, body="<!doctype html>"))
    page.goto("http://127.0.0.1:9/")
    unseen = []
    for text in ("<p onmouseover=x>", "<a href='java\tscript:x'>", "<p style=color:red>", "<form action=//evil.example>", "<object>", "<style></style>", "<base href=//evil.example>", "<b hx-get=//evil.example>", "<b data-hx-on::load=x>", "<iframe srcdoc=x>", f"<p>{SUM}"):  # fmt: skip
        page.evaluate("text => { document.body.innerHTML = text; }", text)
        if not page.evaluate(NOT_OURS, SUM)["found"]:
            unseen.append(text)
    page.close()
    assert unseen == []


# --- the pages ----------------------------------------------------------------


def test_every_list_shows_them_as_words(watch: Watch, hostile: HostileHouse) -> None:
    assert watch.look_through("/") > 1
    for show in ("unknown", "waiting", "mine"):
        watch.look(f"/?show={show}")
    assert watch.look_through("/leads") > 1
    assert watch.look_through("/review") > 1
    watch.look_through("/review/ignored")
    box = hostile.sealed("mailbox", mailbox)[0]
    watch.look("/review/rules", shows=False)
    for path in ("/today", "/today/owed", "/today/tasks", "/search?q=self", "/people", "/audit", "/account", "/mailboxes", f"/mailboxes/{box}/set-aside"):  # fmt: skip
        watch.look(path)


def test_every_open_mail_shows_them_as_words(watch: Watch, hostile: HostileHouse) -> None:
    """Of each class one thread, every mail of it open in its frame; then by the keys, as htmx swaps it in."""
    with hostile.database.read() as tx:
        rows = tx.execute(select(thread.c.id, thread.c.ref).where(thread.c.mailbox_id == 1)).all()
    ids = {row.ref: hostile.desk.ids.seal("thread", row.id) for row in rows}
    for name in EVASIONS:
        watch.look(f"/threads/{ids[name.replace(' ', '-')]}")
        if name in {"handlers", "leading away"}:
            watch.page.evaluate(WITH_IMAGES)
            watch.check()
    first = watch.page.locator("iframe").first.get_attribute("src")
    watch.page.goto(watch.url + first)
    assert not watch.page.evaluate("Boolean(self.__ran)")
    watch.look(f"/threads/{ids['handlers']}/panel")
    watch.look(f"/sidebar?thread={ids['handlers']}")
    watch.look("/")
    for _ in range(4):
        watch.page.keyboard.press("j")
        row = watch.page.locator(".row:focus").get_attribute("href")
        watch.page.keyboard.press("Enter")
        watch.page.wait_for_url(f"**{row}")
        watch.page.locator("#subject").wait_for()
        watch.check()


def test_every_page_of_a_lead_shows_them_as_words(watch: Watch, hostile: HostileHouse) -> None:
    lead = f"/leads/{hostile.first}"
    assert watch.look_through(lead) > 1
    watch.look(f"{lead}?kind=note")
    firms = hostile.sealed("organization", organization)
    for one in firms[: len(STRINGS) * 3 : 37]:
        watch.look(f"/organizations/{one}")
    watch.look(f"{lead}?kind=mail")
    watch.page.get_by_role("button", name="Read it as an admin").first.click()
    watch.page.get_by_text("It is written down").wait_for()
    watch.check()


def test_what_an_address_says_is_only_words(watch: Watch, hostile: HostileHouse) -> None:
    """Reflected: what stands in a link somebody was sent."""
    said = quote(ALL_AT_ONCE, safe="")
    for path in ("/search?q={}", "/review/ignored?find={}", "/review/rules/new?for={}&outcome=ignored"):  # fmt: skip
        watch.look(path.format(said))
    for path in ("/?show={}", "/?before={}", "/leads?stage={}", "/leads?tag={}", "/leads?owner={}&sort={}", "/review?after={}&domain={}", "/review/rules?scope={}", "/today?team={}", "/threads/{}", "/mailboxes/answer?state={}&error={}", "/audit?before={}", "/welcome?token={}", "/sign-in?next=/{}", "/enter?token={}", "/nowhere/{}"):  # fmt: skip
        watch.look(path.replace("{}", said), shows=False)


def test_what_is_typed_comes_back_as_words(watch: Watch, hostile: HostileHouse) -> None:
    """In toasts, in boxes, and in forms that could not be taken."""
    page = watch.page
    watch.look(f"/leads/{hostile.first}")
    page.locator("label[for=write-call]").click()
    page.locator("#form-call [name=minutes]").evaluate("(one, said) => { one.maxLength = 500; one.value = said; }", ALL_AT_ONCE)  # fmt: skip
    page.locator("#call-text").fill(ALL_AT_ONCE)
    page.get_by_role("button", name="Log call").click()
    page.locator("#wrong-call-minutes").wait_for()
    watch.check()
    page.locator("#add-tag").fill("<svg onload=self.__ran=1>")
    page.locator("#add-tag").press("Enter")
    page.locator("#toasts .toast").wait_for()
    watch.check()
    watch.look("/review")
    for key in ("a", "x"):
        page.keyboard.press(key)
        page.locator("#toasts .toast").wait_for()
        watch.check()
        watch.look("/review")
    page.keyboard.press("m")
    page.locator("#box h2").wait_for()
    watch.check()
    watch.look("/people")
    page.locator("#f-address").fill(ALL_AT_ONCE)
    page.get_by_role("button", name="Make a link").click()
    page.locator("#p-address").wait_for()
    watch.check()
    context = {"subject": ALL_AT_ONCE, "people": [{"address": f"x{number}@y.example", "name": text} for number, text in enumerate(STRINGS[:24])]}  # fmt: skip
    for people in (context["people"], context["people"][:1]):
        watch.look("/sidebar", shows=False)
        page.evaluate(POST_CONTEXT, json.dumps(context | {"people": people}))
        page.wait_for_url("**/sidebar/context")
        watch.check()
