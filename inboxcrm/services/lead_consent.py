"""Consent of a lead as people note it: given or taken back, where, on which day. Each change is on its timeline."""

from __future__ import annotations

from datetime import date
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.consent import STATES, Consent, ConsentState, consent_in_words
from inboxcrm.services.lead_changes import Done, lead_to_change, now_ms, one_line, undo_token, wrong
from inboxcrm.store.activities import add_activity
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_consents import consent_of, put_consent

KIND = "consent"
_LONGEST_SOURCE = 300


def note_consent(
    desk: Desk,
    viewer: Viewer,
    lead_id: str,
    *,
    state: str,
    source: str,
    on: date | None = None,
) -> Done:
    """`state` is given or withdrawn; `on` None is today. Raises NotFoundError, WrongFieldsError."""
    if state not in set(ConsentState):
        raise wrong("state", "Consent is given or withdrawn.", "Choose one.")
    said = one_line(source, "source", "The source", longest=_LONGEST_SOURCE)
    if not said:
        raise wrong(
            "source",
            "Nobody could say where that is known from.",
            "Write where they said so, like a form or a mail.",
        )
    today = desk.today()
    day = on or today
    if day > today:
        raise wrong("on", "That day is still to come.", "Choose the day on which they said so.")
    wanted = Consent(ConsentState(state), said, day)
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        before = consent_of(tx, found.lead_id)
        if before == wanted:
            return Done(lead_id, found.version, "Noted already")
        put_consent(tx, found.lead_id, wanted, account_id=viewer.account_id, at=now_ms(desk))
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=now_ms(desk),
            kind=KIND,
            account_id=viewer.account_id,
            text=f"Consent: {consent_in_words(wanted)}",
            data={"from": as_map(before), "to": as_map(wanted)},
        )
        words = STATES[wanted.state].lower()
        return Done(lead_id, found.version, f"Consent {words}", undo_token(desk, activity_id))


def as_map(one: Consent | None) -> dict[str, str] | None:
    """As activities keep it."""
    if one is None:
        return None
    return {"state": one.state.value, "source": one.source, "on": one.on.isoformat()}


def from_map(said: dict[str, Any] | None) -> Consent | None:
    if said is None:
        return None
    return Consent(ConsentState(said["state"]), said["source"], date.fromisoformat(said["on"]))
