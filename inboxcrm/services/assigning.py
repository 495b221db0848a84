"""New leads find their owner by the house's rules, in the transaction that makes them.

Called by capture for the leads it makes, and by imports for those the table gives to nobody. A lead that stood before,
also a withdrawn one that comes back, keeps whom it has; so does one that a person made or gave away. What a rule did is
a line on the timeline with its reason, and anybody may give the lead to somebody else afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping

from inboxcrm.leads.assigning import AssignRule, rule_for, take_turn
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.store import assignments
from inboxcrm.store.activities import add_activity
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.score_facts import Who

KIND = "assigned"
_LONGEST = 500


def assign_captured(tx: Tx, desk: Desk, made: Mapping[int, int]) -> None:
    """`made`: address -> the lead capture just made of it."""
    if desk.assigning and made:
        boxes = assignments.mailboxes_that_made(tx, made)
        assign_new(tx, desk, {lead_id: boxes.get(which, "") for which, lead_id in made.items()})


def assign_new(tx: Tx, desk: Desk, made: Mapping[int, str]) -> None:
    """`made`: lead -> the mailbox whose mail made it, empty for none. The leads in their order, one turn each.

    1. the rule that speaks of each lead
    2. the rings of these rules are held, so that two who give leads away at once do it one after the other
    3. owners, reasons, and the places of the rings
    """
    if not desk.assigning or not made:
        return
    facts = Who(tx, made).facts
    now = desk.clock.now()
    found = {
        lead_id: rule
        for lead_id in sorted(facts)
        if (rule := rule_for(desk.assigning, facts[lead_id], made[lead_id], now))
    }
    there = assignments.people_there(tx, {one for rule in found.values() for one in rule.to})
    places = assignments.lock_places(tx, {rule.ring for rule in found.values() if rule.is_ring})
    owners: dict[int, int] = {}
    for lead_id, rule in found.items():
        whose, place = take_turn(rule, places.get(rule.ring, 0), there)
        if rule.is_ring:
            places[rule.ring] = place
        if not whose:
            continue
        owners[lead_id], name = there[whose]
        add_activity(
            tx,
            lead_id,
            at=now_ms(desk),
            kind=KIND,
            account_id=None,
            text=_reason(rule, name)[:_LONGEST],
            data={"to": owners[lead_id], "rule": desk.assigning.index(rule) + 1},
        )
    assignments.give_leads(tx, owners)
    assignments.set_places(tx, places)


def _reason(rule: AssignRule, name: str) -> str:
    """Like "Given to Bob, whose turn it was, by the rule for leads where country is de"."""
    turn = ", whose turn it was" if rule.is_ring else ""
    return f"Given to {name}{turn}, by the rule for {rule.about}"
