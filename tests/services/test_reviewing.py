"""Answers to the review queue: what each does, in bulk too, and that one token takes all of it back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ConflictError, ForbiddenError, NotFoundError, UsageError
from inboxcrm.services.capturing import give_verdict
from inboxcrm.services.leads import add_note, create_lead
from inboxcrm.services.reviewing import answer, take_back
from inboxcrm.store.tables import address, address_capture, lead, lead_address, lead_link
from inboxcrm.views.leads import lead_list
from inboxcrm.views.review import review_page
from tests.views.correspondence import ALICE, Office, open_office

HARBOUR, BAKERY = "info@harbour.example", "info@bakery.example"


@pytest.fixture
def office(database) -> Office:
    office = open_office(database)
    office.mail(f"Harbour Office <{HARBOUR}>", subject="Berths", days_ago=4)
    office.mail(f"Bakery <{BAKERY}>", subject="Bread", days_ago=3)
    return office


def ids(office: Office, *addresses: str, part: str = "queue") -> list[str]:
    held = {one.address: one.id for one in review_page(office.desk, office.viewer, part=part).items}
    return [held[one] for one in addresses]


def queue(office: Office) -> list[str]:
    return [one.address for one in review_page(office.desk, office.viewer).items]


def state(office: Office):
    """Everything answers change, as people would see it."""
    with office.desk.database.read() as tx:
        captures = tx.execute(
            select(
                address.c.key,
                address_capture.c.outcome,
                address_capture.c.rule,
                address_capture.c.waiting_at,
            )
            .join(address, address.c.id == address_capture.c.address_id)
            .order_by(address.c.key)
        ).all()
        leads = tx.execute(
            select(address.c.key, lead.c.name)
            .join(lead_address, lead_address.c.address_id == address.c.id)
            .join(lead, lead.c.id == lead_address.c.lead_id)
            .where(lead.c.is_withdrawn.is_(False))
            .order_by(address.c.key)
        ).all()
        links = tx.execute(
            select(lead_link.c.message_id, lead_link.c.address_id)
            .join(lead, lead.c.id == lead_link.c.lead_id)
            .where(lead.c.is_withdrawn.is_(False))
        ).all()
    return captures, leads, sorted(map(tuple, links)), queue(office)


def give(office: Office, what: str, *addresses: str, **more):
    return answer(office.desk, office.viewer, ids(office, *addresses), what, **more)


def test_added_as_a_lead_with_its_mail(office):
    done = give(office, "lead", HARBOUR)
    assert done.text == "Harbour Office is a lead now"
    assert [row.name for row in lead_list(office.desk, office.viewer).rows] == ["Harbour Office"]
    assert queue(office) == [BAKERY]


def test_added_to_a_lead_there_is(office):
    bob = create_lead(office.desk, office.viewer, "bob@harbour.example", "Bob")
    done = give(office, "join", HARBOUR, lead_id=bob.lead_id)
    assert done.text == "info@harbour.example added to Bob"
    assert len(state(office)[1]) == 2
    take_back(office.desk, office.viewer, done.undo)
    assert queue(office) == [HARBOUR, BAKERY]


def test_ignored_from_now_on(office):
    give(office, "ignore", HARBOUR)
    office.mail(HARBOUR, days_ago=0.5)
    assert queue(office) == [BAKERY]


def test_set_aside_for_a_week_or_until_they_write_again(office):
    done = give(office, "later", HARBOUR, BAKERY)
    assert done.text == "2 set aside until 27 May"
    assert queue(office) == []
    office.pass_time(days=1)
    office.mail(BAKERY, days_ago=0)
    assert queue(office) == [BAKERY]
    office.pass_time(days=6, hours=1)
    assert queue(office) == [HARBOUR, BAKERY]


def test_what_was_set_aside_can_be_taken_up_again(office):
    give(office, "later", HARBOUR)
    later = ids(office, HARBOUR, part="later")
    done = answer(office.desk, office.viewer, later, "review")
    assert queue(office) == [HARBOUR, BAKERY]
    take_back(office.desk, office.viewer, done.undo)
    assert queue(office) == [BAKERY]


@pytest.mark.parametrize("what", ["lead", "ignore", "later"])
@pytest.mark.parametrize("addresses", [(HARBOUR,), (HARBOUR, BAKERY)], ids=["one", "several"])
def test_every_answer_is_taken_back_whole(office, what, addresses):
    before = state(office)
    done = give(office, what, *addresses)
    assert done.count == len(addresses)
    assert state(office) != before
    assert take_back(office.desk, office.viewer, done.undo) == "Taken back"
    assert state(office) == before


def test_taking_back_restores_the_word_that_was_replaced(office):
    give_verdict(office.desk, office.viewer, address=HARBOUR, outcome="candidate")
    before = state(office)
    done = give(office, "ignore", HARBOUR)
    take_back(office.desk, office.viewer, done.undo)
    assert state(office) == before


def test_nothing_is_taken_back_when_somebody_built_on_a_part_of_it(office):
    done = give(office, "lead", HARBOUR, BAKERY)
    bakery = next(row for row in lead_list(office.desk, office.viewer).rows if row.name == "Bakery")
    from inboxcrm.services.leads import delete_lead

    delete_lead(office.desk, office.viewer, bakery.id, version=bakery.version)
    before = state(office)
    with pytest.raises(ConflictError):
        take_back(office.desk, office.viewer, done.undo)
    assert state(office) == before


def test_a_note_in_between_does_not_stand_in_the_way(office):
    done = give(office, "lead", HARBOUR)
    made = lead_list(office.desk, office.viewer).rows[0]
    add_note(office.desk, office.viewer, made.id, "Called them")
    take_back(office.desk, office.viewer, done.undo)
    assert queue(office) == [HARBOUR, BAKERY]


def test_it_is_taken_back_once(office):
    done = give(office, "ignore", HARBOUR)
    take_back(office.desk, office.viewer, done.undo)
    from inboxcrm.errors import RefusedError

    with pytest.raises(RefusedError, match="already"):
        take_back(office.desk, office.viewer, done.undo)


def test_who_was_answered_meanwhile_is_left_alone_and_told_of(office):
    page = ids(office, HARBOUR, BAKERY)
    give(office, "lead", HARBOUR)
    done = answer(office.desk, office.viewer, page, "ignore")
    assert done.text == "info@bakery.example is ignored from now on; one was answered already"
    assert len(lead_list(office.desk, office.viewer).rows) == 1
    again = answer(office.desk, office.viewer, page, "ignore")
    assert (again.count, again.undo) == (0, None)
    assert again.text == "Nothing was changed: somebody answered this already"


def test_one_word_for_all_names_the_domain_they_share(office):
    office.mail("office@harbour.example", days_ago=2)
    assert give(office, "ignore", HARBOUR, "office@harbour.example").domain == "harbour.example"


def test_an_answer_about_two_domains_names_none(office):
    assert give(office, "ignore", HARBOUR, BAKERY).domain == ""


def test_a_sender_in_a_mailbox_one_may_not_read_cannot_be_answered(office):
    office.add_mailbox("erin@ourfirm.example")
    erin = office.reader_of("erin@ourfirm.example")
    with pytest.raises(NotFoundError):
        answer(office.desk, erin, ids(office, HARBOUR), "ignore")
    assert queue(office) == [HARBOUR, BAKERY]
    assert answer(office.desk, office.reader_of(ALICE), ids(office, HARBOUR), "ignore").count == 1


@pytest.mark.parametrize("what", ["", "delete", "LEAD"])
def test_an_answer_there_is_not(office, what):
    with pytest.raises(UsageError):
        give(office, what, HARBOUR)


def test_nobody_chosen_and_ids_made_up(office):
    with pytest.raises(UsageError, match="Nobody is chosen"):
        answer(office.desk, office.viewer, [], "ignore")
    with pytest.raises(NotFoundError):
        answer(office.desk, office.viewer, [*ids(office, HARBOUR), "made-up"], "ignore")
    with pytest.raises(NotFoundError):
        give(office, "join", HARBOUR, lead_id="nobody")
    with pytest.raises(ForbiddenError):
        answer(office.desk, Viewer(0), ids(office, HARBOUR), "ignore")
    assert queue(office) == [HARBOUR, BAKERY]
