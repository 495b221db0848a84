"""What a person says of a mailbox as a sender, whatever its cadences say: how many mails a day, how far apart, and in
which time zone it is at home.

The cap and the gap tighten those of each cadence. In the one transaction that changes them, which runs alone with
senders:

1. the new ones are written; the gate goes by them from now on;
2. mails that wait, of all that runs from the mailbox, are due anew: as if they were planned now (limit_plans.py), so
   that nothing bursts and nothing is late by the change;
3. those that waited for something are asked anew.

A crash leaves all of it undone. The zone is that of the hours of cadences made from now on, where they name none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.plan import plan
from inboxcrm.cadence.rule_forms import mailbox_limits_from_form
from inboxcrm.services.consents import managed
from inboxcrm.services.dry_runs import SPREAD_DAYS, mailbox_state
from inboxcrm.services.lead_changes import now_ms
from inboxcrm.services.limit_plans import changed_dues, planned_anew
from inboxcrm.services.outbox_keys import outbox_secret
from inboxcrm.store import ahead, mailboxes, outbox_lines, senders
from inboxcrm.store import cadences as rows
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import MailboxRow
from inboxcrm.store.senders import SenderLimits
from inboxcrm.store.upserts import one_at_a_time


@dataclass(frozen=True, slots=True)
class LimitsSet:
    """`moved`: of so many mails that wait the time is another one now."""

    mailbox: str
    limits: SenderLimits
    moved: int


def limits_of_mailbox(desk: Desk, viewer: Viewer, mailbox_id: str) -> SenderLimits:
    """Raises NotFoundError for whoever may not manage it."""
    with desk.database.read() as tx:
        return senders.limits_of(tx, managed(tx, desk, viewer, mailbox_id).id)


def set_mailbox_limits(
    desk: Desk, viewer: Viewer, mailbox_id: str, given: Mapping[str, str]
) -> LimitsSet:
    """`given`: day_cap, gap_seconds and zone as people type them; an empty one is none, one that is missing stays.

    Only its owner and an admin may. Raises FieldsError with all that is wrong, and NotFoundError.
    """
    secret = outbox_secret(desk)
    with desk.database.write() as tx:
        one_at_a_time(tx)
        box = managed(tx, desk, viewer, mailbox_id)
        before = senders.limits_of(tx, box.id)
        limits = SenderLimits(**mailbox_limits_from_form(given, before._asdict()))
        if limits == before:
            return LimitsSet(box.name, limits, 0)
        senders.set_limits(tx, box.id, limits)
        is_pace = limits[:2] != before[:2]
        moved = _plan_anew(tx, desk, viewer, box, secret=secret) if is_pace else 0
        return LimitsSet(box.name, limits, moved)


def zone_of_mailbox(desk: Desk, name: str) -> str:
    """Of the hours of a cadence that goes from it and names none: its own, else that of the house."""
    with desk.database.read() as tx:
        box = mailboxes.mailbox_named(tx, name)
        zone = senders.limits_of(tx, box.id).zone if box else ""
    return zone or desk.working_hours.zone


def _plan_anew(tx: Tx, desk: Desk, viewer: Viewer, box: MailboxRow, *, secret: bytes) -> int:
    """All cadences together, for they share the room there is. How many mails are due at another time."""
    now = desk.clock.now()
    running = rows.running_from(tx, box.id)
    anew = {row.name: planned_anew(tx, desk, row, now=now, secret=secret) for row in running}
    if not anew:
        return 0
    first, *others = (cadence.cadence for cadence in anew.values())
    state = mailbox_state(tx, desk, running[0], now=now, secret=secret)
    until = now + timedelta(days=SPREAD_DAYS)
    played = list(
        plan(first, replace(state, others=tuple(others)), start=now, until=until, secret=secret)
    )
    due: dict[str, int] = {}
    for name, cadence in anew.items():
        own = [mail for mail in played if mail.cadence == name]
        due |= changed_dues(cadence.waiting, cadence.due, own)
    # What is in hand already goes as it is.
    planned = {mail.id for row in running for mail in ahead.planned_of(tx, row.id)}
    waiting = [mail for cadence in anew.values() for mail in cadence.waiting]
    moved = [mail.id for mail in waiting if mail.key in due and mail.id in planned]
    ahead.put_due(tx, due)
    for row in running:
        ahead.ask_anew(tx, row.id)
    outbox_lines.add_lines(
        tx,
        moved,
        at=now_ms(desk),
        state=OutboxState.PLANNED,
        text="Planned anew: the limits of its mailbox were changed.",
        account_id=viewer.account_id,
    )
    return len(moved)
