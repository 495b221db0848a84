"""The rules of one cadence on adding, asked about leads page by page: facts of the database, the answer of the rules.

Whoever looks before the start, starts, previews or adds one lead asks here, so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer, may_read_mailbox
from inboxcrm.cadence.adding import (
    SOMEBODY,
    AddingFacts,
    AddingRules,
    Answer,
    Guard,
    Talk,
    against_adding,
    newest_talk,
    talk_in_words,
    talk_that_counts,
)
from inboxcrm.cadence.rules import rules_from_json
from inboxcrm.leads.segment_left_out import LeftOut
from inboxcrm.store import adding_facts, lead_consents
from inboxcrm.store.adding_facts import Own, StandingRow, TalkRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

MOST_WARNINGS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What the rules say of one lead: why it is left out, and of which talk one is warned."""

    against: frozenset[LeftOut] = frozenset()
    warning: Talk | None = None


@dataclass(frozen=True, slots=True)
class Adding:
    """One cadence's rules, ready to be asked. `own` is who sends: its mailbox and that one's owner, or the viewer."""

    cadence_id: int
    rules: AddingRules
    now: datetime
    viewer: Viewer
    own: Own

    def facts(self, tx: Tx, lead_ids: Collection[int]) -> dict[int, AddingFacts]:
        """Only what the rules ask is looked up; every lead has facts, be they empty."""
        return self._facts(tx, adding_facts.standing_of(tx, self.cadence_id, lead_ids))

    def asked(self, tx: Tx, lead_ids: Collection[int]) -> dict[int, Asked]:
        """Lead -> what the rules say. Of those who are or were in the cadence nothing is asked."""
        standing = adding_facts.standing_of(tx, self.cadence_id, lead_ids)
        facts = self._facts(tx, {one: held for one, held in standing.items() if not held.is_inside})
        return {
            one: Asked(against_adding(held, self.rules, self.now), self.warned(held))
            for one, held in facts.items()
        }

    def against(self, tx: Tx, lead_ids: Collection[int]) -> dict[int, frozenset[LeftOut]]:
        """Lead -> why it is left out."""
        return {one: held.against for one, held in self.asked(tx, lead_ids).items()}

    def _facts(self, tx: Tx, standing: Mapping[int, StandingRow]) -> dict[int, AddingFacts]:
        rules = self.rules
        touched = adding_facts.touched_at(tx, standing) if rules.quiet_days else {}
        consents = lead_consents.states_of(tx, standing) if rules.needs_consent else {}
        talks = self._talks(tx, standing) if rules.guard is not Guard.OFF else {}
        return {
            one: AddingFacts(
                from_ms(touched[one]) if one in touched else None,
                consents.get(one, ""),
                talks.get(one),
                _answer(held.answer),
            )
            for one, held in standing.items()
        }

    def warned(self, facts: AddingFacts) -> Talk | None:
        """The talk one is warned of, where that is what the guard does."""
        is_warning = self.rules.guard is Guard.WARN and facts.answer is not Answer.YES
        return talk_that_counts(facts, self.rules, self.now) if is_warning else None

    def _talks(self, tx: Tx, standing: Mapping[int, StandingRow]) -> dict[int, Talk]:
        since = to_ms(self.now - timedelta(days=self.rules.guard_days))
        organizations = {
            one.organization_id for one in standing.values() if one.organization_id is not None
        }
        mates = adding_facts.leads_of_organizations(tx, organizations)
        theirs = adding_facts.talks_with_leads(tx, {*standing, *mates}, self.own, since=since)
        around: dict[int, list[TalkRow]] = {}
        for mate, rows in theirs.items():
            if mate in mates:
                around.setdefault(mates[mate], []).extend(rows)
        found = {}
        for lead_id, held in standing.items():
            every = [self._talk(one, held, with_lead=True) for one in theirs.get(lead_id, ())]
            if held.organization_id is not None:
                rows = around.get(held.organization_id, [])
                every += [self._talk(one, held, with_lead=False) for one in rows]
            newest = newest_talk(every)
            if newest is not None:
                found[lead_id] = newest
        return found

    def _talk(self, row: TalkRow, lead: StandingRow, *, with_lead: bool) -> Talk:
        """The lead's owner has the say, where that is not who sends; else the colleague who is talking."""
        is_open = row.visibility == "shared" or (
            row.mailbox_id is not None and may_read_mailbox(self.viewer, row.mailbox_id)
        )
        owner = lead.owner_id if lead.owner_id != self.own.account_id else None
        asks = owner if owner is not None else row.account_id
        return Talk(from_ms(row.at), row.name if is_open else SOMEBODY, with_lead, asks)


def adding_of(tx: Tx, desk: Desk, viewer: Viewer, cadence_id: int) -> Adding | None:
    """None where there is no such cadence."""
    found = adding_facts.rules_of(tx, cadence_id) if cadence_id else None
    if found is None:
        return None
    owner = found.owner_id
    own = Own(found.mailbox_id, viewer.account_id if owner is None else owner, owner is None)
    rules = rules_from_json(found.rules).adding
    return Adding(cadence_id, rules, desk.clock.now(), viewer, own)


def _answer(said: str | None) -> Answer:
    if said is None:
        return Answer.NOT_ASKED
    return Answer(said) if said else Answer.WAITS


def warnings_about(tx: Tx, adding: Adding, asked: Mapping[int, Asked]) -> list[str]:
    """Which colleagues are talking to whom, in words: "Bob Tanaka: Carla was in touch with them 3 days ago"."""
    talks = {one: held.warning for one, held in asked.items() if held.warning is not None}
    names = adding_facts.names_of(tx, talks) if talks else {}
    return [
        f"{name}: {talk_in_words(talks[one], adding.now)}" for one, name in sorted(names.items())
    ]
