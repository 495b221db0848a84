"""What people say about senders: verdicts on an address or a domain, taken back as easily, and what would follow."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer, may_change_capture
from inboxcrm.errors import ForbiddenError, NotFoundError, UsageError
from inboxcrm.leads.capture import Outcome
from inboxcrm.mail.addresses import domain_to_ascii, is_free_mail, match_key
from inboxcrm.services.joining import join_lead
from inboxcrm.services.settling import decide_all, own_set_of, refresh_leads, settle
from inboxcrm.store import captures, ledger, made_leads, verdict_leads, verdicts
from inboxcrm.store.addresses import NameSeen, addresses_by_id, remember_addresses
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.upserts import one_at_a_time

SEALED_AS = "verdict"
"""The kind under which ids of verdicts leave the program."""


def give_verdict(
    desk: Desk,
    viewer: Viewer,
    *,
    outcome: str,
    address: str | None = None,
    domain: str | None = None,
    lead_id: int | None = None,
    name: str = "",
) -> str:
    """A person's word about an address or a domain; returns the token that takes it back.

    `lead_id` names the lead the address is added to. Raises UsageError for what is no address or domain, or is ours;
    NotFoundError and AlreadyLeadError (services/joining.py) where it cannot be added.
    """
    _check(viewer)
    with desk.database.write() as tx:
        return give_verdict_in(
            tx,
            desk,
            viewer,
            outcome=outcome,
            address=address,
            domain=domain,
            lead_id=lead_id,
            name=name,
        )


def give_verdict_in(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    *,
    outcome: str,
    address: str | None = None,
    domain: str | None = None,
    lead_id: int | None = None,
    name: str = "",
) -> str:
    """The same inside a transaction that does more."""
    _check(viewer)
    scope, subject = _subject(tx, desk, address, domain)
    now = desk.clock.now()
    if scope == "address":
        seen = NameSeen(shown=address or subject, name=name, is_own=True, at=to_ms(now))
        remember_addresses(tx, {subject: seen})
        if lead_id is not None and not join_lead(tx, desk, subject, lead_id):
            lead_id = None
    rule_id = verdicts.insert_verdict(
        tx,
        scope=scope,
        subject=subject,
        outcome=Outcome(outcome).value,
        lead_id=lead_id,
        account_id=viewer.account_id,
        at=to_ms(now),
    )
    recompute_addresses(tx, desk, verdicts.address_ids(tx, scope, subject))
    return desk.ids.seal(SEALED_AS, rule_id)


def take_back_verdict(desk: Desk, viewer: Viewer, token: str) -> None:
    """Undoes a verdict: what the rules say holds again. Taking it back twice changes nothing."""
    _check(viewer)
    rule_id = desk.ids.open(SEALED_AS, token)
    with desk.database.write() as tx:
        found = verdicts.verdict(tx, rule_id) if rule_id is not None else None
        if found is None:
            raise NotFoundError(
                "There is nothing to undo under that name.", remedy="Reload the page."
            )
        if found.removed_at is not None:
            return  # taken back before, or a later word took its place
        verdicts.remove_verdicts(tx, [found.id], at=to_ms(desk.clock.now()))
        ids = verdicts.address_ids(tx, found.scope, found.subject)
        if found.outcome == Outcome.LEAD.value:
            verdict_leads.release_leads(tx, ids, since=found.made_at)
        else:
            verdict_leads.revive_persons_leads(tx, ids, at=to_ms(desk.clock.now()))
        if found.lead_id is not None:
            joined = verdict_leads.joined_to(tx, ids, found.lead_id)
            ledger.unlink_all(tx, joined)
            for address_id in joined:
                verdict_leads.take_address(tx, address_id)
            made_leads.index_names(tx, [found.lead_id])
            refresh_leads(tx, [found.lead_id])
        recompute_addresses(tx, desk, ids)


def recompute_addresses(tx: Tx, desk: Desk, address_ids: Collection[int]) -> None:
    """Decides anew for these addresses and brings leads, links and what the mail says of them in line."""
    one_at_a_time(tx)
    settled = settle(tx, desk, address_ids)
    refresh_leads(tx, settled.lead_ids)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One address about which today's rules say something else than what is written."""

    address: str
    name: str
    before: str
    after: str
    rule: str
    detail: str


def rehearse(desk: Desk, *, modes: dict[str, str] | None = None) -> list[Rehearsed]:
    """What the rules would decide on the stored mail, under other capture modes (by mailbox name) if given.

    Writes nothing.
    """
    changes: list[Rehearsed] = []
    with desk.database.read() as tx:
        own = own_set_of(tx, desk)
        changed_modes = captures.modes_by_name(tx, modes or {})
        for ids in captures.address_batches(tx):
            people = {
                which: held
                for which, held in addresses_by_id(tx, ids).items()
                if not own.holds(held.key)
            }
            decisions, _ = decide_all(tx, people, modes=changed_modes)
            current = captures.current_of(tx, decisions)
            for which, decision in decisions.items():
                before = current[which].outcome if which in current else "unknown"
                if before != decision.outcome.value:
                    changes.append(
                        Rehearsed(
                            people[which].shown,
                            people[which].name,
                            before,
                            decision.outcome.value,
                            decision.rule.value,
                            decision.detail,
                        )
                    )
    return sorted(changes, key=lambda found: found.address)


def rule_subject(tx: Tx, desk: Desk, domain: str) -> str:
    """The domain as a rule names it. Raises UsageError for what no rule can be made of."""
    return _subject(tx, desk, None, domain)[1]


def _check(viewer: Viewer) -> None:
    if not may_change_capture(viewer):
        raise ForbiddenError("Your account may not decide about senders.", remedy="Ask an admin.")


def _subject(tx: Tx, desk: Desk, address: str | None, domain: str | None) -> tuple[str, str]:
    own = own_set_of(tx, desk)
    if address:
        key = match_key(address)
        if not key:
            raise UsageError(
                f"{address[:80]!r} is no mail address.", remedy="Write it like bob@firm.example."
            )
        if own.holds(key):
            raise UsageError(
                f"{key} is one of our own addresses.", remedy="Only outsiders can be leads."
            )
        return "address", key
    name = domain_to_ascii((domain or "").strip().lower().lstrip("@"))
    if not name or "." not in name or any(mark in name for mark in " @/"):
        raise UsageError(
            f"{(domain or '')[:80]!r} is no domain.", remedy="Write it like firm.example."
        )
    if name in own.domains:
        raise UsageError(f"{name} is our own domain.", remedy="Only outsiders can be leads.")
    if is_free_mail(name):
        raise UsageError(
            f"{name} is a free-mail domain: strangers share it.",
            remedy="Ignore the single address instead.",
        )
    return "domain", name
