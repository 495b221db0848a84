"""Reads and writes of lead rows and their addresses. What the mail says of a lead is written by
sync, not here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lead_past import KEPT, keep_state, stands_from
from inboxcrm.store.lists import within
from inboxcrm.store.tables import address, lead, lead_address
from inboxcrm.store.upserts import insert_or_ignore

_MOST_MERGES = 8


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
    snoozed_until_at: int | None
    pinned_message_id: int | None
    close_on: str | None
    stage_reason: str


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
    lead.c.snoozed_until_at,
    lead.c.pinned_message_id,
    lead.c.close_on,
    lead.c.stage_reason,
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
    made = tx.execute(insert(lead), {"moved_at": values["created_at"], **values})
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def change_lead(tx: Tx, lead_id: int, *, version: int, values: Mapping[str, Any], at: int) -> bool:
    """An edit by a person at `at` (ms): only on the version they saw. It marks the lead touched and raises the
    version; how it stood in its pipeline until then is kept.
    """
    if not values.keys().isdisjoint(KEPT):
        keep_state(tx, lead_id, at=at)
    changed = tx.execute(
        update(lead)
        .where(lead.c.id == lead_id, lead.c.version == version)
        .values(version=lead.c.version + 1, is_touched=True, **values)
    )
    return changed.rowcount == 1


def bring_back(tx: Tx, lead_id: int, values: Mapping[str, Any]) -> None:
    """A withdrawn lead stands again, as a person's, in a stage it comes into now: its past stays, its version rises."""
    tx.execute(
        update(lead)
        .where(lead.c.id == lead_id)
        .values(
            version=lead.c.version + 1,
            is_touched=True,
            is_withdrawn=False,
            state_since_at=stands_from(values["stage_since_at"]),
            **values,
        )
    )


def set_snoozed(tx: Tx, lead_id: int, *, until: int | None) -> None:
    """Out of sight until then; the version stays, nobody edits this field beside others."""
    tx.execute(update(lead).where(lead.c.id == lead_id).values(snoozed_until_at=until))


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


def count_by_stage(tx: Tx) -> list[tuple[str, str, int]]:
    """(pipeline, stage, leads): what settings must not take away."""
    rows = tx.execute(
        select(lead.c.pipeline, lead.c.stage, func.count())
        .where(lead.c.merged_into.is_(None), lead.c.is_withdrawn.is_(False))
        .group_by(lead.c.pipeline, lead.c.stage)
    )
    return [(row[0], row[1], row[2]) for row in rows]
