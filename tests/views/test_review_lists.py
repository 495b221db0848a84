"""The ignored by their reasons, found by the beginning of an address; and the rules people made."""

from __future__ import annotations

import pytest

from inboxcrm.services.capturing import give_verdict
from inboxcrm.services.review_rules import make_rule
from inboxcrm.services.reviewing import answer, take_back
from inboxcrm.views.review import review_page
from inboxcrm.views.review_lists import ignored_page, rules_page
from tests.views.correspondence import ALICE, Office, counted_queries

BULK = [("Precedence", "bulk"), ("List-Id", "<weekly>")]
ERIN = "erin@ourfirm.example"


@pytest.fixture
def filled(office: Office) -> Office:
    office.mail("News <news@weekly.example>", headers=BULK, subject="Issue 212", days_ago=3)
    office.mail("deals_1@weekly.example", headers=BULK, days_ago=2)
    office.mail("dealsx1@weekly.example", headers=BULK, days_ago=2)
    office.mail("noreply@bank.example", days_ago=1)
    office.mail("Dave <dave@harbour.example>", days_ago=4)
    give_verdict(office.desk, office.viewer, address="dave@harbour.example", outcome="ignored")
    return office


def found(office: Office, viewer=None, **more) -> list[str]:
    return [one.address for one in ignored_page(office.desk, viewer or office.viewer, **more).rows]


def test_everybody_ignored_is_listed_with_the_reason(filled):
    view = ignored_page(filled.desk, filled.viewer)
    said = {one.address: one.reason for one in view.rows}
    assert said["news@weekly.example"] == (
        "Ignored because only newsletters and lists came from there."
    )
    assert said["dave@harbour.example"] == "Ignored because somebody of the team decided it."
    assert [(one.label, one.count) for one in view.reasons] == [
        ("Ignored by hand", "1"),
        ("Newsletters and lists", "3"),
        ("No-reply addresses", "1"),
    ]


def test_one_reason_alone(filled):
    assert found(filled, reason="no_reply") == ["noreply@bank.example"]
    assert len(found(filled, reason="made-up")) == 5


def test_found_by_the_beginning_of_the_address_taken_literally(filled):
    assert found(filled, words="deals_") == ["deals_1@weekly.example"]
    assert found(filled, words="DEALS") == ["deals_1@weekly.example", "dealsx1@weekly.example"]
    assert found(filled, words="%") == []
    assert found(filled, words="\\") == []
    assert found(filled, words="dave@harbour.example") == ["dave@harbour.example"]
    assert found(filled, words="@bank.example") == ["noreply@bank.example"]
    assert found(filled, words="x' OR '1'='1\x00") == []


def test_pages_go_on_where_the_one_before_ended(office):
    for number in range(120):
        office.mail(f"news{number:03}@weekly.example", headers=BULK, days_ago=number / 3)
    for more in ({}, {"words": "news"}, {"reason": "bulk"}):
        seen, after = [], None
        for _ in range(3):
            view = ignored_page(office.desk, office.viewer, after=after, **more)
            seen += [one.address for one in view.rows]
            after = view.next
        assert len(seen) == len(set(seen)) == 120
        assert after is None
    assert view.reasons[0].count == "99+"


@pytest.mark.parametrize(("what", "outcome"), [("lead", []), ("review", ["news@weekly.example"])])
def test_somebody_ignored_is_one_click_back_and_one_click_gone_again(filled, what, outcome):
    view = ignored_page(filled.desk, filled.viewer, words="news@")
    done = answer(filled.desk, filled.viewer, [view.rows[0].id], what)
    assert found(filled, words="news@") == []
    assert [one.address for one in review_page(filled.desk, filled.viewer).items] == outcome
    take_back(filled.desk, filled.viewer, done.undo)
    assert found(filled, words="news@") == ["news@weekly.example"]


def test_the_ignored_of_other_peoples_mailboxes_are_neither_shown_nor_counted(filled):
    filled.add_mailbox(ERIN)
    filled.mail("news@secret.example", ERIN, box=ERIN, headers=BULK)
    reader = filled.reader_of(ALICE)
    assert "news@secret.example" not in found(filled, reader)
    assert found(filled, reader, words="news@s") == []
    counts = {one.key: one.count for one in ignored_page(filled.desk, reader).reasons}
    assert counts["bulk"] == "3"
    assert found(filled, filled.reader_of(ERIN)) == ["news@secret.example"]


def test_the_ignored_take_the_same_queries_few_or_many(filled):
    with counted_queries(filled) as few:
        ignored_page(filled.desk, filled.viewer)
    for number in range(70):
        filled.mail(f"news{number}@other.example", headers=BULK)
    with counted_queries(filled) as many:
        ignored_page(filled.desk, filled.viewer)
    assert len(few) == len(many) == 3


# --- rules -------------------------------------------------------------------


def test_rules_say_who_made_them_and_how_many_addresses_they_decide(filled):
    make_rule(filled.desk, filled.viewer, domain="weekly.example", outcome="ignored")
    filled.pass_time(hours=1)
    make_rule(filled.desk, filled.viewer, domain="nobody.example", outcome="lead")
    rows = rules_page(filled.desk, filled.viewer).rows
    assert [(one.subject, one.said, one.by, one.decides) for one in rows] == [
        ("nobody.example", "is a lead", "You", "0"),
        ("weekly.example", "is ignored", "You", "3"),
    ]
    rows = rules_page(filled.desk, filled.viewer, scope="address").rows
    assert [(one.subject, one.decides) for one in rows] == [("dave@harbour.example", "1")]


def test_rules_about_people_one_may_not_know_are_not_listed(filled):
    filled.add_mailbox(ERIN)
    filled.mail("mother@family.example", ERIN, box=ERIN)
    give_verdict(filled.desk, filled.viewer, address="mother@family.example", outcome="ignored")
    make_rule(filled.desk, filled.viewer, domain="family.example", outcome="ignored")
    from dataclasses import replace

    bob = replace(filled.reader_of(ALICE), account_id=2)
    assert [one.subject for one in rules_page(filled.desk, bob, scope="address").rows] == [
        "dave@harbour.example"
    ]
    assert rules_page(filled.desk, bob).rows == ()
    assert len(rules_page(filled.desk, filled.viewer).rows) == 1


def test_a_list_of_rules_is_one_query(filled):
    with counted_queries(filled) as asked:
        rules_page(filled.desk, filled.viewer)
    assert len(asked) == 1
