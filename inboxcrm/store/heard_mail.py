"""Stored mail that concerns people in cadences, as heeding reads it; and reports of failures. Which mail concerns whom
is told by store/touched.py.

Labels play no part: an answer in the bin is an answer. A mail's own date may be years off, so when the provider took it
in counts as well.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    bindparam,
    func,
    or_,
    select,
)

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.tables import (
    address,
    cadence,
    enrollment,
    lead_address,
    message,
    message_body,
    message_copy,
    message_verdict,
    participant,
)
from inboxcrm.store.touched import stored_between

FAILURES = ("bounce_hard", "bounce_soft")


class Heard(NamedTuple):
    """One stored mail. `at` is the later of its own date and the provider's, in ms.

    `said`, `back_on` and `said_at` are a person's word on it (mail.said), empty and 0 where nobody gave one.
    """

    id: int
    key: str
    direction: str
    kind: str
    rule: str
    evidence: str
    subject: str
    sent_at: int
    at: int
    author_id: int | None
    author: str
    conversation_id: int
    text: str
    headers: str
    report: str
    said: str = ""
    back_on: str = ""
    said_at: int = 0


class Concerned(NamedTuple):
    """An enrollment, and the state it is in."""

    id: int
    lead_id: int
    address_id: int
    address_key: str
    state: str
    stop_reason: str
    stop_message_id: int | None
    parked_until_at: int | None
    enrolled_at: int
    rules: str


def newest_message(tx: Tx) -> tuple[int, str]:
    """(id, key) of the message stored last; (0, "") where there is none."""
    row = tx.execute(
        select(message.c.id, message.c.key).order_by(message.c.id.desc()).limit(at_most(1))
    ).first()
    return (row[0], row[1]) if row else (0, "")


def message_after(tx: Tx, message_id: int, *, many: int) -> tuple[int, str] | None:
    """(id, key) of the `many`-th mail stored after that one; None where there are fewer."""
    row = tx.execute(
        select(message.c.id, message.c.key)
        .where(message.c.id > bindparam("id"))
        .order_by(message.c.id)
        .limit(at_most(1))
        .offset(at_most(many - 1)),
        {"id": message_id},
    ).first()
    return (row[0], row[1]) if row else None


def is_message(tx: Tx, message_id: int, key: str) -> bool:
    """Whether the id is still that mail's: SQLite gives the ids of removed mail away again."""
    found = tx.execute(
        select(message.c.key).where(message.c.id == bindparam("id")), {"id": message_id}
    ).scalar()
    return bool(found == key)


def newest_enrollment(tx: Tx) -> int:
    return int(tx.execute(select(func.coalesce(func.max(enrollment.c.id), 0))).scalar_one())


def leads_enrolled_after(tx: Tx, enrollment_id: int) -> list[int]:
    rows = tx.execute(
        select(enrollment.c.lead_id).where(enrollment.c.id > bindparam("id")).distinct(),
        {"id": enrollment_id},
    )
    return list(rows.scalars())


def asked_at(tx: Tx, *, since: int, upto: int) -> list[tuple[int, str]]:
    """(message, address) of new mail to an address with the mark of an opt-out."""
    rows = tx.execute(_ASKED_AT, {"since": since, "upto": upto})
    return [(row[0], row[1]) for row in rows]


def ever_asked_at(tx: Tx) -> list[tuple[int, str]]:
    """(message, address) of all of it: few addresses bear the mark, so that they are looked for first."""
    return [(row[0], row[1]) for row in tx.execute(_EVER_ASKED_AT)]


# --- failures ---------------------------------------------------------------------

_is_failure = (
    message.c.direction == "in",
    or_(message.c.kind.in_(FAILURES), message.c.kind_rule == "delivery_delayed"),
)
_FAILURES = select(message.c.id).where(stored_between(message.c.id), *_is_failure)
_FAILURES_FROM = (
    select(message.c.id)
    .join(message_copy, message_copy.c.message_id == message.c.id)
    .where(
        *_is_failure,
        or_(
            message.c.sent_at >= bindparam("at", type_=BigInteger),
            message_copy.c.received_at >= bindparam("at", type_=BigInteger),
        ),
    )
    .distinct()
    .order_by(message.c.id)
)


def failures_in(tx: Tx, *, since: int, upto: int) -> list[int]:
    return list(tx.execute(_FAILURES, {"since": since, "upto": upto}).scalars())


