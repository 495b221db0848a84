"""A cadence may stop for everybody of an organization where one person there answers, in whatever order mail is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from inboxcrm.cadence.limit_forms import form_of, rules_with
from inboxcrm.cadence.rules import CadenceRules, rules_as_json, rules_from_json
from inboxcrm.mail.said import Said
from inboxcrm.services import sending
from inboxcrm.services.cadences import start
from inboxcrm.services.explaining import why_lead
from inboxcrm.services.lead_making import create_lead
from inboxcrm.services.verdicts import correct_verdict
from inboxcrm.store.tables import cadence
from inboxcrm.views.cadence_words import rules_in_words
from tests.sending.incoming import (
    away,
    bounce,
    come,
    hear,
    heed,
    letter,
    parked,
    sent_copies,
    standing,
    suppressed,
)
from tests.sending.office import ALICE, QUICK, Office

NewOffice = Callable[..., Office]
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
BOB, EVE, ERIN = "bob@bobs-firm.example", "eve@bobs-firm.example", "erin@erins-firm.example"
REMINDER = {"after": "3 days", "template": "hello"}
WHOLE = replace(QUICK, stops_organization=True)
ACTIVE, STOPPED = ("active", ""), ("stopped", "organization")


@pytest.fixture
def office(new_office: NewOffice) -> Office:
    """Bob and Eve of one firm and Erin of another got the first of two mails."""
    return furnished(new_office, WHOLE)


def furnished(new_office: NewOffice, rules: CadenceRules) -> Office:
    made = new_office(people=("bob", "erin"), steps=(REMINDER,), rules=rules)
    create_lead(made.desk, ALICE, EVE, "Eve Tanaka")
    start(made.desk, ALICE, "Autumn")
    made.send()
    made.bench.clock.wait(60)
    sent_copies(made)
    return made


def test_an_answer_stops_it_for_everybody_there_and_for_nobody_else(office: Office) -> None:
    hear(office, letter(sender=f"Bob <{BOB}>"))
    assert standing(office) == {BOB: ("stopped", "reply"), EVE: STOPPED, ERIN: ACTIVE}
    office.bench.clock.wait(5 * 86_400)
    office.read_mail()
    assert office.send().sent == 1


def test_it_does_not_matter_whether_who_answers_is_a_lead(office: Office) -> None:
    hear(office, letter(sender="Frida <frida@bobs-firm.example>"))
    assert standing(office) == {BOB: STOPPED, EVE: STOPPED, ERIN: ACTIVE}


def test_without_the_rule_it_goes_on_for_the_others(new_office: NewOffice) -> None:
    office = furnished(new_office, QUICK)
    hear(office, letter(sender=f"Bob <{BOB}>"))
    assert standing(office) == {BOB: ("stopped", "reply"), EVE: ACTIVE, ERIN: ACTIVE}


def test_the_gate_hears_it_before_anybody_looks_at_new_mail(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that is stored while a sender is at work stops what it has not handed over yet."""
    monkeypatch.setattr(sending, "heed_new_mail", lambda leaving: None)
    come(office, letter(sender="Frida <frida@bobs-firm.example>"))
    office.bench.clock.wait(5 * 86_400)
    office.read_mail()
    assert office.send().sent == 1
    assert standing(office) == {BOB: STOPPED, EVE: STOPPED, ERIN: ("finished", "")}
    story = why_lead(office.desk, ALICE, office.sealed_lead("Eve Tanaka"))[0]
    assert story.reason == "frida@bobs-firm.example of the same organization wrote on 11 May 2026."


