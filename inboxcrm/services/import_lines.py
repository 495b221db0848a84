"""What is written down of each row that was imported: its tags, a line on the lead's timeline, what it did.

A row keeps what taking it back needs, a rejected one what returning it needs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inboxcrm.leads.import_columns import CUSTOM
from inboxcrm.leads.import_rows import RowOutcome
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.services.import_planning import Group, Planned
from inboxcrm.store import import_leads, import_marks
from inboxcrm.store.addresses import StoredAddress
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk

_KEPT_CELL = 200
_KEPT_CELLS = 500
_KEPT_ROW = 20_000
_KEPT_ALL = 20_000_000
"""Characters of rejected rows that stay in the database: a file of rubbish need not stay with it."""

FIELD_WORDS = {
    "name": "name",
    "phone": "phone",
    "source": "source",
    "value_cents": "value",
    "value_currency": "currency",
    "close_on": "close date",
    "owner_id": "owner",
    "organization_id": "organization",
}


@dataclass(slots=True)
class Batch:
    """What all rows of one import have in common. `tags`: folded name -> id, grows as tags are met; so does `kept`,
    the characters of its rejected rows.
    """

    id: int
    name: str
    tag: str
    account_id: int
    at: int
    tags: dict[str, int] = field(default_factory=dict)
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Writing:
    tx: Tx
    desk: Desk
    batch: Batch
    group: Group
    addresses: Mapping[str, StoredAddress]
    organizations: Mapping[str, int]


def lead_id_of(one: Planned) -> int:
    assert one.lead is not None
    return one.lead.lead_id


def place_of(writing: Writing, one: Planned) -> int | None:
    return writing.organizations[one.place] if isinstance(one.place, str) else one.place


def tag_rows(writing: Writing, homes: Mapping[int, int]) -> dict[int, list[int]]:
    """Puts on what is not there yet: rows (by identity) -> the tags they put on. Also on leads that else stay as
    they are: who is in the table is in it.
    """
    batch = writing.batch
    wanted: dict[int, list[str]] = {}
    names: dict[str, str] = {}
    for one in writing.group.planned:
        if one.outcome is RowOutcome.REJECTED:
            continue
        said = one.row.tags if one.outcome is not RowOutcome.SKIPPED else ()
        every = {folded_name(name): name for name in (*said, batch.tag) if name}
        if every:
            wanted[id(one)] = list(every)
            names.update((key, name) for key, name in every.items() if key not in batch.tags)
    if not wanted:
        return {}
    batch.tags.update(import_marks.remember_tags(writing.tx, names))
    lead_of = {
        id(one): homes.get(id(one)) or lead_id_of(one)
        for one in writing.group.planned
        if id(one) in wanted
    }
    held = import_marks.tags_held(writing.tx, set(lead_of.values()))
    put = {
        which: [batch.tags[key] for key in keys if (lead_of[which], batch.tags[key]) not in held]
        for which, keys in wanted.items()
    }
    import_marks.put_tags(
        writing.tx, [(lead_of[which], tag_id) for which, found in put.items() for tag_id in found]
    )
    return {which: found for which, found in put.items() if found}


def write_activities(
    writing: Writing,
    created: Sequence[Planned],
    lead_ids: Sequence[int],
    made: Sequence[int],
    updated: Sequence[Planned],
    changed: Sequence[int],
) -> None:
    batch = writing.batch
    shared = {"at": batch.at, "account_id": batch.account_id}
    rows = [
        {
            "id": which,
            "lead_id": lead_id,
            **shared,
            "kind": "captured",
            "text": f"Imported from {batch.name}",
            # Written by hand: there is one for every row, and it holds nothing but numbers.
            "data": f'{{"address_ids": {_ids(writing, one)}, "batch": {batch.id}, '
            '"by": "person", "rules": []}',
        }
        for one, lead_id, which in zip(created, lead_ids, made, strict=True)
    ]
    rows += [
        {
            "id": which,
            "lead_id": lead_id_of(one),
            **shared,
            "kind": "field_change",
            "text": _change_in_words(writing, one),
            "data": json.dumps(
                {
                    "changes": [
                        {"field": name, "from": was, "to": _written(writing, one, name)}
                        for name, (was, _) in one.changes.items()
                    ],
                    "batch": batch.id,
                },
                ensure_ascii=False,
            ),
        }
        for one, which in zip(updated, changed, strict=True)
    ]
    import_leads.insert_activities(writing.tx, rows)


def _ids(writing: Writing, one: Planned) -> list[int]:
    return [writing.addresses[key].id for key in one.row.addresses]


def _change_in_words(writing: Writing, one: Planned) -> str:
    labels = {f"{CUSTOM}{field.key}": field.label for field in writing.desk.lead_fields}
    named = [FIELD_WORDS.get(name) or labels.get(name, name) for name in one.changes]
    if one.missing:
        named.append("address" if len(one.missing) == 1 else "addresses")
    return f"{', '.join(named)} imported from {writing.batch.name}"


def _written(writing: Writing, one: Planned, name: str) -> Any:
    return place_of(writing, one) if name == "organization_id" else one.changes[name][1]


def kept_of_row(writing: Writing, one: Planned, tag_ids: Sequence[int]) -> str:
    """What taking this row back needs; of a rejected one what returning it needs."""
    if one.outcome is RowOutcome.REJECTED:
        return _kept(writing.batch, one)
    found: dict[str, Any] = {"tags": list(tag_ids)} if tag_ids else {}
    if one.outcome is RowOutcome.CREATED:
        if one.lead is not None:
            found["version"] = one.lead.version + 1
    elif one.outcome is RowOutcome.UPDATED:
        found["changes"] = {
            name: [was, _written(writing, one, name)] for name, (was, _) in one.changes.items()
        }
        found["added"] = [writing.addresses[key].id for key in one.missing]
        assert one.lead is not None
        found["version"] = one.lead.version + 1
        found["was_touched"] = bool(one.lead.is_touched)
    return json.dumps(found, ensure_ascii=False) if found else "{}"


def _kept(batch: Batch, one: Planned) -> str:
    size = sum(map(len, one.row.cells))
    cells: list[str] = list(one.row.cells)
    if batch.kept + size > _KEPT_ALL:
        cells = []
    elif size > _KEPT_ROW:
        cells = [cell[:_KEPT_CELL] for cell in cells[:_KEPT_CELLS]]
    batch.kept += sum(map(len, cells))
    return json.dumps({"reason": one.reason, "cells": cells}, ensure_ascii=False)
