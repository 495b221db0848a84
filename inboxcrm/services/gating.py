"""Asks the gate about one mail as things stand in the running transaction: the one place that gathers its facts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from inboxcrm.cadence.caps import (
    CAP_HOURS,
    HABIT_DAYS,
    RAMP_START,
    habit_of,
    has_domain_cap,
    provider_cap,
)
from inboxcrm.cadence.gate import Facts, Inbound, Reason, reasons_against
from inboxcrm.cadence.jitter import stable_share
from inboxcrm.cadence.rules import CadenceRules, rules_from_json
from inboxcrm.cadence.windows import local_day, midnight_of
from inboxcrm.services.follow_ups import waits_for_parent
from inboxcrm.store import gate_facts, senders
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.mailboxes import may_send
from inboxcrm.store.outbox import OutboxRow


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why not, all reasons; none: it may go. `rules` are the cadence's."""

    reasons: tuple[Reason, ...]
    rules: CadenceRules


def verdict_on(tx: Tx, desk: Desk, mail: OutboxRow, now: datetime) -> Verdict:
    """May this mail go now?"""
    found = gate_facts.standing_of(tx, mail.enrollment_id)
    assert found is not None, "a mail's enrollment outlives it"
    reply = gate_facts.first_reply(tx, mail.lead_id, since=found.enrolled_at)
    pause = senders.pause_of(tx, mail.mailbox_id)
    since = to_ms(now - timedelta(hours=CAP_HOURS))
    rules = rules_from_json(found.rules)
    left = gate_facts.left_since(tx, mail.mailbox_id, since=since)
    domain = mail.to_address.rpartition("@")[2].lower()
    to_domain = (
        gate_facts.left_to_domain(tx, mail.mailbox_id, domain, since=since)
        if rules.domain_cap and has_domain_cap(domain)
        else []
    )
    facts = Facts(
        cadence_state=found.cadence_state,
        enrollment_state=found.enrollment_state,
        due_at=from_ms(mail.due_at),
        rules=rules,
        parked_until=from_ms(found.parked_until_at),
        lead_is_gone=bool(found.lead_is_gone),
        stage_kind=desk.pipelines.place(found.lead_pipeline, found.lead_stage).stage.kind.value,
        suppressed_by=gate_facts.suppressed(tx, found.address_id),
        reply=Inbound(reply.message_id, from_ms(reply.at), reply.address) if reply else None,
        mailbox_auth=found.mailbox_auth,
        mailbox_paused=bool(found.mailbox_paused),
        may_send=may_send(json.loads(found.scopes)),
        sending_paused_until=from_ms(pause.until_at),
        sending_paused_for=pause.reason,
        read_at=from_ms(found.synced_at),
        mailbox_is_behind=gate_facts.is_behind(tx, mail.mailbox_id),
        waits_for_parent=waits_for_parent(tx, mail.enrollment_id, mail.step_key),
        unread=gate_facts.unread_of(tx, mail.mailbox_id, mail.lead_id, key=found.address_key),
        left=tuple(from_ms(at) for at in left),
        left_to_domain=tuple(from_ms(at) for at in to_domain),
        to_domain=domain,
        # Fewer never come near the ramp, and then nobody need count two weeks.
        habit=habit(tx, mail.mailbox_id, rules, now)
        if rules.ramp_percent and len(left) >= RAMP_START
        else 0,
        gap_share=stable_share(mail.key, purpose="gap"),
        provider_day_cap=provider_cap(found.mailbox_address),
        mailbox_day_cap=pause.day_cap,
        mailbox_gap_seconds=pause.gap_seconds,
    )
    return Verdict(reasons_against(facts, now), rules)


def habit(tx: Tx, mailbox_id: int, rules: CadenceRules, now: datetime) -> int:
    """The busiest of the mailbox's last days, mail written by hand included."""
    return habit_of(history(tx, mailbox_id, rules, now), local_day(rules.windows, now))


def history(tx: Tx, mailbox_id: int, rules: CadenceRules, now: datetime) -> dict[date, int]:
    """Day -> how many mails left the mailbox on it; of the two weeks before today."""
    today = local_day(rules.windows, now)
    before = to_ms(midnight_of(rules.windows, today))
    counts = gate_facts.left_by_day(tx, mailbox_id, before=before, days=HABIT_DAYS)
    return {today - timedelta(days=ago): many for ago, many in counts.items()}
