"""What capture decides from and what it decided: verdicts, namesakes, the current answer for each address."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from inboxcrm.leads.capture import Decision, First, Mode, Outcome, Rule, Verdict
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, EMPTY, within
from inboxcrm.store.tables import (
    address,
    address_capture,
    capture_rule,
    evidence,
    lead,
    lead_address,
    mailbox,
)
from inboxcrm.store.upserts import chunks, insert_or_replace

HUMAN_SIGNS = ("they_wrote", "form", "we_wrote", "undisclosed", "forwarded", "we_wrote_many")


class Current(NamedTuple):
    """The answer an address has now."""

    outcome: str
    rule: str
    detail: str
    mailbox_id: int | None
    rests_on: int | None


class LeadOfAddress(NamedTuple):
    lead_id: int
    made_by: str
    is_touched: bool
    is_withdrawn: bool

    @property
    def is_persons(self) -> bool:
        """A lead a person made or changed: rules only add links to it."""
        return (self.made_by == "person" or self.is_touched) and not self.is_withdrawn


_CURRENT = select(
    address_capture.c.address_id,
    address_capture.c.outcome,
    address_capture.c.rule,
    address_capture.c.detail,
    address_capture.c.mailbox_id,
    address_capture.c.rests_on,
).where(within(address_capture.c.address_id, "ids"))
_LEADS = (
    select(
        lead_address.c.address_id,
        lead.c.id,
        lead.c.made_by,
        lead.c.is_touched,
        lead.c.is_withdrawn,
    )
    .join(lead, lead.c.id == lead_address.c.lead_id)
    .where(within(lead_address.c.address_id, "ids"))
)
_RULES = (
    select(
        capture_rule.c.scope, capture_rule.c.subject, capture_rule.c.outcome, capture_rule.c.lead_id
    )
    .where(
        capture_rule.c.removed_at.is_(None),
        within(capture_rule.c.subject, "subjects"),
    )
    .order_by(capture_rule.c.id)
)
_MODES = select(mailbox.c.id, mailbox.c.capture)


def current_of(tx: Tx, address_ids: Iterable[int]) -> dict[int, Current]:
    found: dict[int, Current] = {}
    for some in chunks(sorted(set(address_ids)), AT_ONCE):
        found.update(
            (row[0], Current._make(row[1:])) for row in tx.execute(_CURRENT, {"ids": some}).all()
        )
    return found


def leads_of(tx: Tx, address_ids: Iterable[int]) -> dict[int, LeadOfAddress]:
    found: dict[int, LeadOfAddress] = {}
    for some in chunks(sorted(set(address_ids)), AT_ONCE):
        found.update(
            (row[0], LeadOfAddress._make(row[1:]))
            for row in tx.execute(_LEADS, {"ids": some}).all()
        )
    return found


def modes(tx: Tx) -> dict[int, Mode]:
    return {row[0]: Mode(row[1]) for row in tx.execute(_MODES)}


def modes_by_name(tx: Tx, changed: Mapping[str, str]) -> dict[int, Mode]:
    """The modes of all mailboxes, with other ones for those named."""
    rows = tx.execute(select(mailbox.c.id, mailbox.c.name, mailbox.c.capture))
    return {row[0]: Mode(changed.get(row[1], row[2])) for row in rows}


def address_batches(tx: Tx, many: int = 1000) -> Iterator[list[int]]:
    """Ids of all addresses that stand on some message, a piece at a time."""
    after = 0
    while True:
        ids = list(
            tx.execute(
                select(address_capture.c.address_id)
                .where(address_capture.c.address_id > after)
                .order_by(address_capture.c.address_id)
                .limit(many)
            ).scalars()
        )
        if not ids:
            return
        yield ids
        after = ids[-1]


def verdicts_of(tx: Tx, keys: Mapping[str, Sequence[str]]) -> dict[str, Verdict]:
    """What people said about these match keys (each with the domains it lies in); the address before the domain."""
    subjects = sorted(
        {*keys, *(domain for domains in keys.values() for domain in domains if domain)}
    )
    said: dict[tuple[str, str], Verdict] = {}
    for some in chunks(subjects, AT_ONCE):
        for scope, subject, outcome, lead_id in tx.execute(_RULES, {"subjects": some}):
            said[scope, subject] = Verdict(
                Outcome(outcome), is_domain=scope == "domain", subject=subject, lead_id=lead_id
            )
    found: dict[str, Verdict] = {}
    for key, domains in keys.items():
        places = [("address", key), *(("domain", domain) for domain in domains if domain)]
        for place in places:
            if place in said:
                found[key] = said[place]
                break
    return found


_HUMAN = (
    select(
        address.c.id,
        address.c.key,
        address.c.name_key,
        evidence.c.first_at,
        evidence.c.first_key,
        evidence.c.first_message_id,
    )
    .join(evidence, evidence.c.address_id == address.c.id)
    .where(evidence.c.sign.in_(HUMAN_SIGNS))
)
_HAS_NAME = address.c.name_key != EMPTY
_HUMAN_BY_KEY = _HUMAN.where(within(address.c.key, "them"))
_HUMAN_BY_NAME = _HUMAN.where(within(address.c.name_key, "them"), _HAS_NAME)
_TAGGED = select(address.c.id).where(
    within(address.c.plain_key, "them"), address.c.plain_key != address.c.key
)
_NAMED = select(address.c.id).where(within(address.c.name_key, "them"), _HAS_NAME)


def human_firsts(
    tx: Tx, *, keys: Collection[str] = (), name_keys: Collection[str] = ()
) -> list[tuple[int, str, str, First]]:
    """Addresses with these keys or names that human mail passed with: (id, key, name key, its first)."""
    best: dict[int, tuple[int, str, str, First]] = {}
    for statement, wanted in ((_HUMAN_BY_KEY, keys), (_HUMAN_BY_NAME, name_keys)):
        for some in chunks(sorted(wanted), AT_ONCE):
            for which, key, name_key, *met in tx.execute(statement, {"them": some}):
                first = First(*met)
                if which not in best or first < best[which][3]:
                    best[which] = (which, key, name_key, first)
    return sorted(best.values())


def related_ids(tx: Tx, *, keys: Collection[str], name_keys: Collection[str]) -> set[int]:
    """Addresses whose standing may rest on these: plus-tagged forms of the keys, and namesakes."""
    found: set[int] = set()
    for statement, wanted in ((_TAGGED, keys), (_NAMED, name_keys)):
        for some in chunks(sorted(wanted), AT_ONCE):
            found.update(tx.execute(statement, {"them": some}).scalars())
    return found


def set_current(tx: Tx, decisions: Mapping[int, Decision], *, now: int) -> None:
    """Writes the answers; `decided_at` is when the message came on which it rests, so that a replay writes the same."""
    insert_or_replace(
        tx,
        address_capture,
        [
            {
                "address_id": address_id,
                "outcome": decision.outcome.value,
                "rule": decision.rule.value,
                "detail": decision.detail,
                "mailbox_id": decision.mailbox_id,
                "rests_on": decision.rests_on.message_id if decision.rests_on else None,
                "decided_at": decision.rests_on.at if decision.rests_on else now,
                "decided_by": "person"
                if decision.rule in (Rule.PERSON, Rule.PERSON_DOMAIN)
                else "rule",
            }
            for address_id, decision in decisions.items()
        ],
        "outcome",
        "rule",
        "detail",
        "mailbox_id",
        "rests_on",
        "decided_at",
        "decided_by",
    )
