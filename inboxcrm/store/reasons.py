"""What a decision about an address rests on: the answer, how the address was met, the messages
that say so.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.sight import in_sight, is_limited, readable_thread, sight
from inboxcrm.store.tables import (
    address,
    address_capture,
    evidence,
    lead,
    lead_address,
    mailbox,
    message,
)


class AnswerRow(NamedTuple):
    address_id: int
    shown: str
    name: str
    outcome: str | None
    rule: str | None
    detail: str | None
    decided_at: int | None
    decided_by: str | None
    lead_id: int | None
    lead_name: str | None


class EvidenceRow(NamedTuple):
    """`thread_id` is null where the viewer may not read the message itself."""

    sign: str
    messages: int
    first_at: int
    mailbox: str
    message_id: int
    subject: str
    thread_id: int | None


_ANSWER = (
    select(
        address.c.id,
        address.c.shown,
        address.c.name,
        address_capture.c.outcome,
        address_capture.c.rule,
        address_capture.c.detail,
        address_capture.c.decided_at,
        address_capture.c.decided_by,
        lead.c.id,
        lead.c.name,
    )
    .outerjoin(address_capture, address_capture.c.address_id == address.c.id)
    .outerjoin(lead_address, lead_address.c.address_id == address.c.id)
    .outerjoin(
        lead,
        (lead.c.id == lead_address.c.lead_id)
        & lead.c.is_withdrawn.is_(False)
        & lead.c.merged_into.is_(None),
    )
    .where(address.c.key == bindparam("key"))
)


@cache
def _evidence(*, limited: bool) -> Select[Any]:
    return (
        select(
            evidence.c.sign,
            evidence.c.messages,
            evidence.c.first_at,
            mailbox.c.address,
            message.c.id,
            message.c.subject,
            readable_thread(message.c.id, limited=limited),
        )
        .join(mailbox, mailbox.c.id == evidence.c.mailbox_id)
        .join(message, message.c.id == evidence.c.first_message_id)
        .where(
            evidence.c.address_id == bindparam("address_id"),
            in_sight(evidence.c.mailbox_id, limited=limited),
        )
        .order_by(evidence.c.first_at, evidence.c.sign)
    )


def answer_for(tx: Tx, key: str) -> AnswerRow | None:
    row = tx.execute(_ANSWER, {"key": key}).first()
    return AnswerRow._make(row) if row else None


def evidence_for(tx: Tx, viewer: Viewer, address_id: int) -> list[EvidenceRow]:
    """How the address was met in the mailboxes this viewer may read, the first time first."""
    rows = tx.execute(
        _evidence(limited=is_limited(viewer)), {"address_id": address_id, **sight(viewer)}
    )
    return [EvidenceRow._make(row) for row in rows]
