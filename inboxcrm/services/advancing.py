"""From one step of a cadence to the next: in the transaction that ends a step the next one is planned.

Tasks and calls become tasks of the lead at once, due on their day; the next mail becomes a row of the outbox. A crash
leaves both undone together with what came before, and planning twice is planning once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from inboxcrm.cadence.going_on import Standing, Timing, goes_on
from inboxcrm.cadence.keys import outbox_key
from inboxcrm.cadence.outbox import OutboxState
from inboxcrm.cadence.rules import CadenceRules, rules_from_json
from inboxcrm.cadence.steps import steps_after
from inboxcrm.services.lead_zones import zones_of
from inboxcrm.services.stopping import finish_enrollment
from inboxcrm.store import cadences, editing, enrollments, outbox
from inboxcrm.store.cadences import StepRow
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.outbox import OutboxRow

_PASSED = frozenset({OutboxState.SENT, OutboxState.FAILED, OutboxState.CANCELLED})
"""Where a mail stands in one of these, what follows it may be planned; else it is planned already, or waits."""


def plan_next(
    tx: Tx, desk: Desk, mail: OutboxRow, *, secret: bytes, base: datetime, now: datetime
) -> None:
    """`base` is when the step of `mail` was done. Where nothing follows, the enrollment is finished."""
    found = enrollments.standing_for_next(tx, mail.enrollment_id, mail.step_key)
    if found is None or found.state != "active":
        return
    if found.was_last:
        finish_enrollment(tx, mail.enrollment_id, at=to_ms(now))
        return
    rules = rules_from_json(found.rules)
    steps = cadences.steps_of(tx, mail.cadence_id, found.version)
    before: list[str] = []
    if all(one.key != mail.step_key for one in steps):
        before = editing.keys_of_newest_with(tx, mail.cadence_id, mail.step_key)
    if not steps_after(steps, mail.step_key, before=before):
        finish_enrollment(tx, mail.enrollment_id, at=to_ms(now))
        return
    mails = editing.mail_states(tx, mail.cadence_id, mail.lead_id)
    passed = frozenset(key for key, state in mails.items() if OutboxState(state) in _PASSED)
    standing = Standing(
        str(mail.lead_id),
        last=mail.step_key,
        left_at=base,
        mails=passed | {mail.step_key},
        tasks=editing.tasks_set(tx, mail.cadence_id, mail.lead_id).get(mail.lead_id, frozenset()),
    )
    zones = zones_of(tx, desk, rules, {mail.lead_id: mail.to_address})
    timing = timing_of(mail.cadence_id, rules, zones, secret=secret, now=now)
    next_one = goes_on(standing, steps, timing, before=before)
    by_key = {one.key: one for one in steps}
    tasks = [
        step_task(by_key[key], mail.cadence_id, mail.lead_id, rules, due, found.account_id, now)
        for key, due in next_one.tasks
    ]
    editing.set_step_tasks(tx, tasks)
    if not next_one.mail:
        finish_enrollment(tx, mail.enrollment_id, at=to_ms(now))
        return
    assert next_one.due_at is not None, "a mail that follows is due some day"
    outbox.plan_mails(
        tx,
        [
            {
                "enrollment_id": mail.enrollment_id,
                "cadence_id": mail.cadence_id,
                "lead_id": mail.lead_id,
                "mailbox_id": mail.mailbox_id,
                "step_key": next_one.mail,
                "key": timing.key_of(standing.person, next_one.mail),
                "due_at": to_ms(next_one.due_at),
                "template_version_id": by_key[next_one.mail].template_version_id,
                "from_address": mail.from_address,
                "to_address": mail.to_address,
            }
        ],
    )


def timing_of(
    cadence_id: int,
    rules: CadenceRules,
    zones: Mapping[int, str],
    *,
    secret: bytes,
    now: datetime,
) -> Timing:
    """Persons are the numbers of leads, as text. `zones` are those of `lead_zones.zones_of`."""
    of_persons = {str(lead_id): zone for lead_id, zone in zones.items()}
    return Timing(rules.windows, secret, partial(_key, secret, cadence_id), now, of_persons)


def step_task(
    one: StepRow,
    cadence_id: int,
    lead_id: int,
    rules: CadenceRules,
    due: datetime,
    account_id: int | None,
    now: datetime,
) -> dict[str, Any]:
    """A task or a call as a row; due on the day of the rules' zone."""
    return {
        "lead_id": lead_id,
        "title": json.loads(one.data).get("title") or "Call",
        "due_on": due.astimezone(ZoneInfo(rules.windows.zone)).date().isoformat(),
        "account_id": account_id,
        "created_at": to_ms(now),
        "cadence_id": cadence_id,
        "step_key": one.key,
    }


def _key(secret: bytes, cadence_id: int, person: str, step: str) -> str:
    return outbox_key(secret, cadence_id=cadence_id, lead_id=int(person), step_key=step)
