"""Where everybody in a cadence goes on under other steps, worked out whole before anything is written.

A mail that somebody has in hand, or had, is never touched. One that only waits keeps its row where its step stays (with
another text, at another time), and gives way to another where it does not. Whoever has no step left is finished, and
comes back when a later edit has one for them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from inboxcrm.cadence.going_on import GoesOn, Standing, Timing, goes_on_otherwise
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.plan_shapes import PlanPerson, PlanStep
from inboxcrm.cadence.rules import CadenceRules
from inboxcrm.cadence.steps import steps_after
from inboxcrm.services.advancing import step_task
from inboxcrm.store import editing, outbox, outbox_lines
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.editing import HeldMail, MemberRow

_WAITS = frozenset({OutboxState.PLANNED, OutboxState.SKIPPED})
_GOES = frozenset({OutboxState.CLAIMED, OutboxState.DRAFTED})
_WENT = frozenset({OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.UNCONFIRMED})
"""Handed over; where it is not known to have gone, what follows waits."""
_GONE = PlanStep("")
"""In the place of all that a person had."""


@dataclass(frozen=True, slots=True)
class Person:
    """One member under both lists of steps. `before` and `after` are what the dry run is told of them; None: nothing
    more goes to them.
    """

    row: MemberRow
    before: PlanPerson | None
    after: PlanPerson | None
    next: GoesOn | None
    """How they go on, where nobody has a mail of theirs in hand. None: they are left as they are."""
    waiting: HeldMail | None
    in_hand: str
    """The step of a mail that is on its way."""
    to_address: str


@dataclass(slots=True)
class Deeds:
    """What an edit writes; nothing of it before all of it is known."""

    hold: list[int] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    planned: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    finished: list[int] = field(default_factory=list)
    brought_back: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Members:
    """Everybody an edit may concern, and what is known of them."""

    rows: list[MemberRow]
    mails: dict[int, list[HeldMail]]
    tasks: dict[int, frozenset[str]]
    busy: set[int]
    """Leads that are active in some cadence."""

    @classmethod
    def read(cls, tx: Tx, cadence_id: int) -> Members:
        rows = editing.members_of(tx, cadence_id)
        idle = [one.lead_id for one in rows if not one.is_active]
        return cls(
            rows,
            editing.mails_of_cadence(tx, cadence_id),
            editing.tasks_set(tx, cadence_id),
            editing.active_anywhere(tx, idle) if idle else set(),
        )


def people_under(
    members: Members,
    steps_of: Mapping[int, Sequence[StepRow]],
    after: Sequence[StepRow],
    timing: Timing,
) -> list[Person]:
    """Each as they go on by the steps of their own version, and as they would by `after`."""
    return [_person(one, members, steps_of[one.version], after, timing) for one in members.rows]


def _person(
    row: MemberRow,
    members: Members,
    before: Sequence[StepRow],
    after: Sequence[StepRow],
    timing: Timing,
) -> Person:
    mails = members.mails.get(row.enrollment_id, [])
    moving = next((one for one in mails if OutboxState(one.state) in _GOES | _WENT), None)
    standing, waiting = standing_of(members, row)
    zone = timing.zone_of(standing.person)
    if moving is not None:
        return _on_its_way(row, moving, standing, before, after, zone)
    has_left = bool(standing.last)
    if waiting is None and (row.is_active or not has_left or row.lead_id in members.busy):
        return Person(row, None, None, None, None, "", "")
    found = goes_on_otherwise(standing, after, timing, before=before)
    is_skipped = waiting is not None and waiting.state == OutboxState.SKIPPED
    was = None
    if waiting is not None and not is_skipped:
        was = _planned(row, waiting.step_key, standing, before, zone, due=waiting.due_at)
    will = None
    stays_skipped = is_skipped and waiting is not None and _is_same(waiting, found, after)
    if found.mail and not stays_skipped:
        assert found.due_at is not None, "a mail that follows is due some day"
        will = _planned(row, found.mail, standing, after, zone, due=to_ms(found.due_at))
    return Person(
        row, was, will, None if stays_skipped else found, waiting, "", mails[-1].to_address
    )


def standing_of(members: Members, row: MemberRow) -> tuple[Standing, HeldMail | None]:
    """Where somebody is, and the mail of theirs that waits."""
    mails = members.mails.get(row.enrollment_id, [])
    waiting = next((one for one in mails if OutboxState(one.state) in _WAITS), None)
    left = [one for one in mails if OutboxState(one.state) is OutboxState.SENT]
    standing = Standing(
        str(row.lead_id),
        last=left[-1].step_key if left else "",
        left_at=from_ms(left[-1].left_at) if left else None,
        waits=waiting.step_key if waiting else "",
        due_at=from_ms(waiting.due_at) if waiting else None,
        mails=frozenset(one.step_key for one in mails if one is not waiting),
        tasks=members.tasks.get(row.lead_id, frozenset()),
    )
    return standing, waiting


def _is_same(waiting: HeldMail, found: GoesOn, after: Sequence[StepRow]) -> bool:
    return any(
        one.key == found.mail == waiting.step_key
        and one.template_version_id == waiting.template_version_id
        for one in after
    )


def _on_its_way(
    row: MemberRow,
    moving: HeldMail,
    standing: Standing,
    before: Sequence[StepRow],
    after: Sequence[StepRow],
    zone: str,
) -> Person:
    """The mail in hand goes as it is; what follows it is by the steps that hold then."""
    keys = [one.key for one in before]
    goes = OutboxState(moving.state) in _GOES
    found = []
    for steps in (before, after):
        rest = steps_after(steps, moving.step_key, before=keys, had=standing.mails)
        mine = (PlanStep(moving.step_key), *map(_plan_step, rest))
        if goes:
            due = from_ms(moving.due_at)
            first = () if not standing.last else (_GONE,)
            person = _plan_person(row, (*first, *mine), 1 if first else 0, zone, due_at=due)
        else:
            base = from_ms(moving.left_at or moving.due_at)
            person = _plan_person(row, mine, 1, zone, base=base)
        found.append(person)
    return Person(row, found[0], found[1], None, None, moving.step_key, moving.to_address)


def _planned(
    row: MemberRow,
    key: str,
    standing: Standing,
    steps: Sequence[StepRow],
    zone: str,
    *,
    due: int,
) -> PlanPerson:
    rest = steps_after(steps, key, had=standing.mails)
    mine = (PlanStep(key), *map(_plan_step, rest))
    first = (_GONE,) if standing.last else ()
    return _plan_person(row, (*first, *mine), len(first), zone, due_at=from_ms(due))


def _plan_person(
    row: MemberRow,
    steps: tuple[PlanStep, ...],
    place: int,
    zone: str,
    *,
    base: datetime | None = None,
    due_at: datetime | None = None,
) -> PlanPerson:
    return PlanPerson(
        str(row.lead_id),
        base or from_ms(row.enrolled_at),
        place,
        row.address.rpartition("@")[2].strip("<> ").lower(),
        zone,
        due_at=due_at,
        parked_until=from_ms(row.parked_until_at),
        steps=steps,
    )


def _plan_step(one: StepRow) -> PlanStep:
    return PlanStep(one.key, one.delay, one.delay_unit, one.kind)


# --- what is to be done -------------------------------------------------------------------


def deeds_for(
    people: Sequence[Person],
    after: Sequence[StepRow],
    found: CadenceRow,
    rules: CadenceRules,
    timing: Timing,
    goes_at: Mapping[tuple[str, str], datetime],
) -> Deeds:
    """`goes_at` (person, step) is when the dry run lets a mail go: a mail that is planned anew is due then, if that is
    later than its own time, so that a whole cadence moved to one day does not wait until it is too late.
    """
    deeds = Deeds()
    by_key = {one.key: one for one in after}
    for one in people:
        row, waiting, then = one.row, one.waiting, one.next
        if not row.is_active and (then is None or not then.mail):
            continue
        deeds.hold.append(row.enrollment_id)
        if then is None:
            continue
        for key, due in then.tasks:
            account = row.account_id or 1
            step = by_key[key]
            task = step_task(step, found.id, row.lead_id, rules, due, account, timing.now)
            deeds.tasks.append(task)
        if waiting is not None and waiting.step_key != then.mail:
            (deeds.dropped if waiting.attempts == 0 else deeds.cancelled).append(waiting.id)
        if not then.mail:
            deeds.finished.append(row.enrollment_id)
            continue
        if not row.is_active:
            deeds.brought_back.append(row.enrollment_id)
        due_at = _due(one, then, goes_at)
        step = by_key[then.mail]
        if waiting is not None and waiting.step_key == then.mail:
            is_other_text = waiting.template_version_id != step.template_version_id
            if is_other_text or due_at != waiting.due_at:
                deeds.changed.append(_changed(waiting.id, due_at, step))
            continue
        deeds.planned.append(
            {
                "enrollment_id": row.enrollment_id,
                "cadence_id": found.id,
                "lead_id": row.lead_id,
                "mailbox_id": found.mailbox_id,
                "step_key": step.key,
                "key": timing.key_of(str(row.lead_id), step.key),
                "due_at": due_at,
                "template_version_id": step.template_version_id,
                "from_address": found.from_address,
                "to_address": one.to_address,
            }
        )
    return deeds


def _due(one: Person, then: GoesOn, goes_at: Mapping[tuple[str, str], datetime]) -> int:
    assert then.due_at is not None, "a mail that follows is due some day"
    due = to_ms(then.due_at)
    if one.waiting is not None and one.waiting.step_key == then.mail and due == one.waiting.due_at:
        return due
    goes = goes_at.get((str(one.row.lead_id), then.mail))
    return max(due, to_ms(goes)) if goes is not None else due


def _changed(outbox_id: int, due_at: int, step: StepRow) -> dict[str, Any]:
    return {
        "id": outbox_id,
        "due_at": due_at,
        "template_version_id": step.template_version_id,
        "state": OutboxState.PLANNED.value,
        "ended_at": None,
        "fault": "",
        "not_before_at": 0,
        "waits_for": json.dumps([]),
    }


def carry_out(tx: Tx, deeds: Deeds, *, version: int, at: int) -> None:
    editing.hold_to_version(tx, deeds.hold, version)
    editing.bring_back(tx, deeds.brought_back)
    text = "Planned anew: the cadence was edited."
    editing.change_waiting(tx, deeds.changed)
    changed = [one["id"] for one in deeds.changed]
    outbox_lines.add_lines(tx, changed, at=at, state=OutboxState.PLANNED, text=text)
    editing.drop_waiting(tx, deeds.dropped)
    taken_out = "Its step was taken out of the cadence."
    for outbox_id in deeds.cancelled:
        outbox.move_mail(
            tx,
            outbox_id,
            OutboxState.CANCELLED,
            come_from=(OutboxState.PLANNED,),
            ended_at=at,
        )
    outbox_lines.add_lines(tx, deeds.cancelled, at=at, state=OutboxState.CANCELLED, text=taken_out)
    outbox.plan_mails(tx, deeds.planned)
    editing.set_step_tasks(tx, deeds.tasks)
    editing.finish_by_edit(tx, deeds.finished, at=at)
