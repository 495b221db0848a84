"""Numbers of rows into the keys exports call them by, and back.

A thing that has a name everywhere goes by it. A row that an export of another database brought keeps the key it had
there (export_key); any other is called by its own number, sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import account, export_key
from inboxcrm.store.upserts import chunks, insert_or_ignore
from inboxcrm.store.whole_export import LOCAL_ACCOUNT, SOURCES

_HOUSE = "house"
_NATURAL = {
    "organizations": "domain",
    "tags": "key",
    "addresses": "key",
    "segments": "key",
    "templates": "key",
    "snippets": "key",
}


def is_opaque(name: str) -> bool:
    """Whether rows of this table of the export are called by sealed numbers."""
    return name not in _NATURAL and "id" in SOURCES[name].table.c


def keys_of(tx: Tx, ids: OpaqueIds, name: str, row_ids: Collection[int]) -> dict[int, str]:
    """Of the rows that stand; what is gone has no key."""
    found: dict[int, str] = {}
    for some in chunks(sorted(row_ids), AT_ONCE):
        found |= _keys_of(tx, ids, name, some)
    return found


def ids_of(tx: Tx, ids: OpaqueIds, name: str, keys: Iterable[str]) -> dict[str, int]:
    """The rows that stand here, by key."""
    found: dict[str, int] = {}
    for some in chunks(sorted(set(keys)), AT_ONCE):
        found |= _ids_of(tx, ids, name, some)
    return found


def joined_keys(tx: Tx, name: str, keys: Iterable[str]) -> set[str]:
    """Those that call a row which was here before, and which an import took for the same."""
    asked = select(export_key.c.key).where(
        export_key.c.kind == _kind(name),
        export_key.c.made_row.is_(False),
        within(export_key.c.key, "keys"),
    )
    return set(tx.execute(asked, {"keys": list(keys)}).scalars())


def remember_keys(tx: Tx, name: str, keys: dict[str, int], *, made_rows: bool) -> None:
    """That these rows are what an export calls so. What is remembered already stays."""
    rows = [
        {"kind": _kind(name), "key": key, "row_id": row_id, "made_row": made_rows}
        for key, row_id in keys.items()
    ]
    insert_or_ignore(tx, export_key, rows)


def _kind(name: str) -> str:
    return SOURCES[name].table.name


def _keys_of(tx: Tx, ids: OpaqueIds, name: str, some: Collection[int]) -> dict[int, str]:
    table = SOURCES[name].table
    if name in _NATURAL:
        asked = select(table.c.id, table.c[_NATURAL[name]]).where(within(table.c.id, "ids"))
        return {row[0]: row[1] for row in tx.execute(asked, {"ids": some})}
    found = {one: ids.seal(_kind(name), one) for one in _by(tx, table.c.id, table.c.id, some)}
    asked = select(export_key.c.row_id, export_key.c.key).where(
        export_key.c.kind == _kind(name),
        export_key.c.made_row.is_(True),
        within(export_key.c.row_id, "ids"),
    )
    kept = {row[0]: row[1] for row in tx.execute(asked, {"ids": some})}
    found |= {one: key for one, key in kept.items() if one in found}
    if name == "accounts":
        asked = select(account.c.id, account.c.address).where(within(account.c.id, "ids"))
        for account_id, address in tx.execute(asked, {"ids": some}):
            if address or account_id == LOCAL_ACCOUNT:
                found[account_id] = address or _HOUSE
    return found


def _ids_of(tx: Tx, ids: OpaqueIds, name: str, some: Collection[str]) -> dict[str, int]:
    table = SOURCES[name].table
    if name in _NATURAL:
        return _by(tx, table.c[_NATURAL[name]], table.c.id, some)
    found: dict[str, int] = {}
    sealed = {key: number for key in some if (number := ids.open(_kind(name), key)) is not None}
    there = _by(tx, table.c.id, table.c.id, sealed.values())
    # A row that came by an import is called as it was there, never by its own number.
    brought = select(export_key.c.row_id).where(
        export_key.c.kind == _kind(name),
        export_key.c.made_row.is_(True),
        within(export_key.c.row_id, "ids"),
    )
    others = set(tx.execute(brought, {"ids": list(there)}).scalars())
    found |= {key: number for key, number in sealed.items() if number in there.keys() - others}
    asked = select(export_key.c.key, export_key.c.row_id).where(
        export_key.c.kind == _kind(name), within(export_key.c.key, "keys")
    )
    kept = {row[0]: row[1] for row in tx.execute(asked, {"keys": some})}
    there = _by(tx, table.c.id, table.c.id, kept.values())
    found |= {key: number for key, number in kept.items() if number in there}
    if name == "accounts":
        found |= _by(tx, account.c.address, account.c.id, [one for one in some if one])
        if _HOUSE in some:
            found[_HOUSE] = LOCAL_ACCOUNT
    return found


def _by(
    tx: Tx, column: ColumnElement[Any], row_id: ColumnElement[int], values: Collection[Any]
) -> dict[Any, int]:
    if not values:
        return {}
    asked = select(column, row_id).where(within(column, "values"))
    return {row[0]: row[1] for row in tx.execute(asked, {"values": list(values)})}
