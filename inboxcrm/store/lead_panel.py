"""What the sidebar reads: a small fixed number of prepared statements, whatever the size of the
database.

    place_of        the thread lying open, and which leads its mail is linked to      1
    people_...      the outside people there, their leads, and how capture sees them  1
    matches         for somebody unknown: leads of the same organization or name      1

Mail lines come with the thread through which this viewer reads them, or null: then the line stays
locked.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, literal, select, union_all
from sqlalchemy.sql.selectable import CompoundSelect

from inboxcrm.access.viewer import Viewer
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import EMPTY, within
from inboxcrm.store.sight import in_sight, is_limited, sight, stands_on
from inboxcrm.store.tables import (
    address,
    address_capture,
    lead,
    lead_address,
    lead_decision,
    lead_link,
    mailbox,
    message_copy,
    thread,
)

_MOST_PEOPLE = 25


class LinkedLead(NamedTuple):
    lead_id: int
    linked_at: int
    by_person: bool


class Place(NamedTuple):
    thread_id: int
    linked: tuple[LinkedLead, ...]


class Person(NamedTuple):
    """Somebody on the open mail. `lead_id` and what follows are None for those who are no lead."""

    address_id: int
    key: str
    shown: str
    name: str
    org_domain: str
    name_key: str
    lead_id: int | None
    lead_name: str | None
    pipeline: str | None
    stage: str | None
    outcome: str | None
    rule: str | None
    detail: str | None


class MatchRow(NamedTuple):
    lead_id: int
    name: str
    address: str
    why: str


# --- where we are ------------------------------------------------------------


@cache
def _place(*, by: str, limited: bool, named: bool) -> Select[Any]:
    """`by`: thread_id, message_id, thread_ref or message_ref; `named`: the mailbox is told by its
    address.
    """
    copy = message_copy.alias("held_copy")
    found = (
        select(
            thread.c.id,
            lead_link.c.lead_id,
            func.max(lead_link.c.at),
            func.max(case((lead_link.c.reason == "person", 1), else_=0)),
        )
        .outerjoin(copy, (copy.c.thread_id == thread.c.id) & copy.c.tombstoned_at.is_(None))
        .outerjoin(
            lead_link,
            (lead_link.c.message_id == copy.c.message_id) & lead_link.c.is_unlinked.is_(False),
        )
        .where(in_sight(thread.c.mailbox_id, limited=limited))
        .group_by(thread.c.id, lead_link.c.lead_id)
    )
    boxes = select(mailbox.c.id)
    if named:
        boxes = boxes.where(func.lower(mailbox.c.address) == bindparam("mailbox_address"))
    if by == "thread_id":
        return found.where(thread.c.id == bindparam("it"))
    if by == "thread_ref":
        return found.where(thread.c.ref == bindparam("it"), thread.c.mailbox_id.in_(boxes))
    here = select(message_copy.c.thread_id).where(message_copy.c.tombstoned_at.is_(None))
    if by == "message_id":
        here = here.where(
            message_copy.c.message_id == bindparam("it"),
            in_sight(message_copy.c.mailbox_id, limited=limited),
        )
    else:
        here = here.where(
            message_copy.c.ref == bindparam("it"), message_copy.c.mailbox_id.in_(boxes)
        )
    return found.where(thread.c.id.in_(here))


def place_of(
    tx: Tx, viewer: Viewer, *, by: str, it: int | str, mailbox_address: str = ""
) -> Place | None:
    """The open thread; None where it is unknown or not for this viewer."""
    statement = _place(by=by, limited=is_limited(viewer), named=bool(mailbox_address))
    params: dict[str, Any] = {"it": it, **sight(viewer)}
    if mailbox_address and by.endswith("_ref"):
        params["mailbox_address"] = mailbox_address.lower()
    rows = tx.execute(statement, params).all()
    if not rows:
        return None
    thread_id = min(row[0] for row in rows)
    linked = [
        LinkedLead(row[1], row[2], bool(row[3]))
        for row in rows
        if row[0] == thread_id and row[1] is not None
    ]
    linked.sort(key=lambda one: (one.by_person, one.linked_at, one.lead_id), reverse=True)
    return Place(thread_id, tuple(linked))


_alive = (
    (lead.c.id == lead_address.c.lead_id)
    & lead.c.is_withdrawn.is_(False)
    & lead.c.merged_into.is_(None)
)
_PEOPLE = (
    select(
        address.c.id,
        address.c.key,
        address.c.shown,
        address.c.name,
        address.c.org_domain,
        address.c.name_key,
        lead.c.id,
        lead.c.name,
        lead.c.pipeline,
        lead.c.stage,
        address_capture.c.outcome,
        address_capture.c.rule,
        address_capture.c.detail,
    )
    .outerjoin(lead_address, lead_address.c.address_id == address.c.id)
    .outerjoin(lead, _alive)
    .outerjoin(address_capture, address_capture.c.address_id == address.c.id)
)
_PEOPLE_BY_KEY = _PEOPLE.where(within(address.c.key, "keys"))


@cache
def _people_of_thread(*, limited: bool) -> Select[Any]:
    return _PEOPLE.where(
        address.c.id.in_(
            select(lead_decision.c.address_id)
            .join(message_copy, message_copy.c.message_id == lead_decision.c.message_id)
            .where(
                message_copy.c.thread_id == bindparam("thread_id"),
                message_copy.c.tombstoned_at.is_(None),
                stands_on(lead_decision.c.message_id, lead_decision.c.address_id, limited=limited),
            )
        )
    ).limit(_MOST_PEOPLE)


def people_by_key(tx: Tx, keys: Collection[str]) -> list[Person]:
    return [Person._make(row) for row in tx.execute(_PEOPLE_BY_KEY, {"keys": list(keys)})]


def people_of_thread(tx: Tx, viewer: Viewer, thread_id: int) -> list[Person]:
    """The outside people of a thread this viewer may read."""
    return [
        Person._make(row)
        for row in tx.execute(
            _people_of_thread(limited=is_limited(viewer)), {"thread_id": thread_id, **sight(viewer)}
        )
    ]


# --- somebody unknown --------------------------------------------------------


@cache
def _matches() -> CompoundSelect[Any]:
    def leads_where(condition: Any, why: str) -> Select[Any]:
        found = (
            select(
                lead.c.id.label("lead_id"),
                lead.c.name.label("name"),
                address.c.shown.label("shown"),
                literal(why).label("why"),
            )
            .join(lead_address, lead_address.c.address_id == address.c.id)
            .join(lead, _alive)
            .where(condition, address.c.key != bindparam("key"))
            .limit(bindparam("many"))
        )
        return select(found.subquery(why))

    return union_all(
        leads_where(
            (address.c.name_key == bindparam("name_key")) & (address.c.name_key != EMPTY), "name"
        ),
        leads_where(
            (address.c.org_domain == bindparam("org_domain")) & (address.c.org_domain != ""),
            "organization",
        ),
    )


def matches(tx: Tx, *, key: str, name_key: str, org_domain: str, limit: int = 5) -> list[MatchRow]:
    """Leads that may be meant: of the same name, of the same organization. Each lead once, names
    first.
    """
    if not name_key and not org_domain:
        return []
    rows = tx.execute(
        _matches(), {"key": key, "name_key": name_key, "org_domain": org_domain, "many": limit}
    )
    found: dict[int, MatchRow] = {}
    for row in rows:
        found.setdefault(row[0], MatchRow._make(row))
    return list(found.values())[:limit]


_BOXES = select(mailbox.c.address, mailbox.c.aliases).order_by(mailbox.c.id)


def mailbox_addresses(tx: Tx) -> list[tuple[str, str]]:
    """(address, aliases as JSON) of every mailbox: who we are."""
    return [(row[0], row[1]) for row in tx.execute(_BOXES)]
