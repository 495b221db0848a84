"""Who would get what when under other limits of a cadence or of its mailbox, worked out whole before anything is
written.

Two dry runs of the code that sends stand beside each other: as it is, and as it would be. In the second one mails that
wait are planned as if they were planned now: a first mail from the next opening on, in the order in which they stood, a
follow-up by its wait from the mail before it. Whatever the dry run lets go later than that is due then: nothing bursts,
and nothing is late by the change. What is late already, by the limits in question, waits for a person in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.going_on import Timing, goes_on
from inboxcrm.cadence.plan_shapes import MailboxState, PlanCadence, PlannedMail, PlanPerson
from inboxcrm.cadence.rules import CadenceRules, rules_as_json, rules_from_json
from inboxcrm.cadence.windows import next_opening
from inboxcrm.leads.consent import ConsentState
from inboxcrm.services.advancing import timing_of
from inboxcrm.services.crowds import Crowd, in_outbox, in_segment
from inboxcrm.services.dry_runs import SPREAD_DAYS, cadence_ahead, mailbox_state, run_dry
from inboxcrm.services.lead_zones import zones_of
from inboxcrm.services.replanning import Members, standing_of
from inboxcrm.store import ahead, lead_consents
from inboxcrm.store import cadences as rows
from inboxcrm.store.ahead import WaitingMail
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

_Place = tuple[str, str]
"""(person, step), both by their keys."""


@dataclass(frozen=True, slots=True)
class BothPlans:
    """`names` and `addresses` are by person. `due_at`: key of a mail that waits -> when it would be due, in ms; only of
    those for which that is another time. `not_agreed` would be stopped, because consent is asked for now.
    """

    before: list[PlannedMail]
    after: list[PlannedMail]
    names: dict[str, str]
    addresses: dict[str, str]
    due_at: dict[str, int]
    not_agreed: int


def plans_under(
    tx: Tx,
    desk: Desk,
    viewer: Viewer,
    found: CadenceRow,
    rules: CadenceRules,
    *,
    now: datetime,
    secret: bytes,
) -> BothPlans:
    """Of a cadence that is not started: of those who would be added now. Nothing is changed."""
    standing = rules_from_json(found.rules)
    steps = rows.steps_of(tx, found.id, found.version)
    is_draft = found.state == "draft"
    waiting = [] if is_draft else ahead.waiting_mails(tx, found.id)
    crowd = (
        in_segment(tx, desk, viewer, found, now=now)
        if is_draft
        else in_outbox(tx, desk, found, steps)
    )
    moves = says_when(standing) != says_when(rules)
    due: dict[_Place, datetime] = {}
    zones = zones_of(tx, desk, rules, {int(one): held for one, held in crowd.addresses.items()})
    timing = timing_of(found.id, rules, zones, secret=secret, now=now)
    if moves and is_draft:
        due = {(one.key, steps[0].key): _opening(timing, one.key) for one in crowd.people}
    elif moves:
        due = _due_anew(tx, found, rules, steps, waiting, timing)
    asked = rules.adding.needs_consent and not standing.adding.needs_consent and not is_draft
    lost = _not_agreed(tx, crowd) if asked else set()
    later = replace(
        crowd,
        people=[
            _moved(one, due.get((one.key, _step_of(one, steps))), timing)
            for one in crowd.people
            if one.key not in lost
        ],
    )
    state = mailbox_state(tx, desk, found, now=now, secret=secret)
    before = _dry(tx, state, crowd, found, standing, steps, now=now, secret=secret)
    after = _dry(tx, state, later, found, rules, steps, now=now, secret=secret)
    return BothPlans(
        before,
        after,
        {str(one.lead_id): one.name for one in waiting},
        crowd.addresses,
        changed_dues(waiting, due, after) if moves else {},
        len(lost),
    )


def says_when(rules: CadenceRules) -> tuple[object, ...]:
    """What of the limits moves mails."""
    pace = (rules.day_cap, rules.gap_seconds, rules.ramp_percent, rules.domain_cap)
    return (rules.windows, rules.clock, *pace)


@dataclass(frozen=True, slots=True)
class PlannedAnew:
    """A cadence as if the mails that wait had been planned now. `due`: when they would be, caps and gaps apart."""

    cadence: PlanCadence
    waiting: Sequence[WaitingMail]
    due: Mapping[_Place, datetime]


def planned_anew(
    tx: Tx, desk: Desk, found: CadenceRow, *, now: datetime, secret: bytes
) -> PlannedAnew:
    """By its rules as they stand. Of one that runs; nothing is changed."""
    rules, steps = rules_from_json(found.rules), rows.steps_of(tx, found.id, found.version)
    waiting = ahead.waiting_mails(tx, found.id)
    crowd = in_outbox(tx, desk, found, steps)
    zones = zones_of(tx, desk, rules, {int(one): held for one, held in crowd.addresses.items()})
    timing = timing_of(found.id, rules, zones, secret=secret, now=now)
    due = _due_anew(tx, found, rules, steps, waiting, timing)
    people = [_moved(one, due.get((one.key, _step_of(one, steps))), timing) for one in crowd.people]
    later = replace(crowd, people=people)
    return PlannedAnew(
        _unhurried(tx, later, found, rules, steps, now=now, secret=secret), waiting, due
    )


def _moved(one: PlanPerson, due: datetime | None, timing: Timing) -> PlanPerson:
    one = replace(one, zone=timing.zone_of(one.key))
    return replace(one, due_at=due, is_new=True) if due is not None else one


def _step_of(one: PlanPerson, steps: Sequence[StepRow]) -> str:
    return (one.steps or steps)[one.next_step].key


def _dry(
    tx: Tx,
    state: MailboxState,
    crowd: Crowd,
    row: CadenceRow,
    rules: CadenceRules,
    steps: Sequence[StepRow],
    *,
    now: datetime,
    secret: bytes,
) -> list[PlannedMail]:
    cadence = _unhurried(tx, crowd, row, rules, steps, now=now, secret=secret)
    until = now + timedelta(days=SPREAD_DAYS)
    return run_dry(cadence, state, start=now, until=until, secret=secret)


def _unhurried(
    tx: Tx,
    crowd: Crowd,
    row: CadenceRow,
    rules: CadenceRules,
    steps: Sequence[StepRow],
    *,
    now: datetime,
    secret: bytes,
) -> PlanCadence:
    """But for what is too late already nothing is too late in it."""
    on_time = [
        one
        for one in crowd.people
        if one.due_at is None or not rules.is_too_late(one.due_at, one.parked_until, now)
    ]
    unhurried = replace(rules, max_late_days=2 * SPREAD_DAYS)
    row = row._replace(rules=rules_as_json(unhurried))
    crowd = replace(crowd, people=on_time)
    return cadence_ahead(tx, crowd, row, steps, now=now, secret=secret)


def _due_anew(
    tx: Tx,
    row: CadenceRow,
    rules: CadenceRules,
    steps: Sequence[StepRow],
    waiting: Sequence[WaitingMail],
    timing: Timing,
) -> dict[_Place, datetime]:
    """When mails that wait are due by other limits, caps and gaps apart."""
    members = Members.read(tx, row.id)
    by_lead = {one.lead_id: one for one in members.rows if one.is_active}
    steps_of = {row.version: steps}
    due: dict[_Place, datetime] = {}
    for mail in waiting:
        if rules.is_too_late(from_ms(mail.due_at), from_ms(mail.parked_until_at), timing.now):
            continue
        place, member = (str(mail.lead_id), mail.step_key), by_lead[mail.lead_id]
        standing, held = standing_of(members, member)
        if mail.resend or (held is not None and not standing.last):
            due[place] = _opening(timing, place[0])
        elif held is not None and held.step_key == mail.step_key:
            if member.version not in steps_of:
                steps_of[member.version] = rows.steps_of(tx, row.id, member.version)
            own = steps_of[member.version]
            then = goes_on(standing, own, timing, before=[one.key for one in own])
            if then.mail == mail.step_key and then.due_at is not None:
                due[place] = then.due_at
    return due


def _opening(timing: Timing, person: str) -> datetime:
    return next_opening(timing.windows_of(person), timing.now) or timing.now


def changed_dues(
    waiting: Sequence[WaitingMail], due: Mapping[_Place, datetime], after: Sequence[PlannedMail]
) -> dict[str, int]:
    """Key of a mail -> when it is due instead, in ms. `after` are mails of its own cadence."""
    goes_at = {(one.person, one.step): one.at for one in after}
    found = {}
    for mail in waiting:
        place = (str(mail.lead_id), mail.step_key)
        times = [to_ms(held[place]) for held in (due, goes_at) if place in held]
        at = max(times) if place in due else max([mail.due_at, *times])
        if at != mail.due_at:
            found[mail.key] = at
    return found


def _not_agreed(tx: Tx, crowd: Crowd) -> set[str]:
    leads = [int(one) for one in crowd.addresses]
    states = lead_consents.states_of(tx, leads)
    return {str(one) for one in leads if states.get(one) != ConsentState.GIVEN.value}
