"""What answering leaves behind: candidates set aside for a while, and each answer with what takes it back."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import capture_rule, review_answer, review_later
from inboxcrm.store.upserts import insert_or_replace


class SetAside(NamedTuple):
    address_id: int
    until_at: int
    set_at: int
    account_id: int | None


class AnswerRow(NamedTuple):
    answer_id: int
    account_id: int | None
    text: str
    data: str
    undone_at: int | None


_ASIDE = select(
    review_later.c.address_id,
    review_later.c.until_at,
    review_later.c.set_at,
    review_later.c.account_id,
).where(within(review_later.c.address_id, "ids"))


def set_aside_of(tx: Tx, address_ids: Collection[int]) -> dict[int, SetAside]:
    rows = tx.execute(_ASIDE, {"ids": list(address_ids)})
    return {row[0]: SetAside._make(row) for row in rows}


def set_aside(tx: Tx, rows: Collection[SetAside]) -> None:
    insert_or_replace(
        tx, review_later, [row._asdict() for row in rows], "until_at", "set_at", "account_id"
    )


def take_up(tx: Tx, address_ids: Collection[int]) -> None:
    """These are not set aside any more."""
    tx.execute(
        delete(review_later).where(within(review_later.c.address_id, "ids")),
        {"ids": list(address_ids)},
    )


def insert_answer(tx: Tx, *, account_id: int, at: int, text: str, data: list[Any]) -> int:
    made = tx.execute(
        insert(review_answer),
        {"account_id": account_id, "at": at, "text": text, "data": json.dumps(data)},
    )
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def answer_by_id(tx: Tx, answer_id: int) -> AnswerRow | None:
    row = tx.execute(
        select(
            review_answer.c.id,
            review_answer.c.account_id,
            review_answer.c.text,
            review_answer.c.data,
            review_answer.c.undone_at,
        ).where(review_answer.c.id == answer_id)
    ).first()
    return AnswerRow._make(row) if row else None


def mark_undone(tx: Tx, answer_id: int, *, at: int) -> bool:
    done = tx.execute(
        update(review_answer)
        .where(review_answer.c.id == answer_id, review_answer.c.undone_at.is_(None))
        .values(undone_at=at)
    )
    return done.rowcount == 1


_STANDING = select(capture_rule.c.id).where(capture_rule.c.removed_at.is_(None))


def standing_rule(tx: Tx, scope: str, subject: str) -> int | None:
    """What people say about it now, if anything."""
    found: int | None = tx.execute(
        _STANDING.where(capture_rule.c.scope == scope, capture_rule.c.subject == subject)
        .order_by(capture_rule.c.id.desc())
        .limit(1)
    ).scalar()
    return found


def restore_rules(tx: Tx, rule_ids: Collection[int]) -> bool:
    """A word that a newer one had replaced holds again, unless a third one stands now."""
    changed = False
    for rule_id in rule_ids:
        row = tx.execute(
            select(capture_rule.c.scope, capture_rule.c.subject).where(capture_rule.c.id == rule_id)
        ).first()
        if row is None or standing_rule(tx, row[0], row[1]) is not None:
            continue
        tx.execute(update(capture_rule).where(capture_rule.c.id == rule_id).values(removed_at=None))
        changed = True
    return changed
