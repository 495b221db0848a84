"""T3 of sending: what the answer to a hand-over makes of the mail, its enrollment and its mailbox."""

from __future__ import annotations

from datetime import timedelta

from inboxcrm.cadence.gate import Effect, Reason
from inboxcrm.cadence.outbox import MAY_HAVE_GONE, OutboxState, next_look_seconds
from inboxcrm.ports import Accepted, Ambiguous, Handed, Refused, RefusedFor
from inboxcrm.services.advancing import plan_next
from inboxcrm.services.leaving import Leaving
from inboxcrm.services.stopping import stop_enrollment
from inboxcrm.store import departures, mailboxes, outbox, outbox_lines, senders
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.outbox import OutboxRow

QUOTA_PAUSE = timedelta(hours=6)
"""Daily limits are counted over a rolling day, and crossing them blocks for up to one (Google's help on limits)."""
LATER = timedelta(minutes=5)


def keep_outcome(leaving: Leaving, mail: OutboxRow, handed: Handed | None) -> None:
    """`handed` None: too much time had passed, and it was not handed over at all."""
    match handed:
        case Accepted():
            _keep_sent(leaving, mail, handed)
        case Ambiguous():
            with leaving.transaction() as tx:
                look_at = leaving.now_ms() + int((next_look_seconds(0) or 0) * 1000)
                leaving.move(
                    tx,
                    mail,
                    OutboxState.UNKNOWN,
                    f"The answer was lost ({handed.text}). It is looked into, and not sent again until that is clear.",
                    come_from=OutboxState.SENDING,
                    not_before_at=look_at,
                    fault=handed.text,
                )
            leaving.report.unknown += 1
        case Refused():
            with leaving.transaction() as tx:
                _refused(leaving, tx, mail, handed)
        case None:
            with leaving.transaction() as tx:
                departures.note_stayed(tx, mail.id)
                text = "Not handed over: the machine was held up. It goes a little later."
                leaving.move(tx, mail, OutboxState.DRAFTED, text, come_from=OutboxState.SENDING)


def _keep_sent(leaving: Leaving, mail: OutboxRow, handed: Accepted) -> None:
    """True whoever holds the mailbox by now: no claim is asked for. Nor does it hang on the next mail: where that
    cannot be claimed in the same transaction, this one is noted alone.
    """
    try:
        with leaving.write() as tx:
            note_sent(leaving, tx, mail, handed.ref, handed.thread_ref)
            leaving.go_on(tx)
    except Exception:
        with leaving.desk.database.write(durable=True) as tx:
            note_sent(leaving, tx, mail, handed.ref, handed.thread_ref)
        raise


def note_sent(leaving: Leaving, tx: Tx, mail: OutboxRow, ref: str, thread_ref: str) -> None:
    """The provider has it. A mail that is noted as sent already stays as it is."""
    now = leaving.now_ms()
    done = outbox.move_mail(
        tx,
        mail.id,
        OutboxState.SENT,
        come_from=(*(MAY_HAVE_GONE - {OutboxState.SENT}), OutboxState.DRAFTED),
        ref=ref,
        thread_ref=thread_ref,
        ended_at=now,
        fault="",
    )
    if done:
        outbox_lines.add_line(
            tx, mail.id, at=now, state=OutboxState.SENT, text="The provider took it."
        )
        at = leaving.desk.clock.now()
        left = from_ms(mail.handed_over_at) if mail.handed_over_at else at
        plan_next(tx, leaving.desk, mail, secret=leaving.secret, base=left, now=at)
        leaving.report.sent += 1


def _refused(leaving: Leaving, tx: Tx, mail: OutboxRow, handed: Refused) -> None:
    departures.note_stayed(tx, mail.id)
    now = leaving.now_ms()
    if handed.reason is RefusedFor.MAIL:
        text = f"The provider will not take it: {handed.text}"
        leaving.end(tx, mail, OutboxState.FAILED, text, come_from=OutboxState.SENDING)
        stop_enrollment(tx, mail.enrollment_id, Reason("refused", Effect.STOP, text), at=now)
        leaving.report.failed += 1
        return
    wait = timedelta(seconds=handed.after_seconds) if handed.after_seconds else LATER
    if handed.reason is RefusedFor.QUOTA:
        wait = max(wait, QUOTA_PAUSE)
        text = f"The mailbox may send no more for now: {handed.text}"
        until = now + wait // timedelta(milliseconds=1)
        senders.pause_sending(tx, mail.mailbox_id, until_at=until, reason=text)
    elif handed.reason is RefusedFor.LOGIN:
        text = f"The mailbox has to be connected again: {handed.text}"
        mailboxes.note_state(tx, mail.mailbox_id, auth="reauth", trouble=text)
    else:
        text = f"Not now: {handed.text}"
    leaving.report.waits = [text]
    leaving.move(
        tx,
        mail,
        OutboxState.DRAFTED,
        text,
        come_from=OutboxState.SENDING,
        not_before_at=now + wait // timedelta(milliseconds=1),
        fault=handed.text,
    )
