"""Who stands in the review queue, in which order, with which words, for whom, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from inboxcrm.leads.proposing import Proposal
from inboxcrm.services.capturing import give_verdict
from inboxcrm.services.leads import create_lead
from inboxcrm.services.reviewing import answer
from inboxcrm.views.review import review_badge, review_page
from tests.views.correspondence import ALICE, Office, counted_queries

ERIN = "erin@ourfirm.example"


def queue(office: Office, viewer=None, **more) -> list[str]:
    view = review_page(office.desk, viewer or office.viewer, **more)
    return [item.address for item in view.items]


def item(office: Office, address: str, viewer=None, **more):
    view = review_page(office.desk, viewer or office.viewer, **more)
    return next(one for one in view.items if one.address == address)


def test_doubtful_senders_stand_in_the_queue_and_leads_do_not(office):
    office.mail("Bob <bob@bakery.example>")
    office.mail("Info <info@harbour.example>")
    office.mail(
        "News <news@weekly.example>", headers=[("List-Id", "<weekly>"), ("Precedence", "bulk")]
    )
    assert queue(office) == ["info@harbour.example"]


def test_who_has_waited_longest_comes_first(office):
    office.mail("sales@young.example", days_ago=1)
    office.mail("info@old.example", days_ago=9)
    office.mail("office@middle.example", days_ago=5)
    assert queue(office) == ["info@old.example", "office@middle.example", "sales@young.example"]


def test_a_page_goes_on_where_the_one_before_ended(office):
    for number in range(5):
        office.mail(f"info@firm{number}.example", days_ago=20 - number)
    first = review_page(office.desk, office.viewer, limit=2)
    second = review_page(office.desk, office.viewer, limit=2, after=first.next)
    third = review_page(office.desk, office.viewer, limit=2, after=second.next)
    found = [one.address for view in (first, second, third) for one in view.items]
    assert found == [f"info@firm{number}.example" for number in range(5)]
    assert third.next is None


def test_an_item_says_why_and_shows_the_mail_it_rests_on(office):
    office.mail(
        "Info Desk <info@harbour.example>", subject="Berths", text="Do you have two berths?"
    )
    found = item(office, "info@harbour.example")
    assert found.name == "Info Desk"
    assert found.reason == (
        "In review because several people may stand behind a shared address like this."
    )
    assert (found.mail.subject, found.mail.snippet) == ("Berths", "Do you have two berths?")
    assert found.mail.url.startswith("/threads/")
    assert found.domain == "harbour.example"
    assert found.proposal is Proposal.LEAD


def test_a_second_address_of_a_lead_is_proposed_to_be_added_to_it(office):
    office.mail("Bob Baker <bob@bakery.example>", days_ago=9)
    office.mail("Bob Baker <bob+orders@bakery.example>", days_ago=2)
    found = item(office, "bob+orders@bakery.example")
    assert [(one.name, one.why) for one in found.matches] == [
        ("Bob Baker", "the same address without its tag")
    ]
    assert found.proposal is Proposal.JOIN


def test_a_namesake_is_matched_by_name_and_a_colleague_by_organization(office):
    office.mail("Bob Baker <bob@bakery.example>", days_ago=9)
    office.mail("Bob Baker <bob.baker@gmail.com>", days_ago=3)
    office.mail("info@bakery.example", days_ago=2)
    assert [one.why for one in item(office, "bob.baker@gmail.com").matches] == ["same name"]
    assert [one.why for one in item(office, "info@bakery.example").matches] == ["same organization"]
    assert item(office, "info@bakery.example").proposal is Proposal.LEAD


def test_strangers_at_a_free_mail_domain_are_nobodys_colleagues(office):
    office.mail("Dave <dave@gmail.com>", days_ago=9)
    office.mail("info@gmail.com", days_ago=2)
    found = item(office, "info@gmail.com")
    assert found.matches == ()
    assert found.domain == ""


def test_withdrawn_leads_are_no_matches(office):
    made = create_lead(office.desk, office.viewer, "carol@bakery.example", "Carol")
    from inboxcrm.services.leads import delete_lead

    office.mail("info@bakery.example")
    assert len(item(office, "info@bakery.example").matches) == 1
    delete_lead(office.desk, office.viewer, made.lead_id, version=made.version)
    assert item(office, "info@bakery.example").matches == ()


# --- by age ------------------------------------------------------------------


def test_who_has_not_written_for_long_leaves_the_queue_and_a_new_mail_brings_them_back(office):
    office.mail("info@harbour.example", days_ago=61)
    office.mail("info@bakery.example", days_ago=59)
    assert queue(office) == ["info@bakery.example"]
    assert queue(office, part="expired") == ["info@harbour.example"]
    office.mail("info@harbour.example", days_ago=1)
    assert queue(office) == ["info@bakery.example", "info@harbour.example"]
    assert queue(office, part="expired") == []


def test_time_alone_takes_an_item_out_and_nothing_is_written(office):
    office.mail("info@harbour.example", days_ago=1)
    office.pass_time(days=59, hours=1)
    assert queue(office) == []
    assert review_badge(office.desk, office.viewer) == ""
    office.clock.moment -= timedelta(days=1)
    assert queue(office) == ["info@harbour.example"]


def test_newsletters_of_the_same_sender_do_not_keep_an_item_young(office):
    office.mail("info@harbour.example", days_ago=61)
    office.mail(
        "info@harbour.example", days_ago=1, headers=[("Precedence", "bulk"), ("List-Id", "<x>")]
    )
    assert queue(office) == []


def test_with_zero_days_nobody_ever_leaves(office):
    office.mail("info@harbour.example", days_ago=3000)
    desk = replace(office.desk, review_expires_after_days=0)
    assert [one.address for one in review_page(desk, office.viewer).items] == [
        "info@harbour.example"
    ]


def test_an_expired_item_is_one_click_back_and_expires_again(office):
    office.mail("info@harbour.example", days_ago=61)
    for _ in range(2):
        gone = item(office, "info@harbour.example", part="expired")
        answer(office.desk, office.viewer, [gone.id], "review")
        assert queue(office) == ["info@harbour.example"]
        office.pass_time(days=61)
        assert queue(office) == []


# --- the badge ---------------------------------------------------------------


def test_the_badge_counts_up_to_ninety_nine(office):
    assert review_badge(office.desk, office.viewer) == ""
    for number in range(3):
        office.mail(f"info@firm{number}.example")
    assert review_badge(office.desk, office.viewer) == "3"
    for number in range(3, 101):
        office.mail(f"info@firm{number}.example")
    assert review_badge(office.desk, office.viewer) == "99+"


def test_the_badge_is_one_query_along_an_index(office):
    office.mail("info@harbour.example")
    with counted_queries(office) as asked:
        review_badge(office.desk, office.viewer)
    assert len(asked) == 1
    with counted_queries(office) as asked:
        review_badge(office.desk, office.reader_of(ALICE))
    assert len(asked) == 1


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("part", ["queue", "expired"])
def test_the_queue_walks_along_its_index(office, part):
    with counted_queries(office) as asked:
        review_page(office.desk, office.viewer, part=part)
    walks = [one for one in asked if "FROM address_capture" in one and "organization" in one]
    with office.desk.database.read() as tx:
        plan = tx.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {walks[0]}", tuple(0 for _ in range(walks[0].count("?")))
        ).all()
    said = " / ".join(row[-1] for row in plan)
    assert "ix_address_capture_waiting" in said
    assert "TEMP B-TREE" not in said


# --- who may know ------------------------------------------------------------


@pytest.fixture
def two_boxes(office: Office) -> Office:
    office.add_mailbox(ERIN)
    office.mail("info@harbour.example", subject="For Alice")
    office.mail("info@bakery.example", ERIN, box=ERIN, subject="For Erin only")
    return office


def test_candidates_of_other_peoples_mailboxes_are_neither_shown_nor_counted(two_boxes):
    erin, alice = two_boxes.reader_of(ERIN), two_boxes.reader_of(ALICE)
    assert queue(two_boxes, erin) == ["info@bakery.example"]
    assert queue(two_boxes, alice) == ["info@harbour.example"]
    assert review_badge(two_boxes.desk, erin) == "1"
    assert review_badge(two_boxes.desk, two_boxes.viewer) == "2"
    assert review_badge(two_boxes.desk, two_boxes.reader_of()) == ""


def test_the_mail_shown_is_one_the_viewer_reads(two_boxes):
    two_boxes.mail("info@harbour.example", ERIN, box=ERIN, subject="To Erin, later", days_ago=0.5)
    shown = item(two_boxes, "info@harbour.example", two_boxes.reader_of(ERIN))
    assert shown.mail.subject == "To Erin, later"
    assert item(two_boxes, "info@harbour.example").mail.subject == "For Alice"


def test_a_reason_names_no_address_its_viewer_may_not_know(two_boxes):
    two_boxes.mail("Bob Baker <bob@private.example>", ERIN, box=ERIN, days_ago=9)
    two_boxes.mail("Bob Baker <bob@bakery.example>", days_ago=1)
    everything = item(two_boxes, "bob@bakery.example")
    assert "bob@private.example" in everything.reason
    limited = item(two_boxes, "bob@bakery.example", two_boxes.reader_of(ALICE))
    assert "private" not in limited.reason
    assert "another address" in limited.reason


def test_a_newsletter_in_ones_own_mailbox_does_not_open_a_colleagues_mail(two_boxes):
    bulk = [("Precedence", "bulk"), ("List-Id", "<x>")]
    two_boxes.mail("info@harbour.example", ERIN, box=ERIN, headers=bulk)
    assert queue(two_boxes, two_boxes.reader_of(ERIN)) == ["info@bakery.example"]


# --- what it costs -----------------------------------------------------------


def test_a_long_queue_takes_no_more_queries_than_a_short_one(office):
    office.mail("Bob Baker <bob@bakery.example>", days_ago=9)
    office.mail("info@bakery.example")
    with counted_queries(office) as few:
        review_page(office.desk, office.viewer)
    for number in range(30):
        office.mail(f"Bob Baker <info@firm{number}.example>", days_ago=30 - number / 2)
    with counted_queries(office) as many:
        assert len(review_page(office.desk, office.viewer).items) == 25
    assert len(many) == len(few) == 5


def test_an_existing_word_of_a_person_says_so(office):
    office.mail("news@weekly.example", headers=[("Precedence", "bulk"), ("List-Id", "<x>")])
    give_verdict(office.desk, office.viewer, address="news@weekly.example", outcome="candidate")
    found = item(office, "news@weekly.example")
    assert found.reason == "In review because somebody of the team decided it."
    assert found.at == office.clock.moment
