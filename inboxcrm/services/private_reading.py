"""An admin reads one mail of a private mailbox: the one way to it, and never without a line in the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer, may_rule_people
from inboxcrm.errors import ForbiddenError, NotFoundError
from inboxcrm.services.people import note
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.open_mail import PrivateRow, private_mail


@dataclass(frozen=True, slots=True)
class PrivateMail:
    """`mailboxes` hold it; `text` is its text alone, without HTML and attachments."""

    subject: str
    author: str
    at: datetime
    mailboxes: tuple[str, ...]
    text: str


def read_private(desk: Desk, viewer: Viewer, message_id: str, *, now: datetime) -> PrivateMail:
    """The line is in the same transaction as the read. Raises ForbiddenError, NotFoundError."""
    if not may_rule_people(viewer):
        raise ForbiddenError("Only an admin may do that.", remedy="Ask the owner of the mailbox.")
    number = desk.ids.open("message", message_id)
    with desk.database.write() as tx:
        found: PrivateRow | None = private_mail(tx, number) if number is not None else None
        if found is None:
            raise NotFoundError("There is no such mail.", remedy="It may have been deleted.")
        about = f'"{found.subject[:120]}" in {", ".join(found.mailboxes)}'
        note(tx, viewer, "private_read", about, now)
    return PrivateMail(
        found.subject, found.author, from_ms(found.sent_at), found.mailboxes, found.text
    )
