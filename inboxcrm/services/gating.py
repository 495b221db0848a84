"""Asks the gate about one mail as things stand in the running transaction: the one place that gathers its facts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from inboxcrm.cadence.caps import (
    CAP_HOURS,
    HABIT_DAYS,
    RAMP_START,
    day_cap,
    habit_of,
    has_domain_cap,
    provider_cap,
)
from inboxcrm.cadence.gate import Facts, Inbound, Reason, reasons_against
from inboxcrm.cadence.jitter import stable_share
from inboxcrm.cadence.rules import CadenceRules, rules_from_json
from inboxcrm.cadence.steps import goes_on_thread
from inboxcrm.cadence.windows import local_day, midnight_of
from inboxcrm.services.follow_ups import waits_for_parent
from inboxcrm.services.lead_zones import zone_of
from inboxcrm.services.sender_addresses import is_proven
from inboxcrm.store import gate_facts, lead_consents, mailboxes
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.gate_facts import Reply, Standing
from inboxcrm.store.mailboxes import may_send
from inboxcrm.store.outbox import OutboxRow


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why not, all reasons; none: it may go. `rules` are the cadence's. `goes_on_thread`: as `steps.goes_on_thread`."""

    reasons: tuple[Reason, ...]
    rules: CadenceRules
    goes_on_thread: bool


def verdict_on(tx: Tx, desk: Desk, mail: OutboxRow, now: datetime) -> Verdict:
    """May this mail go now?"""
    found = gate_facts.standing_of(tx, mail)
    assert found is not None, "a mail's enrollment outlives it"
    reply = (
        gate_facts.first_reply(tx, mail.lead_id, since=found.enrolled_at)
        if found.has_reply
        else None
    )
    rules = rules_from_json(found.rules)
    is_follow_up = goes_on_thread(found.step_number, found.step_data)
    domain = mail.to_address.rpartition("@")[2].lower()
    left = _left(tx, mail, found, rules, now, domain=domain)
    facts = Facts(
        cadence_state=found.cadence_state,
        enrollment_state=found.enrollment_state,
        due_at=from_ms(mail.due_at),
        rules=rules,
        parked_until=from_ms(found.parked_until_at),
        parked_by=found.parked_message_id,
        zone=zone_of(tx, desk, rules, mail.lead_id, mail.to_address),
        lead_is_gone=bool(found.lead_is_gone),
        stage_kind=desk.pipelines.place(found.lead_pipeline, found.lead_stage).stage.kind.value,
        went_over=bool(found.went_over),
        suppressed_by=found.address_key if found.is_suppressed else "",
        lacks_consent=rules.adding.needs_consent and not lead_consents.is_given(tx, mail.lead_id),
        unproven_from=_unproven(tx, mail, found.mailbox_address),
        reply=_inbound(reply),
        colleague=_inbound(
            gate_facts.first_of_colleagues(tx, mail.lead_id, since=found.enrolled_at)
            if rules.stops_organization
            else None
        ),
        mailbox_auth=found.mailbox_auth,
        mailbox_paused=bool(found.mailbox_paused),
        may_send=_allow_sending(found.scopes),
        sending_paused_until=from_ms(found.paused_until_at),
        sending_paused_for=found.paused_for or "",
        read_at=from_ms(found.synced_at),
        mailbox_is_behind=bool(found.is_behind),
        waits_for_parent=is_follow_up and waits_for_parent(tx, mail.enrollment_id, mail.step_key),
        unread=gate_facts.unread_of(tx, mail.mailbox_id, mail.lead_id, key=found.address_key)
        if found.has_unread
        else 0,
        left=left.times,
        left_to_domain=left.to_domain,
        to_domain=domain,
        habit=left.habit,
        gap_share=stable_share(mail.key, purpose="gap"),
        provider_day_cap=provider_cap(found.mailbox_address),
        mailbox_day_cap=found.day_cap,
        mailbox_gap_seconds=found.gap_seconds,
    )
    return Verdict(reasons_against(facts, now), rules, is_follow_up)


def _inbound(found: Reply | None) -> Inbound | None:
    return Inbound(found.message_id, from_ms(found.at), found.address) if found else None


@lru_cache(maxsize=64)
def _allow_sending(scopes: str) -> bool:
    return may_send(json.loads(scopes))


class _Left(NamedTuple):
    """As in `gate.Facts`."""

    times: tuple[datetime, ...] = ()
    to_domain: tuple[datetime, ...] = ()
    habit: int = 0


def _left(
    tx: Tx, mail: OutboxRow, found: Standing, rules: CadenceRules, now: datetime, *, domain: str
) -> _Left:
    """Every time is read only where a cap may be full; else the last one, from which the gap counts, is enough."""
    since = to_ms(now - timedelta(hours=CAP_HOURS))
    counts = gate_facts.left_counts(tx, mail.mailbox_id, since=since)
    least = day_cap(
        habit=0,
        user_cap=min(rules.day_cap, found.day_cap or rules.day_cap),
        provider_day_cap=provider_cap(found.mailbox_address),
        ramp_percent=rules.ramp_percent,
    )
    times = [counts.last_at] if counts.last_at is not None else []
    if counts.many >= least.mails:
        times = gate_facts.left_since(tx, mail.mailbox_id, since=since)
    to_domain: list[int] = []
    if rules.domain_cap and has_domain_cap(domain):
        to_domain = gate_facts.left_to_domain(tx, mail.mailbox_id, domain, since=since)
    # Fewer never come near the ramp, and then nobody need count two weeks.
    ramps = rules.ramp_percent and counts.many >= RAMP_START
    return _Left(
        tuple(from_ms(at) for at in times),
        tuple(from_ms(at) for at in to_domain),
        habit(tx, mail.mailbox_id, rules, now) if ramps else 0,
    )


def _unproven(tx: Tx, mail: OutboxRow, own: str) -> str:
    """The From of this mail, where the mailbox may not write as that."""
    if mail.from_address.lower() in {"", own.lower()}:
        return ""
    box = mailboxes.mailbox_by_id(tx, mail.mailbox_id)
    return "" if box is not None and is_proven(tx, box, mail.from_address) else mail.from_address


def habit(tx: Tx, mailbox_id: int, rules: CadenceRules, now: datetime) -> int:
    """The busiest of the mailbox's last days, mail written by hand included."""
    return habit_of(history(tx, mailbox_id, rules, now), local_day(rules.windows, now))


def history(tx: Tx, mailbox_id: int, rules: CadenceRules, now: datetime) -> dict[date, int]:
    """Day -> how many mails left the mailbox on it; of the two weeks before today."""
    today = local_day(rules.windows, now)
    before = to_ms(midnight_of(rules.windows, today))
    counts = gate_facts.left_by_day(tx, mailbox_id, before=before, days=HABIT_DAYS)
    return {today - timedelta(days=ago): many for ago, many in counts.items()}
