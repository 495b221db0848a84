"""Reports on cadences as pages: every figure with its meaning, and behind every figure its mails."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.reports import By, Figure
from inboxcrm.services.cadences import start
from inboxcrm.services.lead_making import create_lead
from inboxcrm.store.tables import cadence, outbox
from tests.statements import statements_seen
from tests.web.house import YOU, House
from tests.web.merging import a_merge, a_running_merge, put, ready, seen, text_of


@pytest.fixture
def house(house: House) -> House:
    return ready(house)


@pytest.fixture
def running(house: House) -> str:
    """Ines got hers, Oskar's came back; the third one's is unconfirmed."""
    path = a_running_merge(house)
    put(house, "Ines Duarte", OutboxState.SENT)
    put(house, "Oskar Lind", OutboxState.SENT)
    put(house, "Bob Tanaka", OutboxState.UNCONFIRMED)
    with house.database.write() as tx:
        tx.execute(
            update(outbox)
            .where(outbox.c.to_address.like("oskar%"))
            .values(fared="gone", handed_over_at=outbox.c.due_at)
        )
    return path


def test_a_house_that_sent_nothing_says_so_and_what_the_figures_will_mean(client, house):
    page = seen(client.get("/cadences/reports"))
    assert "No mail of a cadence has left yet" in page
    assert "Addresses from which a mail came back for good" in page
    assert "Opens and clicks: they are not tracked" in page


@pytest.mark.parametrize("by", [*By, "nonsense", ""])
def test_figures_stand_with_their_shares_whatever_they_are_grouped_by(client, running, by):
    page = seen(client.get(f"/cadences/reports?by={by}"))
    assert "3 mails to 3 leads" in page
    assert re.search(r"Sent 3 Sent +Unconfirmed 1 Unconfirmed 33\.3 % +Bounced 1 Bounced 33\.3 % +"
                     r"Not bounced 2 Not bounced 66\.7 % +Replied 0 +Positive 0 +Opted out 0 +Complained 0", page), page  # fmt: skip


def test_every_figure_opens_the_mails_behind_it(client, running):
    page = text_of(client.get("/cadences/reports"))
    links = {key: href for href, key in re.findall(r'href="(/cadences/reports/(\w+)[^"]*)"', page)}
    assert set(links) == {"sent", "unconfirmed", "bounced", "not_bounced"}
    assert "Bounced: 1" in seen(client.get(links["bounced"].replace("&amp;", "&")))
    behind = seen(client.get(links["not_bounced"].replace("&amp;", "&")))
    assert "Ines Duarte" in behind
    assert "Bob Tanaka" in behind
    assert "Oskar Lind" not in behind
    assert "There are none." in seen(client.get("/cadences/reports/replied"))


def test_a_cadence_shows_its_own_figures_by_step(client, house, running):
    page = text_of(client.get(running))
    assert "What came of it" in page
    assert "Step 1: " in seen(client.get(running))
    link = re.search(r'href="(/cadences/reports\?cadence=[^"]+)"', page)[1].replace("&amp;", "&")
    assert "What came of Autumn" in seen(client.get(link))
    draft = a_merge(house, "Draft", segment="source is unset")
    assert "What came of it" not in text_of(client.get(draft))


@pytest.mark.parametrize(
    "path",
    [
        "/cadences/reports/opened",
        "/cadences/reports?cadence=made-up",
        "/cadences/reports/sent?mailbox=made-up",
        "/cadences/reports/sent?version=x",
        "/cadences/reports/sent?week=tomorrow",
        "/cadences/reports/sent?week=0001-01-01&cadence=aaaaaaaa",
    ],
)
def test_what_is_made_up_is_not_there(client, running, path):
    assert client.get(path).status_code == 404


def test_a_step_or_week_nobody_had_is_empty(client, running):
    for query in ("step=s9", "week=2020-01-06", "step=%00%0a<b>", "step=" + "x" * 10_000):
        assert "There are none." in seen(client.get(f"/cadences/reports/sent?{query}"))


def test_hostile_names_stay_text(client, house, running):
    evil = "<img src=x onerror=alert(1)>{{ 7*7 }}\u202e"
    with house.database.write() as tx:
        tx.execute(update(cadence).values(name=evil))
    for path in ("/cadences/reports", "/cadences/reports?by=step", "/cadences/reports/sent"):
        page = text_of(client.get(path))
        assert "<img src=x" not in page
        assert "\u202e" not in page
        assert "{{ 7*7 }}" in page


def test_pages_ask_a_fixed_number_of_questions(client, house, running):
    paths = [*(f"/cadences/reports?by={by}" for by in By), *(f"/cadences/reports/{one}" for one in Figure)]  # fmt: skip

    def questions() -> list[int]:
        found = []
        for path in paths:
            with statements_seen() as asked:
                assert client.get(path).status_code == 200
            found.append(len([one for one in asked if one.lstrip().startswith(("SELECT", "WITH"))]))
        return found

    few = questions()
    for number in range(60):
        create_lead(house.desk, YOU, f"guest{number}@hotel{number}.example", f"Guest {number}")
    start(house.desk, YOU, "Autumn")
    with house.database.write() as tx:
        tx.execute(update(outbox).values(state="sent"))
        assert len(tx.execute(select(outbox.c.id)).all()) == 63
    assert questions() == few
    assert max(few) < 16, few
    assert "Earlier ones" in text_of(client.get("/cadences/reports/sent"))
