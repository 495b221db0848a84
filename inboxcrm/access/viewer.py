"""Who is looking. Every read takes a viewer; nothing is read "for the system" except by the worker itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccountRole(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """An account and the mailboxes it may read; `mailbox_ids` None means every mailbox."""

    account_id: int
    role: AccountRole = AccountRole.REP
    mailbox_ids: frozenset[int] | None = None


def may_read_mailbox(viewer: Viewer, mailbox_id: int) -> bool:
    """The one rule for mail: a copy may be read by whom its mailbox may be read by."""
    return viewer.mailbox_ids is None or mailbox_id in viewer.mailbox_ids


def may_change_leads(viewer: Viewer) -> bool:
    """Everybody with an account works on leads; the roles differ in settings and people, not in leads."""
    return viewer.account_id > 0


def may_change_capture(viewer: Viewer) -> bool:
    """Verdicts on senders are a rep's daily work."""
    return viewer.account_id > 0
