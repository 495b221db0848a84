"""Who gets a new lead: the first rule that speaks of it, in turn where several are named."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads.assigning import AssignRule, rule_for, take_turn
from inboxcrm.leads.condition_fields import condition_fields, parse_condition
from tests.leads.test_scoring import BOB, NOW

ANN, BEA, CY = "ann@ourfirm.example", "bea@ourfirm.example", "cy@ourfirm.example"
GERMAN = AssignRule((ANN,), parse_condition("country is de", condition_fields()), words="country is de")  # fmt: skip
SALES = AssignRule((BEA,), mailbox="sales")
REST = AssignRule((ANN, BEA, CY))


def test_the_first_rule_that_speaks_of_a_lead_is_asked():
    rules = (GERMAN, SALES, REST)
    german = replace(BOB, addresses=("bob@firma.de",))
    assert rule_for(rules, german, "sales", NOW) is GERMAN
    assert rule_for(rules, BOB, "sales", NOW) is SALES
    assert rule_for(rules, BOB, "", NOW) is REST
    assert rule_for((GERMAN,), BOB, "sales", NOW) is None


def test_a_rule_says_which_leads_it_speaks_of():
    assert [one.about for one in (GERMAN, SALES, REST)] == [
        "leads where country is de", "leads from mailbox sales", "all leads",
    ]  # fmt: skip
    assert replace(GERMAN, mailbox="sales").about == "leads from mailbox sales where country is de"


def test_who_is_not_there_is_passed_over_and_loses_no_turn():
    assert take_turn(REST, 0, {ANN, BEA, CY}) == (ANN, 1)
    assert take_turn(REST, 1, {ANN, CY}) == (CY, 0)
    assert take_turn(REST, 2, {ANN, BEA}) == (ANN, 1)
    assert take_turn(REST, 2, set()) == ("", 2)
    assert take_turn(SALES, 0, {ANN}) == ("", 0)


@given(st.integers(1, 7), st.integers(0, 6), st.integers(0, 60))
def test_turns_are_fair_to_one_lead(many, start, leads):
    ring = AssignRule(tuple(f"p{number}@ourfirm.example" for number in range(many)))
    place, counts = start % many, dict.fromkeys(ring.to, 0)
    for _ in range(leads):
        whose, place = take_turn(ring, place, ring.to)
        counts[whose] += 1
    assert max(counts.values()) - min(counts.values()) <= 1
