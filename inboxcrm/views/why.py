"""Why an address is a lead, in review or ignored: the decision, its rule, and the messages it
rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, UsageError
from inboxcrm.leads.capture import Outcome, explain
from inboxcrm.mail.addresses import match_key
from inboxcrm.store import reasons
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.desk import Desk
from inboxcrm.views.places import lead_url, thread_url

_SIGNS = {
    "they_wrote": "wrote to us",
    "form": "filled in a web form",
    "we_wrote": "got mail from us",
    "undisclosed": "wrote to undisclosed recipients",
    "forwarded": "was named by a forwarded mail",
    "we_wrote_many": "got mail of ours to many",
    "bounce": "returned mail",
    "automatic": "sent automatic mail",
    "bulk": "sent newsletters or list mail",
    "calendar": "sent invitations",
    "copied": "was in copy",
    "sent_as": "is the sender of mail of ours",
}
_OPENINGS = {
    Outcome.LEAD: "Lead because",
    Outcome.CANDIDATE: "In review because",
    Outcome.IGNORED: "Ignored because",
}


@dataclass(frozen=True, slots=True)
class Met:
    """One way the address was met in one mailbox, with the first such message. `url` None: not
    ours to read.
    """

    how: str
    sign: str
    messages: int
    mailbox: str
    first_at: datetime
    subject: str | None = None
    message_id: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class WhyView:
    """`outcome` is lead, candidate, ignored, or unknown where nothing was decided (our own
    addresses).
    """

    address: str
    name: str
    outcome: str
    rule: str
    reason: str
    evidence: tuple[Met, ...] = ()
    decided_at: datetime | None = None
    decided_by: str | None = None
    lead_id: str | None = None
    lead_name: str | None = None
    lead_url: str | None = None


def why(desk: Desk, viewer: Viewer, address: str) -> WhyView:
    """Raises UsageError for what is no address, NotFoundError for one that was never met."""
    key = match_key(address)
    if not key:
        raise UsageError(
            f'"{address[:200]}" is no mail address.', remedy="Write it like bob@example.com."
        )
    with desk.database.read() as tx:
        found = reasons.answer_for(tx, key)
        if found is None:
            raise NotFoundError(
                f"No mail with {key} is stored.", remedy="Check the spelling, or sync first."
            )
        rows = reasons.evidence_for(tx, viewer, found.address_id)
    outcome, rule = found.outcome or "unknown", found.rule or ""
    if found.outcome is None:
        reason = "Nothing was decided: it is one of our own addresses, or stands on no mail."
    else:
        opening = _OPENINGS[Outcome(found.outcome)]
        reason = f"{opening} {explain(rule, found.detail or '')}."
    lead_id = None if found.lead_id is None else desk.ids.seal("lead", found.lead_id)
    return WhyView(
        address=found.shown,
        name=found.name,
        outcome=outcome,
        rule=rule,
        reason=reason,
        evidence=tuple(_met(desk, row) for row in rows),
        decided_at=from_ms(found.decided_at),
        decided_by=found.decided_by,
        lead_id=lead_id,
        lead_name=found.lead_name,
        lead_url=lead_url(lead_id) if lead_id else None,
    )


def _met(desk: Desk, row: reasons.EvidenceRow) -> Met:
    told = _SIGNS.get(row.sign, row.sign)
    if row.thread_id is None:
        return Met(told, row.sign, row.messages, row.mailbox, from_ms(row.first_at))
    return Met(
        told,
        row.sign,
        row.messages,
        row.mailbox,
        from_ms(row.first_at),
        row.subject,
        desk.ids.seal("message", row.message_id),
        thread_url(desk.ids.seal("thread", row.thread_id)),
    )
