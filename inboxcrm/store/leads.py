"""Reads and writes of lead rows and their addresses. What the mail says of a lead is written by
sync, not here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, or_, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import (
    account,
    address,
    lead,
    lead_address,
    organization,
    task,
)
from inboxcrm.store.upserts import insert_or_ignore

_MOST_MERGES = 8
_END_OF_TIME = 1 << 62


class LeadRow(NamedTuple):
    """The fields people edit, and what says whether the lead still stands."""

    lead_id: int
    name: str
    organization_id: int | None
    pipeline: str
    stage: str
    stage_since_at: int
    owner_id: int | None
    source: str
    phone: str
    value_cents: int | None
    value_currency: str
    custom: str
    merged_into: int | None
    version: int
    made_by: str
    is_touched: bool
    is_withdrawn: bool
    created_at: int


_COLUMNS = (
    lead.c.id,
    lead.c.name,
    lead.c.organization_id,
    lead.c.pipeline,
    lead.c.stage,
    lead.c.stage_since_at,
    lead.c.owner_id,
    lead.c.source,
    lead.c.phone,
    lead.c.value_cents,
    lead.c.value_currency,
    lead.c.custom,
    lead.c.merged_into,
    lead.c.version,
    lead.c.made_by,
    lead.c.is_touched,
    lead.c.is_withdrawn,
    lead.c.created_at,
)
_BY_ID = select(*_COLUMNS).where(lead.c.id == bindparam("lead_id"))


def lead_by_id(tx: Tx, lead_id: int) -> LeadRow | None:
    """The row as it stands, withdrawn or not; a merged lead answers with the one it went into."""
    for _ in range(_MOST_MERGES):
        row = tx.execute(_BY_ID, {"lead_id": lead_id}).first()
        if row is None:
            return None
        found = LeadRow._make(row)
        if found.merged_into is None:
            return found
        lead_id = found.merged_into
    return None


def insert_lead(tx: Tx, values: Mapping[str, Any]) -> int:
    made = tx.execute(insert(lead), dict(values))
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def change_lead(tx: Tx, lead_id: int, *, version: int, values: Mapping[str, Any]) -> bool:
    """An edit by a person: only on the version they saw. It marks the lead touched and raises the
    version.
    """
    changed = tx.execute(
        update(lead)
        .where(lead.c.id == lead_id, lead.c.version == version)
        .values(version=lead.c.version + 1, is_touched=True, **values)
    )
    return changed.rowcount == 1


def bring_back(tx: Tx, lead_id: int, values: Mapping[str, Any]) -> None:
    """A withdrawn lead stands again, as a person's: its past stays, its version rises."""
    tx.execute(
        update(lead)
        .where(lead.c.id == lead_id)
        .values(version=lead.c.version + 1, is_touched=True, is_withdrawn=False, **values)
    )


def set_withdrawn(tx: Tx, lead_id: int, *, is_withdrawn: bool) -> None:
    tx.execute(update(lead).where(lead.c.id == lead_id).values(is_withdrawn=is_withdrawn))


# --- addresses ---------------------------------------------------------------


class LeadAddressRow(NamedTuple):
    address_id: int
    key: str
    shown: str
    name: str
    lead_id: int
    is_withdrawn: bool
    added_by: str


_ADDRESSES = (
    select(
        address.c.id,
        address.c.key,
        address.c.shown,
        address.c.name,
        lead.c.id,
        lead.c.is_withdrawn,
        lead_address.c.added_by,
    )
    .join(lead_address, lead_address.c.address_id == address.c.id)
    .join(lead, lead.c.id == lead_address.c.lead_id)
    .order_by(address.c.id)
)
_OF_LEAD = _ADDRESSES.where(lead_address.c.lead_id == bindparam("lead_id"))
_BY_KEYS = _ADDRESSES.where(within(address.c.key, "keys"))


def addresses_of(tx: Tx, lead_id: int) -> list[LeadAddressRow]:
    return [LeadAddressRow._make(row) for row in tx.execute(_OF_LEAD, {"lead_id": lead_id})]


def leads_by_address(tx: Tx, keys: Collection[str]) -> dict[str, LeadAddressRow]:
    """Match key -> who has that address, withdrawn leads included."""
    rows = tx.execute(_BY_KEYS, {"keys": list(keys)})
    return {row[1]: LeadAddressRow._make(row) for row in rows}


