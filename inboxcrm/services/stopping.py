"""Ends of enrollments. A stop is sticky: nothing brings an enrollment back but a person, by adding the lead anew.

Mails that nobody has in hand are cancelled at once; one that is claimed or drafted is taken back by its sender, which
asks the gate again before it hands anything over; one that is handed over is past stopping, and the line says so.
"""

from __future__ import annotations

from inboxcrm.cadence.gate import Reason
from inboxcrm.store import enrollments, outbox
from inboxcrm.store.database import Tx


def stop_enrollment(tx: Tx, enrollment_id: int, reason: Reason, *, at: int) -> bool:
    """False where it had ended before; then what ended it first stands."""
    stopped = enrollments.end_enrollment(
        tx,
        enrollment_id,
        state="stopped",
        at=at,
        reason=reason.key,
        words=reason.text,
        message_id=reason.message_id,
    )
    outbox.cancel_planned(tx, [enrollment_id], at=at, text=reason.text)
    return stopped


def finish_enrollment(tx: Tx, enrollment_id: int, *, at: int) -> None:
    """Where no mail of it waits any more."""
    if not outbox.has_open_mail(tx, enrollment_id):
        enrollments.end_enrollment(tx, enrollment_id, state="finished", at=at)
