"""When each mailbox is next to be read, and what troubles it: the rows behind the worker's agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import all_mailboxes, mailbox_named, update_mailbox


@dataclass(frozen=True, slots=True)
class Appointment:
    """`wake_at` None: never read yet. `audited_at` None: never compared with the provider as a whole."""

    name: str
    wake_at: datetime | None
    audited_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class MailboxBook:
    """The rows of these mailboxes, for a caller that must not know the store."""

    desk: Desk
    names: frozenset[str]

    def appointments(self) -> list[Appointment]:
        """Less the paused ones; the longest waiting first."""
        with self.desk.database.read() as tx:
            rows = [row for row in all_mailboxes(tx) if row.name in self.names and not row.paused]
        rows.sort(key=lambda row: (row.wake_at or 0, row.id))
        return [
            Appointment(row.name, from_ms(row.wake_at), from_ms(row.audited_at), row.trouble)
            for row in rows
        ]

    def settle(
        self, name: str, *, next_at: datetime | None, trouble: str = "", needs_login: bool = False
    ) -> None:
        """What an attempt left behind; no trouble clears the old one. `next_at` None means now."""
        with self.desk.database.write() as tx:
            row = mailbox_named(tx, name)
            if row is None:
                return
            update_mailbox(
                tx,
                row.id,
                wake_at=to_ms(next_at),
                trouble=trouble,
                auth="reauth" if needs_login else "ok",
            )

    def wake_troubled(self) -> None:
        """At a start: whoever mended something restarts the program and will not wait out an old pause."""
        with self.desk.database.write() as tx:
            for row in all_mailboxes(tx):
                if row.name in self.names and row.trouble:
                    update_mailbox(tx, row.id, wake_at=None)
