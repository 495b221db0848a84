"""Tags: one row a word, however it was written first; a lead holds any number of them."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most
from inboxcrm.store.tables import lead_tag, tag
from inboxcrm.store.upserts import insert_or_ignore


class TagRow(NamedTuple):
    tag_id: int
    name: str
    key: str


_COLUMNS = (tag.c.id, tag.c.name, tag.c.key)
_OF_LEAD = (
    select(*_COLUMNS)
    .join(lead_tag, lead_tag.c.tag_id == tag.c.id)
    .where(lead_tag.c.lead_id == bindparam("lead_id"))
    .order_by(tag.c.key)
)
_BY_KEY = select(*_COLUMNS).where(tag.c.key == bindparam("key"))
_KNOWN = select(*_COLUMNS).order_by(tag.c.key).limit(at_most("many"))


def tag_key(name: str) -> str:
    """Two names with the same key are the same tag."""
    return folded_name(name)


def tags_of(tx: Tx, lead_id: int) -> list[TagRow]:
    return [TagRow._make(row) for row in tx.execute(_OF_LEAD, {"lead_id": lead_id})]


def known_tags(tx: Tx, *, limit: int) -> list[TagRow]:
    """The first ones by name, to suggest."""
    return [TagRow._make(row) for row in tx.execute(_KNOWN, {"many": limit})]


def tag_by_key(tx: Tx, key: str) -> TagRow | None:
    row = tx.execute(_BY_KEY, {"key": key}).first()
    return TagRow._make(row) if row else None


def remember_tag(tx: Tx, name: str) -> TagRow:
    """The tag of that name, made where missing."""
    insert_or_ignore(tx, tag, [{"name": name, "key": tag_key(name)}])
    found = tag_by_key(tx, tag_key(name))
    assert found is not None
    return found


def set_tag(tx: Tx, lead_id: int, tag_id: int, *, on: bool) -> None:
    """Twice the same is once."""
    if on:
        insert_or_ignore(tx, lead_tag, [{"lead_id": lead_id, "tag_id": tag_id}])
    else:
        tx.execute(
            delete(lead_tag).where(lead_tag.c.lead_id == lead_id, lead_tag.c.tag_id == tag_id)
        )
