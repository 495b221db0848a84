"""Organizations and tags that an import names: found, made and put on, a group of rows at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import bindparam, delete, select

from inboxcrm.store.database import Tx
from inboxcrm.store.lead_scores import note_score_due
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import (
    lead_tag,
    organization,
    tag,
)
from inboxcrm.store.upserts import (
    chunks,
    insert_or_ignore,
    update_rows,
)

_TAGS = select(lead_tag.c.lead_id, lead_tag.c.tag_id).where(within(lead_tag.c.lead_id, "ids"))
_NAMED = (
    select(organization.c.name, organization.c.id)
    .where(within(organization.c.name, "names"))
    .order_by(organization.c.id.desc())
)
_DOMAINS = select(organization.c.domain, organization.c.id).where(
    within(organization.c.domain, "domains")
)


def organizations_named(tx: Tx, names: Collection[str]) -> dict[str, int]:
    """Of two of one name the older one."""
    if not names:
        return {}
    return {row[0]: row[1] for row in tx.execute(_NAMED, {"names": list(names)})}


def organizations_at(tx: Tx, domains: Collection[str]) -> dict[str, int]:
    if not domains:
        return {}
    return {row[0]: row[1] for row in tx.execute(_DOMAINS, {"domains": list(domains)})}


def organization_names(tx: Tx, ids: Collection[int]) -> dict[int | None, str]:
    if not ids:
        return {}
    found = select(organization.c.id, organization.c.name).where(within(organization.c.id, "ids"))
    return {row[0]: row[1] for row in tx.execute(found, {"ids": list(ids)})}


def name_organizations(tx: Tx, names: Mapping[int, str]) -> None:
    update_rows(tx, organization, [{"id": one, "name": name} for one, name in names.items()])


def tags_held(tx: Tx, lead_ids: Collection[int]) -> set[tuple[int, int]]:
    """(lead, tag)."""
    found: set[tuple[int, int]] = set()
    for some in chunks(sorted(lead_ids), AT_ONCE):
        found.update((row[0], row[1]) for row in tx.execute(_TAGS, {"ids": some}))
    return found


def remember_tags(tx: Tx, names: Mapping[str, str]) -> dict[str, int]:
    """Folded name -> name as written; returns folded name -> id, made where missing."""
    if not names:
        return {}
    insert_or_ignore(tx, tag, [{"name": name, "key": key} for key, name in names.items()])
    found = select(tag.c.key, tag.c.id).where(within(tag.c.key, "keys"))
    return {row[0]: row[1] for row in tx.execute(found, {"keys": list(names)})}


def put_tags(tx: Tx, pairs: Sequence[tuple[int, int]]) -> None:
    insert_or_ignore(tx, lead_tag, [{"lead_id": one, "tag_id": which} for one, which in pairs])
    note_score_due(tx, [one for one, _ in pairs])


def take_tags(tx: Tx, pairs: Sequence[tuple[int, int]]) -> None:
    rows = [{"whose": one, "which": which} for one, which in pairs]
    if rows:
        tx.execute(
            delete(lead_tag).where(
                lead_tag.c.lead_id == bindparam("whose"), lead_tag.c.tag_id == bindparam("which")
            ),
            rows,
        )


def is_tag_used(tx: Tx, key: str) -> bool:
    found = select(lead_tag.c.lead_id).join(tag, tag.c.id == lead_tag.c.tag_id)
    return tx.execute(found.where(tag.c.key == key).limit(1)).first() is not None
