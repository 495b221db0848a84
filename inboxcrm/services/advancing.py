"""From one step of a cadence to the next: in the transaction that ends a step the next one is planned.

Tasks and calls become tasks of the lead at once, due on their day; the next mail becomes a row of the outbox. A crash
leaves both undone together with what came before, and planning twice is planning once.
"""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from inboxcrm.cadence.keys import outbox_key
from inboxcrm.cadence.rules import rules_from_json
from inboxcrm.cadence.schedule import due_at
from inboxcrm.cadence.steps import StepKind, steps_after
from inboxcrm.services.stopping import finish_enrollment
from inboxcrm.store import cadences, enrollments, outbox, tasks
from inboxcrm.store.clocks import to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.outbox import OutboxRow


def plan_next(tx: Tx, mail: OutboxRow, *, secret: bytes, base: datetime, now: datetime) -> None:
    """`base` is when the step of `mail` was done. Where nothing follows, the enrollment is finished."""
    found = enrollments.standing_for_next(tx, mail.enrollment_id)
    if found is None or found.state != "active":
        return
    rules = rules_from_json(found.rules)
    steps = cadences.steps_of(tx, mail.cadence_id, found.version)
    for one in steps_after(steps, mail.step_key):
        key = outbox_key(secret, cadence_id=mail.cadence_id, lead_id=mail.lead_id, step_key=one.key)
        due = due_at(
            one.delay,
            one.delay_unit,
            base=base,
            windows=rules.windows,
            key=key,
            secret=secret,
            now=now,
        )
        if one.kind != StepKind.MAIL.value:
            tasks.insert_task(
                tx,
                mail.lead_id,
                title=json.loads(one.data).get("title") or "Call",
                due_on=due.astimezone(ZoneInfo(rules.windows.zone)).date().isoformat(),
                account_id=found.account_id,
                at=to_ms(now),
            )
            base = due
            continue
        outbox.plan_mails(
            tx,
            [
                {
                    "enrollment_id": mail.enrollment_id,
                    "cadence_id": mail.cadence_id,
                    "lead_id": mail.lead_id,
                    "mailbox_id": mail.mailbox_id,
                    "step_key": one.key,
                    "key": key,
                    "due_at": to_ms(due),
                    "template_version_id": one.template_version_id,
                    "from_address": mail.from_address,
                    "to_address": mail.to_address,
                }
            ],
        )
        return
    finish_enrollment(tx, mail.enrollment_id, at=to_ms(now))
