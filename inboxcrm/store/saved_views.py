"""Views people saved of the pipeline: each belongs to somebody, and has a name that no other of theirs has."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import (
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.tables import account, saved_view


class ViewRow(NamedTuple):
    """`owner` is the name of whose it is."""

    view_id: int
    account_id: int
    owner: str
    name: str
    key: str
    page: str
    pipeline: str
    filter_text: str
    conditions: str
    columns: str
    sort: str
    is_descending: bool
    grouping: str
    days: int
    is_shared: bool
    version: int
    made_at: int
    removed_at: int | None


_ROWS = select(
    saved_view.c.id,
    saved_view.c.account_id,
    account.c.name,
    *(saved_view.c[name] for name in ViewRow._fields[3:]),
).join(account, account.c.id == saved_view.c.account_id)
_STANDING = _ROWS.where(saved_view.c.removed_at.is_(None))
_BY_ID = _ROWS.where(saved_view.c.id == bindparam("view_id"))
_OF_KEY = _ROWS.where(
    saved_view.c.account_id == bindparam("account_id"), saved_view.c.key == bindparam("key")
)
_SEEN = or_(
    saved_view.c.account_id == bindparam("account_id"),
    and_(saved_view.c.is_shared.is_(True), saved_view.c.removed_at.is_(None)),
)
# One's own first, then those of others.
_VISIBLE = (
    _STANDING.where(_SEEN)
    .order_by(
        case((saved_view.c.account_id == bindparam("account_id"), 0), else_=1),
        saved_view.c.key,
        saved_view.c.id,
    )
    .limit(at_most("many"))
)
_NAMED = (
    _STANDING.where(_SEEN, saved_view.c.key == bindparam("key"))
    .order_by(
        case((saved_view.c.account_id == bindparam("account_id"), 0), else_=1), saved_view.c.id
    )
    .limit(at_most(2))
)


def visible_views(tx: Tx, account_id: int, *, limit: int) -> list[ViewRow]:
    """Those of the account by name, then what others share by name."""
    rows = tx.execute(_VISIBLE, {"account_id": account_id, "many": limit})
    return [ViewRow._make(row) for row in rows]


def view_by_id(tx: Tx, view_id: int) -> ViewRow | None:
    """A removed one too."""
    row = tx.execute(_BY_ID, {"view_id": view_id}).first()
    return ViewRow._make(row) if row else None


def view_by_key(tx: Tx, account_id: int, key: str) -> ViewRow | None:
    """Among those of the account, a removed one too."""
    row = tx.execute(_OF_KEY, {"account_id": account_id, "key": key}).first()
    return ViewRow._make(row) if row else None


def views_called(tx: Tx, account_id: int, key: str) -> list[ViewRow]:
    """Up to two of that name that the account may open, its own first."""
    rows = tx.execute(_NAMED, {"account_id": account_id, "key": key})
    return [ViewRow._make(row) for row in rows]


def lock_owner(tx: Tx, account_id: int) -> None:
    """Whoever else names a view of this account waits, so that a name that is free stays so; rows that merely point to
    the account do not. SQLite has one writer.
    """
    own = select(account.c.id).where(account.c.id == account_id)
    tx.execute(own.with_for_update(key_share=True))


def count_views(tx: Tx, account_id: int) -> int:
    found = select(func.count()).where(
        saved_view.c.account_id == account_id, saved_view.c.removed_at.is_(None)
    )
    return int(tx.execute(found).scalar_one())


def insert_view(tx: Tx, values: dict[str, Any]) -> int:
    made = tx.execute(insert(saved_view), values)
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def change_view(tx: Tx, view_id: int, *, version: int, values: dict[str, Any]) -> bool:
    """False where it is not that version any more, or removed."""
    done = tx.execute(
        update(saved_view)
        .where(
            saved_view.c.id == view_id,
            saved_view.c.version == version,
            saved_view.c.removed_at.is_(None),
        )
        .values(version=saved_view.c.version + 1, **values)
    )
    return done.rowcount == 1


def set_view_removed(tx: Tx, view_id: int, *, at: int | None) -> None:
    tx.execute(update(saved_view).where(saved_view.c.id == view_id).values(removed_at=at))


NAMELESS = " "
"""What the key of a removed view begins with whose name another one took; no name folds to such a key."""


def release_name(tx: Tx, account_id: int, key: str) -> None:
    """A removed one of that name loses it for good. Its row stays: a number that is free again would lead an old
    address to another view.
    """
    tx.execute(
        update(saved_view)
        .where(
            saved_view.c.account_id == account_id,
            saved_view.c.key == key,
            saved_view.c.removed_at.is_not(None),
        )
        .values(key=literal(NAMELESS) + cast(saved_view.c.id, Text))
    )
