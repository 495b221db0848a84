"""A rule changes exactly what its rehearsal showed, whatever was decided before; and a rehearsal writes nothing."""

from __future__ import annotations

import itertools
import random

import pytest
from sqlalchemy import select

from inboxcrm.errors import ConflictError, NotFoundError, UsageError
from inboxcrm.services.capturing import SEALED_AS, give_verdict
from inboxcrm.services.leads import create_lead
from inboxcrm.services.review_rules import drop_rule, make_rule, rehearse_rule
from inboxcrm.services.reviewing import take_back
from inboxcrm.store.tables import address, address_capture, capture_rule, metadata
from tests.views.correspondence import ALICE, Office, open_office

BULK = [("Precedence", "bulk"), ("List-Id", "<weekly>")]
ERIN = "erin@ourfirm.example"


@pytest.fixture
def office(database) -> Office:
    office = open_office(database)
    office.mail("info@harbour.example")
    office.mail("Bob <bob@harbour.example>")
    office.mail("news@harbour.example", headers=BULK)
    office.mail("Dave <dave@docks.harbour.example>")
    office.mail("Carol <carol@bakery.example>")
    return office


def outcomes(office: Office) -> dict[str, str]:
    with office.desk.database.read() as tx:
        return dict(
            tx.execute(
                select(address.c.shown, address_capture.c.outcome).join(
                    address_capture, address_capture.c.address_id == address.c.id
                )
            ).all()
        )


def everything(office: Office):
    with office.desk.database.read() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(select(table))))
            for table in metadata.sorted_tables
        }


def test_a_rehearsal_names_who_would_change_from_what_to_what(office):
    found = rehearse_rule(office.desk, office.viewer, domain="harbour.example", outcome="ignored")
    assert [(one.address, one.before, one.after) for one in found.first] == [
        ("info@harbour.example", "candidate", "ignored"),
        ("bob@harbour.example", "lead", "ignored"),
        ("dave@docks.harbour.example", "lead", "ignored"),
    ]
    assert found.counts == (("candidate", "ignored", 1), ("lead", "ignored", 2))
    assert (found.total, found.unchanged) == (3, 1)


def test_a_rehearsal_writes_nothing(office):
    before = everything(office)
    for outcome in ("lead", "candidate", "ignored", "none"):
        rehearse_rule(office.desk, office.viewer, domain="harbour.example", outcome=outcome)
    assert everything(office) == before


def test_leads_that_people_made_and_single_words_stay(office):
    create_lead(office.desk, office.viewer, "erin@harbour.example", "Erin")
    give_verdict(office.desk, office.viewer, address="info@harbour.example", outcome="lead")
    found = rehearse_rule(office.desk, office.viewer, domain="harbour.example", outcome="ignored")
    assert "erin@harbour.example" not in {one.address for one in found.first}
    assert "info@harbour.example" not in {one.address for one in found.first}
    make_rule(office.desk, office.viewer, domain="harbour.example", outcome="ignored")
    assert outcomes(office)["info@harbour.example"] == "lead"


SENDERS = (
    "info@harbour.example", "bob@harbour.example", "news@harbour.example", "noreply@harbour.example",
    "dave@docks.harbour.example", "sales@docks.harbour.example", "bob+x@harbour.example",
)  # fmt: skip
PLACES = ("harbour.example", "docks.harbour.example")
OUTCOMES = ("lead", "candidate", "ignored")


def live_a_story(office: Office, seed: int) -> None:
    """Mail of every kind, words of people on addresses and domains, leads made by hand, in any order."""
    chance = random.Random(seed)
    for _ in range(14):
        sender, deed = chance.choice(SENDERS), chance.randrange(6)
        if deed <= 2:
            office.mail(
                f"{chance.choice(['Bob Baker', 'Dave Dock', ''])} <{sender}>",
                headers=BULK if chance.random() < 0.3 else (),
                days_ago=chance.randrange(1, 90),
            )
        elif deed == 3:
            give_verdict(
                office.desk, office.viewer, address=sender, outcome=chance.choice(OUTCOMES)
            )
        elif deed == 4:
            give_verdict(
                office.desk,
                office.viewer,
                domain=chance.choice(PLACES),
                outcome=chance.choice(OUTCOMES),
            )
        elif outcomes(office).get(sender) in {"candidate", "ignored"}:
            create_lead(office.desk, office.viewer, sender, "By hand")


