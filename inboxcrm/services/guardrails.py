"""What stops a whole mailbox from sending: asked whenever a bounce or a report of spam is written down, in the same
transaction.

It is asked when something came back and at no other time: a person who ends a pause, or a pause that ran out, is not
overruled by the same bounces again.
"""

from __future__ import annotations

from datetime import timedelta

from inboxcrm.cadence.caps import BOUNCES_LOOKED_AT, complaint_reason, pause_reason
from inboxcrm.store import gate_facts, senders
from inboxcrm.store.cadence_reports import CAME_BACK
from inboxcrm.store.complaints import COMPLAINED
from inboxcrm.store.database import Tx

BOUNCE_PAUSE = timedelta(hours=24)


def pause_on_bounces(tx: Tx, mailbox_id: int, *, at: int) -> str:
    """Pauses sending from the mailbox for a day where too many of its last mails bounced; why, or empty. `at` in ms."""
    fared = gate_facts.last_fared(tx, mailbox_id, most=BOUNCES_LOOKED_AT)
    return _pause(tx, mailbox_id, pause_reason(one in CAME_BACK for one in fared), at=at)


def pause_on_complaints(tx: Tx, mailbox_id: int, *, at: int) -> str:
    """The same where one of its last mails was reported as spam."""
    fared = gate_facts.last_fared(tx, mailbox_id, most=BOUNCES_LOOKED_AT)
    return _pause(tx, mailbox_id, complaint_reason(one == COMPLAINED for one in fared), at=at)


def _pause(tx: Tx, mailbox_id: int, reason: str | None, *, at: int) -> str:
    if reason is None:
        return ""
    until = at + int(BOUNCE_PAUSE.total_seconds() * 1000)
    held = senders.pause_of(tx, mailbox_id).until_at
    if held is None or held < until:
        senders.pause_sending(tx, mailbox_id, until_at=until, reason=reason)
    return reason
