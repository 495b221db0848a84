"""What people said about addresses and domains. A verdict taken back stays, with the time it happened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, exists, or_, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import (
    activity,
    address,
    capture_rule,
    lead,
    lead_address,
    task,
)


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    id: int
    scope: str
    subject: str
    outcome: str
    lead_id: int | None
    account_id: int | None
    made_at: int
    removed_at: int | None


def insert_verdict(
    tx: Tx,
    *,
    scope: str,
    subject: str,
    outcome: str,
    lead_id: int | None,
    account_id: int | None,
    at: int,
) -> int:
    """A newer word about the same subject takes the older one's place."""
    tx.execute(
        update(capture_rule)
        .where(
            capture_rule.c.scope == scope,
            capture_rule.c.subject == subject,
            capture_rule.c.removed_at.is_(None),
        )
        .values(removed_at=at)
    )
    made: int = tx.execute(
        capture_rule.insert()
        .values(
            scope=scope,
            subject=subject,
            outcome=outcome,
            lead_id=lead_id,
            account_id=account_id,
            made_at=at,
        )
        .returning(capture_rule.c.id)
    ).scalar_one()
    return made


def verdict(tx: Tx, rule_id: int) -> StoredVerdict | None:
    row = tx.execute(
        select(*(capture_rule.c[name] for name in StoredVerdict.__dataclass_fields__)).where(
            capture_rule.c.id == rule_id
        )
    ).first()
    return StoredVerdict(*row) if row else None


def remove_verdict(tx: Tx, rule_id: int, *, at: int) -> None:
    tx.execute(
        update(capture_rule)
        .where(capture_rule.c.id == rule_id, capture_rule.c.removed_at.is_(None))
        .values(removed_at=at)
    )


def address_ids(tx: Tx, scope: str, subject: str) -> set[int]:
    """The stored addresses a verdict speaks of; a domain speaks of its subdomains' registrable kin too."""
    if scope == "address":
        where = address.c.key == subject
    else:
        where = or_(address.c.domain == subject, address.c.org_domain == subject)
    return set(tx.execute(select(address.c.id).where(where)).scalars())


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


def revive_persons_leads(tx: Tx, ids: Collection[int]) -> None:
    """After a word against these addresses was taken back: leads that were people's are so again."""
    tx.execute(
        update(lead)
        .where(
            lead.c.id.in_(select(lead_address.c.lead_id).where(lead_address.c.address_id.in_(ids))),
            or_(lead.c.made_by == "person", lead.c.is_touched),
            lead.c.is_withdrawn,
        )
        .values(is_withdrawn=False)
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
