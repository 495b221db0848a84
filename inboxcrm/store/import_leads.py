"""What an import asks about leads and writes of them: a group of rows at a time, never one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from inboxcrm.errors import DatabaseBusyError
from inboxcrm.store.database import Tx
from inboxcrm.store.lead_past import keep_states, stands_from
from inboxcrm.store.lead_scores import note_score_due
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import (
    activity,
    address,
    capture_rule,
    enrollment,
    lead,
    lead_address,
)
from inboxcrm.store.upserts import (
    Rows,
    chunks,
    insert_or_ignore,
    insert_rows,
    next_ids,
    update_rows,
)


class Home(NamedTuple):
    """An address we know; `lead_id` is the standing lead that has it, a merged one's the one it went into."""

    address_id: int
    lead_id: int | None


_HOLDERS = select(lead_address.c.address_id, lead_address.c.lead_id).where(
    within(lead_address.c.address_id, "ids")
)
_HOMES = (
    select(address.c.key, address.c.id, func.coalesce(lead.c.merged_into, lead.c.id))
    .outerjoin(lead_address, lead_address.c.address_id == address.c.id)
    .outerjoin(lead, lead.c.id == lead_address.c.lead_id)
    .where(within(address.c.key, "keys"))
)
_IGNORED = select(capture_rule.c.subject).where(
    capture_rule.c.scope == "address",
    capture_rule.c.outcome == "ignored",
    capture_rule.c.removed_at.is_(None),
    within(capture_rule.c.subject, "keys"),
)
_LEADS = (
    select(*(lead.c["id" if name == "lead_id" else name] for name in LeadRow._fields))
    .where(within(lead.c.id, "ids"))
    .order_by(lead.c.id)
)


def homes_of(tx: Tx, keys: Collection[str]) -> dict[str, Home]:
    found: dict[str, Home] = {}
    for some in chunks(list(keys), AT_ONCE):
        for key, address_id, lead_id in tx.execute(_HOMES, {"keys": some}):
            found[key] = Home(address_id, lead_id)
    return found


def ignored_keys(tx: Tx, keys: Collection[str]) -> set[str]:
    """Those of which a person said that they are no lead."""
    found: set[str] = set()
    for some in chunks(list(keys), AT_ONCE):
        found.update(tx.execute(_IGNORED, {"keys": some}).scalars())
    return found


def leads_to_change(tx: Tx, lead_ids: Collection[int], *, locked: bool) -> dict[int, LeadRow]:
    """`locked`: nobody else changes them until this transaction ends."""
    found: dict[int, LeadRow] = {}
    statement = _LEADS.with_for_update() if locked else _LEADS
    for some in chunks(sorted(lead_ids), AT_ONCE):
        found.update((row[0], LeadRow._make(row)) for row in tx.execute(statement, {"ids": some}))
    return found


def keep_states_of(tx: Tx, lead_ids: Collection[int], *, at: int) -> None:
    """How these leads stand in their pipeline until now."""
    for some in chunks(sorted(lead_ids), AT_ONCE):
        keep_states(tx, within(lead.c.id, "ids"), at=at, ids=some)


def begin_states_of(tx: Tx, lead_ids: Collection[int], *, at: int) -> None:
    """These leads came back: they stand in their pipeline again from now on."""
    back = update(lead).where(within(lead.c.id, "ids")).values(state_since_at=stands_from(at))
    for some in chunks(sorted(lead_ids), AT_ONCE):
        tx.execute(back, {"ids": some})


def write_leads(tx: Tx, rows: Rows) -> None:
    """Each with all the columns that an import sets; read before by `leads_to_change`."""
    update_rows(tx, lead, rows)


def next_lead_ids(tx: Tx, many: int) -> list[int]:
    """As `upserts.next_ids` gives them."""
    return next_ids(tx, lead, many)


def next_activity_ids(tx: Tx, many: int) -> list[int]:
    return next_ids(tx, activity, many)


def insert_leads(tx: Tx, rows: Rows) -> None:
    insert_rows(tx, lead, rows)


def insert_lead_addresses(tx: Tx, rows: Rows) -> None:
    """Raises DatabaseBusyError where another transaction gave one of them to somebody else meanwhile."""
    insert_or_ignore(tx, lead_address, rows)
    if tx.dialect.name == "sqlite":  # one writer: nobody else did
        return
    homes = {row["address_id"]: row["lead_id"] for row in rows}
    for some in chunks(list(homes), AT_ONCE):
        for address_id, lead_id in tx.execute(_HOLDERS, {"ids": some}):
            if homes[address_id] != lead_id:
                raise DatabaseBusyError(
                    "Somebody else made one of these people a lead this very moment.",
                    remedy="Import the table again; what is done already changes nothing.",
                )


def take_addresses(tx: Tx, pairs: Iterable[tuple[int, int]]) -> None:
    """(address, lead): the address belongs to nobody any more, if it is still that lead's."""
    rows = [{"which": address_id, "whose": lead_id} for address_id, lead_id in pairs]
    if rows:
        tx.execute(
            delete(lead_address).where(
                lead_address.c.address_id == bindparam("which"),
                lead_address.c.lead_id == bindparam("whose"),
            ),
            rows,
        )


def addresses_held(tx: Tx, lead_ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    statement = select(lead_address.c.address_id).where(within(lead_address.c.lead_id, "ids"))
    for some in chunks(sorted(lead_ids), AT_ONCE):
        found.update(tx.execute(statement, {"ids": some}).scalars())
    return found


def set_leads_withdrawn(tx: Tx, lead_ids: Collection[int]) -> None:
    update_rows(tx, lead, [{"id": one, "is_withdrawn": True} for one in sorted(lead_ids)])


def insert_activities(tx: Tx, rows: Rows) -> None:
    insert_rows(tx, activity, rows)
    note_score_due(tx, [row["lead_id"] for row in rows])


def mark_activities_undone(tx: Tx, ids: Collection[int], *, at: int) -> None:
    update_rows(tx, activity, [{"id": one, "undone_at": at} for one in sorted(ids)])


# --- who worked on what an import made ------------------------------------------


class Worked(NamedTuple):
    lead_id: int
    version: int
    is_withdrawn: bool
    is_merged: bool
    has_mail_since: bool
    has_deeds: bool
    is_in_cadence: bool


def worked_on(tx: Tx, own_activities: Mapping[int, int], *, since: int) -> dict[int, Worked]:
    """What became of these leads. `own_activities`: lead -> the import's own activity, which is no work on it."""
    deeds = exists().where(
        activity.c.lead_id == lead.c.id,
        activity.c.undone_at.is_(None),
        # What a rule did, and what was taken back, is nobody's work.
        activity.c.kind.not_in(("undo", "assigned")),
        ~within(activity.c.id, "own"),
    )
    enrolled = exists().where(enrollment.c.lead_id == lead.c.id)
    mailed = or_(lead.c.last_in_at > bindparam("since"), lead.c.last_out_at > bindparam("since"))
    found = select(
        lead.c.id,
        lead.c.version,
        lead.c.is_withdrawn,
        lead.c.merged_into.is_not(None),
        func.coalesce(mailed, False),
        deeds,
        enrolled,
    ).where(within(lead.c.id, "ids"))
    rows = tx.execute(
        found,
        {"ids": list(own_activities), "own": list(own_activities.values()), "since": since},
    )
    return {row[0]: Worked(row[0], row[1], *map(bool, row[2:])) for row in rows}
