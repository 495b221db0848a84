"""The limits of a mailbox on its page."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.mailbox_limits import limits_of_mailbox
from inboxcrm.store.senders import SenderLimits
from inboxcrm.store.tables import cadence
from tests.web.house import YOU, House, hidden_fields
from tests.web.merging import EVERYBODY, a_running_merge, ready, seen, text_of


@pytest.fixture
def house(house: House) -> House:
    ready(house)
    for name in ("Kim Lake", "Eve Sand", "Kay Moor"):
        create_lead(house.desk, YOU, f"{name[:3].lower()}@{name[-4:].lower()}.example", name)
    return house


@pytest.fixture
def box(house) -> str:
    return house.desk.ids.seal("mailbox", 1)


def save(client, box: str, **fields: str):
    path = f"/mailboxes/{box}/limits"
    hidden = hidden_fields(text_of(client.get("/mailboxes")), path)
    return client.post(path, data=hidden | {"day_cap": "", "gap_seconds": "", "zone": ""} | fields)


def test_they_are_set_on_its_page_and_shown_there(client, house, box):
    a_running_merge(house)
    assert save(client, box, day_cap="1", gap_seconds="300", zone="asia/tokyo").status_code == 303
    page = text_of(client.get("/mailboxes"))
    told = seen(client.get("/mailboxes"))
    assert "1 mail in 24 hours at most, 300 seconds apart." in told
    assert limits_of_mailbox(house.desk, YOU, box) == SenderLimits(1, 300, "Asia/Tokyo")
    for name, value in (("day_cap", "1"), ("gap_seconds", "300"), ("zone", "Asia/Tokyo")):
        assert re.search(rf'name="{name}"[^>]* value="{value}"', page), name


def test_how_many_mails_go_at_another_time_is_said(client, house, box):
    a_running_merge(house)
    save(client, box, day_cap="1")
    assert re.search(
        r"These are the limits of sales now. \d+ mails go at another time.",
        seen(client.get("/mailboxes")),
    )
    save(client, box, day_cap="1", zone="Asia/Tokyo")
    assert "go at another time" not in seen(client.get("/mailboxes"))


def test_what_is_wrong_stands_beside_what_was_typed(client, house, box):
    answer = save(client, box, day_cap="many", gap_seconds="<b>", zone="Mars")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Write a number from 1 to 2000." in page
    assert "is no time zone" in page
    assert 'value="many"' in page
    assert 'value="&lt;b&gt;"' in page
    assert limits_of_mailbox(house.desk, YOU, box) == SenderLimits()


def test_a_cadence_that_names_no_zone_begins_with_that_of_its_mailbox(client, house, box):
    save(client, box, zone="Asia/Tokyo")
    assert "Time zone; empty is that of the mailbox" in seen(client.get("/cadences/new"))
    hidden = hidden_fields(text_of(client.get("/cadences/new")), "/cadences/new")
    said = {"do": "make", "name": "Winter", "template": "hello", "mailbox": "sales"}
    answer = client.post(
        "/cadences/new", data=hidden | said | {"which": "written", "segment": EVERYBODY}
    )
    assert answer.status_code == 303
    with house.database.read() as tx:
        assert '"zone": "Asia/Tokyo"' in tx.execute(select(cadence.c.rules)).scalar_one()
