"""A private mailbox: what colleagues see of it on every page, and what they do not."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from inboxcrm.mail.message import Attachment
from inboxcrm.store.tables import mailbox, mailbox_member
from tests.web.house import House, path_of
from tests.web.people import join, post

SECRETS = (
    "Pricing for 40 seats", "What would 40 seats cost", "Could you send the quote", "Seat plan",
    "Security questionnaire", "Demo next week",
)  # fmt: skip

SUBJECTS = ("Pricing for 40 seats", "Security questionnaire", "Demo next week")


def make(house: House, visibility: str) -> None:
    """The mailbox is Alice's own."""
    with house.database.write() as tx:
        tx.execute(mailbox.update().values(visibility=visibility, owner_id=1))


@pytest.fixture
def places(house: House, alice: FlaskClient) -> dict[str, str]:
    """Addresses of what lies in Alice's mailbox, as she sees them."""
    thread = path_of(alice, "Pricing")
    page = alice.get(thread).get_data(as_text=True)
    lead = re.search(r'href="(/leads/[\w-]+)', page)[1]
    message = re.search(r'id="m-([\w-]+)"', page)[1]
    found = {"thread": thread, "panel": f"{thread}/panel", "lead": lead}
    found["body"] = f"/messages/{message}/body"
    files = re.findall(r'href="(/messages/[^"]+/attachments/[^"]+)"', page)
    return found | ({"attachment": files[0]} if files else {})


def text(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


def test_by_its_address_nothing_of_a_private_mailbox_opens_to_a_colleague(
    house, alice, bea, places
):
    make(house, "private")
    assert Attachment  # the mail about prices carries one
    assert "attachment" in places
    for name in ("thread", "panel", "body", "attachment"):
        assert bea.get(places[name]).status_code == 404, name
    for name in ("thread", "panel", "body"):
        assert alice.get(places[name]).status_code == 200, name


@pytest.mark.parametrize("visibility", ["private", "subjects"])
def test_no_list_and_no_search_of_a_colleague_shows_its_mail(house, alice, bea, places, visibility):
    make(house, visibility)
    pages = ["/", "/?show=waiting", "/?show=unknown", "/?show=team", "/news?seen=x", "/leads", "/today",
             "/review", "/search?q=pricing", "/search?q=seats", "/mailboxes"]  # fmt: skip
    for path in pages:
        shown = text(bea, path)
        # On Today subjects speak for leads, and those of this mailbox are open to colleagues.
        known = SUBJECTS if (path, visibility) == ("/today", "subjects") else ()
        assert [one for one in SECRETS if one in shown and one not in known] == [], path
    assert "Pricing for 40 seats" in text(alice, "/")


def test_on_a_lead_a_colleague_sees_that_there_was_a_mail_and_when(house, alice, bea, places):
    make(house, "private")
    shown = text(bea, places["lead"])
    assert "Bob Tanaka" in shown
    assert "A mail of" in shown
    assert [secret for secret in SECRETS if secret in shown] == []


def test_of_a_mailbox_with_open_subjects_the_subject_too_and_nothing_else(
    house, alice, bea, places
):
    make(house, "subjects")
    shown = text(bea, places["lead"])
    assert "Pricing for 40 seats" in shown
    assert "What would 40 seats cost" not in shown
    assert "Could you send the quote" not in shown
    assert bea.get(places["thread"]).status_code == 404


def test_a_member_of_the_mailbox_reads_it_like_its_owner(house, alice, bea, places):
    make(house, "private")
    with house.database.write() as tx:
        tx.execute(mailbox_member.insert().values(mailbox_id=1, account_id=2))
    assert bea.get(places["thread"]).status_code == 200
    assert "Pricing for 40 seats" in text(bea, "/")


def test_neither_managers_nor_admins_read_private_mail_by_the_way(house, alice, mira, places):
    make(house, "private")
    with house.database.write() as tx:
        tx.execute(mailbox.update().values(owner_id=2))  # now it is Mira's; Alice is an admin
    assert mira.get(places["thread"]).status_code == 200
    assert alice.get(places["thread"]).status_code == 404
    assert "Pricing" not in text(alice, "/")


def test_mail_between_colleagues_is_on_no_lead_wherever_their_address_is(house, alice):
    for number in range(2):
        house.deliver(
            "Alice Berg alice@ourfirm.example",
            f"Between us {number}",
            "Bob is not going to buy.",
            to=["Beatrice bea.rusk@gmail.com"],
            hours_ago=2 - number,
        )
        if number:
            join(house, alice, "rep", "Bea Rusk", "bea.rusk@gmail.com")
        house.sync()
        assert ("Beatrice" in text(alice, "/leads")) is (number == 0)
    assert "Between us 1" in text(alice, "/")


def test_an_admin_may_read_one_mail_and_that_is_written_down(house, alice, mira, places):
    make(house, "private")
    with house.database.write() as tx:
        tx.execute(mailbox.update().values(owner_id=2))
    page = text(alice, places["lead"])
    private = re.search(r'action="(/private/[^"]+)"', page)[1]
    assert "Read it as an admin" not in text(mira, places["lead"])
    answer = post(alice, private, page="/account")
    assert answer.status_code == 200
    assert "Pricing" in answer.get_data(as_text=True)
    log = text(alice, "/audit")
    assert "read private mail" in log
    assert "alice@ourfirm.example" in log


def test_nobody_else_reads_it_and_then_nothing_is_written(house, alice, bea, mira, places):
    make(house, "private")
    message = places["body"].split("/")[2]
    for client in (bea, mira):
        assert post(client, f"/private/{message}", page="/account").status_code == 403
    assert post(alice, "/private/none", page="/account").status_code == 404
    assert "read private mail" not in text(alice, "/audit")
