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
    """An account and the mailboxes it may read; `mailbox_ids` None means every mailbox.

    Of mail in `subject_ids` it may know that it came, when, and its subject; not who else stands on it nor its text.
    """

    account_id: int
    role: AccountRole = AccountRole.REP
    mailbox_ids: frozenset[int] | None = None
    subject_ids: frozenset[int] = frozenset()


def may_read_mailbox(viewer: Viewer, mailbox_id: int) -> bool:
    """The one rule for mail: a copy may be read by whom its mailbox may be read by."""
    return viewer.mailbox_ids is None or mailbox_id in viewer.mailbox_ids


def may_send_from(viewer: Viewer, mailbox_id: int) -> bool:
    """Whoever reads a mailbox as their own or as a member writes from it, and runs cadences over it."""
    return viewer.account_id > 0 and may_read_mailbox(viewer, mailbox_id)


def may_manage_mailbox(viewer: Viewer, owner_id: int | None) -> bool:
    """Its health, settings and end, not its mail: the owner, and an admin; what belongs to the house an admin alone."""
    return viewer.role is AccountRole.ADMIN or (
        owner_id is not None and viewer.account_id == owner_id
    )


def may_rule_people(viewer: Viewer) -> bool:
    """Inviting, changing roles, closing accounts, reading the audit log."""
    return viewer.role is AccountRole.ADMIN


def may_end_session(viewer: Viewer, account_id: int) -> bool:
    """One's own, and an admin everybody's."""
    return viewer.account_id == account_id or viewer.role is AccountRole.ADMIN


def may_change_leads(viewer: Viewer) -> bool:
    """Everybody with an account works on leads; the roles differ in settings and people, not in leads."""
    return viewer.account_id > 0


class ViewRight(StrEnum):
    """What somebody may do with a saved view: nothing, open it, or change it too."""

    NONE = "none"
    OPEN = "open"
    CHANGE = "change"


def right_to_view(viewer: Viewer, owner_id: int, *, is_shared: bool) -> ViewRight:
    """One's own is changed by oneself alone, until it is shared: then all open it, and an admin may mend or remove it.

    It says nothing about leads: a view is a question, and each who asks it sees what they may see.
    """
    if viewer.account_id <= 0:
        return ViewRight.NONE
    if viewer.account_id == owner_id or (is_shared and viewer.role is AccountRole.ADMIN):
        return ViewRight.CHANGE
    return ViewRight.OPEN if is_shared else ViewRight.NONE


def may_change_capture(viewer: Viewer) -> bool:
    """Verdicts on senders are a rep's daily work."""
    return viewer.account_id > 0
