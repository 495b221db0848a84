from __future__ import annotations

import pytest

from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.views.why import why
from tests.views.correspondence import ALICE

BOB = "Bob Baker <bob@bakery.example>"
ERIN = "erin@ourfirm.example"


def test_a_decision_is_told_with_its_messages(office):
    office.mail(BOB, subject="Ovens", days_ago=3)
    office.mail(BOB, subject="Ovens again", days_ago=2)
    office.mail(ALICE, "bob@bakery.example", labels=["SENT"])
    found = why(office.desk, office.viewer, "BOB@bakery.example")
    assert (found.outcome, found.rule, found.decided_by) == ("lead", "they_wrote", "rule")
    assert found.reason == "Lead because they wrote to us."
    assert found.lead_name == "Bob Baker"
    assert [(met.how, met.messages, met.subject) for met in found.evidence] == [
        ("wrote to us", 2, "Ovens"),
        ("got mail from us", 1, "A question"),
    ]


def test_who_may_not_read_the_mail_learns_only_the_answer(office):
    office.add_mailbox(ERIN)
    office.mail(BOB, subject="Ovens")
    found = why(office.desk, office.reader_of(ERIN), "bob@bakery.example")
    assert (found.outcome, found.evidence) == ("lead", ())


def test_our_own_address_has_no_answer(office):
    office.mail(BOB)
    assert why(office.desk, office.viewer, ALICE).outcome == "unknown"


def test_what_was_never_met_or_is_no_address_is_said(office):
    with pytest.raises(NotFoundError):
        why(office.desk, office.viewer, "carol@flowers.example")
    with pytest.raises(UsageError):
        why(office.desk, office.viewer, "carol")
