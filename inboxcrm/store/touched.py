"""Which stored mail concerns whom in cadences: by who wrote it, whom it went to, its thread, or their organization."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, exists, or_, select, union

from inboxcrm.cadence.rules import STOPS_ORGANIZATION
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.outbox import HAS_COPY, HAS_THREAD
from inboxcrm.store.tables import (
    address,
    cadence,
    enrollment,
    lead,
    lead_address,
    message,
    message_copy,
    organization,
    outbox,
    participant,
    thread,
)


class Touched(NamedTuple):
    """A mail and an enrollment it concerns. `in_thread`: by the thread or the conversation of a mail of it.
    `by_colleague`: only by the organization of whoever wrote it.
    """

    message_id: int
    enrollment_id: int
    in_thread: bool
    by_colleague: bool = False


def stored_between(column: ColumnElement[int]) -> ColumnElement[bool]:
    """By the id of a mail: after :since, up to :upto."""
    return column.between(
        bindparam("since", type_=BigInteger) + 1, bindparam("upto", type_=BigInteger)
    )


def _is_of_its_time() -> ColumnElement[bool]:
    """It was written, or came, since the person was enrolled."""
    return or_(
        message.c.sent_at >= enrollment.c.enrolled_at,
        exists().where(
            message_copy.c.message_id == message.c.id,
            message_copy.c.received_at >= enrollment.c.enrolled_at,
        ),
    )


def _by_author() -> Select[Any]:
    return (
        select(message.c.id, enrollment.c.id)
        .join(lead_address, lead_address.c.address_id == message.c.author_id)
        .join(enrollment, enrollment.c.lead_id == lead_address.c.lead_id)
        .where(message.c.direction == "in", stored_between(message.c.id), _is_of_its_time())
    )


_stops_organizations = cadence.c.rules.contains(f'"{STOPS_ORGANIZATION}": true')
_STOPS_ORGANIZATIONS = select(cadence.c.id).where(_stops_organizations).limit(1)


def _by_colleague() -> Select[Any]:
    """Of cadences that stop for whole organizations. Mail of anybody there counts, also of who is no lead."""
    return (
        select(message.c.id, enrollment.c.id)
        .join(address, address.c.id == message.c.author_id)
        .join(organization, organization.c.domain == address.c.org_domain)
        .join(lead, lead.c.organization_id == organization.c.id)
        .join(enrollment, enrollment.c.lead_id == lead.c.id)
        .join(cadence, cadence.c.id == enrollment.c.cadence_id)
        .where(
            _stops_organizations,
            message.c.direction == "in",
            stored_between(message.c.id),
            _is_of_its_time(),
        )
    )


def _by_recipient() -> Select[Any]:
    return (
        select(message.c.id, enrollment.c.id)
        .join(participant, participant.c.message_id == message.c.id)
        .join(lead_address, lead_address.c.address_id == participant.c.address_id)
        .join(enrollment, enrollment.c.lead_id == lead_address.c.lead_id)
        .where(
            message.c.direction == "out",
            participant.c.role.in_(("to", "cc")),
            stored_between(message.c.id),
            _is_of_its_time(),
        )
    )


_BY_THREAD = (
    select(message_copy.c.message_id, outbox.c.enrollment_id)
    .join(thread, thread.c.id == message_copy.c.thread_id)
    .join(outbox, (outbox.c.mailbox_id == thread.c.mailbox_id) & (outbox.c.thread_ref == thread.c.ref))
    .where(HAS_THREAD, stored_between(message_copy.c.message_id))
)  # fmt: skip
_sent, _sent_copy = message.alias("sent"), message_copy.alias("sent_copy")
_BY_CONVERSATION = (
    select(message.c.id, outbox.c.enrollment_id)
    .join(_sent, _sent.c.conversation_id == message.c.conversation_id)
    .join(_sent_copy, _sent_copy.c.message_id == _sent.c.id)
    .join(outbox, (outbox.c.mailbox_id == _sent_copy.c.mailbox_id) & (outbox.c.ref == _sent_copy.c.ref))
    .where(_sent.c.direction == "out", HAS_COPY, stored_between(message.c.id))
)  # fmt: skip
_OF_LEADS = within(enrollment.c.lead_id, "leads")
_OF_THESE = within(enrollment.c.id, "enrollments")
_MAILS_OF_THESE = within(outbox.c.enrollment_id, "enrollments")
_IN_THREAD = union(_BY_THREAD, _BY_CONVERSATION)
_OF_COLLEAGUES = _by_colleague()
_OF_COLLEAGUES_OF_LEADS = _by_colleague().where(_OF_LEADS)
_OF_COLLEAGUES_OF_THESE = _by_colleague().where(_OF_THESE)
_OUT_OF_THREAD = union(_by_author(), _by_recipient())
_OUT_OF_THREAD_OF_LEADS = union(_by_author().where(_OF_LEADS), _by_recipient().where(_OF_LEADS))
_TOUCHING_THESE = (
    union(_by_author().where(_OF_THESE), _by_recipient().where(_OF_THESE)),
    union(_BY_THREAD.where(_MAILS_OF_THESE), _BY_CONVERSATION.where(_MAILS_OF_THESE)),
)


def touched_by(
    tx: Tx, *, since: int, upto: int, leads: Collection[int] | None = None
) -> list[Touched]:
    """Mails with ids after `since` up to `upto`; with `leads` only those of theirs, out of threads."""
    asked = {"since": since, "upto": upto}
    if leads is not None:
        asked_of = {**asked, "leads": leads}
        rows = tx.execute(_OUT_OF_THREAD_OF_LEADS, asked_of)
        found = [Touched(row[0], row[1], in_thread=False) for row in rows]
        return _and_colleagues(tx, asked_of, found, _OF_COLLEAGUES_OF_LEADS)
    found = _both(tx, asked, _OUT_OF_THREAD, _IN_THREAD)
    return _and_colleagues(tx, asked, found, _OF_COLLEAGUES)


def touching(tx: Tx, enrollment_ids: Collection[int], *, upto: int) -> list[Touched]:
    """All mail up to that id that concerns these."""
    asked = {"since": 0, "upto": upto, "enrollments": enrollment_ids}
    found = _both(tx, asked, *_TOUCHING_THESE)
    return _and_colleagues(tx, asked, found, _OF_COLLEAGUES_OF_THESE)


def _both(tx: Tx, asked: Mapping[str, Any], out_of_thread: Any, in_thread: Any) -> list[Touched]:
    found = {(row[0], row[1]): False for row in tx.execute(out_of_thread, asked)}
    found.update({(row[0], row[1]): True for row in tx.execute(in_thread, asked)})
    return [Touched(*pair, in_thread=is_in) for pair, is_in in sorted(found.items())]


def _and_colleagues(
    tx: Tx, asked: Mapping[str, Any], found: list[Touched], of_colleagues: Select[Any]
) -> list[Touched]:
    """Whom a mail concerns by itself it does not concern by a colleague besides."""
    if tx.execute(_STOPS_ORGANIZATIONS).first() is None:
        return found
    known = {(one.message_id, one.enrollment_id) for one in found}
    pairs = {(row[0], row[1]) for row in tx.execute(of_colleagues, asked)} - known
    others = [Touched(*pair, in_thread=False, by_colleague=True) for pair in pairs]
    return sorted([*found, *others])
