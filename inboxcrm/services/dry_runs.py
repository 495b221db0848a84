"""The dry run of a cadence inside a transaction: its people, how its mailbox stands, and the plan made of both.

cadence.plan computes it with the functions the sender uses. It serves whoever looks ahead (services/planning_ahead.py)
and whoever adds people: a mail that is due on the day it can go is not late when its turn comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.caps import CAP_HOURS, provider_cap
from inboxcrm.cadence.keys import outbox_key
from inboxcrm.cadence.plan import plan
from inboxcrm.cadence.plan_shapes import (
    MailboxState,
    PlanCadence,
    PlannedMail,
    PlanPerson,
    PlanStep,
)
from inboxcrm.cadence.rules import CadenceRules, rules_from_json
from inboxcrm.services.crowds import Crowd, in_outbox, in_segment, newcomer, plan_steps
from inboxcrm.services.gating import history
from inboxcrm.services.lead_zones import zone_of
from inboxcrm.store import ahead, gate_facts, mailboxes, senders
from inboxcrm.store import cadences as rows
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

SPREAD_DAYS = 365
"""Whoever finds no room in so many days is due behind them."""


def run_dry(
    cadence: PlanCadence, state: MailboxState, *, start: datetime, until: datetime, secret: bytes
) -> list[PlannedMail]:
    """The mails of this cadence, in the order in which they go. Asks nothing of the database."""
    found = plan(cadence, state, start=start, until=until, secret=secret)
    return [one for one in found if one.cadence == cadence.name]


def openers_due(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    row: CadenceRow,
    steps: Sequence[StepRow],
    *,
    now: datetime,
    secret: bytes,
) -> dict[int, int]:
    """Lead -> when its first mail is due, in ms, for everybody whom starting the cadence now would add.

    What the mailbox still has to send, and the follow-ups of all of them, have their room already.
    """
    until = now + timedelta(days=SPREAD_DAYS)
    crowd = in_segment(tx, desk, viewer, row, now=now)
    new = [int(one) for one in crowd.addresses]
    for person, address in _pairs(in_outbox(tx, desk, row, steps)):
        crowd.add(person, address)
    state = mailbox_state(tx, desk, row, now=now, secret=secret)
    own = cadence_ahead(tx, crowd, row, steps, now=now, secret=secret)
    mails = run_dry(own, state, start=now, until=until, secret=secret)
    first = {int(one.person): to_ms(one.at) for one in mails if one.step == steps[0].key}
    return {one: first.get(one, to_ms(until)) for one in new}


def opener_due(
    tx: Tx,
    desk: Desk,
    row: CadenceRow,
    steps: Sequence[StepRow],
    lead_id: int,
    address: str,
    *,
    now: datetime,
    secret: bytes,
) -> datetime:
    """When the first mail of one more lead is due, behind all that the mailbox still has to send."""
    rules = rules_from_json(row.rules)
    zone = zone_of(tx, desk, rules, lead_id, address)
    person = newcomer(rules, lead_id, address, zone, now=now)
    return _last_due(tx, desk, row, steps, person, address, steps[0].key, now=now, secret=secret)


def resend_due(
    tx: Tx,
    desk: Desk,
    row: CadenceRow,
    steps: Sequence[StepRow],
    lead_id: int,
    address: str,
    step_key: str,
    *,
    now: datetime,
    secret: bytes,
) -> datetime:
    """When a step that somebody gets once more is due, behind all that the mailbox still has to send."""
    rules = rules_from_json(row.rules)
    zone = zone_of(tx, desk, rules, lead_id, address)
    person = newcomer(rules, lead_id, address, zone, now=now)
    person = replace(person, steps=(PlanStep(step_key),))
    return _last_due(tx, desk, row, steps, person, address, step_key, now=now, secret=secret)


def _last_due(
    tx: Tx,
    desk: Desk,
    row: CadenceRow,
    steps: Sequence[StepRow],
    person: PlanPerson,
    address: str,
    step_key: str,
    *,
    now: datetime,
    secret: bytes,
) -> datetime:
    until = now + timedelta(days=SPREAD_DAYS)
    crowd = in_outbox(tx, desk, row, steps)
    crowd.add(person, address)
    state = mailbox_state(tx, desk, row, now=now, secret=secret)
    own = cadence_ahead(tx, crowd, row, steps, now=now, secret=secret)
    mails = plan(own, state, start=now, until=until, secret=secret)
    wanted = (row.name, person.key, step_key)
    return next((one.at for one in mails if (one.cadence, one.person, one.step) == wanted), until)


def plan_anew(
    tx: Tx, desk: Desk, row: CadenceRow, steps: Sequence[StepRow], *, now: datetime, secret: bytes
) -> int:
    """After a pause: mails that fell due meanwhile are due when they can go, those behind them later; never earlier.

    What is later than the rules allow stays as it is: it waits for a person. How many mails were moved.
    """
    until = now + timedelta(days=SPREAD_DAYS)
    waiting = {(str(mail.lead_id), mail.step_key): mail for mail in ahead.waiting_mails(tx, row.id)}
    crowd = in_outbox(tx, desk, row, steps)
    rules = rules_from_json(row.rules)
    crowd = replace(crowd, people=[_spread(one, rules, now) for one in crowd.people])
    state = mailbox_state(tx, desk, row, now=now, secret=secret)
    own = cadence_ahead(tx, crowd, row, steps, now=now, secret=secret)
    moved = {}
    for one in run_dry(own, state, start=now, until=until, secret=secret):
        mail, at = waiting.get((one.person, one.step)), to_ms(one.at)
        if mail is not None and at > mail.due_at:
            moved[mail.key] = at
    ahead.put_due(tx, moved)
    return len(moved)


def _spread(one: PlanPerson, rules: CadenceRules, now: datetime) -> PlanPerson:
    """An opener that fell due, and is not too late for it, gets a time of its own again, so that they go all through
    the hours and not one behind the other.
    """
    if one.next_step or one.due_at is None or one.due_at >= now:
        return one
    stays = rules.is_too_late(one.due_at, one.parked_until, now)
    return one if stays else replace(one, due_at=None)


def cadence_ahead(
    tx: Tx,
    crowd: Crowd,
    row: CadenceRow,
    steps: Sequence[StepRow],
    *,
    now: datetime,
    secret: bytes,
) -> PlanCadence:
    """The cadence as a dry run takes it, with these people."""
    rules = rules_from_json(row.rules)

    def key_of(person: str, step: str) -> str:
        resent = crowd.keys.get((person, step)) if crowd.keys else None
        return resent or outbox_key(secret, cadence_id=row.id, lead_id=int(person), step_key=step)

    past = history(tx, row.mailbox_id, rules, now)
    return PlanCadence(row.name, crowd.people, plan_steps(steps), rules, key_of, past)


def mailbox_state(
    tx: Tx, desk: Desk, row: CadenceRow, *, now: datetime, secret: bytes
) -> MailboxState:
    """How the cadence's mailbox stands now, what runs beside it included."""
    box = mailboxes.mailbox_by_id(tx, row.mailbox_id)
    assert box is not None, "a cadence's mailbox stays"
    limits = senders.limits_of(tx, row.mailbox_id)
    since = to_ms(now - timedelta(hours=CAP_HOURS))
    left_to = gate_facts.left_to_domains(tx, row.mailbox_id, since=since)
    return MailboxState(
        box.name,
        left=tuple(from_ms(at) for at in gate_facts.left_since(tx, row.mailbox_id, since=since)),
        left_to={name: tuple(map(from_ms, times)) for name, times in left_to.items()},
        provider_day_cap=provider_cap(box.address),
        day_cap=limits.day_cap,
        gap_seconds=limits.gap_seconds,
        paused_until=from_ms(senders.pause_of(tx, row.mailbox_id).until_at),
        others=tuple(
            _as_it_runs(tx, desk, one, now=now, secret=secret)
            for one in rows.running_from(tx, row.mailbox_id)
            if one.id != row.id
        ),
    )


def _as_it_runs(
    tx: Tx, desk: Desk, row: CadenceRow, *, now: datetime, secret: bytes
) -> PlanCadence:
    steps = rows.steps_of(tx, row.id, row.version)
    crowd = in_outbox(tx, desk, row, steps)
    return cadence_ahead(tx, crowd, row, steps, now=now, secret=secret)


def _pairs(crowd: Crowd) -> list[tuple[PlanPerson, str]]:
    return [(one, crowd.addresses[one.key]) for one in crowd.people]