@pytest.mark.parametrize("seed", range(12))
def test_a_rule_does_what_its_rehearsal_showed(office, seed):
    live_a_story(office, seed)
    for domain, outcome in itertools.product(PLACES, OUTCOMES):
        shown = rehearse_rule(office.desk, office.viewer, domain=domain, outcome=outcome)
        assert shown.total == len(shown.first), "the story is small enough to be shown whole"
        before = outcomes(office)
        done = make_rule(
            office.desk,
            office.viewer,
            domain=domain,
            outcome=outcome,
            fingerprint=shown.fingerprint,
        )
        after = outcomes(office)
        changed = {one: (before[one], after[one]) for one in after if before.get(one) != after[one]}
        assert changed == {one.address: (one.before, one.after) for one in shown.first}
        if outcome != "candidate":
            take_back(office.desk, office.viewer, done.undo)
            assert outcomes(office) == before


@pytest.mark.parametrize("seed", range(20, 26))
def test_taking_a_rule_away_does_what_its_rehearsal_showed(office, seed):
    live_a_story(office, seed)
    for domain in PLACES:
        give_verdict(office.desk, office.viewer, domain=domain, outcome="ignored")
    for domain in PLACES:
        shown = rehearse_rule(office.desk, office.viewer, domain=domain, outcome="none")
        before = outcomes(office)
        done = drop_rule(office.desk, office.viewer, rule_of(office, domain))
        after = outcomes(office)
        changed = {one: (before[one], after[one]) for one in after if before[one] != after[one]}
        assert changed == {one.address: (one.before, one.after) for one in shown.first}
        take_back(office.desk, office.viewer, done.undo)
        assert outcomes(office) == before


def rule_of(office: Office, subject: str) -> str:
    with office.desk.database.read() as tx:
        number = tx.execute(
            select(capture_rule.c.id).where(
                capture_rule.c.subject == subject, capture_rule.c.removed_at.is_(None)
            )
        ).scalar_one()
    return office.desk.ids.seal(SEALED_AS, number)


def test_a_rule_is_not_made_when_by_now_it_would_do_something_else(office):
    shown = rehearse_rule(office.desk, office.viewer, domain="harbour.example", outcome="ignored")
    office.mail("sales@harbour.example")
    with pytest.raises(ConflictError, match="would now change something else"):
        make_rule(
            office.desk,
            office.viewer,
            domain="harbour.example",
            outcome="ignored",
            fingerprint=shown.fingerprint,
        )
    assert outcomes(office)["bob@harbour.example"] == "lead"


def test_only_the_first_twenty_are_named_and_all_are_counted(office):
    for number in range(30):
        office.mail(f"guest{number}@harbour.example")
    found = rehearse_rule(office.desk, office.viewer, domain="harbour.example", outcome="ignored")
    assert (found.total, len(found.first)) == (33, 20)


def test_addresses_in_mailboxes_one_may_not_read_are_neither_named_nor_counted(office):
    office.add_mailbox(ERIN)
    office.mail("secret@harbour.example", ERIN, box=ERIN)
    reader = office.reader_of(ALICE)
    found = rehearse_rule(office.desk, reader, domain="harbour.example", outcome="ignored")
    assert "secret@harbour.example" not in {one.address for one in found.first}
    assert found.total == 3


@pytest.mark.parametrize(
    "domain",
    ["gmail.com", "ourfirm.example", "", "no domain", "localhost", "a@b.example", "x" * 400],
)
def test_domains_no_rule_can_be_made_of(office, domain):
    with pytest.raises(UsageError):
        rehearse_rule(office.desk, office.viewer, domain=domain, outcome="ignored")
    with pytest.raises(UsageError):
        make_rule(office.desk, office.viewer, domain=domain, outcome="ignored")


def test_a_rule_that_is_gone_cannot_be_taken_away(office):
    make_rule(office.desk, office.viewer, domain="harbour.example", outcome="ignored")
    rule = rule_of(office, "harbour.example")
    drop_rule(office.desk, office.viewer, rule)
    for gone in (rule, "made-up"):
        with pytest.raises(NotFoundError):
            drop_rule(office.desk, office.viewer, gone)
