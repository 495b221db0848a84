"""What scores and assignments rest on, of many leads at once in a fixed number of reads.

Words of a mail are handed on only where everybody in the house may read them: those of a mailbox shared with all, or
its subjects alone. A score is seen by everybody, and must not tell what a private mailbox holds.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, or_, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.reports import Mark
from inboxcrm.cadence.stops import StopReason
from inboxcrm.leads.score_rules import ScoreRules, What
from inboxcrm.leads.scoring import (
    ACTIVITY,
    MESSAGE,
    SUPPRESSION,
    Happened,
    ScoreFacts,
    ScoreMail,
    deeds_since,
    mails_since,
)
from inboxcrm.leads.segment_facts import LeadFacts
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.segment_sql import SHOWN
from inboxcrm.store.sight import is_limited, readable_thread, sight
from inboxcrm.store.tables import (
    activity,
    address,
    answer_mark,
    lead,
    lead_address,
    lead_link,
    lead_tag,
    mailbox,
    message,
    message_copy,
    organization,
    participant,
    suppression,
    tag,
)

_READ, _SUBJECT = 2, 1
_WHO = (
    select(
        lead.c.id,
        lead.c.name,
        organization.c.name,
        organization.c.domain,
        lead.c.pipeline,
        lead.c.stage,
        lead.c.source,
        lead.c.value_cents,
        lead.c.value_currency,
        lead.c.phone,
        lead.c.custom,
        lead.c.created_at,
        lead.c.stage_since_at,
    )
    .outerjoin(organization, organization.c.id == lead.c.organization_id)
    .where(within(lead.c.id, "ids"), SHOWN)
)
_ADDRESSES = (
    select(lead_address.c.lead_id, address.c.key, suppression.c.first_at, suppression.c.message_id)
    .join(address, address.c.id == lead_address.c.address_id)
    .outerjoin(
        suppression,
        and_(
            suppression.c.scope == "address",
            suppression.c.subject == address.c.key,
            suppression.c.reason == StopReason.OPT_OUT.value,
            suppression.c.removed_at.is_(None),
        ),
    )
    .where(within(lead_address.c.lead_id, "ids"))
    .order_by(address.c.id)
)
_TAGS = (
    select(lead_tag.c.lead_id, tag.c.name)
    .join(tag, tag.c.id == lead_tag.c.tag_id)
    .where(within(lead_tag.c.lead_id, "ids"))
)


class Who:
    """Who the leads are. Those that stand in no list have no `facts`."""

    def __init__(self, tx: Tx, lead_ids: Collection[int]) -> None:
        asked = {"ids": sorted(set(lead_ids))}
        addresses: dict[int, list[str]] = defaultdict(list)
        self.opt_outs: dict[int, list[Happened]] = defaultdict(list)
        for lead_id, key, at, message_id in tx.execute(_ADDRESSES, asked):
            addresses[lead_id].append(key)
            if at is not None:
                kind = MESSAGE if message_id is not None else SUPPRESSION
                said = Happened(What.OPT_OUT, from_ms(at), kind, message_id or 0)
                self.opt_outs[lead_id].append(said)
        tags: dict[int, list[str]] = defaultdict(list)
        for lead_id, name in tx.execute(_TAGS, asked):
            tags[lead_id].append(name)
        self.facts = {
            row[0]: _facts(row, tuple(addresses[row[0]]), tuple(tags[row[0]]))
            for row in tx.execute(_WHO, asked)
        }


def _facts(row: Any, addresses: tuple[str, ...], tags: tuple[str, ...]) -> LeadFacts:
    return LeadFacts(
        created_at=from_ms(row[11]),
        stage_since_at=from_ms(row[12]),
        name=row[1],
        organization=row[2] or "",
        organization_domain=row[3] or "",
        pipeline=row[4],
        stage=row[5],
        source=row[6],
        tags=tags,
        value_cents=row[7],
        currency=row[8],
        addresses=addresses,
        phone=row[9],
        custom=json.loads(row[10]),
    )


# --- mail --------------------------------------------------------------------------------

_open_to_all = (
    select(func.max(case((mailbox.c.visibility == "shared", _READ), else_=_SUBJECT)))
    .select_from(message_copy)
    .join(mailbox, mailbox.c.id == message_copy.c.mailbox_id)
    .where(
        message_copy.c.message_id == lead_link.c.message_id,
        message_copy.c.tombstoned_at.is_(None),
        mailbox.c.visibility.in_(("shared", "subjects")),
    )
    .correlate(lead_link)
    .scalar_subquery()
)
# Somebody in copy wrote nothing.
_wrote_it = (
    select(participant.c.message_id)
    .where(
        participant.c.message_id == lead_link.c.message_id,
        participant.c.address_id == lead_link.c.address_id,
        participant.c.role.in_(("from", "form")),
    )
    .correlate(lead_link)
    .exists()
)
_marked_positive = (
    select(answer_mark.c.message_id)
    .where(
        answer_mark.c.message_id == lead_link.c.message_id,
        answer_mark.c.mark == Mark.POSITIVE.value,
        answer_mark.c.replaced_at.is_(None),
    )
    .correlate(lead_link)
    .exists()
)
_MAILS = (
    select(
        lead_link.c.lead_id,
        lead_link.c.message_id,
        lead_link.c.at,
        lead_link.c.direction,
        message.c.conversation_id,
        message.c.subject,
        message.c.snippet,
        _open_to_all,
        _marked_positive,
    )
    .join(message, message.c.id == lead_link.c.message_id)
    .where(
        within(lead_link.c.lead_id, "ids"),
        lead_link.c.at >= bindparam("since"),
        lead_link.c.is_human.is_(True),
        lead_link.c.is_unlinked.is_(False),
        or_(lead_link.c.direction == "out", and_(lead_link.c.direction == "in", _wrote_it)),
    )
)


def mails_of(
    tx: Tx, lead_ids: Collection[int], since: datetime | None
) -> dict[int, list[ScoreMail]]:
    """Human mail of the leads from then on; None: all of it. A mail tied by two addresses is one."""
    asked = {"ids": sorted(set(lead_ids)), "since": _ms(since)}
    found: dict[int, dict[int, ScoreMail]] = defaultdict(dict)
    for row in tx.execute(_MAILS, asked):
        lead_id, message_id, at, direction, conversation_id, subject, snippet, is_open, marked = row
        found[lead_id][message_id] = ScoreMail(
            message_id,
            from_ms(at),
            direction == "in",
            conversation_id,
            subject if is_open else "",
            snippet if is_open == _READ else "",
            bool(marked),
        )
    return {lead_id: list(mails.values()) for lead_id, mails in found.items()}


# --- talks --------------------------------------------------------------------------------

_DEEDS = select(activity.c.lead_id, activity.c.id, activity.c.at, activity.c.kind, activity.c.data)
_TALKS = _DEEDS.where(
    within(activity.c.lead_id, "ids"),
    activity.c.kind.in_(("call", "meeting")),
    activity.c.at >= bindparam("since"),
    activity.c.undone_at.is_(None),
)
_COUNTS = {("call", "reached"): What.CALL, ("meeting", "held"): What.MEETING}


def talks_of(
    tx: Tx, lead_ids: Collection[int], since: datetime | None
) -> dict[int, list[Happened]]:
    """Calls in which they were reached, and meetings that took place."""
    found: dict[int, list[Happened]] = defaultdict(list)
    asked = {"ids": sorted(set(lead_ids)), "since": _ms(since)}
    for lead_id, number, at, kind, data in tx.execute(_TALKS, asked):
        what = _COUNTS.get((kind, json.loads(data).get("outcome", "")))
        if what is not None:
            found[lead_id].append(Happened(what, from_ms(at), ACTIVITY, number))
    return found


# --- all of it -------------------------------------------------------------------------


def score_facts(
    tx: Tx, lead_ids: Collection[int], rules: ScoreRules, now: datetime
) -> dict[int, ScoreFacts]:
    """Of those that stand in lists. Five reads, however many leads."""
    who = Who(tx, lead_ids)
    mails = mails_of(tx, who.facts, mails_since(rules, now))
    talks = talks_of(tx, who.facts, deeds_since(rules, now))
    return {
        lead_id: ScoreFacts(
            facts,
            mails.get(lead_id, ()),
            (*talks.get(lead_id, ()), *who.opt_outs.get(lead_id, ())),
        )
        for lead_id, facts in who.facts.items()
    }


def _readable(*, limited: bool) -> Select[Any]:
    return select(message.c.id, readable_thread(message.c.id, limited=limited)).where(
        within(message.c.id, "messages")
    )


def threads_of(tx: Tx, viewer: Viewer, message_ids: Collection[int]) -> dict[int, int]:
    """Message -> the thread in which this viewer reads it; without those they may not read."""
    if not message_ids:
        return {}
    asked = {"messages": sorted(set(message_ids)), **sight(viewer)}
    rows = tx.execute(_readable(limited=is_limited(viewer)), asked)
    return {row[0]: row[1] for row in rows if row[1] is not None}


def _ms(since: datetime | None) -> int:
    return -(1 << 62) if since is None else to_ms(since)
