"""What the installation keeps about itself: a few texts by key, made once and seldom changed."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from inboxcrm.store.database import Database, Tx
from inboxcrm.store.tables import setting

_OPAQUE_KEY = "opaque_key"


def get_setting(tx: Tx, key: str) -> str | None:
    found: str | None = tx.scalar(select(setting.c.value).where(setting.c.key == key))
    return found


def set_setting(tx: Tx, key: str, value: str) -> None:
    insert = _insert(tx).values(key=key, value=value)
    tx.execute(
        insert.on_conflict_do_update(index_elements=["key"], set_={"value": insert.excluded.value})
    )


def opaque_key(database: Database) -> bytes:
    """The secret that makes ids opaque (access/opaque.py)."""
    return stored_secret(database, _OPAQUE_KEY)


def stored_secret(database: Database, key: str) -> bytes:
    """32 random bytes. Made once; two processes that start together get the same."""
    with database.read() as tx:
        found = get_setting(tx, key)
    if found is None:
        with database.write() as tx:
            tx.execute(
                _insert(tx).values(key=key, value=secrets.token_hex(32)).on_conflict_do_nothing()
            )
            found = get_setting(tx, key)
    assert found is not None
    return bytes.fromhex(found)


def _insert(tx: Tx) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(setting) if tx.dialect.name == "sqlite" else postgresql.insert(setting)
