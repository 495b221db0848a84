"""Where each mailbox stands, for progress lines and the doctor. Counts, never the names of states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer, may_read_mailbox
from inboxcrm.store import mailboxes
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk


@dataclass(frozen=True, slots=True)
class MailboxState:
    """`total` is what the provider says the mailbox holds, 0 where it says nothing; `left` is known
    and not read yet.

    `is_first` as long as no sync has ever come to its end.
    """

    name: str
    address: str
    provider: str
    state: str
    total: int
    listed: int
    stored: int
    left: int
    quarantined: int
    tombstoned: int
    trouble: str
    needs_login: bool
    is_first: bool
    synced_at: datetime | None = None


def mailbox_states(
    desk: Desk, viewer: Viewer, *, while_reading: bool = False
) -> tuple[MailboxState, ...]:
    """Connected mailboxes this viewer may read, as they were declared. `while_reading`: `stored` only of those that
    something is left of to be read.
    """
    states: list[MailboxState] = []
    with desk.database.read() as tx:
        for box in mailboxes.all_mailboxes(tx):
            if not box.is_read or not may_read_mailbox(viewer, box.id):
                continue
            cursor = mailboxes.cursor_of(tx, box.id)
            counts = mailboxes.counts_of(tx, box.id, while_reading=while_reading)
            states.append(
                MailboxState(
                    name=box.name,
                    address=box.address,
                    provider=box.provider,
                    state=cursor.state,
                    total=cursor.message_total,
                    listed=counts.stored + counts.waiting + counts.quarantined,
                    stored=counts.stored,
                    left=counts.waiting,
                    quarantined=counts.quarantined,
                    tombstoned=counts.tombstoned,
                    trouble=box.trouble,
                    needs_login=box.auth == "reauth",
                    is_first=box.synced_at is None,
                    synced_at=from_ms(box.synced_at),
                )
            )
    return tuple(states)
