"""Talks that left no mail: a call made, a meeting held. Each stands on the timeline when it was, not when told."""

from __future__ import annotations

from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.services.lead_changes import Done, lead_to_change, prose, undo_token, wrong
from inboxcrm.store.activities import add_activity
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.desk import Desk

CALL_OUTCOMES = {
    "reached": "Reached",
    "message": "Left a message",
    "no_answer": "No answer",
}
MEETING_OUTCOMES = {
    "held": "Took place",
    "no_show": "They did not come",
    "moved": "Put off",
}
_LONGEST_MINUTES = 24 * 60
_EARLIEST = timedelta(days=3650)
# Clocks differ a little, and people round up.
_LATEST = timedelta(minutes=15)


def log_call(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    *,
    outcome: str = "reached",
    at: datetime | None = None,
    minutes: int | None = None,
    text: str = "",
) -> Done:
    """`at` is now where nothing is said."""
    if outcome not in CALL_OUTCOMES:
        raise wrong("outcome", "How did the call end?", "Choose one of the three.")
    return _log(desk, viewer, lead_id, "call", CALL_OUTCOMES[outcome], outcome, at, minutes, text)


def log_meeting(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    *,
    at: datetime | None,
    minutes: int | None = None,
    outcome: str = "held",
    text: str = "",
) -> Done:
    if at is None:
        raise wrong("at", "A meeting needs its time.", "Say when it was.")
    if outcome not in MEETING_OUTCOMES:
        raise wrong("outcome", "What came of the meeting?", "Choose one of the three.")
    label = MEETING_OUTCOMES[outcome]
    return _log(desk, viewer, lead_id, "meeting", label, outcome, at, minutes, text)


def _log(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    kind: str,
    label: str,
    outcome: str,
    at: datetime | None,
    minutes: int | None,
    text: str,
) -> Done:
    now = desk.clock.now()
    when = at or now
    if when > now + _LATEST:
        raise wrong("at", "That time is still to come.", "Make it a task with that day instead.")
    if when < now - _EARLIEST:
        raise wrong("at", "That is more than ten years ago.", "Check the year.")
    if minutes is not None and not 1 <= minutes <= _LONGEST_MINUTES:
        raise wrong(
            "minutes", "It took between a minute and a day.", "Write whole minutes, like 30."
        )
    said = prose(text, "text", "What was said")
    facts = label + (f", {minutes} min" if minutes is not None else "")
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=to_ms(when),
            kind=kind,
            account_id=viewer.account_id,
            text=f"{facts}: {said}" if said else facts,
            data={"outcome": outcome, "facts": facts, "said": said},
        )
        return Done(
            lead_id,
            found.version,
            "Call logged" if kind == "call" else "Meeting logged",
            undo_token(desk, activity_id),
            desk.ids.seal("activity", activity_id),
        )
