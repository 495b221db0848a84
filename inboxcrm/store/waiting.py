"""Since when a candidate waits in the review queue: its last human mail, or the moment a person put it there.

Written beside the decision whenever evidence of the address grew or shrank, so that the queue and what has left it by
age are each one walk along an index. What others than candidates would have there is never asked.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, or_, select, update

from inboxcrm.store.captures import HUMAN_SIGNS
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import address_capture, evidence
from inboxcrm.store.upserts import chunks, update_rows

_last_human_at = (
    select(func.max(evidence.c.last_at))
    .where(
        evidence.c.address_id == address_capture.c.address_id,
        evidence.c.sign.in_(HUMAN_SIGNS),
    )
    .scalar_subquery()
)
_OF = select(
    address_capture.c.address_id,
    address_capture.c.outcome,
    address_capture.c.decided_by,
    address_capture.c.decided_at,
    address_capture.c.waiting_at,
    _last_human_at,
).where(
    within(address_capture.c.address_id, "ids"),
    or_(address_capture.c.outcome == "candidate", address_capture.c.waiting_at.is_not(None)),
)


def refresh_waiting(tx: Tx, address_ids: Collection[int]) -> None:
    rows = []
    for some in chunks(sorted(set(address_ids)), AT_ONCE):
        for which, outcome, decided_by, decided_at, before, last_at in tx.execute(
            _OF, {"ids": some}
        ):
            after = _waiting_at(outcome, decided_by, decided_at, last_at)
            if after != before:
                rows.append({"address_id": which, "waiting_at": after})
    update_rows(tx, address_capture, rows, by="address_id")


def _waiting_at(outcome: str, decided_by: str, decided_at: int, last_at: int | None) -> int | None:
    if outcome != "candidate":
        return None
    by_hand = decided_at if decided_by == "person" else 0
    return max(last_at or 0, by_hand) or decided_at


def asked_at(tx: Tx, address_id: int) -> int | None:
    """When a person put this candidate into the queue; None where a rule did."""
    found: int | None = tx.execute(
        select(address_capture.c.decided_at).where(
            address_capture.c.address_id == address_id,
            address_capture.c.outcome == "candidate",
            address_capture.c.decided_by == "person",
        )
    ).scalar()
    return found


def ask_again(tx: Tx, address_id: int, *, at: int) -> None:
    """A candidate that a person put into the queue is asked about anew from then on."""
    tx.execute(
        update(address_capture)
        .where(
            address_capture.c.address_id == address_id,
            address_capture.c.outcome == "candidate",
            address_capture.c.decided_by == "person",
        )
        .values(decided_at=at)
    )
    refresh_waiting(tx, [address_id])
