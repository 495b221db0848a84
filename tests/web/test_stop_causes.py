"""The words of a stop lead to the very mail, on every page that tells them; whoever may not read it is told its day."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from inboxcrm.services.heeding import heed_mail
from inboxcrm.store.tables import lead, mailbox, outbox
from inboxcrm.store.upserts import one_at_a_time
from tests.web.house import House
from tests.web.merging import a_running_merge, ready, seen, text_of

INES = "Ines Duarte ines@mares.example"
HIDDEN = "A mail of 14 May, in a mailbox you cannot read."


@pytest.fixture
def house(house: House) -> House:
    """Ines answered after the start."""
    a_running_merge(ready(house))
    house.deliver(INES, "Off the list", "Please take me off your list, thank you.", hours_ago=-1)
    house.sync()
    with house.database.write() as tx:
        one_at_a_time(tx)
        assert heed_mail(tx, house.desk, None).stopped == 1
    return house


def pages(house: House) -> dict[str, str]:
    """Where a stop of hers is told: her own page, the cadence's, the mail's."""
    seal = house.desk.ids.seal
    with house.database.read() as tx:
        number = tx.execute(select(lead.c.id).where(lead.c.name == "Ines Duarte")).scalar_one()
        mail = tx.execute(select(outbox).where(outbox.c.lead_id == number)).one()
    path = f"/cadences/{seal('cadence', mail.cadence_id)}"
    return {
        "lead": f"/leads/{seal('lead', number)}",
        "cadence": path,
        "mail": f"{path}/mails/{seal('outbox', mail.id)}",
    }


def ways(text: str) -> set[str]:
    return set(re.findall(r'href="(/threads/\w+#m-\w+)"', text))


def test_every_page_leads_to_the_mail(client, house):
    found = {name: ways(text_of(client.get(path))) for name, path in pages(house).items()}
    (way,) = found["mail"]
    assert all(way in one for one in found.values())
    place, _, anchor = way.partition("#")
    thread = text_of(client.get(place))
    assert f'id="{anchor}"' in thread
    assert "take me off your list" in thread
    assert way in ways(thread), "the panel beside the mail leads there as well"


def test_whoever_may_not_read_it_is_told_the_day_and_no_word(house, bea):
    with house.database.write() as tx:
        tx.execute(update(mailbox).values(owner_id=1, visibility="private"))
    for name, path in pages(house).items():
        answer = bea.get(path)
        assert ways(text_of(answer)) == set(), name
        assert HIDDEN in seen(answer), name
        assert "take me off" not in text_of(answer), name
