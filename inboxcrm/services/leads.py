"""What people do to leads: make, edit, move, note, remove. Ids are opaque text; every change can be
taken back.

Edits carry the version their author saw; an old one raises ConflictError with the current version
and changes nothing. Only edits raise the version: mail, notes, tasks and links do not.
"""

from __future__ import annotations

from inboxcrm.access.viewer import Viewer
from inboxcrm.services.lead_changes import (
    AlreadyLeadError,
    Done,
    lead_to_change,
    now_ms,
    prose,
    undo_token,
    wrong,
)
from inboxcrm.services.lead_fields import edit_lead
from inboxcrm.services.lead_making import create_lead, delete_lead
from inboxcrm.services.linking import (
    dismiss_wait,
    link_message,
    link_thread,
    unlink_message,
    unlink_thread,
)
from inboxcrm.services.stage_moves import NeedsMoreError, move_stage
from inboxcrm.store.activities import add_activity
from inboxcrm.store.desk import Desk

__all__ = [
    "AlreadyLeadError",
    "Done",
    "NeedsMoreError",
    "add_note",
    "create_lead",
    "delete_lead",
    "dismiss_wait",
    "edit_lead",
    "link_message",
    "link_thread",
    "move_stage",
    "unlink_message",
    "unlink_thread",
]


def add_note(desk: Desk, viewer: Viewer, lead_id: str, text: str) -> Done:
    """`kind` note; text as written, line breaks kept."""
    said = prose(text, "text", "The note")
    if not said:
        raise wrong("text", "The note is empty.", "Write something, then save it.")
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=now_ms(desk),
            kind="note",
            account_id=viewer.account_id,
            text=said,
        )
        return Done(
            lead_id,
            found.version,
            "Note saved",
            undo_token(desk, activity_id),
            desk.ids.seal("activity", activity_id),
        )
