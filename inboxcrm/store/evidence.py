"""Evidence: how often, and when first, an address was met in which way, for each mailbox.

Kept as counts so that a new message costs the same whether its sender wrote once or ten thousand times. When
something is taken away (a mail goes to spam, an address becomes ours) the rows of the addresses concerned are
built anew from the stored messages, by the same pure function (`leads.signs`) that met them the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, select

from inboxcrm.leads.capture import HUMAN, First, Sign
from inboxcrm.leads.signs import MessageFacts, Met, signs_of
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import (
    address,
    copy_participant,
    evidence,
    message,
    message_copy,
    participant,
)
from inboxcrm.store.upserts import Rows, chunks, insert_or_ignore, update_rows


class Sighting(NamedTuple):
    """One address met on one copy."""

    address_id: int
    mailbox_id: int
    sign: Sign
    first: First


Held = dict[tuple[int, int, Sign], tuple[int, First, int]]
"""(address, mailbox, sign) -> (number of messages, the first of them, when the last came)."""

_OF = select(
    evidence.c.address_id,
    evidence.c.mailbox_id,
    evidence.c.sign,
    evidence.c.messages,
    evidence.c.first_at,
    evidence.c.first_key,
    evidence.c.first_message_id,
    evidence.c.last_at,
).where(within(evidence.c.address_id, "ids"))


def evidence_of(tx: Tx, address_ids: Iterable[int]) -> Held:
    found: Held = {}
    for some in chunks(sorted(set(address_ids)), AT_ONCE):
        for row in tx.execute(_OF, {"ids": some}).all():
            found[row[0], row[1], Sign(row[2])] = (row[3], First(row[4], row[5], row[6]), row[7])
    return found


def add_sightings(tx: Tx, sightings: Collection[Sighting]) -> dict[int, bool]:
    """Counts them; returns the addresses for which something new was learnt, not only one more of the same, and
    whether it was something human (then namesakes may stand differently too).
    """
    held = evidence_of(tx, {seen.address_id for seen in sightings})
    fresh: Held = {}
    changed: Held = {}
    learnt: dict[int, bool] = {}
    for seen in sightings:
        place = (seen.address_id, seen.mailbox_id, seen.sign)
        home = changed if place in held else fresh
        count, first, last_at = home.get(place) or held.get(place) or (0, seen.first, 0)
        if count == 0 or seen.first < first:
            learnt[seen.address_id] = learnt.get(seen.address_id, False) or seen.sign in HUMAN
        home[place] = (count + 1, min(first, seen.first), max(last_at, seen.first.at))
    _write(tx, fresh=fresh, changed=changed)
    return learnt


def rebuild_evidence(
    tx: Tx,
    address_ids: Collection[int],
    *,
    is_own: Callable[[str], bool],
    max_recipients: int,
    mailbox_id: int | None = None,
) -> None:
    """Builds the evidence of these addresses anew, in one mailbox or in all, from what is stored."""
    ids = sorted(set(address_ids))
    if not ids:
        return
    where: list[ColumnElement[bool]] = [evidence.c.address_id.in_(ids)]
    if mailbox_id is not None:
        where.append(evidence.c.mailbox_id == mailbox_id)
    tx.execute(delete(evidence).where(*where))
    keys = dict(tx.execute(select(address.c.key, address.c.id).where(address.c.id.in_(ids))).all())
    fresh: Held = {}
    for copy in _copies_that_count(tx, ids, mailbox_id):
        signs = signs_of(copy.facts, is_own=is_own, max_recipients=max_recipients)
        for key, sign in signs.items():
            if key in keys:
                place = (keys[key], copy.mailbox_id, sign)
                count, first, last_at = fresh.get(place, (0, copy.first, 0))
                fresh[place] = (count + 1, min(first, copy.first), max(last_at, copy.first.at))
    _write(tx, fresh=fresh, changed={})


def drop_evidence(tx: Tx, address_ids: Collection[int]) -> None:
    for some in chunks(sorted(address_ids)):
        tx.execute(delete(evidence).where(evidence.c.address_id.in_(some)))


@dataclass(frozen=True, slots=True)
class _CopyFacts:
    mailbox_id: int
    facts: MessageFacts
    first: First


def _copies_that_count(tx: Tx, address_ids: list[int], mailbox_id: int | None) -> list[_CopyFacts]:
    """Every copy outside spam and trash of every message these addresses stand on. Tombstones still speak."""
    message_ids: set[int] = set()
    for some in chunks(address_ids):
        visible = (
            select(participant.c.message_id).where(participant.c.address_id.in_(some)).distinct()
        )
        blind = (
            select(message_copy.c.message_id)
            .join(copy_participant, copy_participant.c.copy_id == message_copy.c.id)
            .where(copy_participant.c.address_id.in_(some))
            .distinct()
        )
        message_ids.update(tx.execute(visible).scalars())
        message_ids.update(which for which in tx.execute(blind).scalars() if which is not None)
    result: list[_CopyFacts] = []
    for some in chunks(sorted(message_ids)):
        people = people_of(tx, some)
        blind_people = blind_people_of(tx, some)
        copies = tx.execute(
            select(
                message_copy.c.id,
                message_copy.c.mailbox_id,
                message.c.id,
                message.c.kind,
                message.c.direction,
                message.c.recipient_count,
                message.c.sent_at,
                message.c.key,
            )
            .join(message, message.c.id == message_copy.c.message_id)
            .where(message_copy.c.message_id.in_(some), message_copy.c.is_withdrawn.is_(False))
        )
        for copy_id, box, message_id, kind, direction, recipients, sent_at, key in copies:
            if mailbox_id is not None and box != mailbox_id:
                continue
            met = (*people.get(message_id, ()), *blind_people.get(copy_id, ()))
            facts = MessageFacts(kind, direction, met, recipients)
            result.append(_CopyFacts(box, facts, First(sent_at, key, message_id)))
    return result


def addresses_met_in(tx: Tx, mailbox_id: int) -> set[int]:
    """Everybody about whom this mailbox holds evidence."""
    rows = select(evidence.c.address_id).where(evidence.c.mailbox_id == mailbox_id).distinct()
    return set(tx.execute(rows).scalars())


def addresses_on(tx: Tx, message_ids: Collection[int]) -> set[int]:
    """Everybody who stands on these messages, blind copies included."""
    found: set[int] = set()
    for some in chunks(sorted(message_ids)):
        visible = select(participant.c.address_id).where(participant.c.message_id.in_(some))
        blind = (
            select(copy_participant.c.address_id)
            .join(message_copy, message_copy.c.id == copy_participant.c.copy_id)
            .where(message_copy.c.message_id.in_(some))
        )
        found.update(tx.execute(visible.union(blind)).scalars())
    return found


def people_of(tx: Tx, message_ids: Collection[int]) -> dict[int, tuple[Met, ...]]:
    """The visible participants of each message, in their order."""
    rows = tx.execute(
        select(participant.c.message_id, address.c.key, participant.c.role, participant.c.name)
        .join(address, address.c.id == participant.c.address_id)
        .where(participant.c.message_id.in_(message_ids))
        .order_by(participant.c.message_id, participant.c.position)
    )
    return _grouped(rows)


def blind_people_of(tx: Tx, message_ids: Collection[int]) -> dict[int, tuple[Met, ...]]:
    """The Bcc of each copy of these messages, by copy."""
    rows = tx.execute(
        select(
            copy_participant.c.copy_id,
            address.c.key,
            copy_participant.c.role,
            copy_participant.c.name,
        )
        .join(address, address.c.id == copy_participant.c.address_id)
        .join(message_copy, message_copy.c.id == copy_participant.c.copy_id)
        .where(message_copy.c.message_id.in_(message_ids))
        .order_by(copy_participant.c.copy_id, copy_participant.c.position)
    )
    return _grouped(rows)


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[int, tuple[Met, ...]]:
    found: dict[int, list[Met]] = {}
    for which, key, role, name in rows:
        found.setdefault(which, []).append(Met(key, role, name))
    return {which: tuple(people) for which, people in found.items()}


def _write(
    tx: Tx, *, fresh: Mapping[tuple[int, int, Sign], Any], changed: Mapping[Any, Any]
) -> None:
    insert_or_ignore(tx, evidence, _rows(fresh))
    update_rows(tx, evidence, _rows(changed), by=("address_id", "mailbox_id", "sign"))


def _rows(sums: Mapping[tuple[int, int, Sign], tuple[int, First, int]]) -> Rows:
    return [
        {
            "address_id": address_id,
            "mailbox_id": mailbox_id,
            "sign": sign.value,
            "messages": count,
            "first_at": first.at,
            "first_key": first.key,
            "first_message_id": first.message_id,
            "last_at": last_at,
        }
        for (address_id, mailbox_id, sign), (count, first, last_at) in sums.items()
    ]