def failures_from(tx: Tx, *, at: int) -> list[int]:
    """Of mail written or come since then, in ms."""
    return list(tx.execute(_FAILURES_FROM, {"at": at}).scalars())


_MAIL = (
    select(
        message.c.id,
        message.c.key,
        message.c.direction,
        message.c.kind,
        message.c.kind_rule,
        message.c.kind_evidence,
        message.c.subject,
        message.c.sent_at,
        func.coalesce(func.max(message_copy.c.received_at), 0),
        message.c.author_id,
        func.coalesce(address.c.key, ""),
        message.c.conversation_id,
        func.coalesce(func.substr(message_body.c.text, 1, 20_000), ""),
        func.coalesce(message_body.c.headers, "[]"),
        func.coalesce(message_body.c.report, ""),
        func.coalesce(message_verdict.c.said, ""),
        func.coalesce(message_verdict.c.back_on, ""),
        func.coalesce(message_verdict.c.made_at, 0),
    )
    .outerjoin(message_copy, message_copy.c.message_id == message.c.id)
    .outerjoin(message_body, message_body.c.message_id == message.c.id)
    .outerjoin(address, address.c.id == message.c.author_id)
    .outerjoin(
        message_verdict,
        (message_verdict.c.message_id == message.c.id) & message_verdict.c.replaced_at.is_(None),
    )
    .where(within(message.c.id, "ids"))
    .group_by(
        message.c.id,
        address.c.key,
        message_body.c.text,
        message_body.c.headers,
        message_body.c.report,
        message_verdict.c.said,
        message_verdict.c.back_on,
        message_verdict.c.made_at,
    )
    .order_by(message.c.id)
)  # fmt: skip


def mails_of(tx: Tx, message_ids: Collection[int]) -> dict[int, Heard]:
    found = (Heard._make(row) for row in tx.execute(_MAIL, {"ids": message_ids}))
    return {one.id: one._replace(at=max(one.at, one.sent_at)) for one in found}


_CONCERNED = (
    select(
        enrollment.c.id,
        enrollment.c.lead_id,
        enrollment.c.address_id,
        address.c.key,
        enrollment.c.state,
        enrollment.c.stop_reason,
        enrollment.c.stop_message_id,
        enrollment.c.parked_until_at,
        enrollment.c.enrolled_at,
        cadence.c.rules,
        cadence.c.mailbox_id,
    )
    .join(address, address.c.id == enrollment.c.address_id)
    .join(cadence, cadence.c.id == enrollment.c.cadence_id)
    .order_by(enrollment.c.id)
)


def concerned(
    tx: Tx, enrollment_ids: Collection[int], *, mailbox_id: int | None
) -> dict[int, Concerned]:
    """Those of cadences that send from this mailbox, or of all."""
    rows = tx.execute(_CONCERNED.where(within(enrollment.c.id, "ids")), {"ids": enrollment_ids})
    return {row[0]: Concerned._make(row[:-1]) for row in rows if mailbox_id in {None, row[-1]}}


def enrollments_at(tx: Tx, keys: Collection[str]) -> list[tuple[str, int]]:
    """(address key, enrollment) of everybody enrolled whose lead has one of these addresses."""
    rows = tx.execute(
        select(address.c.key, enrollment.c.id)
        .join(lead_address, lead_address.c.address_id == address.c.id)
        .join(enrollment, enrollment.c.lead_id == lead_address.c.lead_id)
        .where(within(address.c.key, "keys"))
        .order_by(enrollment.c.id),
        {"keys": keys},
    )
    return [(row[0], row[1]) for row in rows]


def addresses_of_leads(tx: Tx, lead_ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    rows = tx.execute(
        select(lead_address.c.lead_id, address.c.key)
        .join(address, address.c.id == lead_address.c.address_id)
        .where(within(lead_address.c.lead_id, "ids")),
        {"ids": lead_ids},
    )
    for lead_id, key in rows:
        found.setdefault(lead_id, set()).add(key)
    return found


_ASKED_AT = (
    select(participant.c.message_id, address.c.shown)
    .join(address, address.c.id == participant.c.address_id)
    .where(stored_between(participant.c.message_id), address.c.key.contains("+unsub-"))
    .order_by(participant.c.message_id)
)
_EVER_ASKED_AT = (
    select(participant.c.message_id, address.c.shown)
    .join(address, address.c.id == participant.c.address_id)
    .where(address.c.key.contains("+unsub-"))
    .order_by(participant.c.message_id)
)
