"""The dry run of a cadence inside a transaction: its people, how its mailbox stands, and the plan made of both.

cadence.plan computes it with the functions the sender uses. It serves whoever looks ahead (services/planning_ahead.py)
and whoever adds people: a mail that is due on the day it can go is not late when its turn comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.caps import CAP_HOURS, provider_cap
from inboxcrm.cadence.keys import outbox_key
from inboxcrm.cadence.plan import plan
from inboxcrm.cadence.plan_shapes import MailboxState, PlannedMail, PlanPerson, PlanStep
from inboxcrm.cadence.rules import CadenceRules, rules_from_json
from inboxcrm.cadence.windows import next_opening
from inboxcrm.services.gating import history
from inboxcrm.services.lead_zones import zone_of, zones_of
from inboxcrm.services.segments import members, segment_meant
from inboxcrm.store import ahead, enrollments, gate_facts, mailboxes, senders
from inboxcrm.store import cadences as rows
from inboxcrm.store.ahead import WaitingMail
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

SPREAD_DAYS = 365
"""Whoever finds no room in so many days is due behind them."""
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """`addresses` by the key of the person, which is the number of the lead. `keys`: (person, step) -> the key of a
    mail that is resent; its person may stand among `people` twice, once for it and once for what is to come anyway.
    """

    people: list[PlanPerson] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, person: PlanPerson, address: str) -> None:
        self.people.append(person)
        self.addresses[person.key] = address


def run_dry(
    crowd: Crowd,
    state: MailboxState,
    row: CadenceRow,
    steps: Sequence[StepRow],
    *,
    start: datetime,
    until: datetime,
    secret: bytes,
) -> list[PlannedMail]:
    """In the order in which they go. Asks nothing of the database."""

    def key_of(person: str, step: str) -> str:
        resent = crowd.keys.get((person, step)) if crowd.keys else None
        return resent or outbox_key(secret, cadence_id=row.id, lead_id=int(person), step_key=step)

    return plan(
        crowd.people,
        _plan_steps(steps),
        rules_from_json(row.rules),
        state,
        start=start,
        until=until,
        secret=secret,
        key_of=key_of,
    )


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
    state = mailbox_state(tx, row, now=now, until=until)
    mails = run_dry(crowd, state, row, steps, start=now, until=until, secret=secret)
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
    person = _newcomer(rules, lead_id, address, zone, now=now)
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
    person = _newcomer(rules, lead_id, address, zone, now=now)
    person = replace(person, steps=(PlanStep(step_key),))
    return _last_due(tx, desk, row, steps, person, address, step_key, now=now, secret=secret)


def _newcomer(
    rules: CadenceRules, lead_id: int, address: str, zone: str, *, now: datetime
) -> PlanPerson:
    """Due from the next opening on, by their own clock."""
    opening = next_opening(rules.windows.on_clock_of(zone), now)
    return PlanPerson(
        str(lead_id), now, domain=_domain(address), zone=zone, due_at=opening, is_new=True
    )


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
    state = mailbox_state(tx, row, now=now, until=until)
    mails = run_dry(crowd, state, row, steps, start=now, until=until, secret=secret)
    wanted = (person.key, step_key)
    return next((one.at for one in mails if (one.person, one.step) == wanted), until)


def plan_anew(
    tx: Tx, desk: Desk, row: CadenceRow, steps: Sequence[StepRow], *, now: datetime, secret: bytes
) -> int:
    """After a pause: mails that fell due meanwhile are due when they can go, those behind them later; never earlier.

    What is later than the rules allow stays as it is: it waits for a person. How many mails were moved.
    """
    until = now + timedelta(days=SPREAD_DAYS)
    waiting = {(str(mail.lead_id), mail.step_key): mail for mail in ahead.waiting_mails(tx, row.id)}
    state = mailbox_state(tx, row, now=now, until=until)
    crowd = in_outbox(tx, desk, row, steps)
    rules = rules_from_json(row.rules)
    crowd = replace(crowd, people=[_spread(one, rules, now) for one in crowd.people])
    moved = {}
    for one in run_dry(crowd, state, row, steps, start=now, until=until, secret=secret):
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


def mailbox_state(tx: Tx, row: CadenceRow, *, now: datetime, until: datetime) -> MailboxState:
    """How the cadence's mailbox stands now, what its other cadences will send included."""
    box = mailboxes.mailbox_by_id(tx, row.mailbox_id)
    assert box is not None, "a cadence's mailbox stays"
    rules: CadenceRules = rules_from_json(row.rules)
    held = senders.pause_of(tx, row.mailbox_id)
    since = to_ms(now - timedelta(hours=CAP_HOURS))
    booked = ahead.booked_at(tx, row.mailbox_id, but=row.id, until=to_ms(until))
    return MailboxState(
        box.name,
        left=tuple(from_ms(at) for at in gate_facts.left_since(tx, row.mailbox_id, since=since)),
        history=history(tx, row.mailbox_id, rules, now),
        provider_day_cap=provider_cap(box.address),
        day_cap=held.day_cap,
        gap_seconds=held.gap_seconds,
        paused_until=from_ms(held.until_at),
        booked=tuple(from_ms(at) for at in booked),
    )


