"""Mails whose fate is open: what an earlier sender left behind, lost answers, drafts that were not sent or are stopped.

Looking into a lost answer (cadence/outbox.py has the times): the sent mail with our key was found: SENT. The draft is
there and nothing was sent: when two looks far enough apart say so, it was not sent, and the same draft may go. Anything
else proves nothing; after the last look it is UNCONFIRMED, counts as sent, and a person is shown it.

Each look is one call and then one transaction: a crash between them costs a look.
"""

from __future__ import annotations

from collections.abc import Callable

from inboxcrm.cadence.outbox import OutboxState, is_not_sent, next_look_seconds
from inboxcrm.ports import Look, NotSeen, Prepared, SeenSent, StillWaiting
from inboxcrm.services.leaving import Leaving
from inboxcrm.services.outcomes import note_sent
from inboxcrm.services.stopping import finish_enrollment
from inboxcrm.store import departures, enrollments, outbox, outbox_lines
from inboxcrm.store.database import Tx
from inboxcrm.store.outbox import OutboxRow

_EDITED = "Somebody edited the draft: it is theirs now, and is not sent by us."


def pick_up(leaving: Leaving) -> None:
    """Mails in the hand of a sender that ended. Claimed ones certainly did not go: their drafts are swept first, so
    that a crash between the two steps only means doing both again.
    """
    with leaving.desk.database.read() as tx:
        found = outbox.left_behind(tx, leaving.box.id, fence=leaving.claim.fence)
    claimed = [one for one in found if one.state == OutboxState.CLAIMED.value]
    if claimed:
        leaving.sender.sweep([one.key for one in claimed])
    if not found:
        return
    with leaving.transaction() as tx:
        now = leaving.now_ms()
        for one in found:
            was_claimed = one.state == OutboxState.CLAIMED.value
            after = OutboxState.PLANNED if was_claimed else OutboxState.UNKNOWN
            wait = 0 if was_claimed else int((next_look_seconds(0) or 0) * 1000)
            done = outbox.move_mail(
                tx,
                one.id,
                after,
                come_from=(OutboxState(one.state),),
                held_by=one.fence,
                not_before_at=now + wait,
            )
            if done:
                text = (
                    "The sender ended before it was handed over; it goes anew."
                    if was_claimed
                    else "The sender ended while it was being handed over; it is looked into."
                )
                outbox_lines.add_lines(tx, [one.id], at=now, state=after, text=text)
                leaving.report.unknown += not was_claimed


def take_back_stopped(leaving: Leaving) -> None:
    """Drafts of enrollments that have ended."""
    with leaving.desk.database.read() as tx:
        found = outbox.stopped_drafts(tx, leaving.box.id)
    for one in found:
        take_back(leaving, one, prepared_of(one), come_from=OutboxState.DRAFTED)


def take_back(
    leaving: Leaving, mail: OutboxRow, prepared: Prepared, *, come_from: OutboxState
) -> None:
    """The gate closed before the hand-over. The draft is deleted first: a crash then leaves a mail without a draft,
    never a draft without a mail. One of an earlier hand-over that is gone may have been sent; one that only has to wait
    stays, and the same draft goes later.
    """
    with leaving.desk.database.read() as tx:
        ended = enrollments.state_of(tx, mail.enrollment_id) != "active"
    if come_from is OutboxState.DRAFTED and not ended:
        return
    was_there = leaving.sender.discard(prepared)
    with leaving.transaction() as tx:
        if come_from is OutboxState.DRAFTED and not was_there:
            leaving.move(
                tx,
                mail,
                OutboxState.UNKNOWN,
                "Its draft is gone; it is looked into.",
                come_from=come_from,
                not_before_at=leaving.now_ms(),
            )
        elif ended:
            leaving.move(
                tx, mail, OutboxState.CANCELLED, "Stopped before it went.", come_from=come_from
            )
            leaving.report.cancelled += 1
        else:
            leaving.move(
                tx,
                mail,
                OutboxState.PLANNED,
                "The gate closed before it went; it goes anew.",
                come_from=come_from,
                draft_ref="",
                draft_message_ref="",
            )


def look_into_unknown(leaving: Leaving) -> None:
    """Every lost answer whose next look is due, one look each."""
    seen: set[int] = set()
    while True:
        with leaving.desk.database.read() as tx:
            mail = outbox.next_due(tx, leaving.box.id, OutboxState.UNKNOWN, now=leaving.now_ms())
        if mail is None or mail.id in seen:
            return
        seen.add(mail.id)
        look = leaving.sender.settle(prepared_of(mail), key=mail.key, to=mail.to_address)
        with leaving.transaction() as tx:
            _keep_look(leaving, tx, mail, look)


def try_again(
    leaving: Leaving, mail: OutboxRow, *, go: Callable[[Leaving, OutboxRow], None]
) -> bool:
    """A draft that was not sent: looked at once more, for somebody may have edited or sent it by hand meanwhile.

    False where it did not go and the mailbox has to wait.
    """
    look = leaving.sender.settle(prepared_of(mail), key=mail.key, to=mail.to_address)
    if isinstance(look, StillWaiting) and look.is_ours:
        before = leaving.report.sent
        go(leaving, mail)
        return leaving.report.sent > before
    with leaving.transaction() as tx:
        if isinstance(look, SeenSent):
            note_sent(leaving, tx, mail, look.ref, look.thread_ref)
        elif isinstance(look, StillWaiting):
            leaving.move(tx, mail, OutboxState.CANCELLED, _EDITED, come_from=OutboxState.DRAFTED)
            finish_enrollment(tx, mail.enrollment_id, at=leaving.now_ms())
        else:
            leaving.move(
                tx,
                mail,
                OutboxState.UNKNOWN,
                f"{look.text} It is looked into.",
                come_from=OutboxState.DRAFTED,
                not_before_at=leaving.now_ms(),
            )
    return True


def prepared_of(mail: OutboxRow) -> Prepared:
    return Prepared(mail.draft_ref, mail.draft_message_ref, mail.history)


def _keep_look(leaving: Leaving, tx: Tx, mail: OutboxRow, look: Look) -> None:
    now = leaving.now_ms()
    if isinstance(look, SeenSent):
        note_sent(leaving, tx, mail, look.ref, look.thread_ref)
        return
    if isinstance(look, StillWaiting) and not look.is_ours:
        departures.note_stayed(tx, mail.id)
        leaving.move(tx, mail, OutboxState.CANCELLED, _EDITED, come_from=OutboxState.UNKNOWN)
        finish_enrollment(tx, mail.enrollment_id, at=now)
        return
    waits = isinstance(look, StillWaiting)
    if waits and is_not_sent(unseen_since_at=mail.unseen_since_at, now=now):
        departures.note_stayed(tx, mail.id)
        text = "It was not sent: its draft is there, and nothing left since. The same draft goes."
        leaving.move(
            tx, mail, OutboxState.DRAFTED, text, come_from=OutboxState.UNKNOWN, not_before_at=now
        )
        return
    said = (
        look.text if isinstance(look, NotSeen) else "The draft is there, nothing was sent so far."
    )
    after = next_look_seconds(mail.looks + 1)
    if after is None:
        text = f"{said} It counts as sent and is not repeated; a person has to look."
        leaving.end(tx, mail, OutboxState.UNCONFIRMED, text, come_from=OutboxState.UNKNOWN)
        leaving.report.unconfirmed += 1
        return
    outbox.note_look(
        tx,
        mail.id,
        at=now,
        unseen_since_at=(mail.unseen_since_at or now) if waits else None,
        not_before_at=now + int(after * 1000),
        text=said,
    )
