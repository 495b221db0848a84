"""What stops a whole mailbox from sending: asked whenever a bounce is written down, in the same transaction.

It is asked when something bounced and at no other time: a person who ends a pause, or a pause that ran out, is not
overruled by the same bounces again.
"""

from __future__ import annotations

from datetime import timedelta

from inboxcrm.cadence.caps import BOUNCES_LOOKED_AT, pause_reason
from inboxcrm.store import gate_facts, senders
from inboxcrm.store.database import Tx

BOUNCE_PAUSE = timedelta(hours=24)


def pause_on_bounces(tx: Tx, mailbox_id: int, *, at: int) -> str:
    """Pauses sending from the mailbox for a day where too many of its last mails bounced; why, or empty. `at` in ms."""
    reason = pause_reason(gate_facts.last_bounced(tx, mailbox_id, most=BOUNCES_LOOKED_AT))
    if reason is None:
        return ""
    until = at + int(BOUNCE_PAUSE.total_seconds() * 1000)
    held = senders.pause_of(tx, mailbox_id).until_at
    if held is None or held < until:
        senders.pause_sending(tx, mailbox_id, until_at=until, reason=reason)
    return reason
