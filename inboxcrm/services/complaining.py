"""Somebody called a mail of a cadence spam, and their provider reports it (RFC 5965): the gravest thing they can say.

The address is suppressed for the whole house, every enrollment of its lead, or that writes to this address, stops, the
mail is marked, and its mailbox stops sending for a day. Who sent the report matters not: whoever knows the key of a
mail had the mail. A report about no mail of ours, or about one of another mailbox than it came to, does nothing here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from inboxcrm.cadence.gate import Effect, Reason
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.stops import StopReason
from inboxcrm.mail.complaints import complained_of
from inboxcrm.services.guardrails import pause_on_complaints
from inboxcrm.services.opting_out import suppress_asked
from inboxcrm.services.stopping import stop_for
from inboxcrm.store import complaints, heard_mail
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.enrollments import enrollments_of_person
from inboxcrm.store.heard_mail import Heard
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.outbox_lines import add_lines


@dataclass(frozen=True, slots=True)
class Complaints:
    """How many addresses were suppressed and enrollments stopped that were not before."""

    suppressed: int = 0
    stopped: int = 0


def heed_complaints(
    tx: Tx,
    report_ids: Collection[int],
    *,
    mailbox_id: int | None,
    at: int,
    only: Collection[int] | None = None,
) -> Complaints:
    """`only`: what they say of other enrollments is passed over; `mailbox_id`: of mails from other mailboxes.

    `at` in ms. The caller's transaction runs one at a time with those that send.
    """
    suppressed = stopped = 0
    for report in heard_mail.mails_of(tx, report_ids).values() if report_ids else ():
        mail = _mail_named(tx, report)
        if mail is not None and mailbox_id in {None, mail.mailbox_id}:
            done = _heed(tx, report, mail, at=at, only=only)
            suppressed += done.suppressed
            stopped += done.stopped
    return Complaints(suppressed, stopped)


def concerned_by(tx: Tx, report: Heard) -> set[int]:
    """The enrollments it stops."""
    mail = _mail_named(tx, report) if report.rule == "complaint" else None
    if mail is None:
        return set()
    return {mail.enrollment_id, *enrollments_of_person(tx, mail.enrollment_id)}


def _mail_named(tx: Tx, report: Heard) -> OutboxRow | None:
    named = complained_of(report.report)
    return complaints.mail_named(tx, report.id, key=named.key, message_id=named.message_id)


def _heed(
    tx: Tx, report: Heard, mail: OutboxRow, *, at: int, only: Collection[int] | None
) -> Complaints:
    person = {mail.enrollment_id, *enrollments_of_person(tx, mail.enrollment_id)}
    if only is not None and not person & set(only):
        return Complaints()
    found = heard_mail.concerned(tx, person, mailbox_id=None)
    key = found[mail.enrollment_id].address_key
    day = from_ms(report.at)
    by = f", says {report.author}" if report.author else ""
    said = f"reported as spam on {day.day} {day:%B %Y}{by}: {report.evidence}"
    suppressed = suppress_asked(
        tx,
        {key},
        reason=StopReason.COMPLAINT,
        source=said,
        asked_at=report.at,
        at=at,
        message=report,
    )
    if complaints.note_complained(tx, mail.id, message_id=report.id):
        state = OutboxState(mail.state)
        add_lines(tx, [mail.id], at=at, state=state, text=f"It was {said}", message_id=report.id)
        pause_on_complaints(tx, mail.mailbox_id, at=at)
    reason = Reason(
        StopReason.COMPLAINT.value,
        Effect.STOP,
        f"A mail to {key} was {said}",
        message_id=report.id,
    )
    stopped = sum(
        stop_for(tx, one.id, reason, written=(report.sent_at, report.key), at=at)
        for one in found.values()
        if (only is None or one.id in only)
        and (one.id == mail.enrollment_id or one.enrolled_at <= report.at)
    )
    return Complaints(suppressed, stopped)
