"""A person lets every cadence of one lead rest, until a day or until somebody lets it go on.

A pause is kept where an absence is: nothing of the cadence goes before it ends, and what fell due meanwhile goes then
under caps and gaps, never at once. What is handed over already goes.
"""

from __future__ import annotations

from datetime import date

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.rests import UNTIL_RESUMED
from inboxcrm.errors import RefusedError
from inboxcrm.leads.wording import date_in_words
from inboxcrm.services.cadence_events import KIND
from inboxcrm.services.lead_changes import Done, lead_to_change, morning_of, now_ms
from inboxcrm.services.lead_stops import cadences_of_viewer
from inboxcrm.store.activities import add_activity
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.heeded import park
from inboxcrm.store.lead_cadence import LeadCadence, let_go_on
from inboxcrm.store.upserts import one_at_a_time


def pause_lead(desk: Desk, viewer: Viewer, lead_id: str, *, until: date | None = None) -> Done:
    """Until the morning of that day in the house's zone, or until it is resumed.

    Raises NotFoundError, FieldsError; RefusedError where the lead is in none or rests that long already; ForbiddenError
    where it is only in other people's.
    """
    ends = to_ms(UNTIL_RESUMED) if until is None else morning_of(desk, until)
    when = (
        f"until {date_in_words(until, today=desk.today())}"
        if until
        else "until somebody resumes it"
    )
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = lead_to_change(tx, desk, viewer, lead_id)
        rests = [
            one
            for one in cadences_of_viewer(tx, viewer, found.lead_id)
            if park(tx, one.enrollment_id, until_at=ends, message_id=None)
        ]
        if not rests:
            raise RefusedError("It rests that long already.", remedy="Resume it to end its rest.")
        _note(tx, desk, viewer, found.lead_id, rests, f"paused {when}", event="paused")
        return Done(lead_id, found.version, f"Paused {when}: {_names(rests)}")


def resume_lead(desk: Desk, viewer: Viewer, lead_id: str) -> Done:
    """Ends a pause, and an absence too: whoever presses knows better. Raises as `pause_lead`."""
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = lead_to_change(tx, desk, viewer, lead_id)
        at = now_ms(desk)
        mine = cadences_of_viewer(tx, viewer, found.lead_id)
        resting = [one for one in mine if (one.parked_until_at or 0) > at]
        if not resting:
            raise RefusedError(
                "No cadence of the lead rests.", remedy="There is nothing to resume."
            )
        let_go_on(tx, [one.enrollment_id for one in resting], at=at)
        _note(tx, desk, viewer, found.lead_id, resting, "resumed", event="resumed")
        return Done(lead_id, found.version, f"Resumed: {_names(resting)}")


def _names(some: list[LeadCadence]) -> str:
    return ", ".join(one.name for one in some)


def _note(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    lead_id: int,
    some: list[LeadCadence],
    words: str,
    *,
    event: str,
) -> None:
    add_activity(
        tx,
        lead_id,
        at=now_ms(desk),
        kind=KIND,
        account_id=viewer.account_id,
        text=f"{_names(some)} {words}"[:500],
        data={"event": event, "enrollments": [one.enrollment_id for one in some]},
    )
