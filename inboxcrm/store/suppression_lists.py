"""Suppressions as a page lists them: the newest entries first, or those that begin with some letters."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.tables import account, suppression

_END_OF_TIME = 1 << 62


class SuppressionLineRow(NamedTuple):
    id: int
    scope: str
    subject: str
    reason: str
    first_at: int
    account_id: int | None
    account: str | None


@cache
def _page(*, by_prefix: bool) -> Select[Any]:
    rows = (
        select(
            suppression.c.id,
            suppression.c.scope,
            suppression.c.subject,
            suppression.c.reason,
            suppression.c.first_at,
            suppression.c.account_id,
            account.c.name,
        )
        .outerjoin(account, account.c.id == suppression.c.account_id)
        .where(suppression.c.removed_at.is_(None), suppression.c.id < bindparam("before"))
        .order_by(suppression.c.id.desc())
        .limit(at_most("many"))
    )
    if by_prefix:
        rows = rows.where(suppression.c.subject.startswith(bindparam("prefix"), escape="\\"))
    return rows


def suppression_page(
    tx: Tx, *, prefix: str, before: int | None, limit: int
) -> list[SuppressionLineRow]:
    """One statement. Letters that mean something to LIKE mean themselves."""
    asked: dict[str, Any] = {"before": before or _END_OF_TIME, "many": limit}
    if prefix:
        plain = prefix.replace("\x00", "")
        for letter in "\\%_":
            plain = plain.replace(letter, f"\\{letter}")
        asked["prefix"] = plain
    rows = tx.execute(_page(by_prefix=bool(prefix)), asked)
    return [SuppressionLineRow._make(row) for row in rows]
