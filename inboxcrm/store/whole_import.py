"""Rows of a whole export become rows here. What follows from them (search, capture) is written by who calls this."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from inboxcrm.mail.addresses import domain_of, name_key, org_domain, plain_key
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.tables import address, capture_rule, lead, lead_address
from inboxcrm.store.upserts import insert_rows, next_ids, update_rows
from inboxcrm.store.whole_export import SOURCES, column_of


class HeldAddress(NamedTuple):
    """`lead_id` None: nobody's."""

    address_id: int
    lead_id: int | None


_HELD = (
    select(address.c.key, address.c.id, lead_address.c.lead_id)
    .outerjoin(lead_address, lead_address.c.address_id == address.c.id)
    .where(within(address.c.key, "keys"))
)
_SPOKEN_ABOUT = select(capture_rule.c.scope, capture_rule.c.subject).where(
    within(capture_rule.c.subject, "subjects"), capture_rule.c.removed_at.is_(None)
)
_STANDING = select(lead.c.id).where(
    within(lead.c.id, "ids"), lead.c.is_withdrawn.is_(False), lead.c.merged_into.is_(None)
)


def new_ids(tx: Tx, name: str, many: int) -> list[int]:
    """Rising numbers for rows of a table of the export that are about to be made."""
    return next_ids(tx, SOURCES[name].table, many)


def insert_exported(tx: Tx, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """`rows` hold fields, with numbers for what they point to, and their own id where the table has one."""
    table = SOURCES[name].table
    insert_rows(
        tx,
        table,
        [
            {
                column: value
                for field, value in row.items()
                if (column := column_of(name, field)) in table.c
            }
            for row in rows
        ],
    )


def held_addresses(tx: Tx, keys: Collection[str]) -> dict[str, HeldAddress]:
    return {row[0]: HeldAddress(row[1], row[2]) for row in tx.execute(_HELD, {"keys": list(keys)})}


def insert_addresses(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """New addresses, by their fields and their id."""
    insert_rows(
        tx,
        address,
        [
            {
                **{name: row[name] for name in ("id", "key", "shown", "name", "name_is_own", "name_at")},
                "domain": domain_of(row["key"]),
                "org_domain": org_domain(domain_of(row["key"])),
                "plain_key": plain_key(row["key"]),
                "name_key": name_key(row["name"]),
            }
            for row in rows
        ],
    )  # fmt: skip


def give_addresses(tx: Tx, rows: Sequence[tuple[int, int, str]]) -> None:
    """(address, lead, added_by), none of which anybody has."""
    named = [{"address_id": which, "lead_id": whose, "added_by": by} for which, whose, by in rows]
    insert_rows(tx, lead_address, named)


def join_leads(tx: Tx, into: Mapping[int, int]) -> None:
    """Lead -> the one it went into."""
    rows = [{"id": one, "merged_into": other} for one, other in into.items()]
    update_rows(tx, lead, rows)


def newest_address(tx: Tx) -> int:
    """The number of the address that was met last; 0 where nobody ever was."""
    return tx.scalar(select(func.max(address.c.id))) or 0


def standing_verdicts(tx: Tx, subjects: Collection[str]) -> set[tuple[str, str]]:
    """(scope, subject) of those among them that somebody here has spoken about."""
    found = tx.execute(_SPOKEN_ABOUT, {"subjects": list(subjects)})
    return {(row[0], row[1]) for row in found}


def standing_of(tx: Tx, lead_ids: Collection[int]) -> set[int]:
    """Those that are neither removed nor merged."""
    return set(tx.execute(_STANDING, {"ids": list(lead_ids)}).scalars())
