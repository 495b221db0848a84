"""What people have said about addresses and domains. Words taken back stay in the table, with the
time.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import insert, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.tables import capture_rule


def insert_rules(
    tx: Tx,
    subjects: Collection[str],
    *,
    outcome: str,
    account_id: int,
    at: int,
    scope: str = "address",
    lead_id: int | None = None,
) -> list[int]:
    """One word on each of these addresses (or domains); returns the ids of the rules."""
    if not subjects:
        return []
    rows = [
        {
            "scope": scope,
            "subject": subject,
            "outcome": outcome,
            "lead_id": lead_id,
            "account_id": account_id,
            "made_at": at,
        }
        for subject in subjects
    ]
    return sorted(tx.execute(insert(capture_rule).returning(capture_rule.c.id), rows).scalars())


def remove_rules(tx: Tx, rule_ids: Collection[int], *, at: int) -> None:
    tx.execute(
        update(capture_rule)
        .where(capture_rule.c.id.in_(list(rule_ids)), capture_rule.c.removed_at.is_(None))
        .values(removed_at=at)
    )


def restore_rules(tx: Tx, rule_ids: Collection[int]) -> None:
    tx.execute(
        update(capture_rule).where(capture_rule.c.id.in_(list(rule_ids))).values(removed_at=None)
    )


def drop_against(tx: Tx, keys: Collection[str], *, outcome: str, at: int) -> list[int]:
    """Takes back what was said of these addresses otherwise than `outcome`; returns the ids of
    those words.
    """
    found = sorted(
        tx.execute(
            select(capture_rule.c.id).where(
                capture_rule.c.scope == "address",
                capture_rule.c.subject.in_(list(keys)),
                capture_rule.c.outcome != outcome,
                capture_rule.c.removed_at.is_(None),
            )
        ).scalars()
    )
    remove_rules(tx, found, at=at)
    return found
