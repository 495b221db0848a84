"""Reports in a real browser: a figure leads to its mails, also on a phone, in the dark, without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.services.cadences import start
from inboxcrm.store.tables import outbox
from tests.web.browsing import PHONE, Visit, axe_findings, visiting
from tests.web.house import YOU, House
from tests.web.merging import a_merge, a_template, may_send, put

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, house: House) -> Iterator[Visit]:
    may_send(house)
    a_template(house, "A rather long name for a template of a mail to everybody who ever asked")
    a_merge(house, template="A rather long name for a template of a mail to everybody who ever asked")  # fmt: skip
    start(house.desk, YOU, "Autumn")
    for name in ("Ines Duarte", "Oskar Lind"):
        put(house, name, OutboxState.SENT)
    with house.database.write() as tx:
        tx.execute(update(outbox).where(outbox.c.to_address.like("oskar%")).values(fared="gone"))
    with visiting(browser, house) as found:
        yield found
        assert not found.elsewhere
        assert not found.complaints


def test_a_figure_leads_to_its_mails_on_a_phone_in_the_dark_without_script(visit: Visit):
    page = visit.page("/cadences/reports", size=PHONE, dark=True, script=False)
    expect(page.locator(".report-sheet tbody tr")).to_have_count(1)
    page.get_by_role("link", name="By step").click()
    expect(page.locator(".report-sheet tbody th")).to_contain_text("Autumn, Step 1")
    page.get_by_role("link", name="1 Bounced", exact=True).click()
    expect(page.locator("h1")).to_have_text("Bounced: 1")
    expect(page.locator(".mails li")).to_have_count(1)
    wide = visit.page("/cadences/reports?by=step")
    expect(wide.locator(".meanings")).to_be_visible()
    assert axe_findings(wide) == []
    phone = visit.page("/cadences/reports?by=step", size=PHONE)
    expect(phone.locator(".meanings")).to_be_visible()
    assert axe_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
