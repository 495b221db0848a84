"""Organizations: the row, what its leads are worth together, its people who are no leads yet, its threads.

Whatever there is of it is read by pages over an index; sums and counts stop at a cap, so that a house with a
hundred thousand people costs as much as one with ten.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, and_, bindparam, func, literal, or_, select, update

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lead_lists import moved_at
from inboxcrm.store.lists import at_most
from inboxcrm.store.sight import in_sight, is_limited, sight, stands_on
from inboxcrm.store.tables import (
    address,
    address_capture,
    lead,
    lead_decision,
    lead_link,
    message_copy,
    organization,
    thread,
)

COUNTED_TO = 1_000
HEARD_FROM = 200
"""The threads of an organization are those of so many of its people, of whom was heard last."""

_END_OF_TIME = 1 << 62


class OrganizationRow(NamedTuple):
    organization_id: int
    domain: str
    name: str


class ValueSum(NamedTuple):
    """Of the first thousand leads of one organization: how many in a stage, and their value in one currency."""

    pipeline: str
    stage: str
    currency: str
    leads: int
    cents: int


class CandidateRow(NamedTuple):
    address_id: int
    shown: str
    name: str
    rule: str
    detail: str


_COLUMNS = (organization.c.id, organization.c.domain, organization.c.name)
_BY_ID = select(*_COLUMNS).where(organization.c.id == bindparam("organization_id"))
_NAMED = (
    select(*_COLUMNS)
    .where(
        or_(organization.c.name == bindparam("name"), organization.c.domain == bindparam("domain"))
    )
    .order_by(organization.c.id)
    .limit(1)
)


def organization_by_id(tx: Tx, organization_id: int) -> OrganizationRow | None:
    row = tx.execute(_BY_ID, {"organization_id": organization_id}).first()
    return OrganizationRow._make(row) if row else None


def organization_named(tx: Tx, name: str, *, domain: str) -> OrganizationRow | None:
    """By its name as written, or by its domain."""
    row = tx.execute(_NAMED, {"name": name, "domain": domain}).first()
    return OrganizationRow._make(row) if row else None


def rename(tx: Tx, organization_id: int, *, was: str, name: str) -> bool:
    """Only if it is still called as its reader saw it."""
    changed = tx.execute(
        update(organization)
        .where(organization.c.id == organization_id, organization.c.name == was)
        .values(name=name)
    )
    return changed.rowcount == 1


def lead_ids_of(tx: Tx, organization_id: int) -> list[int]:
    found = tx.execute(select(lead.c.id).where(lead.c.organization_id == organization_id))
    return list(found.scalars())


@cache
def _sums() -> Select[Any]:
    some = (
        select(lead.c.pipeline, lead.c.stage, lead.c.value_currency, lead.c.value_cents)
        .where(
            lead.c.organization_id == bindparam("organization_id"),
            lead.c.is_withdrawn.is_(False),
            lead.c.merged_into.is_(None),
        )
        .limit(COUNTED_TO + 1)
        .subquery("some")
    )
    return select(
        some.c.pipeline,
        some.c.stage,
        some.c.value_currency,
        func.count(),
        func.coalesce(func.sum(some.c.value_cents), 0),
    ).group_by(some.c.pipeline, some.c.stage, some.c.value_currency)


def sums(tx: Tx, organization_id: int) -> list[ValueSum]:
    rows = tx.execute(_sums(), {"organization_id": organization_id})
    return [ValueSum(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows]


@cache
def _candidates(*, limited: bool) -> Select[Any]:
    """Those in review of whom the viewer reads a mail."""
    met = (
        select(lead_decision.c.message_id)
        .join(message_copy, message_copy.c.message_id == lead_decision.c.message_id)
        .where(
            lead_decision.c.address_id == address.c.id,
            message_copy.c.tombstoned_at.is_(None),
            in_sight(message_copy.c.mailbox_id, limited=limited),
            stands_on(lead_decision.c.message_id, lead_decision.c.address_id, limited=limited),
        )
        .exists()
    )
    return (
        select(
            address.c.id,
            address.c.shown,
            address.c.name,
            address_capture.c.rule,
            address_capture.c.detail,
        )
        .join(address_capture, address_capture.c.address_id == address.c.id)
        .where(
            address.c.org_domain == bindparam("domain"),
            address_capture.c.outcome == "candidate",
            met,
        )
        .order_by(address.c.id)
        .limit(at_most("many"))
    )


def candidates(tx: Tx, viewer: Viewer, domain: str, *, limit: int) -> list[CandidateRow]:
    rows = tx.execute(
        _candidates(limited=is_limited(viewer)), {"domain": domain, "many": limit, **sight(viewer)}
    )
    return [CandidateRow._make(row) for row in rows]


@cache
def _messages(*, limited: bool) -> Select[Any]:
    """The newest linked mail of the newest leads of an organization, as far as the viewer reads it."""
    at: BindParameter[int] = bindparam("at")
    before_id: BindParameter[int] = bindparam("before_id")
    people = (
        select(lead.c.id)
        .where(
            lead.c.organization_id == bindparam("organization_id"),
            lead.c.is_withdrawn.is_(False),
            lead.c.merged_into.is_(None),
        )
        .order_by(moved_at.desc(), lead.c.id.desc())
        .limit(literal(HEARD_FROM))
        .subquery("people")
    )
    conditions = [
        lead_link.c.is_unlinked.is_(False),
        message_copy.c.tombstoned_at.is_(None),
        in_sight(message_copy.c.mailbox_id, limited=limited),
        or_(
            lead_link.c.reason == "person",
            stands_on(lead_link.c.message_id, lead_link.c.address_id, limited=limited),
        ),
        thread.c.last_at <= at,
        or_(thread.c.last_at < at, thread.c.id < before_id),
    ]
    return (
        select(thread.c.id, thread.c.last_at, func.max(lead_link.c.message_id))
        .select_from(people)
        .join(lead_link, lead_link.c.lead_id == people.c.id)
        .join(message_copy, message_copy.c.message_id == lead_link.c.message_id)
        .join(thread, thread.c.id == message_copy.c.thread_id)
        .where(and_(*conditions))
        .group_by(thread.c.id, thread.c.last_at)
        .order_by(thread.c.last_at.desc(), thread.c.id.desc())
        .limit(at_most("many"))
    )


def newest_threads_of(
    tx: Tx, viewer: Viewer, organization_id: int, *, before: tuple[int, int] | None, limit: int
) -> list[tuple[int, int, int]]:
    """(thread, when it last moved, a message of it linked to one of the leads), newest first."""
    at, before_id = before or (_END_OF_TIME, 0)
    rows = tx.execute(
        _messages(limited=is_limited(viewer)),
        {
            "organization_id": organization_id,
            "at": at,
            "before_id": before_id,
            "many": limit,
            **sight(viewer),
        },
    )
    return [(row[0], row[1], row[2]) for row in rows]
