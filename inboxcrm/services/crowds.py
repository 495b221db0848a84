"""Whom a dry run takes: those who are in a cadence, at the mails that wait for them, and those whom it would add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.plan_shapes import PlanPerson, PlanStep
from inboxcrm.cadence.rules import CadenceRules, rules_from_json
from inboxcrm.cadence.windows import next_opening
from inboxcrm.services.lead_zones import zones_of
from inboxcrm.services.segments import members, segment_meant
from inboxcrm.store import ahead, enrollments
from inboxcrm.store import cadences as rows
from inboxcrm.store.ahead import WaitingMail
from inboxcrm.store.cadences import CadenceRow, StepRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

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
            crowd.add(newcomer(rules, lead_id, address, zone, now=now), address)
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
    steps_of = {row.version: (plan_steps(steps), none)}
    for version in {one.version for one in waiting} - {row.version}:
        own = plan_steps(rows.steps_of(tx, row.id, version))
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
                turn=mail.id,
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
        turn=mail.id,
        parked_until=from_ms(mail.parked_until_at),
        steps=(PlanStep(mail.step_key),),
    )
    crowd.add(person, mail.to_address)
    crowd.keys[(person.key, mail.step_key)] = mail.key


def plan_steps(steps: Sequence[StepRow]) -> tuple[PlanStep, ...]:
    return tuple(PlanStep(one.key, one.delay, one.delay_unit, one.kind) for one in steps)


def newcomer(
    rules: CadenceRules, lead_id: int, address: str, zone: str, *, now: datetime
) -> PlanPerson:
    """Due from the next opening on, by their own clock."""
    opening = next_opening(rules.windows.on_clock_of(zone), now)
    return PlanPerson(
        str(lead_id), now, domain=_domain(address), zone=zone, due_at=opening, is_new=True
    )


def _domain(address: str) -> str:
    return address.rpartition("@")[2].strip("<> ").lower()
