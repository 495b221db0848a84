"""What the gate asks about one planned mail, read in the transaction that will act on the answer."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.outbox import HAS_COPY, OutboxRow
from inboxcrm.store.segment_suppression import is_suppressed
from inboxcrm.store.straight import Straight
from inboxcrm.store.tables import (
    address,
    cadence,
    enrollment,
    fetch_item,
    lead,
    lead_address,
    lead_link,
    lead_past,
    mailbox,
    message,
    message_copy,
    organization,
    outbox,
    send_ledger,
    sending,
    step,
    thread,
)

DAY_MS = 86_400_000


class Standing(NamedTuple):
    """How the enrollment, its cadence, its lead and its mailbox stand. Times in ms.

    `has_reply`: see `first_reply`; `is_behind`: mail is known to be in the mailbox that is not stored yet;
    `has_unread`: some of it could not be read; `went_over`: somebody else has the lead now. `step_number` and
    `step_data` are None where the step is gone from the version that holds.
    """

    cadence_state: str
    rules: str
    enrollment_state: str
    enrolled_at: int
    parked_until_at: int | None
    lead_pipeline: str
    lead_stage: str
    lead_is_gone: bool
    mailbox_auth: str
    mailbox_paused: bool
    scopes: str
    synced_at: int | None
    address_id: int
    address_key: str
    mailbox_address: str
    paused_until_at: int | None
    paused_for: str | None
    day_cap: int | None
    gap_seconds: int | None
    is_suppressed: bool
    has_reply: bool
    is_behind: bool
    has_unread: bool
    step_number: int | None
    step_data: str | None
    parked_message_id: int | None
    went_over: bool


class LeftCounts(NamedTuple):
    """How many mails left a mailbox since some time, ours and what was written by hand, and when the last one did."""

    many: int
    last_at: int | None


class Reply(NamedTuple):
    message_id: int
    at: int
    address: str


_OF_LEAD = lead_address.c.lead_id == bindparam("lead_id")


# Whatever label it bears: an answer in the bin or among the spam is an answer. A mail's own date may be years off, so
# when the provider took it in counts as well.
def _is_answer(since: ColumnElement[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        message.c.direction == "in",
        message.c.kind == "human",
        or_(message.c.sent_at >= since, message_copy.c.received_at >= since),
    )


def _waiting(state: str) -> ColumnElement[bool]:
    """Whether mail of the mailbox is in the queue, to be stored yet or found unreadable."""
    return exists().where(
        fetch_item.c.mailbox_id == bindparam("mailbox_id"), fetch_item.c.state == state
    )


def _went_over() -> ColumnElement[bool]:
    """The lead has an owner who did not add it, and had another one, or none, at some time since it was added."""
    before = exists().where(
        lead_past.c.lead_id == lead.c.id,
        lead_past.c.until_at > enrollment.c.enrolled_at,
        lead_past.c.taken_back_at.is_(None),
        lead_past.c.owner_id.is_distinct_from(lead.c.owner_id),
    )
    who_added = func.coalesce(enrollment.c.account_id, cadence.c.account_id, 0)
    return and_(lead.c.owner_id.is_not(None), lead.c.owner_id != who_added, before)


_STANDING = Straight(
    select(
        cadence.c.state,
        cadence.c.rules,
        enrollment.c.state,
        enrollment.c.enrolled_at,
        enrollment.c.parked_until_at,
        lead.c.pipeline,
        lead.c.stage,
        or_(lead.c.is_withdrawn.is_(True), lead.c.merged_into.is_not(None)),
        mailbox.c.auth,
        mailbox.c.paused,
        mailbox.c.scopes,
        mailbox.c.synced_at,
        address.c.id,
        address.c.key,
        mailbox.c.address,
        sending.c.paused_until_at,
        sending.c.paused_for,
        sending.c.day_cap,
        sending.c.gap_seconds,
        is_suppressed(),
        select(message.c.id)
        .select_from(lead_address)
        .join(message, message.c.author_id == lead_address.c.address_id)
        .join(message_copy, message_copy.c.message_id == message.c.id)
        .where(_OF_LEAD, *_is_answer(enrollment.c.enrolled_at))
        .correlate(enrollment)
        .exists(),
        _waiting("todo"),
        _waiting("poison"),
        step.c.number,
        step.c.data,
        enrollment.c.parked_message_id,
        _went_over(),
    )
    .select_from(enrollment)
    .join(cadence, cadence.c.id == enrollment.c.cadence_id)
    .join(lead, lead.c.id == enrollment.c.lead_id)
    .join(mailbox, mailbox.c.id == cadence.c.mailbox_id)
    .join(address, address.c.id == enrollment.c.address_id)
    .outerjoin(sending, sending.c.mailbox_id == bindparam("mailbox_id"))
    .outerjoin(
        step,
        and_(
            step.c.cadence_id == enrollment.c.cadence_id,
            step.c.version == enrollment.c.version,
            step.c.key == bindparam("step_key"),
        ),
    )
    .where(enrollment.c.id == bindparam("enrollment_id"))
)


def _first_answer(
    ground: FromClause, author: ColumnElement[str], whose: ColumnElement[bool]
) -> Select[Any]:
    """The first answer of the addresses of `ground`; `author` is how its writer is called."""
    return (
        select(
            message.c.id,
            func.coalesce(func.max(message_copy.c.received_at), message.c.sent_at),
            author,
        )
        .select_from(ground)
        .join(message, message.c.author_id == address.c.id)
        .join(message_copy, message_copy.c.message_id == message.c.id)
        .where(whose, *_is_answer(bindparam("since", type_=BigInteger)))
        .group_by(message.c.id, message.c.sent_at, author)
        .order_by(message.c.id)
        .limit(at_most(1))
    )


_REPLY = _first_answer(
    lead_address.join(address, address.c.id == lead_address.c.address_id), address.c.shown, _OF_LEAD
)
_OF_COLLEAGUES = _first_answer(
    lead.join(organization, organization.c.id == lead.c.organization_id).join(
        address, address.c.org_domain == organization.c.domain
    ),
    address.c.key,
    lead.c.id == bindparam("lead_id"),
)
_THREADS = (
    select(thread.c.ref)
    .join(message_copy, message_copy.c.thread_id == thread.c.id)
    .join(lead_link, lead_link.c.message_id == message_copy.c.message_id)
    .where(
        lead_link.c.lead_id == bindparam("lead_id"), thread.c.mailbox_id == bindparam("mailbox_id")
    )
    .distinct()
)
_UNREAD = (
    select(func.count())
    .select_from(fetch_item)
    .where(
        fetch_item.c.mailbox_id == bindparam("mailbox_id"),
        fetch_item.c.state == "poison",
        or_(
            within(fetch_item.c.thread_ref, "threads"),
            fetch_item.c.mentions.contains(bindparam("key")),
        ),
    )
)
_OURS_LEFT = select(send_ledger.c.at).where(
    send_ledger.c.mailbox_id == bindparam("mailbox_id"), send_ledger.c.at > bindparam("since")
)
# Mail written by hand counts too: the provider's limit is the account's.
_OTHERS_LEFT = (
    select(message_copy.c.received_at)
    .join(thread, thread.c.id == message_copy.c.thread_id)
    .where(
        thread.c.mailbox_id == bindparam("mailbox_id"),
        thread.c.last_at > bindparam("since"),
        message_copy.c.received_at > bindparam("since"),
        message_copy.c.labels.contains("\nSENT\n"),
        ~exists().where(
            outbox.c.mailbox_id == message_copy.c.mailbox_id,
            outbox.c.ref == message_copy.c.ref,
            HAS_COPY,
        ),
    )
)


_TO_DOMAIN = Straight(
    _OURS_LEFT.where(send_ledger.c.to_domain == bindparam("domain")).order_by(send_ledger.c.at)
)


def _in_sum(left: Select[Any], what: ColumnElement[Any]) -> ScalarSelect[Any]:
    return left.with_only_columns(what).order_by(None).scalar_subquery()


_LEFT_COUNTS = Straight(
    select(
        _in_sum(_OURS_LEFT, func.count()),
        _in_sum(_OURS_LEFT, func.max(send_ledger.c.at)),
        _in_sum(_OTHERS_LEFT, func.count()),
        _in_sum(_OTHERS_LEFT, func.max(message_copy.c.received_at)),
    )
)


def _by_day(left: Select[Any], at: ColumnElement[Any]) -> Select[int, int]:
    ago = (bindparam("before", type_=BigInteger) - 1 - at) // DAY_MS
    return left.with_only_columns(ago, func.count()).where(at < bindparam("before")).group_by(ago)


_OURS_BY_DAY = _by_day(_OURS_LEFT, send_ledger.c.at)
_OTHERS_BY_DAY = _by_day(_OTHERS_LEFT, message_copy.c.received_at)
_LAST = (
    select(outbox.c.fared)
    .select_from(send_ledger)
    .join(outbox, outbox.c.id == send_ledger.c.outbox_id)
    .where(send_ledger.c.mailbox_id == bindparam("mailbox_id"))
    .order_by(send_ledger.c.at.desc(), send_ledger.c.id.desc())
    .limit(bindparam("most", type_=BigInteger))
)


def standing_of(tx: Tx, mail: OutboxRow) -> Standing | None:
    row = _STANDING.first(
        tx,
        enrollment_id=mail.enrollment_id,
        mailbox_id=mail.mailbox_id,
        lead_id=mail.lead_id,
        step_key=mail.step_key,
    )
    return Standing(*row) if row else None


def first_reply(tx: Tx, lead_id: int, *, since: int) -> Reply | None:
    """A human mail from any address of the lead, in any mailbox of the house, that came since then."""
    row = tx.execute(_REPLY, {"lead_id": lead_id, "since": since}).first()
    return Reply(*row) if row else None


def first_of_colleagues(tx: Tx, lead_id: int, *, since: int) -> Reply | None:
    """As `first_reply`, of anybody at the lead's organization."""
    row = tx.execute(_OF_COLLEAGUES, {"lead_id": lead_id, "since": since}).first()
    return Reply(*row) if row else None


