"""What a verdict, or its end, does to the leads of the addresses it speaks of."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, exists, or_, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lead_past import stands_again
from inboxcrm.store.tables import activity, lead, lead_address, task


def is_worked_on(tx: Tx, lead_id: int) -> bool:
    """Whether a person made this lead, changed it, or put anything on it."""
    row = tx.execute(
        select(lead.c.made_by, lead.c.is_touched).where(
            lead.c.id == lead_id,
            ~exists().where(activity.c.lead_id == lead.c.id),
            ~exists().where(task.c.lead_id == lead.c.id),
        )
    ).first()
    return row is None or row[0] == "person" or row[1]


def take_address(tx: Tx, address_id: int) -> None:
    """The address belongs to no lead."""
    tx.execute(delete(lead_address).where(lead_address.c.address_id == address_id))


def joined_to(tx: Tx, ids: Collection[int], lead_id: int) -> set[int]:
    """Those of these addresses that a person added to that lead."""
    rows = select(lead_address.c.address_id).where(
        lead_address.c.address_id.in_(ids),
        lead_address.c.lead_id == lead_id,
        lead_address.c.added_by == "person",
    )
    return set(tx.execute(rows).scalars())


def revive_persons_leads(tx: Tx, ids: Collection[int], *, at: int) -> None:
    """After a word against these addresses was taken back: leads that were people's are so again, from `at` (ms) on."""
    tx.execute(
        update(lead)
        .where(
            lead.c.id.in_(select(lead_address.c.lead_id).where(lead_address.c.address_id.in_(ids))),
            or_(lead.c.made_by == "person", lead.c.is_touched),
            lead.c.is_withdrawn,
        )
        .values(is_withdrawn=False, state_since_at=stands_again(at))
    )


def release_leads(tx: Tx, ids: Collection[int], *, since: int) -> None:
    """After a verdict was taken back: a lead it made, which nobody has worked on since, is the rules' affair again."""
    tx.execute(
        update(lead)
        .where(
            lead.c.id.in_(select(lead_address.c.lead_id).where(lead_address.c.address_id.in_(ids))),
            lead.c.made_by == "person",
            lead.c.created_at >= since,
            lead.c.version == 1,
            ~exists().where(activity.c.lead_id == lead.c.id),
        )
        .values(made_by="rule", is_touched=False)
    )
