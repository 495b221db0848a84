"""From evidence to leads: decides anew for addresses whose standing may have changed, and writes what follows.

Everything here runs inside the caller's transaction, so that a message, the evidence it gives and the lead it makes
appear together or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from inboxcrm.leads.capture import (
    HUMAN,
    Decision,
    First,
    MailboxEvidence,
    Mode,
    Outcome,
    Rule,
    Sign,
    Standing,
    decide,
)
from inboxcrm.leads.owes import lead_owes
from inboxcrm.leads.own import OwnSet, own_set
from inboxcrm.mail.addresses import domain_of, is_no_reply, is_role
from inboxcrm.services.assigning import assign_captured
from inboxcrm.store import captures, lead_mail, ledger, made_leads, waiting
from inboxcrm.store.accounts import sign_in_addresses
from inboxcrm.store.addresses import StoredAddress, addresses_by_id
from inboxcrm.store.captures import Current
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import evidence_of
from inboxcrm.store.lead_scores import note_score_due
from inboxcrm.store.mailboxes import all_mailboxes
from inboxcrm.store.tasks import finish_answered


@dataclass(slots=True)
class Settled:
    """What a settling changed."""

    leads_created: int = 0
    lead_ids: set[int] = field(default_factory=set)
    current: dict[int, Current] = field(default_factory=dict)


def own_set_of(tx: Tx, desk: Desk) -> OwnSet:
    """Our own addresses as they stand now: of mailboxes, and of the people who sign in."""
    boxes = all_mailboxes(tx)
    aliases = [alias for box in boxes for alias in box.aliases]
    return own_set(
        mailboxes=(box.address for box in boxes),
        aliases=[*aliases, *sign_in_addresses(tx)],
        domains=desk.capture.own_domains,
    )


def settle(
    tx: Tx,
    desk: Desk,
    address_ids: Collection[int],
    *,
    widen: Collection[int] | None = None,
    name_keys: Iterable[str] = (),
) -> Settled:
    """Decides anew for these addresses and for those whose standing rests on them.

    `widen` names those of them that others' standing may rest on (all, if not said), `name_keys` further names.

    1. widen the circle to plus-tagged forms and namesakes
    2. gather each one's standing and decide
    3. where the answer changed: write it, and the ledger lines of the address
    4. make, revive or withdraw leads, and link or unlink their mail
    """
    settled = Settled()
    if not address_ids:
        return settled
    people = addresses_by_id(tx, address_ids)
    spreading = [people[which] for which in (people if widen is None else widen) if which in people]
    related = captures.related_ids(
        tx,
        keys=[held.key for held in spreading],
        name_keys={held.name_key for held in spreading} | set(name_keys),
    )
    people |= addresses_by_id(tx, related - set(people))
    own = own_set_of(tx, desk)
    people = {which: held for which, held in people.items() if not own.holds(held.key)}
    decisions, verdict_leads = decide_all(tx, people)
    before = captures.current_of(tx, decisions)
    after = {which: _as_current(decision) for which, decision in decisions.items()}
    changed = {which for which, current in after.items() if before.get(which) != current}
    captures.set_current(
        tx, {which: decisions[which] for which in changed}, now=to_ms(desk.clock.now())
    )
    ledger.rewrite_ledger(tx, {which: after[which] for which in changed if which in before})
    waiting.refresh_waiting(tx, decisions)
    settled.current = after
    _follow(tx, desk, people, decisions, verdict_leads, settled)
    return settled


def decide_all(
    tx: Tx, people: dict[int, StoredAddress], *, modes: dict[int, Mode] | None = None
) -> tuple[dict[int, Decision], dict[int, int]]:
    """The decision for each address, and the lead a person named for it ("add to existing").

    `modes` by mailbox id stand in for those in force, for rehearsals.
    """
    standings, verdict_leads = standings_of(tx, people, modes=modes or captures.modes(tx))
    return {which: decide(standing) for which, standing in standings.items()}, verdict_leads


def standings_of(
    tx: Tx, people: dict[int, StoredAddress], *, modes: dict[int, Mode]
) -> tuple[dict[int, Standing], dict[int, int]]:
    """All that is known of each address, read in a fixed number of queries."""
    held = evidence_of(tx, people)
    leads = captures.leads_of(tx, people)
    verdicts = captures.verdicts_of(
        tx,
        {address.key: (domain_of(address.key), address.org_domain) for address in people.values()},
    )
    # Who only got bulk or automatic mail is ignored whatever else is known: no need to look for namesakes.
    met_humanly = {address_id for address_id, _, sign in held if sign in HUMAN}
    doubted = [address for which, address in people.items() if which in met_humanly]
    plain_keys = {address.plain_key for address in doubted if address.plain_key != address.key}
    name_keys = {address.name_key for address in doubted if address.name_key}
    met = captures.human_firsts(tx, keys=plain_keys, name_keys=name_keys)
    known_keys = {key for _, key, _, _ in met}
    by_name: dict[str, list[tuple[First, str]]] = {}
    for _, key, name_key, first in met:
        by_name.setdefault(name_key, []).append((first, key))
    signs: dict[int, dict[int, dict[Sign, First]]] = {}
    for (address_id, mailbox_id, sign), (_, first, _) in held.items():
        signs.setdefault(address_id, {}).setdefault(mailbox_id, {})[sign] = first
    standings: dict[int, Standing] = {}
    for which, address in people.items():
        namesakes = by_name.get(address.name_key, ()) if address.name_key else ()
        namesake = min(namesakes)[1] if namesakes else ""
        lead = leads.get(which)
        standings[which] = Standing(
            key=address.key,
            is_no_reply=is_no_reply(address.key),
            is_role=is_role(address.key),
            known_plain=(
                address.plain_key
                if address.plain_key != address.key and address.plain_key in known_keys
                else ""
            ),
            same_name=namesake if namesake != address.key else "",
            has_persons_lead=bool(lead and lead.is_persons),
            verdict=verdicts.get(address.key),
            evidence=tuple(
                MailboxEvidence(mailbox_id, modes.get(mailbox_id, Mode.ENQUIRY), found)
                for mailbox_id, found in sorted(signs.get(which, {}).items())
            ),
        )
    named = {
        which: verdict.lead_id
        for which, address in people.items()
        if (verdict := verdicts.get(address.key)) and verdict.lead_id is not None
    }
    return standings, named


def _as_current(decision: Decision) -> Current:
    return Current(
        decision.outcome.value,
        decision.rule.value,
        decision.detail,
        decision.mailbox_id,
        decision.rests_on.message_id if decision.rests_on else None,
    )


def _follow(
    tx: Tx,
    desk: Desk,
    people: dict[int, StoredAddress],
    decisions: dict[int, Decision],
    verdict_leads: dict[int, int],
    settled: Settled,
) -> None:
    """Brings leads and links in line with the decisions."""
    leads = captures.leads_of(tx, decisions)
    wanted = [which for which, found in decisions.items() if found.outcome is Outcome.LEAD]
    joining = {
        which: verdict_leads[which]
        for which in wanted
        if which not in leads and which in verdict_leads
    }
    made_leads.attach_addresses(tx, joining)
    missing = [which for which in wanted if which not in leads and which not in joining]
    pipeline = desk.pipelines.default
    created = made_leads.make_leads(
        tx,
        {which: (people[which], decisions[which]) for which in missing},
        pipeline=pipeline.key,
        stage=pipeline.first.key,
        now=to_ms(desk.clock.now()),
    )
    assign_captured(tx, desk, created)
    settled.leads_created += len(created)
    home = {which: leads[which].lead_id for which in wanted if which in leads}
    home.update(joining)
    home.update(created)
    revived = [which for which in wanted if which in leads and leads[which].is_withdrawn]
    made_leads.revive(tx, [leads[which].lead_id for which in revived], at=to_ms(desk.clock.now()))
    made_leads.keep_current(
        tx,
        {
            home[which]: (people[which], decisions[which])
            for which in wanted
            if which in leads
            and not leads[which].is_persons
            and decisions[which].rule is not Rule.KNOWN_LEAD
        },
    )
    ledger.link_all(tx, home)
    leaving = {
        which: leads[which].lead_id
        for which, found in decisions.items()
        if found.outcome is not Outcome.LEAD and which in leads and not leads[which].is_withdrawn
    }
    ledger.unlink_all(tx, leaving)
    made_leads.withdraw_without_address(tx, leaving, at=to_ms(desk.clock.now()))
    settled.lead_ids |= set(home.values()) | set(leaving.values())
    made_leads.index_names(tx, set(home.values()))


def refresh_leads(tx: Tx, lead_ids: Collection[int]) -> None:
    """Writes what the mail says of these leads: last in, last out, who owes whom, which follow-ups it made needless."""
    ids = set(lead_ids)
    if not ids:
        return
    stats = lead_mail.lead_mail(tx, ids)
    conversations = lead_mail.lead_conversations(tx, ids)
    rows = []
    for lead_id in sorted(ids):
        first, last_in, last_out, number_in, number_out = stats.get(
            lead_id, (None, None, None, 0, 0)
        )
        who, since, message_id = lead_owes(conversations.get(lead_id, ()))
        rows.append(
            {
                "id": lead_id,
                "first_at": first,
                "last_in_at": last_in,
                "last_out_at": last_out,
                "in_count": number_in,
                "out_count": number_out,
                "owes": who,
                "owes_since_at": since,
                "owes_message_id": message_id,
            }
        )
    lead_mail.set_lead_mail(tx, rows)
    finish_answered(tx, ids)
    note_score_due(tx, ids)
