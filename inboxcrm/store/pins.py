"""The one entry on top of a lead's past: a deed, or a mail. Whatever stood there before does not any more.

A deed bears the mark itself; a mail stands on the timelines of several leads, so its mark lies with the lead.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select, update

from inboxcrm.store.activities import pinned_activity
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import activity, lead

DEED, MAIL = "activity", "message"


class Pin(NamedTuple):
    """What stands on top; `kind` is DEED or MAIL."""

    kind: str
    number: int


def pin_of(tx: Tx, lead_id: int) -> Pin | None:
    message_id = tx.scalar(select(lead.c.pinned_message_id).where(lead.c.id == lead_id))
    if message_id is not None:
        return Pin(MAIL, message_id)
    deed = pinned_activity(tx, lead_id)
    return Pin(DEED, deed.activity_id) if deed else None


def pin_only(tx: Tx, lead_id: int, pin: Pin | None) -> None:
    tx.execute(
        update(activity)
        .where(activity.c.lead_id == lead_id, activity.c.is_pinned.is_(True))
        .values(is_pinned=False)
    )
    message_id = pin.number if pin and pin.kind == MAIL else None
    tx.execute(update(lead).where(lead.c.id == lead_id).values(pinned_message_id=message_id))
    if pin and pin.kind == DEED:
        tx.execute(
            update(activity)
            .where(activity.c.id == pin.number, activity.c.lead_id == lead_id)
            .values(is_pinned=True)
        )


def unpin_messages(tx: Tx, message_ids: Collection[int]) -> None:
    """They are being removed: their numbers may come to name other mail."""
    tx.execute(
        update(lead).where(within(lead.c.pinned_message_id, "ids")).values(pinned_message_id=None),
        {"ids": list(message_ids)},
    )
