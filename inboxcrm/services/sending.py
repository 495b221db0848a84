"""Mails of cadences leave a mailbox: each at most once, wherever this dies, and none after a stop that came first.

The provider's draft is the token that makes sending safe. For one mail, in this order:

1. T1 (a transaction): the longest waiting mail is asked through the gate, rendered, frozen and CLAIMED.
2. The draft is made. A lost answer leaves an orphan that nobody but its owner sees; it is swept before the next claim.
3. T2: the gate is asked again; then SENDING, with draft and history written down. From here it may have gone.
4. The draft is handed over once; not at all where more than 30 seconds of the machine's clock lie behind T2.
5. T3: SENT, or refused for certain (FAILED, or DRAFTED and tried later), or UNKNOWN.

A crash leaves CLAIMED after 1 and 2: the next sender sweeps the draft and plans the mail anew. After 3 it leaves
SENDING: the next sender makes it UNKNOWN, and it is looked into (services/settling_mail.py). After 5 nothing is left.

Where a mail was sent, the transaction of its step 5 is that of step 1 of the next one: two commits a mail, each on the
disk before anything follows. A crash before it leaves the first mail SENDING and the second as it was; after it the
first is SENT and the second CLAIMED. Nothing is handed over in between, and the second passes the gate at its own T2.

Every transaction keeps the claim on the mailbox; what changes a mail names the fence of that claim. Transactions that
ask the gate run one at a time with those that store mail, stop or suppress: what was committed first is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from inboxcrm.cadence.freezing import FrozenMail
from inboxcrm.cadence.gate import Effect, Reason, earliest, stops_among
from inboxcrm.cadence.keys import message_id
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.templates import Missing
from inboxcrm.errors import NotFoundError, Poison, ProviderError
from inboxcrm.ports import Handed, MailSender, Prepared, Refused, RefusedFor
from inboxcrm.services import settling_mail
from inboxcrm.services.follow_ups import thread_of
from inboxcrm.services.gating import Verdict, verdict_on
from inboxcrm.services.heeding_rounds import heed_new_mail
from inboxcrm.services.leaving import InHand, Leaving, SenderClaim, SendReport
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.services.outcomes import keep_outcome
from inboxcrm.services.rendering import Answered, freeze, sender_of
from inboxcrm.services.sender_addresses import ask_addresses
from inboxcrm.services.stopping import stop_enrollment
from inboxcrm.services.sync_run import Runner
from inboxcrm.store import departures, mailboxes, outbox
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.upserts import is_alone

HAND_OVER_WITHIN_SECONDS = 30.0
_ANY_FENCE = 1 << 62
LOOK_AGAIN = timedelta(minutes=5)
"""When the gate is asked again about a mail that waits for something without an end of its own."""


def send_due(
    desk: Desk,
    sender: MailSender,
    mailbox_name: str,
    *,
    runner: Runner,
    should_stop: Callable[[], bool] = lambda: False,
) -> SendReport:
    """Hands over what is due, until nothing is or the mailbox has to wait.

    Raises BusyMailboxError where another sender holds the mailbox, NotFoundError where there is none of that name, and
    the provider's faults; what was done stays.
    """
    secret = outbox_secret(desk)
    with desk.database.write() as tx:
        box = mailboxes.mailbox_named(tx, mailbox_name)
        if box is None:
            raise NotFoundError(
                f'There is no mailbox "{mailbox_name}".',
                remedy="inboxcrm doctor lists those known.",
            )
        claim = SenderClaim.take(tx, desk, runner, box.id)
    report = SendReport(box.name)
    try:
        with desk.database.held(durable=True) as write:
            leaving = Leaving(desk, sender, box, runner, claim, report, secret, write)
            _send_all(leaving, should_stop)
    finally:
        report.units = sender.spending().units
        claim.drop()
    with desk.database.read() as tx:
        due_at = outbox.next_due_at(tx, box.id)
    if due_at is not None:
        report.next_at = max(due_at, leaving.waits_until_ms)
    return report


def _send_all(leaving: Leaving, should_stop: Callable[[], bool]) -> None:
    leaving.go_on = partial(_claim_next, leaving, should_stop)
    settling_mail.pick_up(leaving)
    heed_new_mail(leaving)
    ask_addresses(leaving)
    settling_mail.take_back_stopped(leaving)
    settling_mail.look_into_unknown(leaving)
    is_more = True
    while leaving.in_hand or (is_more and not should_stop() and not leaving.report.waits):
        is_more = _send_one(leaving)


def has_mail_due(desk: Desk, mailbox_name: str) -> bool:
    """Whether there is something to send from the mailbox, or to look into; what an earlier sender left included."""
    with desk.database.read() as tx:
        box = mailboxes.mailbox_named(tx, mailbox_name)
        if box is None:
            return False
        due_at = outbox.next_due_at(tx, box.id)
        now = to_ms(desk.clock.now())
        return (due_at is not None and due_at <= now) or bool(
            outbox.left_behind(tx, box.id, fence=_ANY_FENCE)
        )


def _send_one(leaving: Leaving) -> bool:
    """One mail through steps 1 to 5, the last of which may take the next one in hand. False where there is none, or the
    mailbox has to wait.
    """
    if leaving.in_hand is None:
        with leaving.transaction() as tx:
            _claim(leaving, tx)
    held, leaving.in_hand = leaving.in_hand, None
    if held is None:
        return leaving.has_more
    leaving.has_more = True
    if held.mail.state == OutboxState.DRAFTED.value:
        return settling_mail.try_again(leaving, held.mail, go=_hand_over_again)
    _leave(leaving, *held)
    return leaving.has_more


# --- step 1 -------------------------------------------------------------------


def _claim_next(leaving: Leaving, should_stop: Callable[[], bool], tx: Tx) -> None:
    """T1 in the transaction that has just noted a mail as sent. Nothing is claimed that would not go on at once, nor
    where others are at work: what was sent need not wait for them.
    """
    leaving.has_more = True
    if not should_stop() and is_alone(tx) and leaving.claim.is_kept(tx):
        _claim(leaving, tx)


def _claim(leaving: Leaving, tx: Tx) -> None:
    """T1. A draft that was not sent comes first, and is only taken in hand. Where nothing is, `has_more` says whether
    another mail may be.
    """
    leaving.has_more = False
    mail = outbox.next_in_turn(tx, leaving.box.id, now=leaving.now_ms())
    if mail is None:
        return
    if mail.state == OutboxState.DRAFTED.value:
        leaving.in_hand = InHand(mail)
        return
    passed = _passed(leaving, tx, mail)
    if passed is None:
        return
    now = leaving.desk.clock.now()
    answers = thread_of(tx, mail.enrollment_id, mail.step_key) if passed.goes_on_thread else None
    made = _frozen(leaving, tx, mail, now, answers)
    if isinstance(made, Missing):
        leaving.end(tx, mail, OutboxState.SKIPPED, made.text, come_from=OutboxState.PLANNED)
        leaving.report.skipped += 1
        leaving.has_more = True
        return
    leaving.move(
        tx,
        mail,
        OutboxState.CLAIMED,
        "Rendered and frozen.",
        come_from=OutboxState.PLANNED,
        mime_sha256=made.sha256,
        subject=made.subject,
        claimed_at=to_ms(now),
    )
    outbox.keep_bytes(tx, mail, made.lean)
    leaving.in_hand = InHand(mail, made.mime, answers.thread_ref if answers else "")


def _frozen(
    leaving: Leaving, tx: Tx, mail: OutboxRow, now: datetime, answers: Answered | None
) -> FrozenMail | Missing:
    sender = leaving.senders.get(mail.from_address)
    if sender is None:
        sender = sender_of(tx, leaving.box, from_address=mail.from_address)
        leaving.senders[mail.from_address] = sender
    assert mail.template_version_id is not None, "a mail step has a template"
    return freeze(
        tx,
        leaving.desk,
        version=leaving.version(tx, mail.template_version_id),
        lead_id=mail.lead_id,
        address=mail.to_address,
        sender=sender,
        key=mail.key,
        date=now,
        message_id=message_id(mail.key, sender.address),
        answers=answers,
    )


def _passed(leaving: Leaving, tx: Tx, mail: OutboxRow) -> Verdict | None:
    """Asks the gate. None where it says something against the mail, which is written down."""
    desk, now = leaving.desk, leaving.desk.clock.now()
    verdict = verdict_on(tx, desk, mail, now)
    reasons = verdict.reasons
    if not reasons:
        return verdict
    stops = stops_among(reasons)
    if stops:
        stop_enrollment(tx, mail.enrollment_id, stops[0], at=to_ms(now))
        leaving.report.cancelled += 1
        leaving.has_more = True
        return None
    of_mailbox = tuple(one for one in reasons if one.is_of_mailbox)
    again = earliest(of_mailbox or reasons, now, look_again=LOOK_AGAIN)
    if of_mailbox:
        # What is against this mail alone does not hold up the others: it is put off when the mailbox may send again.
        leaving.report.waits = [one.text for one in reasons]
        leaving.report.held_by = [one.key for one in reasons]
        leaving.waits_until_ms = to_ms(again)
    else:
        leaving.has_more = True
        outbox.put_off(tx, mail.id, not_before_at=to_ms(again), waits_for=_told(reasons))
    return None


def _told(reasons: tuple[Reason, ...]) -> list[dict[str, Any]]:
    return [{"key": one.key, "text": one.text} for one in reasons]


# --- steps 2 to 5 ---------------------------------------------------------------


def _leave(leaving: Leaving, mail: OutboxRow, mime: bytes, thread_ref: str) -> None:
    try:
        if mail.attempts:
            # An earlier answer was lost: its draft may stand in the mailbox.
            leaving.sender.sweep([mail.key])
        prepared = leaving.sender.prepare(mime, thread_ref=thread_ref)
    except Poison as fault:
        with leaving.transaction() as tx:
            text = f"The provider will not take it: {fault.message}"
            leaving.end(tx, mail, OutboxState.FAILED, text, come_from=OutboxState.CLAIMED)
            reason = Reason("refused", Effect.STOP, text)
            stop_enrollment(tx, mail.enrollment_id, reason, at=leaving.now_ms())
        leaving.report.failed += 1
        return
    except ProviderError as fault:
        with leaving.transaction() as tx:
            leaving.move(
                tx,
                mail,
                OutboxState.PLANNED,
                f"No draft could be made: {fault.message}",
                come_from=OutboxState.CLAIMED,
                fault=fault.message,
                attempts=mail.attempts + 1,
            )
        raise
    _hand_over(leaving, mail, prepared, come_from=OutboxState.CLAIMED)


def _hand_over_again(leaving: Leaving, mail: OutboxRow) -> None:
    """The draft of a mail that certainly was not sent goes the same way from step 3 on."""
    prepared = Prepared(mail.draft_ref, mail.draft_message_ref, mail.history)
    _hand_over(leaving, mail, prepared, come_from=OutboxState.DRAFTED)


def _hand_over(
    leaving: Leaving, mail: OutboxRow, prepared: Prepared, *, come_from: OutboxState
) -> None:
    """T2, the hand-over, T3."""
    if not _cross(leaving, mail, prepared, come_from=come_from):
        settling_mail.take_back(leaving, mail, prepared, come_from=come_from)
        return
    handed: Handed | None = None
    if leaving.runner.machine_now() - leaving.crossed_at <= HAND_OVER_WITHIN_SECONDS:
        handed = leaving.sender.hand_over(prepared)
    keep_outcome(leaving, mail, handed)
    if isinstance(handed, Refused) and handed.reason is RefusedFor.MAIL:
        leaving.sender.discard(prepared)


def _cross(
    leaving: Leaving, mail: OutboxRow, prepared: Prepared, *, come_from: OutboxState
) -> bool:
    """T2: the point of no return. False where the gate has closed meanwhile; the mail is then as it was."""
    with leaving.transaction() as tx:
        if _passed(leaving, tx, mail) is None:
            return False
        now = leaving.now_ms()
        leaving.crossed_at = leaving.runner.machine_now()
        leaving.move(
            tx,
            mail,
            OutboxState.SENDING,
            "Handed over to the provider.",
            come_from=come_from,
            draft_ref=prepared.draft_ref,
            draft_message_ref=prepared.message_ref,
            history=prepared.history,
            handed_over_at=now,
            unseen_since_at=None,
            looks=0,
        )
        domain = mail.to_address.rpartition("@")[2].lower()
        departures.note_leaving(tx, mail, at=now, to_domain=domain)
    return True
