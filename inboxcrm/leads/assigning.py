"""Who gets a lead that was just made: the first rule that speaks of it, to one person or to several in turn.

A rule speaks of a lead by who it is (in the words of segments, leads/condition_fields.py), by the mailbox whose mail
made it, or by both. Somebody who cannot be given a lead (no account under that address, or a closed one) is passed
over; where nobody is left the lead stays nobody's, and the next rule is not asked: it was written for others.

In turn means: a ring of people has a place, the one whose turn is next. Whoever gets a lead, the place behind them is
next. The place is part of what is written with the lead, so that no turn is lost or taken twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.leads.segment_facts import LeadFacts, matches
from inboxcrm.leads.segments import EVERYONE, Node


@dataclass(frozen=True, slots=True)
class AssignRule:
    """`to` are addresses people sign in with, several for people in turn. `mailbox` is its name, empty for any; `words`
    say which leads it speaks of, as they were written.
    """

    to: tuple[str, ...]
    when: Node = EVERYONE
    mailbox: str = ""
    words: str = ""

    @property
    def is_ring(self) -> bool:
        return len(self.to) > 1

    @property
    def ring(self) -> str:
        """Under which its place is kept: the same people in the same order take turns over all their rules."""
        return ", ".join(self.to)

    @property
    def about(self) -> str:
        """Which leads, as the end of a sentence: "leads from mailbox sales where country is de"."""
        found = "leads" if self.mailbox or self.words else "all leads"
        if self.mailbox:
            found += f" from mailbox {self.mailbox}"
        return f"{found} where {self.words}" if self.words else found


def rule_for(
    rules: Iterable[AssignRule], facts: LeadFacts, mailbox: str, now: datetime
) -> AssignRule | None:
    """The first that speaks of the lead. `mailbox` is empty where none made it."""
    for rule in rules:
        if rule.mailbox and rule.mailbox != mailbox:
            continue
        if matches(rule.when, facts, now):
            return rule
    return None


def take_turn(rule: AssignRule, place: int, there: Collection[str]) -> tuple[str, int]:
    """(whose turn it is, the place behind them); "" and the same place where nobody of the rule is `there`."""
    many = len(rule.to)
    for step in range(many):
        at = (place + step) % many
        if rule.to[at] in there:
            return rule.to[at], (at + 1) % many
    return "", place