def unread_of(tx: Tx, mailbox_id: int, lead_id: int, *, key: str) -> int:
    """Mails that could not be read, in a thread of the lead or naming its address."""
    where = {"lead_id": lead_id, "mailbox_id": mailbox_id}
    threads = list(tx.execute(_THREADS, where).scalars())
    found: int = tx.execute(
        _UNREAD, {"mailbox_id": mailbox_id, "threads": threads, "key": key}
    ).scalar_one()
    return found


def left_counts(tx: Tx, mailbox_id: int, *, since: int) -> LeftCounts:
    """Behind `since`, in ms."""
    row = _LEFT_COUNTS.first(tx, mailbox_id=mailbox_id, since=since)
    assert row is not None
    ours, ours_at, others, others_at = row
    return LeftCounts(ours + others, max(ours_at or 0, others_at or 0) or None)


def left_since(tx: Tx, mailbox_id: int, *, since: int) -> list[int]:
    """When mail left the mailbox, ours and what was written by hand, in ms, oldest first."""
    asked = {"mailbox_id": mailbox_id, "since": since}
    found = [*tx.execute(_OURS_LEFT, asked).scalars(), *tx.execute(_OTHERS_LEFT, asked).scalars()]
    return sorted(found)


def left_to_domain(tx: Tx, mailbox_id: int, domain: str, *, since: int) -> list[int]:
    """When mail of ours left the mailbox for that domain, in ms, oldest first."""
    asked = {"mailbox_id": mailbox_id, "since": since, "domain": domain}
    return [row[0] for row in _TO_DOMAIN.all(tx, **asked)]


