"""What people said about addresses and domains. A verdict taken back stays, with the time it happened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import address, capture_rule


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


def insert_verdicts(
    tx: Tx, subjects: Collection[str], *, outcome: str, account_id: int, at: int
) -> list[int]:
    """One word on each of these addresses; returns the ids."""
    return [
        insert_verdict(
            tx,
            scope="address",
            subject=subject,
            outcome=outcome,
            lead_id=None,
            account_id=account_id,
            at=at,
        )
        for subject in sorted(subjects)
    ]


def remove_verdicts(tx: Tx, rule_ids: Collection[int], *, at: int) -> None:
    tx.execute(
        update(capture_rule)
        .where(capture_rule.c.id.in_(sorted(rule_ids)), capture_rule.c.removed_at.is_(None))
        .values(removed_at=at)
    )


def restore_verdicts(tx: Tx, rule_ids: Collection[int]) -> None:
    tx.execute(
        update(capture_rule).where(capture_rule.c.id.in_(sorted(rule_ids))).values(removed_at=None)
    )


def drop_against(tx: Tx, keys: Collection[str], *, outcome: str, at: int) -> list[int]:
    """Takes back what was said of these addresses otherwise than `outcome`; returns the ids of those words."""
    found = sorted(
        tx.execute(
            select(capture_rule.c.id).where(
                capture_rule.c.scope == "address",
                capture_rule.c.subject.in_(sorted(keys)),
                capture_rule.c.outcome != outcome,
                capture_rule.c.removed_at.is_(None),
            )
        ).scalars()
    )
    remove_verdicts(tx, found, at=at)
    return found


def address_ids(tx: Tx, scope: str, subject: str) -> set[int]:
    """The stored addresses a verdict speaks of; a domain speaks of its subdomains' registrable kin too."""
    if scope == "address":
        where = address.c.key == subject
    else:
        where = or_(address.c.domain == subject, address.c.org_domain == subject)
    return set(tx.execute(select(address.c.id).where(where)).scalars())
