"""What a relisting met, held against the copies that are stored."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, func, select

from inboxcrm.store.database import Tx
from inboxcrm.store.messages import COPY_COLUMNS, Copy
from inboxcrm.store.tables import message_copy, seen_ref
from inboxcrm.store.upserts import chunks


def live_copies(tx: Tx, mailbox_id: int, *, after: int, many: int = 500) -> list[Copy]:
    """Copies that are no tombstones, by rising id."""
    rows = tx.execute(
        select(*COPY_COLUMNS)
        .where(
            message_copy.c.mailbox_id == mailbox_id,
            message_copy.c.tombstoned_at.is_(None),
            message_copy.c.id > after,
        )
        .order_by(message_copy.c.id)
        .limit(many)
    )
    return [Copy(row) for row in rows]


def seen_scopes(
    tx: Tx, mailbox_id: int, generation: int, refs: Collection[str]
) -> dict[str, set[str]]:
    """Ref -> the scopes in which this generation met it; "" is the listing of the whole mailbox."""
    found: dict[str, set[str]] = {}
    for some in chunks(list(refs)):
        rows = tx.execute(
            select(seen_ref.c.ref, seen_ref.c.scope).where(
                seen_ref.c.mailbox_id == mailbox_id,
                seen_ref.c.generation == generation,
                seen_ref.c.ref.in_(some),
            )
        )
        for ref, scope in rows:
            found.setdefault(ref, set()).add(scope)
    return found


def count_absent(tx: Tx, mailbox_id: int, generation: int) -> tuple[int, int]:
    """(live copies, those of them that no listing of this generation met)."""
    live = [message_copy.c.mailbox_id == mailbox_id, message_copy.c.tombstoned_at.is_(None)]
    met = exists().where(
        seen_ref.c.mailbox_id == mailbox_id,
        seen_ref.c.generation == generation,
        seen_ref.c.ref == message_copy.c.ref,
    )
    every = tx.execute(select(func.count()).select_from(message_copy).where(*live)).scalar_one()
    absent = tx.execute(
        select(func.count()).select_from(message_copy).where(*live, ~met)
    ).scalar_one()
    return every, absent
