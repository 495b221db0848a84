"""T2 of the sync: a small group of fetched mail becomes rows, evidence, decisions, links and leads, in one transaction.

1. addresses, conversations, messages with their parts, threads, copies
2. the direction all copies of a mail agree on; evidence of the new copies; addresses about which something new was
   learnt are settled
3. ledger lines and links of the new messages, from the answers as they stand now
4. what threads, conversations and leads say of themselves; full text
5. the fetch items are done
A crash before the commit leaves all of it undone and the items queued; one after it leaves nothing to do again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inboxcrm.leads.capture import First, Outcome
from inboxcrm.leads.naming import person_name
from inboxcrm.mail.message import PARSER_VERSION
from inboxcrm.mail.terms import searchable
from inboxcrm.services.directing import agree_on_direction
from inboxcrm.services.preparing import Prepared
from inboxcrm.services.settling import refresh_leads, settle
from inboxcrm.store import captures, lead_mail, ledger, messages, queue, waiting
from inboxcrm.store.addresses import NameSeen, StoredAddress, better_name, remember_addresses
from inboxcrm.store.captures import Current
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.conversations import join_conversations, refresh_last_human
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import Sighting, add_sightings
from inboxcrm.store.search import index_messages
from inboxcrm.store.upserts import one_at_a_time

TEXT_CAP = 2_000_000
"""Characters of a body that are stored; beyond that a defect says so."""


@dataclass(frozen=True, slots=True)
class StoredGroup:
    """`known` are the refs that were stored before: only their labels may be news."""

    stored: int
    leads_created: int
    known: frozenset[str]


def store_group(tx: Tx, desk: Desk, mailbox_id: int, group: Sequence[Prepared]) -> StoredGroup:
    """Stores mail of one mailbox that is not stored yet; an item that is gets only its labels."""
    one_at_a_time(tx)
    known = queue.known_refs(tx, mailbox_id, [mail.fetched.ref for mail in group])
    fresh = list(
        {mail.fetched.ref: mail for mail in group if mail.fetched.ref not in known}.values()
    )
    addresses, changed_names = _addresses(tx, fresh)
    message_ids, new_keys, conversation_ids = _messages(tx, fresh, addresses)
    thread_ids = _copies(tx, mailbox_id, fresh, message_ids, addresses)
    fresh, recounted, met_again = agree_on_direction(
        tx, desk, fresh, message_ids, made={mail.key for mail in new_keys}
    )
    uncounted = [mail for mail in fresh if mail.key not in recounted]
    learnt = add_sightings(tx, _sightings(mailbox_id, uncounted, message_ids, addresses))
    learnt.update(dict.fromkeys(met_again, True))
    pairs = _pairs(fresh, message_ids, addresses)
    renamed = {addresses[key].id: names for key, names in changed_names.items()}
    current = captures.current_of(tx, {which for _, which, _ in pairs} | set(renamed))
    undecided = {which for _, which, _ in pairs if which not in current}
    # A new name matters only for those capture does not ignore: to their lead, and to their namesakes.
    named = {
        which
        for which in renamed
        if which in current and current[which].outcome != Outcome.IGNORED.value
    }
    settled = settle(
        tx,
        desk,
        learnt.keys() | undecided | named,
        widen=named | {which for which, humanly in learnt.items() if humanly},
        name_keys={name for which in named for name in renamed[which]},
    )
    waiting.refresh_waiting(tx, {which for _, which, _ in pairs} - settled.current.keys())
    current.update(settled.current)
    lead_ids = settled.lead_ids | _ledger(tx, pairs, current)
    refresh_last_human(tx, conversation_ids)
    messages.refresh_threads(tx, thread_ids)
    lead_ids |= lead_mail.leads_in_conversations(tx, conversation_ids)
    refresh_leads(tx, lead_ids)
    index_messages(
        tx,
        [
            (
                message_ids[mail.key],
                mail.reading.subject,
                searchable(" ".join(f"{person.name} {person.shown}" for _, person in mail.visible)),
                mail.reading.text,
            )
            for mail in new_keys
        ],
    )
    queue.finish_items(tx, mailbox_id, [mail.fetched.ref for mail in group])
    return StoredGroup(len(fresh), settled.leads_created, frozenset(known))


def _addresses(
    tx: Tx, group: Sequence[Prepared]
) -> tuple[dict[str, StoredAddress], dict[str, tuple[str, str]]]:
    seen: dict[str, NameSeen] = {}
    for mail in group:
        at = to_ms(mail.sent_at)
        people = [*mail.visible, *((person.role.value, person) for person in mail.blind)]
        for role, person in people:
            sighting = NameSeen(
                person.shown, person_name(person.name), role in ("from", "form"), at
            )
            held = seen.get(person.key)
            seen[person.key] = sighting if held is None else better_name(held, sighting)
    return remember_addresses(tx, dict(sorted(seen.items())))


def _messages(
    tx: Tx, group: Sequence[Prepared], addresses: dict[str, StoredAddress]
) -> tuple[dict[str, int], list[Prepared], set[int]]:
    """Message ids by key, the mails whose message is new, and every conversation touched."""
    by_key = {mail.key: mail for mail in group}
    stored = messages.messages_by_key(tx, list(by_key))
    new = [mail for key, mail in by_key.items() if key not in stored]
    homes = join_conversations(tx, {mail.key: mail.refs for mail in new})
    made = messages.insert_messages(
        tx, [_message_row(mail, homes[mail.key], addresses) for mail in new]
    )
    messages.insert_parts(
        tx,
        bodies=[
            {
                "message_id": made[mail.key],
                "text": mail.message.text[:TEXT_CAP],
                "html": mail.message.html[:TEXT_CAP],
                "headers": json.dumps(mail.message.headers, ensure_ascii=False),
                "report": mail.message.report_text,
            }
            for mail in new
        ],
        people=[
            {
                "message_id": made[mail.key],
                "position": position,
                "role": role,
                "address_id": addresses[person.key].id,
                "name": person_name(person.name),
            }
            for mail in new
            for position, (role, person) in enumerate(mail.visible)
        ],
        attachments=[
            {
                "message_id": made[mail.key],
                "part": part.part,
                "filename": part.filename,
                "content_type": part.content_type,
                "size_bytes": part.size_bytes,
                "content_id": part.content_id,
                "is_inline": part.is_inline,
            }
            for mail in new
            for part in mail.message.attachments
        ],
    )
    ids = made | {key: held[0] for key, held in stored.items()}
    return ids, new, set(homes.values()) | {held[1] for held in stored.values()}


def _message_row(
    mail: Prepared, conversation_id: int, addresses: dict[str, StoredAddress]
) -> dict[str, Any]:
    message = mail.message
    author = message.author
    return {
        "key": mail.key,
        "message_id": message.message_id,
        "conversation_id": conversation_id,
        "sent_at": to_ms(mail.sent_at),
        "date_source": message.date_source.value,
        "direction": mail.direction,
        "kind": mail.verdict.kind.value,
        "kind_rule": mail.verdict.rule,
        "kind_evidence": mail.verdict.evidence,
        "subject": message.subject,
        "snippet": mail.reading.snippet,
        "author_id": addresses[author.key].id if author else None,
        "participant_count": message.participant_count,
        "recipient_count": mail.recipient_count,
        "attachment_count": len(message.attachments),
        "size_bytes": message.size_bytes,
        "defects": json.dumps(message.defects, ensure_ascii=False) if message.defects else "[]",
        "parser_version": PARSER_VERSION,
    }


def _copies(
    tx: Tx,
    mailbox_id: int,
    group: Sequence[Prepared],
    message_ids: dict[str, int],
    addresses: dict[str, StoredAddress],
) -> set[int]:
    """The copies with their Bcc; returns the threads they lie in."""
    threads = messages.thread_ids(
        tx, mailbox_id, (mail.fetched.thread_ref or mail.fetched.ref for mail in group)
    )
    messages.insert_copies(
        tx,
        [
            {
                "mailbox_id": mailbox_id,
                "ref": mail.fetched.ref,
                "message_id": message_ids[mail.key],
                "thread_id": threads[mail.fetched.thread_ref or mail.fetched.ref],
                "labels": messages.join_labels(mail.fetched.labels),
                "received_at": to_ms(mail.fetched.received_at),
                "is_withdrawn": mail.is_withdrawn,
                "delivered_to": mail.delivered_to,
            }
            for mail in group
        ],
    )
    with_blind = [mail for mail in group if mail.blind]
    if with_blind:
        copies = messages.copies_of(tx, mailbox_id, [mail.fetched.ref for mail in with_blind])
        messages.insert_blind(
            tx,
            [
                {
                    "copy_id": copies[mail.fetched.ref].id,
                    "position": position,
                    "role": person.role.value,
                    "address_id": addresses[person.key].id,
                    "name": person_name(person.name),
                }
                for mail in with_blind
                for position, person in enumerate(mail.blind)
            ],
        )
    return set(threads.values())


def _sightings(
    mailbox_id: int,
    group: Sequence[Prepared],
    message_ids: dict[str, int],
    addresses: dict[str, StoredAddress],
) -> list[Sighting]:
    return [
        Sighting(
            addresses[key].id,
            mailbox_id,
            sign,
            First(to_ms(mail.sent_at), mail.key, message_ids[mail.key]),
        )
        for mail in group
        if not mail.is_withdrawn
        for key, sign in mail.signs.items()
    ]


_Pair = tuple[int, int, Prepared]


def _pairs(
    group: Sequence[Prepared], message_ids: dict[str, int], addresses: dict[str, StoredAddress]
) -> list[_Pair]:
    """(message, outside address, mail) for each decision the group asks for."""
    return [
        (message_ids[mail.key], addresses[key].id, mail) for mail in group for key in mail.signs
    ]


def _ledger(tx: Tx, pairs: list[_Pair], current: Mapping[int, Current]) -> set[int]:
    """Writes the lines and, for addresses of leads, the links; returns the leads linked to."""
    ids = {which for _, which, _ in pairs}
    ledger.insert_ledger(
        tx,
        [
            ledger.ledger_line(message_id, which, current[which])
            for message_id, which, _ in pairs
            if which in current
        ],
    )
    leads = captures.leads_of(
        tx,
        [
            which
            for which in ids
            if which in current and current[which].outcome == Outcome.LEAD.value
        ],
    )
    ledger.insert_links(
        tx,
        [
            ledger.link_row(
                message_id,
                which,
                leads[which].lead_id,
                to_ms(mail.sent_at),
                mail.direction,
                mail.verdict.kind.value,
            )
            for message_id, which, mail in pairs
            if which in leads
        ],
    )
    return {leads[which].lead_id for _, which, _ in pairs if which in leads}