def in_segment(tx: Tx, desk: Desk, viewer: Viewer, row: CadenceRow, *, now: datetime) -> Crowd:
    """Those whom starting it now would add: nobody who is or was in it. Their first mail may go from the next opening
    on: whoever starts a cadence wants to see it start, and the gaps keep the mails apart.
    """
    crowd, after = Crowd(), 0
    rules = rules_from_json(row.rules)
    segment = segment_meant(tx, desk, viewer, row.segment)
    while True:
        page = members(
            desk, tx, segment, after=after, limit=_PAGE, viewer=viewer, cadence_id=row.id
        )
        inside = enrollments.enrollments_in(tx, row.id, [one.lead_id for one in page])
        new = {
            one.lead_id: one.address
            for one in page
            if not one.reasons_left_out and one.lead_id not in inside
        }
        zones = zones_of(tx, desk, rules, new)
        for lead_id, address in new.items():
            zone = zones.get(lead_id, "")
            crowd.add(_newcomer(rules, lead_id, address, zone, now=now), address)
        if len(page) < _PAGE:
            return crowd
        after = page[-1].lead_id


def in_outbox(tx: Tx, desk: Desk, row: CadenceRow, steps: Sequence[StepRow]) -> Crowd:
    """Those who are in it, at the mail that waits for them, each by the steps of their own version.

    `steps` are those of the newest one. Mails on their way whose steps were taken out since are left out.
    """
    crowd = Crowd()
    waiting = ahead.waiting_mails(tx, row.id)
    addresses = {one.lead_id: one.to_address for one in waiting}
    zones = zones_of(tx, desk, rules_from_json(row.rules), addresses)
    none: tuple[PlanStep, ...] = ()
    steps_of = {row.version: (_plan_steps(steps), none)}
    for version in {one.version for one in waiting} - {row.version}:
        own = _plan_steps(rows.steps_of(tx, row.id, version))
        steps_of[version] = (own, own)
    for mail in waiting:
        if mail.resend:
            _add_resend(crowd, mail, zones.get(mail.lead_id, ""))
            continue
        every, own = steps_of[mail.version]
        places = {one.key: place for place, one in enumerate(every)}
        if mail.step_key in places:
            person = PlanPerson(
                str(mail.lead_id),
                from_ms(mail.enrolled_at),
                places[mail.step_key],
                _domain(mail.to_address),
                zones.get(mail.lead_id, ""),
                due_at=from_ms(mail.due_at),
                parked_until=from_ms(mail.parked_until_at),
                steps=own,
            )
            crowd.add(person, mail.to_address)
    return crowd


def _add_resend(crowd: Crowd, mail: WaitingMail, zone: str) -> None:
    """By itself: what follows it in the cadence is planned already, or when it has left."""
    person = PlanPerson(
        str(mail.lead_id),
        from_ms(mail.enrolled_at),
        domain=_domain(mail.to_address),
        zone=zone,
        due_at=from_ms(mail.due_at),
        parked_until=from_ms(mail.parked_until_at),
        steps=(PlanStep(mail.step_key),),
    )
    crowd.add(person, mail.to_address)
    crowd.keys[(person.key, mail.step_key)] = mail.key


def _plan_steps(steps: Sequence[StepRow]) -> tuple[PlanStep, ...]:
    return tuple(PlanStep(one.key, one.delay, one.delay_unit, one.kind) for one in steps)


def _pairs(crowd: Crowd) -> list[tuple[PlanPerson, str]]:
    return [(one, crowd.addresses[one.key]) for one in crowd.people]


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip("<> ").lower()