@on_sqlite
def test_without_the_rule_the_gate_hears_nothing_of_others(
    new_office: NewOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = furnished(new_office, QUICK)
    monkeypatch.setattr(sending, "heed_new_mail", lambda leaving: None)
    come(office, letter(sender="Frida <frida@bobs-firm.example>"))
    office.bench.clock.wait(5 * 86_400)
    office.read_mail()
    assert office.send().sent == 3


@on_sqlite
def test_machines_of_the_organization_stop_nobody_and_park_nobody_else(office: Office) -> None:
    hear(office, away(sender=BOB))
    assert standing(office)[EVE] == ACTIVE
    assert parked(office, BOB) is not None
    assert parked(office, EVE) is None
    hear(office, bounce(BOB))
    assert standing(office)[EVE] == ACTIVE


@on_sqlite
def test_an_opt_out_of_one_stops_the_others_and_suppresses_only_its_writer(office: Office) -> None:
    hear(office, letter(sender=f"Bob <{BOB}>", text="Please take me off your list."))
    assert standing(office) == {BOB: ("stopped", "opt_out"), EVE: STOPPED, ERIN: ACTIVE}
    assert suppressed(office) == {BOB: "opt_out"}


@on_sqlite
def test_their_own_answer_weighs_more_in_either_order(new_office: NewOffice) -> None:
    for first, second in ((BOB, EVE), (EVE, BOB)):
        office = furnished(new_office, WHOLE)
        for sender in (first, second):
            hear(office, letter(sender=f"One <{sender}>"))
        assert standing(office) == {
            BOB: ("stopped", "reply"),
            EVE: ("stopped", "reply"),
            ERIN: ACTIVE,
        }


@on_sqlite
def test_an_answer_that_was_misread_lets_the_others_go_on_too(office: Office) -> None:
    mail = hear(office, letter(sender=f"Bob <{BOB}>"))
    sealed = office.desk.ids.seal("message", mail)
    correct_verdict(office.desk, ALICE, sealed, Said.AUTOMATIC, may_reopen=True)
    assert standing(office) == {BOB: ACTIVE, EVE: ACTIVE, ERIN: ACTIVE}
    correct_verdict(office.desk, ALICE, sealed, Said.HUMAN)
    assert standing(office) == {BOB: ("stopped", "reply"), EVE: STOPPED, ERIN: ACTIVE}


@on_sqlite
def test_the_gate_too_takes_a_corrected_answer_for_what_it_is(office: Office) -> None:
    mail = hear(office, letter(sender=f"Bob <{BOB}>"))
    sealed = office.desk.ids.seal("message", mail)
    correct_verdict(office.desk, ALICE, sealed, Said.AUTOMATIC)
    office.bench.clock.wait(5 * 86_400)
    office.read_mail()
    assert office.send().sent == 3


@on_sqlite
def test_who_was_misread_stays_stopped_by_the_answer_of_a_colleague(office: Office) -> None:
    misread = hear(office, letter(sender=f"Eve <{EVE}>"))
    hear(office, letter(sender=f"Bob <{BOB}>"))
    correct_verdict(
        office.desk,
        ALICE,
        office.desk.ids.seal("message", misread),
        Said.AUTOMATIC,
        may_reopen=True,
    )
    assert standing(office) == {BOB: ("stopped", "reply"), EVE: STOPPED, ERIN: ACTIVE}


@on_sqlite
def test_people_of_free_mail_are_no_organization(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,), rules=WHOLE)
    for name in ("carla", "dora"):
        create_lead(office.desk, ALICE, f"{name}@gmail.com", f"{name.title()} Roe")
    start(office.desk, ALICE, "Autumn")
    office.send()
    office.bench.clock.wait(60)
    sent_copies(office)
    hear(office, letter(sender="Carla <carla@gmail.com>"))
    found = standing(office)
    assert (found["carla@gmail.com"], found["dora@gmail.com"]) == (("stopped", "reply"), ACTIVE)


@on_sqlite
def test_mail_from_before_they_were_added_stops_nobody(new_office: NewOffice) -> None:
    office = new_office(people=("bob",), steps=(REMINDER,), rules=WHOLE)
    come(office, letter(sender=f"Bob <{BOB}>"), later_seconds=-3_600)
    office.bench.clock.wait(120)
    create_lead(office.desk, ALICE, EVE, "Eve Tanaka")
    start(office.desk, ALICE, "Autumn")
    heed(office)
    assert standing(office)[EVE] == ACTIVE


@on_sqlite
def test_a_rule_that_is_turned_on_counts_from_the_next_mail_on(new_office: NewOffice) -> None:
    office = furnished(new_office, QUICK)
    hear(office, letter(sender=f"Bob <{BOB}>"))
    with office.desk.database.write() as tx:
        tx.execute(update(cadence).values(rules=rules_as_json(WHOLE)))
    heed(office)
    assert standing(office)[EVE] == ACTIVE
    hear(office, letter(sender="Frida <frida@bobs-firm.example>"))
    assert standing(office)[EVE] == STOPPED


# --- the rule itself ------------------------------------------------------------


@pytest.mark.parametrize("is_on", [True, False])
def test_the_rule_is_kept_shown_and_said(is_on: bool) -> None:
    rules = CadenceRules(stops_organization=is_on)
    assert rules_from_json(rules_as_json(rules)) == rules
    assert rules_with(rules, form_of(rules)).stops_organization is is_on
    said = any("everybody of their organization" in one for one in rules_in_words(rules))
    assert said is is_on


def test_rules_of_before_do_not_have_it() -> None:
    assert rules_from_json('{"day_cap": 10}').stops_organization is False
