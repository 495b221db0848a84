"""The rows behind a change of our own set: which addresses it concerns, which messages they stand on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import or_, select

from inboxcrm.leads.signs import Met
from inboxcrm.store.database import Tx
from inboxcrm.store.messages import split_labels
from inboxcrm.store.tables import (
    address,
    copy_participant,
    lead_link,
    message,
    message_copy,
    participant,
)
from inboxcrm.store.upserts import chunks, update_rows


def addresses_in(tx: Tx, keys: Collection[str], domains: Collection[str]) -> list[tuple[int, str]]:
    """(id, key) of stored addresses that are one of these, a plus-tagged form of one, or in one of the domains."""
    rows = tx.execute(
        select(address.c.id, address.c.key).where(
            or_(
                address.c.key.in_(sorted(keys)),
                address.c.plain_key.in_(sorted(keys)),
                address.c.domain.in_(sorted(domains)),
            )
        )
    )
    return [(row[0], row[1]) for row in rows]


def key_of(tx: Tx, address_id: int) -> str:
    key: str = tx.execute(select(address.c.key).where(address.c.id == address_id)).scalar_one()
    return key


def ids_of(tx: Tx, keys: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in chunks(sorted(keys)):
        rows = tx.execute(select(address.c.key, address.c.id).where(address.c.key.in_(some)))
        found.update((row[0], row[1]) for row in rows)
    return found


def messages_of(tx: Tx, address_ids: Collection[int]) -> set[int]:
    """Messages these addresses stand on, in whatever role."""
    found: set[int] = set()
    for some in chunks(sorted(address_ids)):
        visible = select(participant.c.message_id).where(participant.c.address_id.in_(some))
        blind = (
            select(message_copy.c.message_id)
            .join(copy_participant, copy_participant.c.copy_id == message_copy.c.id)
            .where(copy_participant.c.address_id.in_(some))
        )
        found.update(which for which in tx.execute(visible.union(blind)).scalars() if which)
    return found


def labels_of(tx: Tx, message_ids: Collection[int]) -> dict[int, set[str]]:
    """Message id -> every label some copy of it bears."""
    found: dict[int, set[str]] = {}
    rows = tx.execute(
        select(message_copy.c.message_id, message_copy.c.labels).where(
            message_copy.c.message_id.in_(message_ids)
        )
    )
    for which, labels in rows:
        found.setdefault(which, set()).update(split_labels(labels))
    return found


def facts_of(tx: Tx, message_ids: Collection[int]) -> dict[int, tuple[str, str, int]]:
    """Message id -> (kind, direction, number of recipients)."""
    rows = tx.execute(
        select(message.c.id, message.c.kind, message.c.direction, message.c.recipient_count).where(
            message.c.id.in_(message_ids)
        )
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def set_directions(tx: Tx, directions: Mapping[int, str]) -> None:
    """Also on the links, which carry the direction for the lead's sums."""
    update_rows(tx, message, [{"id": id_, "direction": way} for id_, way in directions.items()])
    links = [{"message_id": id_, "direction": way} for id_, way in directions.items()]
    update_rows(tx, lead_link, links, by="message_id")


def blind_by_message(
    tx: Tx, message_ids: Collection[int], by_copy: Mapping[int, Sequence[Met]]
) -> list[tuple[int, tuple[Met, ...]]]:
    """Bcc people per message instead of per copy."""
    rows = tx.execute(
        select(message_copy.c.id, message_copy.c.message_id).where(
            message_copy.c.message_id.in_(message_ids)
        )
    )
    return [(row[1], tuple(by_copy[row[0]])) for row in rows if row[0] in by_copy]
