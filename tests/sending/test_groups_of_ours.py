"""People write to sales@, which is a group: they become leads, and what they answer and ask is heard."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from inboxcrm.store.tables import address, lead_address
from tests.sending.incoming import (
    BOB,
    come,
    first_mails_back,
    heed,
    letter,
    standing,
    suppressed,
)
from tests.sending.keeping import NewOffice
from tests.sending.office import Office

GROUP = (
    "Precedence: list",
    "Mailing-list: list sales@seller.example; contact sales+owners@seller.example",
    "List-ID: <sales.seller.example>",
    "List-Unsubscribe: <mailto:googlegroups-manage+77+unsubscribe@googlegroups.example>",
    "To: sales@seller.example",
)
VIA = (
    "From: \"'Bob Tanaka' via Sales\" <sales@seller.example>",
    f"X-Original-From: Bob Tanaka <{BOB}>",
)


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    return first_mails_back(new_office, "bob", reminders=1)


def test_an_answer_through_the_group_stops(office: Office):
    come(office, letter(*GROUP))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "reply")


def test_who_asks_through_the_group_not_to_be_written_to_is_heard(office: Office):
    come(office, letter(*GROUP, *VIA, text="Please take me off your list."))
    heed(office)
    assert standing(office)[BOB] == ("stopped", "opt_out")
    assert suppressed(office) == {BOB: "opt_out"}


@pytest.mark.parametrize(
    "via",
    [
        ("From: Fiona Abara <fiona@stone.example>",),
        (
            "From: \"'Fiona Abara' via Sales\" <sales@seller.example>",
            "Reply-To: fiona@stone.example",
        ),
    ],
)
def test_a_stranger_who_writes_to_the_group_becomes_a_lead(office: Office, via: tuple[str, ...]):
    come(office, letter(*GROUP, *via, subject="Seats", text="What would 40 seats cost?"))
    assert "fiona@stone.example" in leads(office)


def test_a_newsletter_that_comes_to_the_group_does_not(office: Office):
    come(
        office,
        letter(
            *GROUP,
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            sender="Shop <news@shop.example>",
        ),
    )
    assert "news@shop.example" not in leads(office)


def leads(office: Office) -> set[str]:
    with office.desk.database.read() as tx:
        found = select(address.c.key).join(lead_address, lead_address.c.address_id == address.c.id)
        return set(tx.execute(found).scalars())
