"""What a misread mail did to enrollments is undone, and all mail that concerns them is heeded once more.

1. what rests on the mail alone falls: stops, suppressions, marks of mails that fared ill, a parking it asked for
2. everything these enrollments ever got back is looked at again, by the code that looks at new mail (heeding.py): what
   another mail had said holds, and what this one now says happens
3. whoever is still active goes on: mails the stop had cancelled wait anew, none at once and none under the caps

A mail that was handed over is never planned anew. A cadence that is over stays over for everybody in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from inboxcrm.access.viewer import Viewer, may_send_from
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.stops import Does, deed_of
from inboxcrm.errors import ForbiddenError, RefusedError
from inboxcrm.services.advancing import plan_next
from inboxcrm.services.cadence_events import note_for_all
from inboxcrm.services.complaining import concerned_by
from inboxcrm.services.dry_runs import plan_anew
from inboxcrm.services.heard import fates_in, read_heard
from inboxcrm.services.heeding import HeedReport, heed_again
from inboxcrm.services.stopping import finish_enrollment
from inboxcrm.store import cadences, heard_mail, outbox, suppressions
from inboxcrm.store import reopening as rows
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.outbox import OutboxRow
from inboxcrm.store.reopening import StoppedRow
from inboxcrm.store.touched import touched_by

_WENT = frozenset({OutboxState.SENT.value, OutboxState.UNCONFIRMED.value})
_OPEN = frozenset({"running", "paused"})


@dataclass(frozen=True, slots=True)
class Concern:
    """The enrollments a mail concerns, and those it had parked, under the verdict it had."""

    enrollment_ids: frozenset[int]
    parked: frozenset[int]


@dataclass(frozen=True, slots=True)
class Replayed:
    """`goes_on` are names of cadences that go on for somebody; `over` those that are over, so that a stop stays."""

    goes_on: tuple[str, ...]
    over: tuple[str, ...]
    report: HeedReport


def concern_of(tx: Tx, message_id: int) -> Concern:
    """Asked before and after the verdict changes."""
    touched = touched_by(tx, since=message_id - 1, upto=message_id)
    mail = heard_mail.mails_of(tx, {message_id})[message_id]
    parked = set()
    for one in touched:
        heard = read_heard(mail, in_thread=one.in_thread)
        if heard is None or one.by_colleague:
            continue
        if deed_of(heard).does is Does.PARK:
            parked.add(one.enrollment_id)
    every = {one.enrollment_id for one in touched} | rows.resting_on(tx, message_id)
    every |= concerned_by(tx, mail)
    if mail.report or mail.kind in heard_mail.FAILURES:
        every |= {
            enrollment_id for _, enrollment_id in heard_mail.enrollments_at(tx, fates_in(mail))
        }
    return Concern(frozenset(every), frozenset(parked))


def replay(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    message_id: int,
    before: Concern,
    *,
    secret: bytes,
    said: str,
    may_reopen: bool,
) -> Replayed:
    """After the verdict changed. `said`: who corrected it, in words. The transaction runs one at a time with senders.

    Raises ForbiddenError where mails would go again from a mailbox that the viewer may not send from, and RefusedError
    where they would go again at all and `may_reopen` is not said.
    """
    every = before.enrollment_ids | concern_of(tx, message_id).enrollment_ids
    fallen = rows.stopped_by(tx, message_id, every)
    opened = {one.id: one for one in fallen if one.cadence_state in _OPEN and not one.has_another}
    rows.make_active(tx, opened)
    rows.forget_parking(tx, before.parked)
    rows.forget_fared(tx, message_id)
    suppressions.drop_resting_on(tx, message_id)
    report = heed_again(tx, desk, every)
    going_on = [opened[one] for one in sorted(rows.still_active(tx, opened))]
    for one in going_on:
        if not may_send_from(viewer, one.mailbox_id):
            raise ForbiddenError(
                f"{one.cadence_name} would go on, from a mailbox you may not send from.",
                remedy="Ask its owner, or an admin.",
            )
    if going_on and not may_reopen:
        raise RefusedError(
            f"Mails to them would go again: {', '.join(_names(going_on))}.",
            remedy="Add --yes to let them.",
        )
    for one in going_on:
        _go_on(tx, desk, viewer, one, secret=secret, said=said)
    return Replayed(
        _names(going_on), _names([one for one in fallen if one.id not in opened]), report
    )


def _go_on(
    tx: Tx, desk: Desk, viewer: Viewer, one: StoppedRow, *, secret: bytes, said: str
) -> None:
    now = desk.clock.now()
    at = to_ms(now)
    text = f"It goes on: {said}"
    rows.plan_cancelled_anew(
        tx, one.id, since=one.ended_at, at=at, text=text, account_id=viewer.account_id
    )
    note_for_all(
        tx,
        one.cadence_id,
        [one.lead_id],
        f"{one.cadence_name} goes on: {said}",
        event="resumed",
        at=at,
        account_id=viewer.account_id,
    )
    if not outbox.has_open_mail(tx, one.id):
        last = _last_gone(outbox.mails_of_enrollment(tx, one.id))
        if last is None:
            finish_enrollment(tx, one.id, at=at)
        else:
            left = from_ms(last.handed_over_at) or now
            plan_next(tx, desk, last, secret=secret, base=left, now=now)
    row = cadences.cadence_by_key(tx, one.cadence_key)
    assert row is not None, "a cadence with people in it stands"
    steps = cadences.steps_of(tx, row.id, row.version)
    plan_anew(tx, desk, row, steps, now=now, secret=secret)


def _last_gone(mails: list[OutboxRow]) -> OutboxRow | None:
    gone = [one for one in mails if one.state in _WENT]
    return max(gone, key=lambda one: (one.handed_over_at or 0, one.id), default=None)


def _names(found: list[StoppedRow]) -> tuple[str, ...]:
    return tuple(sorted({one.cadence_name for one in found}))
