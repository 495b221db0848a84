"""A person stops writing to one lead: every cadence it is active in ends for it, and its past says who did it."""

from __future__ import annotations

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.cadence.gate import Effect, Reason
from inboxcrm.errors import ForbiddenError, RefusedError
from inboxcrm.services.cadence_events import KIND
from inboxcrm.services.lead_changes import Done, lead_to_change, now_ms
from inboxcrm.services.stopping import stop_enrollment
from inboxcrm.store.accounts import account_by_id
from inboxcrm.store.activities import add_activity
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_cadence import LeadCadence, active_cadences
from inboxcrm.store.upserts import one_at_a_time

BY_HAND = "person"


def stop_lead(desk: Desk, viewer: Viewer, lead_id: str) -> Done:
    """Sticky, like every stop: only adding the lead anew brings it back. What is handed over already goes.

    Raises NotFoundError, RefusedError where it is in none, ForbiddenError where it is only in other people's.
    """
    with desk.database.write() as tx:
        one_at_a_time(tx)
        found = lead_to_change(tx, desk, viewer, lead_id)
        mine = cadences_of_viewer(tx, viewer, found.lead_id)
        at = now_ms(desk)
        account = account_by_id(tx, viewer.account_id)
        said = f"{account.name if account else 'Somebody'} stopped it by hand."
        for one in mine:
            why = Reason(BY_HAND, Effect.STOP, said)
            stop_enrollment(tx, one.enrollment_id, why, at=at, on_timeline=False)
        names = ", ".join(one.name for one in mine)
        add_activity(
            tx,
            found.lead_id,
            at=at,
            kind=KIND,
            account_id=viewer.account_id,
            text=f"Cadence stopped: {names}"[:500],
            data={"enrollments": [one.enrollment_id for one in mine]},
        )
        return Done(lead_id, found.version, f"Stopped: nothing more goes to them from {names}")


def cadences_of_viewer(tx: Tx, viewer: Viewer, lead_id: int) -> list[LeadCadence]:
    """Those the lead is active in that go from mailboxes the viewer may send from; one at least.

    Raises RefusedError where it is in none, ForbiddenError where it is only in other people's.
    """
    active = active_cadences(tx, lead_id)
    if not active:
        raise RefusedError("The lead is in no cadence.", remedy="Add it to one first.")
    mine = [one for one in active if may_send_from(viewer, one.mailbox_id)]
    if not mine:
        raise ForbiddenError(
            f"The cadence {active[0].name} goes from a mailbox you may not send from.",
            remedy="Ask its owner, or an admin.",
        )
    return mine
