"""When each mailbox is next to be read, and what troubles it: the rows behind the worker's agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import (
    MailboxRow,
    all_mailboxes,
    mailbox_named,
    note_state,
    update_mailbox,
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """`wake_at` None: never read yet. `audited_at` None: never compared with the provider as a whole."""

    name: str
    wake_at: datetime | None
    audited_at: datetime | None
    trouble: str
    is_removal: bool = False


@dataclass(frozen=True, slots=True)
class MailboxBook:
    """The rows of these mailboxes, for a caller that must not know the store.

    `names` are those the settings declare; those connected in the browser come and go while we run.
    `only` narrows both.
    """

    desk: Desk
    names: frozenset[str]
    only: frozenset[str] | None = None

    def appointments(self) -> list[Appointment]:
        """Less the paused ones; the longest waiting first."""
        with self.desk.database.read() as tx:
            rows = [row for row in all_mailboxes(tx) if self._is_ours(row) and not row.paused]
        rows.sort(key=lambda row: (row.wake_at or 0, row.id))
        return [
            Appointment(
                row.name,
                from_ms(row.wake_at),
                from_ms(row.audited_at),
                row.trouble,
                is_removal=row.auth == "removing",
            )
            for row in rows
        ]

    def must_give_way(self, name: str, *, long_enough: bool) -> bool:
        """Whether a run of this mailbox should end: it was paused or disconnected, or had its turn and others wait."""
        found = {one.name: one for one in self.appointments()}
        if name not in found:
            return True
        now = self.desk.clock.now()
        others = (one for one in found.values() if one.name != name)
        return long_enough and any(one.wake_at is None or one.wake_at <= now for one in others)

    def _is_ours(self, row: MailboxRow) -> bool:
        if self.only is not None and row.name not in self.only:
            return False
        if row.made_in != "browser":
            return row.name in self.names
        return row.is_read or row.auth == "removing"

    def settle(
        self, name: str, *, next_at: datetime | None, trouble: str = "", needs_login: bool = False
    ) -> None:
        """What an attempt left behind; no trouble clears the old one. `next_at` None means now."""
        with self.desk.database.write() as tx:
            row = mailbox_named(tx, name)
            if row is None:
                return
            update_mailbox(tx, row.id, wake_at=to_ms(next_at))
            note_state(tx, row.id, trouble=trouble, auth="reauth" if needs_login else "ok")

    def wake_troubled(self) -> None:
        """At a start: whoever mended something restarts the program and will not wait out an old pause."""
        with self.desk.database.write() as tx:
            for row in all_mailboxes(tx):
                if self._is_ours(row) and row.trouble:
                    update_mailbox(tx, row.id, wake_at=None)
