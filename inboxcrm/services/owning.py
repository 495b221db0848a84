"""When our own set changes (a mailbox, an alias, a domain more or less), what rested on it is worked out anew."""

from __future__ import annotations

import json
from collections.abc import Collection

from inboxcrm.leads.own import OwnSet
from inboxcrm.leads.signs import MessageFacts, direction_of, signs_of
from inboxcrm.services.relabelling import reconsider
from inboxcrm.services.settling import own_set_of, refresh_leads
from inboxcrm.store import captures, ledger, made_leads, owned
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.evidence import blind_people_of, drop_evidence, people_of
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.settings import get_setting, set_setting
from inboxcrm.store.upserts import chunks

SETTING = "own_set"


def own_addresses_changed(tx: Tx, desk: Desk) -> bool:
    """Compares our own set with the one that decisions rest on; where they differ, recomputes. True if it did.

    Only messages on which an address changed sides are touched.
    """
    own = own_set_of(tx, desk)
    before = _stored(get_setting(tx, SETTING))
    if own == before:
        return False
    set_setting(tx, SETTING, json.dumps([sorted(own.keys), sorted(own.domains)]))
    moved = {
        which
        for which, key in owned.addresses_in(
            tx, own.keys | before.keys, own.domains | before.domains
        )
        if own.holds(key) != before.holds(key)
    }
    message_ids = owned.messages_of(tx, moved)
    redirect(tx, own, message_ids)
    _disown(tx, {which for which in moved if own.holds(owned.key_of(tx, which))})
    write_missing_lines(tx, desk, own, message_ids)
    return True


def note_aliases(
    tx: Tx,
    box: MailboxRow | None,
    name: str,
    *,
    declared: Collection[str] | None = None,
    told: Collection[str] | None = None,
) -> tuple[str, ...]:
    """The aliases of a mailbox: those the settings declare and those the provider tells of.

    The two are kept apart, so that each can take its own ones back.
    """
    key = f"aliases of {name}"
    text = get_setting(tx, key)
    held: dict[str, list[str]] = json.loads(text) if text else {}
    if declared is not None:
        held["declared"] = list(declared)
    if told is not None:
        held["told"] = list(told)
    elif "told" not in held and box is not None:
        known = held.get("declared", ())
        held["told"] = [alias for alias in box.aliases if alias not in known]
    set_setting(tx, key, json.dumps(held))
    return tuple(dict.fromkeys((*held.get("declared", ()), *held.get("told", ()))))


def redirect(tx: Tx, own: OwnSet, message_ids: Collection[int]) -> None:
    """Works out the direction of these messages anew."""
    for some in chunks(sorted(message_ids)):
        people = people_of(tx, some)
        labels = owned.labels_of(tx, some)
        owned.set_directions(
            tx,
            {
                which: direction_of(people.get(which, ()), labels.get(which, ()), is_own=own.holds)
                for which in some
            },
        )


def write_missing_lines(tx: Tx, desk: Desk, own: OwnSet, message_ids: Collection[int]) -> None:
    """Evidence, answers and ledger lines for every outside address of these messages."""
    if not message_ids:
        return
    reconsider(tx, desk, message_ids, None)
    lead_ids: set[int] = set()
    for some in chunks(sorted(message_ids)):
        people = people_of(tx, some)
        for which in some:
            people.setdefault(which, ())
        for copy_people in owned.blind_by_message(tx, some, blind_people_of(tx, some)):
            people[copy_people[0]] = (*people[copy_people[0]], *copy_people[1])
        facts = owned.facts_of(tx, some)
        keys: dict[int, list[str]] = {}
        for which, met in people.items():
            kind, direction, recipients = facts[which]
            signs = signs_of(
                MessageFacts(kind, direction, met, recipients),
                is_own=own.holds,
                max_recipients=desk.capture.max_recipients,
            )
            keys[which] = list(signs)
        ids = owned.ids_of(tx, {key for found in keys.values() for key in found})
        current = captures.current_of(tx, ids.values())
        ledger.insert_ledger(
            tx,
            [
                ledger.ledger_line(which, ids[key], current[ids[key]])
                for which, found in keys.items()
                for key in found
                if ids[key] in current
            ],
        )
        leads = captures.leads_of(tx, ids.values())
        home = {
            address_id: lead.lead_id
            for address_id, lead in leads.items()
            if address_id in current and current[address_id].outcome == "lead"
        }
        ledger.link_all(tx, home)
        lead_ids |= set(home.values())
    refresh_leads(tx, lead_ids)


def _disown(tx: Tx, address_ids: Collection[int]) -> None:
    """These are ours now: no outsiders, so no evidence, no decision, no lead made by rule."""
    leads = {
        which: lead.lead_id
        for which, lead in captures.leads_of(tx, address_ids).items()
        if not lead.is_persons
    }
    drop_evidence(tx, address_ids)
    ledger.drop_ledger(tx, address_ids)
    ledger.unlink_all(tx, leads)
    made_leads.withdraw_without_address(tx, leads)


def _stored(text: str | None) -> OwnSet:
    if not text:
        return OwnSet()
    keys, domains = json.loads(text)
    return OwnSet(frozenset(keys), frozenset(domains))