def left_to_domains(tx: Tx, mailbox_id: int, *, since: int) -> dict[str, list[int]]:
    """As `left_to_domain`, for every domain."""
    asked = {"mailbox_id": mailbox_id, "since": since}
    columns = (send_ledger.c.to_domain, send_ledger.c.at)
    found: dict[str, list[int]] = {}
    for domain, at in tx.execute(
        _OURS_LEFT.with_only_columns(*columns).order_by(send_ledger.c.at), asked
    ):
        found.setdefault(domain, []).append(at)
    return found


def left_by_day(tx: Tx, mailbox_id: int, *, before: int, days: int) -> Counter[int]:
    """How many mails left on each of the days that end at `before` (ms): 1 is the last one, by us or by hand."""
    asked = {"mailbox_id": mailbox_id, "since": before - days * DAY_MS - 1, "before": before}
    found: Counter[int] = Counter()
    for statement in (_OURS_BY_DAY, _OTHERS_BY_DAY):
        for ago, many in tx.execute(statement, asked):
            found[ago + 1] += many
    return found


def last_fared(tx: Tx, mailbox_id: int, *, most: int) -> list[str]:
    """Of the mails that left the mailbox last, newest first, what came back of each (tables/cadences.py)."""
    return list(tx.execute(_LAST, {"mailbox_id": mailbox_id, "most": most}).scalars())
