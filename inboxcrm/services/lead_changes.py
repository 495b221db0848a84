"""What every change of a lead has in common: who may, which row, which version, and what is written
down of it.

Ids come in and go out opaque. Every change is an activity; its undo token names that activity.
"""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer, may_change_leads
from inboxcrm.errors import ConflictError, ForbiddenError, NotFoundError
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import LeadRow


@dataclass(frozen=True, slots=True)
class Done:
    """A change as its caller sees it: the lead, its version now, the token that takes it back, and
    the toast's words.

    `undo` is None where there is nothing to take back. `object_id` is what was made: a task, a
    note.
    """

    lead_id: str
    version: int
    text: str
    undo: str | None = None
    object_id: str | None = None


class AlreadyLeadError(ConflictError):
    """The address belongs to a lead; `lead_id` is that one, opaque."""

    def __init__(self, message: str, *, lead_id: str, version: int) -> None:
        super().__init__(message, version=version, remedy="Open that lead instead.")
        self.lead_id = lead_id


def undo_token(desk: Desk, activity_id: int) -> str:
    return desk.ids.seal("undo", activity_id)


def now_ms(desk: Desk) -> int:
    return to_ms(desk.clock.now())


def refuse_strangers(viewer: Viewer) -> None:
    if not may_change_leads(viewer):
        raise ForbiddenError("You may not change leads.", remedy="Ask an admin for an account.")


def no_such_lead() -> NotFoundError:
    return NotFoundError(
        "There is no such lead.",
        remedy="It may have been removed; look for it in the list of leads.",
    )


def lead_to_change(tx: Tx, desk: Desk, viewer: Viewer, lead_id: str) -> LeadRow:
    """The standing lead of that opaque id, for somebody who may change it."""
    refuse_strangers(viewer)
    number = desk.ids.open("lead", lead_id)
    found = None if number is None else lead_rows.lead_by_id(tx, number)
    if found is None or found.is_withdrawn:
        raise no_such_lead()
    return found


def refuse_stale(found: LeadRow, version: int) -> None:
    """Before anything is written; `change_lead` asks once more, in the same statement that writes."""
    if found.version != version:
        raise stale(found.version)


def stale(version: int) -> ConflictError:
    return ConflictError(
        "Somebody changed this lead since you opened it; your change was not made.",
        version=version,
        remedy="Look at it as it stands now, then change it again.",
    )
