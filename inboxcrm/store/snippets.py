"""Snippets and their versions. A version is never changed; a snippet is its newest one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from inboxcrm.store.database import Tx
from inboxcrm.store.lists import within
from inboxcrm.store.named_texts import next_number, remember_name
from inboxcrm.store.tables import snippet, snippet_version


class SnippetRow(NamedTuple):
    """The newest version of a snippet, or an older one."""

    snippet_id: int
    key: str
    name: str
    number: int
    text: str
    html: str
    account_id: int | None
    made_at: int


_VERSIONS = select(
    snippet.c.id,
    snippet.c.key,
    snippet.c.name,
    *(snippet_version.c[name] for name in ("number", "text", "html", "account_id", "made_at")),
).join(snippet, snippet.c.id == snippet_version.c.snippet_id)
_newest = (
    select(func.max(snippet_version.c.number))
    .where(snippet_version.c.snippet_id == snippet.c.id)
    .correlate(snippet)
    .scalar_subquery()
)
_STANDING = _VERSIONS.where(snippet.c.removed_at.is_(None), snippet_version.c.number == _newest)
_ALL = _STANDING.order_by(snippet.c.key)
_BY_KEYS = _STANDING.where(within(snippet.c.key, "keys"))
_OF_ONE = _VERSIONS.where(
    snippet.c.id == bindparam("snippet_id"), snippet.c.removed_at.is_(None)
).order_by(snippet_version.c.number.desc())


def all_snippets(tx: Tx) -> list[SnippetRow]:
    """Newest versions, by name."""
    return [SnippetRow._make(row) for row in tx.execute(_ALL)]


def snippets_by_key(tx: Tx, keys: Collection[str]) -> dict[str, SnippetRow]:
    """Newest versions of those that stand."""
    rows = tx.execute(_BY_KEYS, {"keys": list(keys)})
    return {row[1]: SnippetRow._make(row) for row in rows}


def versions_of(tx: Tx, snippet_id: int) -> list[SnippetRow]:
    """The newest first; none of one that was removed."""
    return [SnippetRow._make(row) for row in tx.execute(_OF_ONE, {"snippet_id": snippet_id})]


def remember_snippet(tx: Tx, name: str, key: str, *, account_id: int, at: int) -> int:
    """As `named_texts.remember_name`."""
    return remember_name(tx, snippet, name, key, account_id=account_id, at=at)


def add_version(tx: Tx, snippet_id: int, values: dict[str, Any]) -> None:
    """The next number of that snippet; `remember_snippet` has it locked."""
    number = next_number(tx, snippet_version, snippet_version.c.snippet_id, snippet_id)
    tx.execute(insert(snippet_version).values(snippet_id=snippet_id, number=number, **values))


def remove_snippet(tx: Tx, key: str, *, at: int) -> bool:
    """Out of every list; versions of templates keep what they were saved with."""
    done = tx.execute(
        update(snippet)
        .where(snippet.c.key == key, snippet.c.removed_at.is_(None))
        .values(removed_at=at)
    )
    return done.rowcount == 1
