"""The cadence a lead is in, for panel and page: which step, how it stands, when the next mail goes, why it ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.cadence.causes import Told
from inboxcrm.cadence.rests import has_end, rest_in_words
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_cadence import LeadCadence, cadence_of_lead
from inboxcrm.store.stop_causes import Causes
from inboxcrm.views.cadences import cadence_url
from inboxcrm.views.places import mail_url
from inboxcrm.views.shapes import CadenceState

SHOWN_AFTER = timedelta(days=30)
"""How long an ended one is still told of: long enough to see why somebody was left alone."""


def lead_cadence(
    tx: Tx, desk: Desk, viewer: Viewer, lead_id: int, now: datetime
) -> CadenceState | None:
    """One statement, and one more where a stop or a rest is owed to a mail. None for a lead that is in no cadence and
    was in none lately.
    """
    found = cadence_of_lead(tx, lead_id, since=to_ms(now - SHOWN_AFTER))
    if found is None:
        return None
    sealed = desk.ids.seal("cadence", found.cadence_id)
    is_active = found.state == "active"
    parked = from_ms(found.parked_until_at)
    is_parked = is_active and parked is not None and parked > now
    steps = max(found.steps, 1)
    told = _reason(tx, desk, viewer, found, is_parked=is_parked)
    return CadenceState(
        id=sealed,
        name=found.name,
        step=min(found.gone + 1, steps) if is_active else min(found.gone, steps),
        steps=steps,
        state=_state(found, is_parked=is_parked),
        url=cadence_url(sealed),
        reason=told.text or None,
        reason_url=mail_url(told.thread_id, told.message_id),
        next_at=_next_at(found, parked if is_parked else None) if is_active else None,
        may_stop=is_active and may_send_from(viewer, found.mailbox_id),
    )


def _next_at(found: LeadCadence, parked: datetime | None) -> datetime | None:
    """None where a pause has no end."""
    if parked is None:
        return from_ms(found.next_at)
    return parked if has_end(parked) else None


def _state(found: LeadCadence, *, is_parked: bool) -> str:
    if found.state != "active":
        return found.state
    if is_parked:
        return "parked"
    return "paused" if found.cadence_state == "paused" else "active"


def _reason(tx: Tx, desk: Desk, viewer: Viewer, found: LeadCadence, *, is_parked: bool) -> Told:
    words, message_id = "", None
    if is_parked:
        message_id = found.parked_message_id
        words = rest_in_words(rests_on_mail=message_id is not None)
    elif found.state == "stopped":
        words, message_id = found.stop_words, found.stop_message_id
    return Causes.read(tx, desk, viewer, [message_id]).told(words, message_id)
