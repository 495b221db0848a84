"""What the review queue proposes for a doubtful sender, from the reason why they are doubtful. A person decides.

reason                                    somebody we know may be meant    nobody
second address, same name                 add to that lead                 add as lead
shared address, waits, asked, forwarded   add to that lead if it is the    add as lead
                                          same person, else add as lead
undisclosed recipients                    ignore the address               ignore the address
we wrote to many                          wait for their answer            wait for their answer
"""

from __future__ import annotations

from enum import StrEnum

from inboxcrm.leads.capture import Rule


class Proposal(StrEnum):
    LEAD = "lead"
    JOIN = "join"
    IGNORE = "ignore"
    LATER = "later"


SAME_PERSON = frozenset({"plus", "name"})
"""Ways of matching a lead that speak for the person, not only for where they work."""

_FIXED = {
    Rule.UNDISCLOSED.value: Proposal.IGNORE,
    Rule.WE_WROTE_MANY.value: Proposal.LATER,
}


def propose(rule: str, match: str | None) -> Proposal:
    """`match`: in which way the best lead matches, None where there is none."""
    if match in SAME_PERSON:
        return Proposal.JOIN
    return _FIXED.get(rule, Proposal.LEAD)
