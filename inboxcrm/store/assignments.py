"""Whose turn it is to get a lead, and giving new ones away: in the transaction that makes the lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import account, address_capture, assignment_turn, lead, mailbox
from inboxcrm.store.upserts import insert_or_ignore, update_rows

_PEOPLE = select(account.c.address, account.c.id, account.c.name).where(
    within(account.c.address, "addresses"), account.c.is_closed.is_(False)
)
_TURNS = (
    select(assignment_turn.c.ring, assignment_turn.c.next)
    .where(within(assignment_turn.c.ring, "rings"))
    .order_by(assignment_turn.c.ring)
)
_BOXES = (
    select(address_capture.c.address_id, mailbox.c.name)
    .join(mailbox, mailbox.c.id == address_capture.c.mailbox_id)
    .where(within(address_capture.c.address_id, "ids"))
)


def people_there(tx: Tx, addresses: Collection[str]) -> dict[str, tuple[int, str]]:
    """Address -> (account, name) of those who have an open account."""
    rows = tx.execute(_PEOPLE, {"addresses": sorted(set(addresses))})
    return {row[0]: (row[1], row[2]) for row in rows}


def places_of(tx: Tx, rings: Collection[str]) -> dict[str, int]:
    """Whose place is next, for each ring, without taking it."""
    return {row[0]: row[1] for row in tx.execute(_TURNS, {"rings": sorted(set(rings))})}


def lock_places(tx: Tx, rings: Collection[str]) -> dict[str, int]:
    """The same, and nobody else takes a turn of these rings until the transaction ends."""
    names = sorted(set(rings))
    insert_or_ignore(tx, assignment_turn, [{"ring": one, "next": 0} for one in names])
    rows = tx.execute(_TURNS.with_for_update(), {"rings": names})
    return {row[0]: row[1] for row in rows}


def set_places(tx: Tx, places: Mapping[str, int]) -> None:
    rows = [{"ring": ring, "next": place} for ring, place in sorted(places.items())]
    update_rows(tx, assignment_turn, rows, by="ring")


def mailboxes_that_made(tx: Tx, address_ids: Collection[int]) -> dict[int, str]:
    """Address -> the name of the mailbox its capture rests on; without those that rest on none."""
    rows = tx.execute(_BOXES, {"ids": sorted(set(address_ids))})
    return {row[0]: row[1] for row in rows}


def give_leads(tx: Tx, owners: Mapping[int, int]) -> None:
    """Lead -> account. For leads made in this very transaction: there is no state before to be kept."""
    rows = [{"id": lead_id, "owner_id": account_id} for lead_id, account_id in owners.items()]
    update_rows(tx, lead, rows)
