"""The audit log as an admin reads it: who did what when, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer, may_rule_people
from inboxcrm.errors import ForbiddenError
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.store.sessions import audit_page

PAGE = 100

WORDS = {
    "join": "joined",
    "sign_in": "signed in",
    "sign_in_failed": "failed to sign in",
    "sign_out": "signed out",
    "invite": "invited",
    "invitation_withdrawn": "withdrew an invitation",
    "password_renewed": "chose a new password by a link",
    "password_changed": "changed the password",
    "role": "changed a role",
    "account_closed": "closed the account of",
    "account_opened": "opened the account of",
    "mailbox_connected": "connected the mailbox",
    "mailbox_reconnected": "reconnected the mailbox",
    "mailbox_sending": "allowed sending from the mailbox",
    "mailbox_paused": "paused the mailbox",
    "mailbox_resumed": "resumed the mailbox",
    "mailbox_shared": "changed who reads the mailbox",
    "mailbox_disconnected": "disconnected the mailbox",
    "mailbox_removed": "removed the mail of",
    "private_read": "read private mail",
    "export": "exported",
    "import": "imported",
    "import_undone": "took back the import of",
    "delete": "deleted",
}


@dataclass(frozen=True, slots=True)
class AuditLine:
    at: datetime
    who: str
    did: str
    about: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """`next` leads to the lines before; empty on the last page."""

    lines: tuple[AuditLine, ...]
    next: str


def audit_lines(desk: Desk, viewer: Viewer, *, before: str = "") -> AuditView:
    """Admins only. Raises ForbiddenError."""
    if not may_rule_people(viewer):
        raise ForbiddenError("Only an admin reads the audit log.", remedy="Ask one.")
    with desk.database.read() as tx:
        rows = audit_page(tx, before=desk.ids.open("audit", before), many=PAGE + 1)
    lines = tuple(
        AuditLine(from_ms(row.at), row.who or "Somebody", WORDS.get(row.kind, row.kind), row.about)
        for row in rows[:PAGE]
    )
    more = len(rows) > PAGE
    return AuditView(lines, desk.ids.seal("audit", rows[PAGE - 1].id) if more else "")