def give_address(tx: Tx, lead_id: int, address_id: int, *, added_by: str) -> bool:
    """False when the address belongs to another lead already."""
    row = {"address_id": address_id, "lead_id": lead_id, "added_by": added_by}
    insert_or_ignore(tx, lead_address, [row])
    holder = tx.execute(
        select(lead_address.c.lead_id).where(lead_address.c.address_id == address_id)
    ).scalar_one()
    return bool(holder == lead_id)


def move_address(tx: Tx, address_id: int, lead_id: int, *, added_by: str) -> None:
    tx.execute(
        update(lead_address)
        .where(lead_address.c.address_id == address_id)
        .values(lead_id=lead_id, added_by=added_by)
    )


# --- lists -------------------------------------------------------------------


class LeadLine(NamedTuple):
    lead_id: int
    name: str
    version: int
    pipeline: str
    stage: str
    stage_since_at: int
    organization: str | None
    owner_id: int | None
    owner: str | None
    value_cents: int | None
    value_currency: str
    last_in_at: int | None
    last_out_at: int | None
    owes: str
    owes_since_at: int | None
    created_at: int
    address: str | None
    next_due_on: str | None
    sort_at: int


_first_address = (
    select(address.c.shown)
    .join(lead_address, lead_address.c.address_id == address.c.id)
    .where(lead_address.c.lead_id == lead.c.id)
    .order_by(address.c.id)
    .limit(1)
    .scalar_subquery()
)
_next_due_on = (
    select(func.min(task.c.due_on))
    .where(task.c.lead_id == lead.c.id, task.c.done_at.is_(None), task.c.removed_at.is_(None))
    .scalar_subquery()
)
_moved_at = func.coalesce(lead.c.last_in_at, lead.c.last_out_at, lead.c.created_at)
_LINES = (
    select(
        lead.c.id,
        lead.c.name,
        lead.c.version,
        lead.c.pipeline,
        lead.c.stage,
        lead.c.stage_since_at,
        organization.c.name,
        lead.c.owner_id,
        account.c.name,
        lead.c.value_cents,
        lead.c.value_currency,
        lead.c.last_in_at,
        lead.c.last_out_at,
        lead.c.owes,
        lead.c.owes_since_at,
        lead.c.created_at,
        _first_address,
        _next_due_on,
        _moved_at,
    )
    .outerjoin(organization, organization.c.id == lead.c.organization_id)
    .outerjoin(account, account.c.id == lead.c.owner_id)
    .where(lead.c.merged_into.is_(None), lead.c.is_withdrawn.is_(False))
)


def newest_leads(
    tx: Tx,
    *,
    before: tuple[int, int] | None,
    limit: int,
    stages: Collection[tuple[str, str]] = (),
    owes: str = "",
) -> list[LeadLine]:
    """Leads by their newest sign of life, newest first; optionally of some stages, or who waits
    for whom.
    """
    at, before_id = before or (_END_OF_TIME, 0)
    lines = _LINES.where(_moved_at <= at, or_(_moved_at < at, lead.c.id < before_id))
    if stages:
        lines = lines.where(
            or_(*((lead.c.pipeline == one) & (lead.c.stage == other) for one, other in stages))
        )
    if owes:
        lines = lines.where(lead.c.owes == owes)
    rows = tx.execute(lines.order_by(_moved_at.desc(), lead.c.id.desc()).limit(limit))
    return [LeadLine._make(row) for row in rows]


def leads_by_id(tx: Tx, lead_ids: Collection[int]) -> dict[int, LeadLine]:
    rows = tx.execute(_LINES.where(lead.c.id.in_(list(lead_ids))))
    return {row[0]: LeadLine._make(row) for row in rows}


def count_by_stage(tx: Tx) -> list[tuple[str, str, int]]:
    """(pipeline, stage, leads): what settings must not take away, and what a list shows at its
    head.
    """
    rows = tx.execute(
        select(lead.c.pipeline, lead.c.stage, func.count())
        .where(lead.c.merged_into.is_(None), lead.c.is_withdrawn.is_(False))
        .group_by(lead.c.pipeline, lead.c.stage)
    )
    return [(row[0], row[1], row[2]) for row in rows]
