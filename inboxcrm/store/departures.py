"""What left a mailbox or may have: what caps and gaps are counted from."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert

from inboxcrm.store.database import Tx
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import send_ledger

_LEAVING = Straight(
    insert(send_ledger)
    .values({one: bindparam(one.name) for one in send_ledger.c if one.name != "id"})
    .inline()
)


def note_leaving(tx: Tx, row: OutboxRow, *, at: int, to_domain: str) -> None:
    """Counts from the hand-over on, so that an answer that never comes is counted too."""
    _LEAVING.change(tx, mailbox_id=row.mailbox_id, outbox_id=row.id, at=at, to_domain=to_domain)


def note_stayed(tx: Tx, outbox_id: int) -> None:
    """It certainly did not leave."""
    tx.execute(delete(send_ledger).where(send_ledger.c.outbox_id == outbox_id))
