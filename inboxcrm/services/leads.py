"""What people do to leads: make, edit, move, note, remove. Ids are opaque text; every change can be
taken back.

Edits carry the version their author saw; an old one raises ConflictError with the current version
and changes nothing. Only edits raise the version: mail, notes, tasks and links do not.
"""

from __future__ import annotations

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
from inboxcrm.leads.pipeline import StageKind
from inboxcrm.services.lead_changes import (
    AlreadyLeadError,
    Done,
    lead_to_change,
    now_ms,
    prose,
    refuse_stale,
    stale,
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
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.activities import add_activity
from inboxcrm.store.desk import Desk

__all__ = [
    "AlreadyLeadError",
    "Done",
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

_LONGEST_REASON = 500


def move_stage(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    stage: str,
    *,
    version: int,
    pipeline: str | None = None,
    reason: str = "",
) -> Done:
    """Moves a lead to a stage of its pipeline, or of the one named. `reason` says why it was lost
    or disqualified.
    """
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        refuse_stale(found, version)
        target = desk.pipelines.place(pipeline or found.pipeline, stage)
        if not target.is_known:
            known = desk.pipelines.pipeline(pipeline or found.pipeline) or desk.pipelines.default
            raise UsageError(
                f'There is no stage "{stage}".',
                remedy=f"Choose one of {', '.join(one.key for one in known.stages)}.",
            )
        before = desk.pipelines.place(found.pipeline, found.stage)
        if (found.pipeline, found.stage) == (target.pipeline.key, target.stage.key):
            return Done(lead_id, found.version, f"Already in {target.stage.label}")
        at = now_ms(desk)
        why = " ".join(reason.replace("\x00", "").split())[:_LONGEST_REASON]
        changed = lead_rows.change_lead(
            tx,
            found.lead_id,
            version=version,
            values={
                "pipeline": target.pipeline.key,
                "stage": target.stage.key,
                "stage_since_at": at,
                "stage_reason": why,
            },
            at=at,
        )
        if not changed:
            raise stale(found.version)
        text = f"{before.stage.label} → {target.stage.label}"
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=at,
            kind="stage_move",
            account_id=viewer.account_id,
            text=f"{text}: {why}" if why else text,
            data={
                "from": {"pipeline": found.pipeline, "stage": found.stage},
                "to": {"pipeline": target.pipeline.key, "stage": target.stage.key},
                "since": found.stage_since_at,
                "reason": why,
                "reason_before": found.stage_reason,
            },
        )
        word = "Closed as" if target.stage.kind is not StageKind.OPEN else "Moved to"
        return Done(
            lead_id, version + 1, f"{word} {target.stage.label}", undo_token(desk, activity_id)
        )


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
