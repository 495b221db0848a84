"""Rules people make of an answer, for a whole domain: shown beforehand by the very function that decides afterwards.

A rehearsal takes the standing of every stored address of the domain, puts the rule in place of what people say now and
asks `leads.capture.decide`. It writes nothing, also not inside a transaction that is rolled back.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import ConflictError, NotFoundError, UsageError
from inboxcrm.leads.capture import Outcome, Standing, Verdict, decide
from inboxcrm.mail.addresses import domain_of
from inboxcrm.services import capturing
from inboxcrm.services.reviewing import Answered, keep_answer, refuse_strangers, say
from inboxcrm.services.settling import own_set_of, standings_of
from inboxcrm.store import captures, review, verdicts
from inboxcrm.store.addresses import addresses_by_id
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.joined import JoinedDatabase

FIRST = 20


class RuleOutcome(StrEnum):
    """What a rule may say of a domain; NONE: that nobody says anything of it any more."""

    LEAD = "lead"
    CANDIDATE = "candidate"
    IGNORED = "ignored"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Change:
    """One address whose answer the rule would change."""

    address: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`counts` say how many go from what to what; `first` shows some of them; `unchanged` stay as they are.

    `fingerprint` is the same as long as the same would happen.
    """

    domain: str
    outcome: str
    total: int
    unchanged: int
    counts: tuple[tuple[str, str, int], ...]
    first: tuple[Change, ...]
    fingerprint: str


def rehearse_rule(desk: Desk, viewer: Viewer, *, domain: str, outcome: str) -> Rehearsal:
    """What a rule for the domain would change. Raises UsageError for what no rule can be made of."""
    refuse_strangers(viewer)
    wanted = _outcome(outcome)
    with desk.database.read() as tx:
        subject = capturing.rule_subject(tx, desk, domain)
        changes, unchanged = _changes(tx, desk, viewer, subject, wanted)
    counts = Counter((one.before, one.after) for one in changes)
    return Rehearsal(
        subject,
        wanted.value,
        len(changes),
        unchanged,
        tuple((before, after, count) for (before, after), count in sorted(counts.items())),
        tuple(changes[:FIRST]),
        f"{len(changes)}.{unchanged}."
        + ".".join(str(count) for _, count in sorted(counts.items())),
    )


def make_rule(
    desk: Desk, viewer: Viewer, *, domain: str, outcome: str, fingerprint: str = ""
) -> Answered:
    """The rule, from now on. `fingerprint` is that of the rehearsal the person agreed to.

    Raises ConflictError where by now something else would happen than was shown.
    """
    refuse_strangers(viewer)
    wanted = _outcome(outcome)
    if wanted is RuleOutcome.NONE:
        raise UsageError("A rule must say something.", remedy="Choose lead, review or ignore.")
    with desk.database.write() as tx:
        inner = replace(desk, database=JoinedDatabase(desk.database, tx))
        if fingerprint:
            now = rehearse_rule(inner, viewer, domain=domain, outcome=outcome)
            _refuse_other(fingerprint, now)
        subject = capturing.rule_subject(tx, desk, domain)
        piece = say(tx, inner, viewer, scope="domain", subject=subject, outcome=wanted.value)
        return keep_answer(tx, desk, viewer, _SAID[wanted].format(domain=subject), [piece])


def drop_rule(desk: Desk, viewer: Viewer, rule_id: str) -> Answered:
    """A person's word, on a domain or one address, holds no more; what the rules say holds again."""
    refuse_strangers(viewer)
    number = desk.ids.open(capturing.SEALED_AS, rule_id)
    with desk.database.write() as tx:
        inner = replace(desk, database=JoinedDatabase(desk.database, tx))
        word = None if number is None else verdicts.verdict(tx, number)
        if word is None or word.removed_at is not None:
            raise NotFoundError("There is no such rule any more.", remedy="Reload the page.")
        capturing.take_back_verdict(inner, viewer, rule_id)
        whom = f"everybody at {word.subject}" if word.scope == "domain" else word.subject
        return keep_answer(
            tx, desk, viewer, f"The rule for {whom} is taken back", [["unruled", word.id]]
        )


_SAID = {
    RuleOutcome.LEAD: "Everybody at {domain} is a lead from now on",
    RuleOutcome.CANDIDATE: "Everybody at {domain} waits in the review queue from now on",
    RuleOutcome.IGNORED: "Everybody at {domain} is ignored from now on",
}


def _outcome(outcome: str) -> RuleOutcome:
    if outcome not in set(RuleOutcome):
        raise UsageError("There is no such rule.", remedy="Choose lead, review or ignore.")
    return RuleOutcome(outcome)


def _refuse_other(fingerprint: str, now: Rehearsal) -> None:
    if fingerprint != now.fingerprint:
        raise ConflictError(
            "Mail has come, or somebody has answered, since this was shown; the rule would now "
            "change something else. It was not made.",
            version=0,
            remedy="Look at what it would change now, then confirm it again.",
        )


def _changes(
    tx: Tx, desk: Desk, viewer: Viewer, domain: str, wanted: RuleOutcome
) -> tuple[list[Change], int]:
    """Among the addresses this viewer may know of."""
    ids = verdicts.address_ids(tx, "domain", domain)
    ids &= review.known_addresses(tx, viewer, ids).keys()
    own = own_set_of(tx, desk)
    people = {
        which: held for which, held in addresses_by_id(tx, ids).items() if not own.holds(held.key)
    }
    standings, _ = standings_of(tx, people, modes=captures.modes(tx))
    places = {which: (domain_of(one.key), one.org_domain) for which, one in people.items()}
    words = _words(tx, {place for pair in places.values() for place in pair} - {domain, ""})
    if wanted is not RuleOutcome.NONE:
        words[domain] = Verdict(Outcome(wanted.value), is_domain=True, subject=domain)
    current = captures.current_of(tx, people)
    changes: list[Change] = []
    for which, person in people.items():
        spoken = _as_if(standings[which], places[which], words)
        before, after = current[which].outcome, decide(spoken).outcome.value
        if before != after:
            changes.append(Change(person.shown, person.name, before, after))
    changes.sort(key=lambda one: (one.before, one.after, one.address))
    return changes, len(people) - len(changes)


def _words(tx: Tx, domains: set[str]) -> dict[str, Verdict]:
    """What people say about these other domains: one address may lie in a domain and in the one that belongs to."""
    said = captures.verdicts_of(tx, {f"@{one}": (one,) for one in domains})
    return {key.removeprefix("@"): verdict for key, verdict in said.items()}


def _as_if(standing: Standing, places: tuple[str, str], words: dict[str, Verdict]) -> Standing:
    """The word on the address before the one on its own domain, that one before the one on the wider domain."""
    held = standing.verdict
    if held is not None and not held.is_domain:
        return standing
    return standing._replace(
        verdict=next((words[place] for place in places if place in words), None)
    )
