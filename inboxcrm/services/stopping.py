"""Ends of enrollments. A stop is sticky: nothing brings an enrollment back but a person, by adding the lead anew.

Mails that nobody has in hand are cancelled at once; one that is claimed or drafted is taken back by its sender, which
asks the gate again before it hands anything over; one that is handed over is past stopping, and the line says so.
"""

from __future__ import annotations

from inboxcrm.cadence.gate import Reason
from inboxcrm.cadence.stops import WEIGHT
from inboxcrm.services.cadence_events import note_stopped
from inboxcrm.store import enrollments, heard_mail, heeded, outbox
from inboxcrm.store.database import Tx


def stop_enrollment(
    tx: Tx, enrollment_id: int, reason: Reason, *, at: int, on_timeline: bool = True
) -> bool:
    """False where it had ended before; then what ended it first stands.

    `on_timeline`: the lead's past says so, with the reason; whoever tells of it in other words says False.
    """
    stopped = enrollments.end_enrollment(
        tx,
        enrollment_id,
        state="stopped",
        at=at,
        reason=reason.key,
        words=reason.text,
        message_id=reason.message_id,
    )
    outbox.cancel_planned(
        tx, [enrollment_id], at=at, text=reason.text, message_id=reason.message_id
    )
    if stopped and on_timeline:
        note_stopped(
            tx,
            enrollment_id,
            reason.text,
            reason=reason.key,
            at=at,
            message_id=reason.message_id,
        )
    return stopped


def stop_for(
    tx: Tx, enrollment_id: int, reason: Reason, *, written: tuple[int, str] = (0, ""), at: int
) -> bool:
    """Stops it; where it is stopped already, the weightier reason stands, and of two alike the earlier one.

    `written` puts the mail that the reason rests on in order: its date in ms and its key. False where it had ended.
    """
    if stop_enrollment(tx, enrollment_id, reason, at=at):
        return True
    stands = heard_mail.concerned(tx, [enrollment_id], mailbox_id=None)[enrollment_id]
    if stands.state != "stopped" or stands.stop_reason not in WEIGHT:
        return False
    before = (WEIGHT[stands.stop_reason], heeded.end_of(tx, stands.stop_message_id or 0))
    if (WEIGHT[reason.key], written) < before:
        heeded.change_reason(
            tx, enrollment_id, reason=reason.key, words=reason.text, message_id=reason.message_id
        )
    return False


def finish_enrollment(tx: Tx, enrollment_id: int, *, at: int) -> None:
    """Where no mail of it waits any more."""
    enrollments.finish(tx, enrollment_id, at=at)
