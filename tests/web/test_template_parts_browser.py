"""Files, tests and missing fields of a template in a real browser: without script, on a phone, for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from inboxcrm.services.snippets import save_snippet
from inboxcrm.services.templates import save_template, templates
from inboxcrm.views.templates import template_list
from tests.web.browsing import PHONE, WIDE, Visit, axe_findings, visiting
from tests.web.house import YOU, House
from tests.web.merging import EVERYBODY, may_send

pytestmark = pytest.mark.browser

LONG = "a-very-long-name-of-a-file-that-nobody-would-give-and-somebody-did-" * 2


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    may_send(house)
    save_snippet(house.desk, YOU, name="Opening hours", text="9 to 5")
    save_template(
        house.desk, YOU, name="hello", subject="Hello", text="{{ phone }} {{ organization }} {{ snippet('opening hours') }}",
        fallbacks={"organization": "your firm"},
    )  # fmt: skip
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not found.complaints


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True)], ids=["wide", "phone"])
def test_a_file_is_added_and_the_pages_fit_and_are_for_everybody(visit, house, size, dark):
    path = f"/templates/{template_list(house.desk, YOU)[0].id}"
    page = visit.page(path, size=size, dark=dark, script=False)
    page.get_by_label("Another one, 18 MB in all").set_input_files(
        {"name": f"{LONG}.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2_000}
    )
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".files li")).to_contain_text("2.0 kB")
    assert templates(house.desk, YOU)[0].number == 2
    for one in (
        path,
        f"/templates/missing?template=hello&segment={EVERYBODY}",
        "/snippets",
        "/mailboxes",
    ):
        page = visit.page(one, size=size, dark=dark)
        if one == "/mailboxes":
            page.get_by_text("Signature", exact=False).first.click()
            expect(page.get_by_label("As text")).to_be_visible()
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), one
        assert axe_findings(page) == [], one
