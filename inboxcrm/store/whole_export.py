"""The rows of a whole export, a page at a time in the order in which they were made.

Which tables and fields there are is said by leads/export_fields.py; here stands where each is kept. Rows point to
others by number here; who hands them on writes keys instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from inboxcrm.leads.export_fields import TABLES
from inboxcrm.store.database import Tx
from inboxcrm.store.lists import at_most, within
from inboxcrm.store.tables import (
    account,
    activity,
    address,
    capture_rule,
    lead,
    lead_address,
    lead_consent,
    lead_past,
    lead_tag,
    organization,
    saved_view,
    segment,
    segment_lead,
    snippet,
    snippet_version,
    suppression,
    tag,
    task,
    template,
    template_version,
)

_AT_ONCE = 500

ROW_ID = "_id"
"""Under which a row bears its own number; a tie between two rows has none."""


@dataclass(frozen=True, slots=True)
class Source:
    """`order` are the columns of the primary key. `named`: fields that are kept under another name."""

    table: Table
    order: tuple[ColumnElement[Any], ...]
    named: dict[str, ColumnElement[Any]] = field(default_factory=dict)
    joined: FromClause | None = None
    only: ColumnElement[bool] | None = None


def _source(table: Table, **named: ColumnElement[Any]) -> Source:
    return Source(table, tuple(table.primary_key.columns), named)


_FIRST_ADDRESS = (
    select(address.c.key)
    .join(lead_address, lead_address.c.address_id == address.c.id)
    .where(lead_address.c.lead_id == lead.c.id)
    .order_by(address.c.id)
    .limit(at_most(1))
    .correlate(lead)
    .scalar_subquery()
)
LOCAL_ACCOUNT = 1
"""Whoever sits at the machine. Until somebody took it over it is the same in every house, and not exported."""

SOURCES: dict[str, Source] = {
    "accounts": Source(
        account,
        (account.c.id,),
        only=or_(account.c.id != LOCAL_ACCOUNT, account.c.address != ""),
    ),
    "organizations": _source(organization),
    "tags": _source(tag),
    "leads": _source(lead, address=func.coalesce(_FIRST_ADDRESS, "")),
    "addresses": Source(
        address,
        (lead_address.c.lead_id, address.c.id),
        {"lead": lead_address.c.lead_id, "added_by": lead_address.c.added_by},
        address.join(lead_address, lead_address.c.address_id == address.c.id),
    ),
    "lead_tags": _source(lead_tag),
    "consents": _source(lead_consent),
    "pasts": _source(lead_past),
    "verdicts": _source(capture_rule),
    "tasks": _source(task),
    "activities": _source(activity),
    "segments": _source(segment),
    "segment_leads": _source(segment_lead),
    "views": _source(saved_view),
    "templates": _source(template),
    "template_versions": _source(template_version),
    "snippets": _source(snippet),
    "snippet_versions": _source(snippet_version),
    "suppression": _source(suppression),
}
_TABLES = {one.name: one for one in TABLES}


def column_of(name: str, field_name: str) -> str:
    """The column that keeps a field of a table of the export."""
    known = SOURCES[name].table.c
    if field_name in known:
        return field_name
    return f"{field_name}_id"


def pages(tx: Tx, name: str) -> Iterator[list[dict[str, Any]]]:
    """All rows of a table of the export; none is held longer than its page."""
    source = SOURCES[name]
    asked = _asked(name).order_by(*source.order).limit(at_most("many"))
    behind: list[ColumnElement[Any]] = [
        bindparam(f"behind_{place}") for place in range(len(source.order))
    ]
    last: Sequence[Any] | None = None
    while True:
        params: dict[str, Any] = {"many": _AT_ONCE}
        page = asked
        if last is not None:
            page = asked.where(_after(source.order, behind))
            params |= {f"behind_{place}": one for place, one in enumerate(last)}
        rows = tx.execute(page, params).all()
        if rows:
            yield [_row(name, row) for row in rows]
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1][: len(source.order)]


def rows_by(tx: Tx, name: str, column: str, values: Collection[Any]) -> list[dict[str, Any]]:
    """Those rows whose column (`column_of`) holds one of the values, in their order."""
    source = SOURCES[name]
    kept = _columns(name).get(column, source.table.c.get(column))
    assert kept is not None
    asked = _asked(name).where(within(kept, "values")).order_by(*source.order)
    return [_row(name, row) for row in tx.execute(asked, {"values": list(values)})]


def _columns(name: str) -> dict[str, ColumnElement[Any]]:
    """By field; the key of a row that has none of its own is made elsewhere."""
    source = SOURCES[name]
    found: dict[str, ColumnElement[Any]] = {}
    for one in _TABLES[name].fields:
        if one.name in source.named:
            found[one.name] = source.named[one.name]
        elif one.name != "key" or "key" in source.table.c:
            found[one.name] = source.table.c[column_of(name, one.name)]
    return found


def _asked(name: str) -> Select[Any]:
    source = SOURCES[name]
    asked: Select[Any] = select(*source.order, *_columns(name).values())
    asked = asked.select_from(source.table if source.joined is None else source.joined)
    return asked if source.only is None else asked.where(source.only)


def _row(name: str, row: Sequence[Any]) -> dict[str, Any]:
    source = SOURCES[name]
    many = len(source.order)
    found = dict(zip(_columns_of(name), row[many:], strict=True))
    if "id" in source.table.c:
        found[ROW_ID] = row[many - 1]
    return found


def _columns_of(name: str) -> tuple[str, ...]:
    if name not in _NAMES:
        _NAMES[name] = tuple(_columns(name))
    return _NAMES[name]


_NAMES: dict[str, tuple[str, ...]] = {}


def _after(
    order: Sequence[ColumnElement[Any]], behind: Sequence[ColumnElement[Any]]
) -> ColumnElement[bool]:
    """Further on than the last row, in the order of its key."""
    found = order[-1] > behind[-1]
    for column, value in zip(order[-2::-1], behind[-2::-1], strict=True):
        found = or_(column > value, and_(column == value, found))
    return found
