"""What people say about senders: it beats the rules, survives every sync, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from inboxcrm.access.viewer import AccountRole, Viewer
from inboxcrm.errors import ForbiddenError, NotFoundError, UsageError
from inboxcrm.services.capturing import give_verdict, rehearse, take_back_verdict
from inboxcrm.services.lead_changes import AlreadyLeadError
from inboxcrm.services.lead_making import create_lead
from inboxcrm.store.tables import address, lead_address, metadata
from inboxcrm.views.why import why
from tests.sync.killing import lead_differences
from tests.sync.practice import VIEWER, Practice

ALICE = "alice@lumenworks.example"
BOB, ERIN = "bob@kitaura.example", "erin@kitaura.example"
LIST = "news@list.example"
BULK = [
    ("List-Id", "<news.list.example>"),
    ("Precedence", "bulk"),
    ("List-Unsubscribe", "<mailto:off@list.example>"),
]


@pytest.fixture
def office(practice: Practice) -> Practice:
    """Bob and Erin of one firm wrote, a newsletter came."""
    practice.deliver(f"Bob <{BOB}>")
    practice.deliver(f"Erin <{ERIN}>")
    practice.deliver(f"News <{LIST}>", headers=BULK)
    practice.sync()
    assert practice.leads() == {BOB, ERIN}
    return practice


def said(office: Practice, outcome: str, **about: Any) -> str:
    return give_verdict(office.desk, VIEWER, outcome=outcome, **about)


def dump(office: Practice) -> dict[str, list[Any]]:
    with office.database.read() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(select(table)).all()))
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("outcome", ["lead", "candidate", "ignored"])
@pytest.mark.parametrize("who", [BOB, LIST])
def test_a_persons_word_about_an_address_decides_and_is_taken_back(
    office: Practice, outcome: str, who: str
) -> None:
    before = office.concluded()
    token = said(office, outcome, address=who.upper())
    assert office.captured(who) == (outcome, "person")
    assert (who in office.leads()) == (outcome == "lead")
    for _ in range(2):
        take_back_verdict(office.desk, VIEWER, token)
        assert lead_differences(before, office.concluded()) == []


@pytest.mark.parametrize("outcome", ["lead", "candidate", "ignored"])
def test_a_persons_word_about_a_domain_decides_for_all_of_it(
    office: Practice, outcome: str
) -> None:
    before = office.concluded()
    token = said(office, outcome, domain="@Kitaura.example")
    assert {office.captured(who) for who in (BOB, ERIN)} == {(outcome, "person_domain")}
    office.deliver("carol@sales.kitaura.example")
    office.sync()
    assert office.captured("carol@sales.kitaura.example") == (outcome, "person_domain")
    take_back_verdict(office.desk, VIEWER, token)
    assert office.leads() == {BOB, ERIN, "carol@sales.kitaura.example"}
    after = office.concluded()
    for key in (BOB, ERIN):
        assert after["captures"][key] == before["captures"][key]
        assert after["leads"][key] == before["leads"][key]


def test_a_domain_is_the_same_in_whatever_script_it_is_written(office: Practice) -> None:
    office.deliver("nora@xn--mller-kva.example")
    office.sync()
    said(office, "ignored", domain="müller.example")
    assert office.captured("nora@xn--mller-kva.example") == ("ignored", "person_domain")


def test_the_word_about_an_address_beats_the_one_about_its_domain(office: Practice) -> None:
    said(office, "ignored", domain="kitaura.example")
    said(office, "lead", address=BOB)
    assert office.leads() == {BOB}


def test_whoever_is_ignored_and_writes_again_stays_ignored(office: Practice) -> None:
    token = said(office, "ignored", address=BOB)
    office.deliver(f"Bob <{BOB}>", subject="Hello again")
    office.sync()
    assert office.leads() == {ERIN}
    assert (office.concluded()["links"]) == {("letter-2@mail.example", ERIN)}
    take_back_verdict(office.desk, VIEWER, token)
    assert office.leads() == {BOB, ERIN}
    assert office.concluded()["leads"][BOB][5] == 2, "what came meanwhile counts"


def test_whoever_never_wrote_can_be_a_lead_and_no_more(office: Practice) -> None:
    token = said(office, "lead", address="ines@mares.example", name="Ines Mares")
    assert "ines@mares.example" in office.leads()
    take_back_verdict(office.desk, VIEWER, token)
    assert office.leads() == {BOB, ERIN}


def lead_of(office: Practice, key: str) -> int:
    with office.database.read() as tx:
        return tx.execute(
            select(lead_address.c.lead_id)
            .join(address, address.c.id == lead_address.c.address_id)
            .where(address.c.key == key)
        ).scalar_one()


def test_an_unknown_sender_is_added_to_a_lead_and_let_go_again(office: Practice) -> None:
    office.deliver("Bob <bob@home.example>")
    office.sync()
    assert office.captured("bob@home.example") == ("lead", "they_wrote")
    office.deliver(f"News <{LIST}>", headers=BULK)
    office.sync()
    before = office.concluded()
    token = said(office, "lead", address=LIST, lead_id=lead_of(office, BOB))
    assert lead_of(office, LIST) == lead_of(office, BOB)
    assert office.concluded()["leads"][BOB][5] == 1, "newsletters are no human mail"
    take_back_verdict(office.desk, VIEWER, token)
    assert lead_differences(before, office.concluded()) == []


def test_a_second_address_that_made_a_lead_of_its_own_can_be_added_to_the_first(
    office: Practice,
) -> None:
    office.deliver("Robert <robert@home.example>")
    office.sync()
    before = office.concluded()
    assert lead_of(office, "robert@home.example") != lead_of(office, BOB)
    token = said(office, "lead", address="robert@home.example", lead_id=lead_of(office, BOB))
    assert lead_of(office, "robert@home.example") == lead_of(office, BOB)
    assert office.concluded()["leads"][BOB][5] == 2
    take_back_verdict(office.desk, VIEWER, token)
    assert lead_differences(before, office.concluded()) == []


def test_a_lead_somebody_works_on_is_not_dissolved_into_another(office: Practice) -> None:
    create_lead(office.desk, VIEWER, "carol@flowers.example", "Carol")
    before = dump(office)
    with pytest.raises(AlreadyLeadError, match="is a lead already: Carol"):
        said(office, "lead", address="carol@flowers.example", lead_id=lead_of(office, BOB))
    with pytest.raises(NotFoundError, match="no such lead"):
        said(office, "lead", address=LIST, lead_id=999)
    assert dump(office) == before


def test_adding_an_address_where_it_is_and_taking_it_back_changes_nothing(office: Practice) -> None:
    before, home = office.concluded()["leads"], lead_of(office, BOB)
    token = said(office, "lead", address=BOB, lead_id=home)
    take_back_verdict(office.desk, VIEWER, token)
    assert lead_of(office, BOB) == home
    assert office.concluded()["leads"] == before


def test_ignoring_and_taking_it_back_leaves_a_lead_made_by_hand_as_it_was(office: Practice) -> None:
    create_lead(office.desk, VIEWER, "carol@flowers.example", "Carol")
    office.later(hours=1)
    before = office.concluded()
    token = said(office, "ignored", address="carol@flowers.example")
    assert "carol@flowers.example" not in office.leads()
    office.later(hours=1)
    for _ in range(2):
        take_back_verdict(office.desk, VIEWER, token)
    assert lead_differences(before, office.concluded()) == []


def test_a_word_taken_back_twice_takes_no_later_word_back(office: Practice) -> None:
    first = said(office, "ignored", address=BOB)
    take_back_verdict(office.desk, VIEWER, first)
    office.later(hours=1)
    said(office, "lead", address=BOB, lead_id=lead_of(office, ERIN))
    before = office.concluded()
    home = lead_of(office, BOB)
    take_back_verdict(office.desk, VIEWER, first)
    assert lead_differences(before, office.concluded()) == []
    assert lead_of(office, BOB) == home


def test_what_a_person_said_survives_a_relisting_and_mail_that_moves(office: Practice) -> None:
    said(office, "ignored", address=BOB)
    said(office, "lead", address=LIST)
    ref = next(ref for ref in office.mail())
    office.box().modify(ref, add=["SPAM"])
    office.sync()
    office.box().modify(ref, remove=["SPAM"])
    office.box().expire_history()
    office.sync()
    office.sync(audit=True)
    assert office.leads() == {ERIN, LIST}


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({"domain": "gmail.com"}, "free-mail"),
        ({"domain": "lumenworks.example"}, "our own domain"),
        ({"domain": "no domain"}, "is no domain"),
        ({"domain": ""}, "is no domain"),
        ({"domain": "bob@kitaura.example"}, "is no domain"),
        ({"address": ALICE}, "one of our own"),
        ({"address": "alice+crm@lumenworks.example"}, "one of our own"),
        ({"address": "tom@lumenworks.example"}, "one of our own"),
        ({"address": "bob"}, "is no mail address"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(
    office: Practice, about: dict[str, str], says: str
) -> None:
    before = dump(office)
    with pytest.raises(UsageError, match=says):
        said(office, "ignored", **about)
    assert dump(office) == before


def test_who_may_not_decide_is_told_so(office: Practice) -> None:
    stranger = Viewer(account_id=0, role=AccountRole.REP)
    before = dump(office)
    for act in (
        lambda: give_verdict(office.desk, stranger, outcome="lead", address=LIST),
        lambda: take_back_verdict(office.desk, stranger, "x"),
    ):
        with pytest.raises(ForbiddenError):
            act()
    with pytest.raises(NotFoundError):
        take_back_verdict(office.desk, VIEWER, "nonsense")
    assert dump(office) == before


def test_a_rehearsal_tells_what_would_change_and_writes_nothing(office: Practice) -> None:
    said(office, "ignored", address=ERIN)
    before = dump(office)
    assert rehearse(office.desk) == []
    found = rehearse(office.desk, modes={"alice": "ask"})
    assert [(one.address, one.before, one.after, one.rule) for one in found] == [
        (BOB, "lead", "candidate", "asked")
    ]
    assert dump(office) == before
    office.declare("alice", capture="ask")
    assert office.captured(BOB) == ("candidate", "asked")
    assert rehearse(office.desk) == []


def test_why_names_the_person_and_the_mail(office: Practice) -> None:
    assert why(office.desk, VIEWER, BOB).reason == "Lead because they wrote to us."
    said(office, "ignored", domain="kitaura.example")
    found = why(office.desk, VIEWER, BOB)
    assert (found.outcome, found.decided_by) == ("ignored", "person")
    assert found.reason.endswith("for everybody at kitaura.example.")
    assert [(met.sign, met.messages) for met in found.evidence] == [("they_wrote", 1)]
    assert why(office.desk, VIEWER, LIST).rule == "bulk"
