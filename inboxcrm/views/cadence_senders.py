"""Which mailboxes a viewer may send from, and what stands in the way of each."""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.store import mailboxes
from inboxcrm.store.desk import Desk


@dataclass(frozen=True, slots=True)
class SenderChoice:
    """`note` says why nothing would go from it now; empty where it would."""

    name: str
    address: str
    note: str = ""


def sender_choices(desk: Desk, viewer: Viewer) -> tuple[SenderChoice, ...]:
    """Those that are connected; one statement."""
    with desk.database.read() as tx:
        boxes = [one for one in mailboxes.all_mailboxes(tx) if one.is_read]
    return tuple(
        SenderChoice(
            one.name,
            one.address,
            "has to be connected again"
            if one.auth != "ok"
            else ""
            if one.may_send
            else "sending is not allowed yet",
        )
        for one in boxes
        if may_send_from(viewer, one.id)
    )
