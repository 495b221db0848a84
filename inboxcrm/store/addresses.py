"""Addresses and organizations, looked up and made in batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from inboxcrm.mail.addresses import domain_of, name_key, org_domain, plain_key
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import AT_ONCE, within
from inboxcrm.store.tables import address, organization
from inboxcrm.store.upserts import chunks, insert_or_ignore


class NameSeen(NamedTuple):
    """An address as a message shows it. The name its owner used last wins, then the one others used last."""

    shown: str
    name: str = ""
    is_own: bool = False
    at: int = 0


class StoredAddress(NamedTuple):
    id: int
    key: str
    shown: str
    name: str
    name_key: str
    name_is_own: bool
    name_at: int
    plain_key: str
    org_domain: str


_COLUMNS = tuple(
    address.c[name]
    for name in (
        "id", "key", "shown", "name", "name_key", "name_is_own", "name_at", "plain_key", "org_domain",
    )
)  # fmt: skip
_BY_KEY = select(*_COLUMNS).where(within(address.c.key, "keys"))
_BY_ID = select(*_COLUMNS).where(within(address.c.id, "ids"))
_RENAME = (
    update(address)
    .where(address.c.id == bindparam("address_id"))
    .values(
        {name: bindparam(f"new_{name}") for name in ("name", "name_key", "name_is_own", "name_at")}
    )
)


def addresses_by_key(tx: Tx, keys: Iterable[str]) -> dict[str, StoredAddress]:
    found: dict[str, StoredAddress] = {}
    for some in chunks(list(dict.fromkeys(keys)), AT_ONCE):
        found.update(
            (row[1], StoredAddress._make(row)) for row in tx.execute(_BY_KEY, {"keys": some}).all()
        )
    return found


def addresses_by_id(tx: Tx, ids: Iterable[int]) -> dict[int, StoredAddress]:
    found: dict[int, StoredAddress] = {}
    for some in chunks(list(dict.fromkeys(ids)), AT_ONCE):
        found.update(
            (row[0], StoredAddress._make(row)) for row in tx.execute(_BY_ID, {"ids": some}).all()
        )
    return found


def remember_addresses(
    tx: Tx, seen: Mapping[str, NameSeen]
) -> tuple[dict[str, StoredAddress], dict[str, tuple[str, str]]]:
    """Makes what is missing and betters names.

    Returns all by match key (as they were before this call's renames), and for those whose name is another now the
    folded names (before, after).
    """
    known = addresses_by_key(tx, seen)
    missing = [key for key in seen if key not in known]
    if missing:
        insert_or_ignore(tx, address, [_new_row(key, seen[key]) for key in missing])
        known.update(addresses_by_key(tx, missing))
    renamed: dict[str, tuple[str, str]] = {}
    changes = []
    for key, name in seen.items():
        stored = known[key]
        if _rank(name.name, name.is_own, name.at) <= _rank(
            stored.name, stored.name_is_own, stored.name_at
        ):
            continue
        folded = name_key(name.name)
        if name.name != stored.name:
            renamed[key] = (stored.name_key, folded)
        changes.append(
            {
                "address_id": stored.id,
                "new_name": name.name,
                "new_name_key": folded,
                "new_name_is_own": name.is_own,
                "new_name_at": name.at,
            }
        )
    if changes:
        tx.execute(_RENAME, changes)
    return known, renamed


_ORGANIZATIONS = select(organization.c.domain, organization.c.id).where(
    within(organization.c.domain, "domains")
)


def better_name(one: NameSeen, other: NameSeen) -> NameSeen:
    """Of two sightings of one address the one whose name counts; alike in every order."""
    ranks = [_rank(seen.name, seen.is_own, seen.at) for seen in (one, other)]
    return one if ranks[0] >= ranks[1] else other


def remember_organizations(tx: Tx, domains: Iterable[str]) -> dict[str, int]:
    """Ids of the organizations of these registrable domains, made where missing; named after the domain."""
    wanted = [domain for domain in dict.fromkeys(domains) if domain]
    if not wanted:
        return {}
    insert_or_ignore(
        tx, organization, [{"domain": domain, "name": _name_from(domain)} for domain in wanted]
    )
    return {row[0]: row[1] for row in tx.execute(_ORGANIZATIONS, {"domains": wanted})}


def _rank(name: str, is_own: bool, at: int) -> tuple[bool, bool, int, str]:  # noqa: FBT001
    return (bool(name), is_own, at, name)


def _new_row(key: str, seen: NameSeen) -> dict[str, object]:
    domain = domain_of(key)
    return {
        "key": key,
        "shown": seen.shown,
        "name": seen.name,
        "name_is_own": seen.is_own,
        "name_at": seen.at,
        "domain": domain,
        "org_domain": org_domain(domain),
        "plain_key": plain_key(key),
        "name_key": name_key(seen.name),
    }


def _name_from(domain: str) -> str:
    """Reads "kitaura-logistics.example" as "Kitaura Logistics" until somebody says better."""
    return (
        " ".join(word.capitalize() for word in domain.split(".", maxsplit=1)[0].split("-") if word)
        or domain
    )
