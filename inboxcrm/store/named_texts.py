"""What templates and snippets have in common: one row a name, and under it versions that are only ever added."""

from __future__ import annotations

from sqlalchemy import Column, Table, func, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.upserts import insert_or_ignore


def remember_name(tx: Tx, table: Table, name: str, key: str, *, account_id: int, at: int) -> int:
    """The row of that key, made where missing and back where it was removed. Nobody else saves it meanwhile."""
    row = {"name": name, "key": key, "account_id": account_id, "made_at": at}
    insert_or_ignore(tx, table, [row])
    standing = select(table.c.id).where(table.c.key == key).with_for_update()
    found: int = tx.execute(standing).scalar_one()
    tx.execute(update(table).where(table.c.id == found).values(name=name, removed_at=None))
    return found


def next_number(tx: Tx, versions: Table, owner: Column[int], owner_id: int) -> int:
    """The number of its next version; `remember_name` has the owner locked."""
    last = select(func.coalesce(func.max(versions.c.number), 0)).where(owner == owner_id)
    return int(tx.execute(last).scalar_one()) + 1
