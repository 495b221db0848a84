"""The review queue as people read it: who, why doubtful, the mail it rests on, who may be meant, what we propose.

A page of any length takes the same number of queries. What an item names is only what its viewer may know of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.leads.expiry import expires_before
from inboxcrm.leads.proposing import SAME_PERSON, Proposal, propose
from inboxcrm.mail.addresses import is_free_mail
from inboxcrm.store import review
from inboxcrm.store.captures import HUMAN_SIGNS
from inboxcrm.store.clocks import from_ms, to_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.review import CandidateRow, LeadName, MatchedLead, MetRow, Part
from inboxcrm.views.capture_words import candidate_reason
from inboxcrm.views.cursors import open_cursor, seal_cursor
from inboxcrm.views.places import lead_url, thread_url

ON_A_PAGE = 25
_MOST_COUNTED = 99
_MOST_MATCHES = 2
_WHY = {
    "plus": "the same address without its tag",
    "name": "same name",
    "organization": "same organization",
}


@dataclass(frozen=True, slots=True)
class ReviewMail:
    """`url` None: no copy of it is left to read."""

    subject: str
    snippet: str
    at: datetime
    is_ours: bool
    url: str | None


@dataclass(frozen=True, slots=True)
class ReviewMatch:
    lead_id: str
    name: str
    url: str
    why: str
    organization: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """`domain` is what a rule may be made for, empty for free mail. `at` is what its list is sorted by."""

    id: str
    address: str
    name: str
    domain: str
    reason: str
    at: datetime
    proposal: Proposal
    organization: str | None = None
    mail: ReviewMail | None = None
    last_mail_at: datetime | None = None
    matches: tuple[ReviewMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewView:
    """`count` is empty, or up to "99+", of the whole part. `expires_after_days` 0: nobody ever leaves by age."""

    part: str
    items: tuple[ReviewItem, ...]
    count: str
    expires_after_days: int
    domain: str = ""
    next: str | None = None


def review_badge(desk: Desk, viewer: Viewer) -> str:
    """How many wait in the queue: "", "3", "99+". One query, whatever there is."""
    with desk.database.read() as tx:
        return _count(tx, desk, viewer, Part.QUEUE)


def review_page(
    desk: Desk,
    viewer: Viewer,
    *,
    part: str = "queue",
    after: str | None = None,
    domain: str = "",
    limit: int = ON_A_PAGE,
) -> ReviewView:
    """`part` is queue, expired or later; `domain` narrows it to one."""
    chosen = Part(part)
    now, cutoff = _times(desk)
    with desk.database.read() as tx:
        rows = review.candidates(
            tx,
            viewer,
            chosen,
            now=now,
            cutoff=cutoff,
            after=open_cursor(desk, after),
            limit=limit + 1,
            domain=domain,
        )
        items = _items(tx, desk, viewer, rows[:limit])
        count = _count(tx, desk, viewer, chosen)
    last = rows[limit - 1] if len(rows) > limit else None
    return ReviewView(
        part=chosen.value,
        items=items,
        count=count,
        expires_after_days=desk.review_expires_after_days,
        domain=domain,
        next=seal_cursor(desk, last.sort_at, last.address_id) if last else None,
    )


def first_items(tx: Tx, desk: Desk, viewer: Viewer, limit: int) -> tuple[ReviewItem, ...]:
    """The head of the queue, for Today."""
    now, cutoff = _times(desk)
    rows = review.candidates(
        tx, viewer, Part.QUEUE, now=now, cutoff=cutoff, after=None, limit=limit
    )
    return _items(tx, desk, viewer, rows)


def queue_count(tx: Tx, desk: Desk, viewer: Viewer) -> str:
    return _count(tx, desk, viewer, Part.QUEUE)


def _times(desk: Desk) -> tuple[int, int]:
    now = desk.clock.now()
    cutoff = expires_before(now, desk.review_expires_after_days)
    return to_ms(now), to_ms(cutoff) if cutoff else 0


def _count(tx: Tx, desk: Desk, viewer: Viewer, part: Part) -> str:
    now, cutoff = _times(desk)
    count = review.count_candidates(
        tx, viewer, part, now=now, cutoff=cutoff, most=_MOST_COUNTED + 1
    )
    return capped(count)


def capped(count: int) -> str:
    return "" if count == 0 else str(count) if count <= _MOST_COUNTED else f"{_MOST_COUNTED}+"


def _items(
    tx: Tx, desk: Desk, viewer: Viewer, rows: Sequence[CandidateRow]
) -> tuple[ReviewItem, ...]:
    ids = [row.address_id for row in rows]
    met = review.how_met(tx, viewer, ids)
    matched = review.matched_leads(tx, ids)
    names = review.lead_names(tx, [one.lead_id for one in matched])
    by_address: dict[int, list[MatchedLead]] = {}
    for one in matched:
        if one.lead_id in names:
            by_address.setdefault(one.address_id, []).append(one)
    return tuple(
        _item(desk, row, met.get(row.address_id, ()), by_address.get(row.address_id, ()), names)
        for row in rows
    )


def _item(
    desk: Desk,
    row: CandidateRow,
    met: Sequence[MetRow],
    matched: Sequence[MatchedLead],
    names: dict[int, LeadName],
) -> ReviewItem:
    human = [one for one in met if one.sign in HUMAN_SIGNS]
    last_at = max((one.last_at for one in human), default=None)
    return ReviewItem(
        id=desk.ids.seal("address", row.address_id),
        address=row.shown,
        name=row.name,
        domain="" if is_free_mail(row.org_domain) else row.org_domain,
        reason=candidate_reason(row.outcome, row.rule, row.detail),
        at=from_ms(row.sort_at),
        proposal=propose(row.rule, matched[0].why if matched else None),
        organization=row.organization,
        mail=mail_of(desk, row.rests_on, met),
        last_mail_at=from_ms(last_at),
        matches=tuple(
            ReviewMatch(
                lead_id := desk.ids.seal("lead", one.lead_id),
                names[one.lead_id].name,
                lead_url(lead_id),
                _WHY[one.why],
                names[one.lead_id].organization,
            )
            for one in _likely(matched)
        ),
    )


def _likely(matched: Sequence[MatchedLead]) -> Sequence[MatchedLead]:
    """Where the person themselves may be meant, their colleagues are noise."""
    same = [one for one in matched if one.why in SAME_PERSON]
    return (same or matched)[:_MOST_MATCHES]


def mail_of(desk: Desk, rests_on: int | None, met: Sequence[MetRow]) -> ReviewMail | None:
    """The mail the decision rests on, where the viewer reads it; else the first human one they read, else any."""
    if not met:
        return None
    best = min(
        met,
        key=lambda one: (
            one.thread_id is None,
            one.message_id != rests_on,
            one.sign not in HUMAN_SIGNS,
            one.sent_at,
            one.message_id,
        ),
    )
    url = thread_url(desk.ids.seal("thread", best.thread_id)) if best.thread_id else None
    return ReviewMail(
        best.subject, best.snippet, from_ms(best.sent_at), best.direction == "out", url
    )
