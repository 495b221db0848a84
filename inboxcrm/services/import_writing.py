"""A planned group of rows becomes leads, in the caller's transaction: some twenty statements, however many rows.

1. addresses and organizations that are missing
2. new leads with their addresses; what is searched and what capture answers for addresses nobody met before
3. changed leads, and the addresses they gained
4. addresses we had met before are settled, which links their mail
5. tags, the timeline's lines, owners by rule where the table names none, and what each row did
An address nobody ever met has no evidence and nobody's standing rests on it: its answer is written as settling would
write it. A crash before the commit leaves the whole group undone; the table can be imported again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from inboxcrm.leads.capture import Decision, Outcome, Rule
from inboxcrm.leads.import_columns import CUSTOM
from inboxcrm.leads.import_rows import RowOutcome
from inboxcrm.leads.stage_asks import read_reason
from inboxcrm.mail.terms import searchable
from inboxcrm.services.assigning import assign_new
from inboxcrm.services.import_lines import (
    FIELD_WORDS,
    Batch,
    Writing,
    kept_of_row,
    lead_id_of,
    place_of,
    tag_rows,
    write_activities,
)
from inboxcrm.services.import_planning import Group, Planned
from inboxcrm.services.lead_fields import as_columns
from inboxcrm.services.settling import refresh_leads, settle
from inboxcrm.store import captures, import_leads, import_marks, imports
from inboxcrm.store.addresses import (
    NameSeen,
    StoredAddress,
    addresses_by_id,
    remember_addresses,
    remember_organizations,
)
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lead_past import KEPT
from inboxcrm.store.made_leads import index_names, lead_name
from inboxcrm.store.search import index_leads


def write_group(tx: Tx, desk: Desk, batch: Batch, group: Group) -> None:
    """Raises DatabaseBusyError where another transaction took one of the new addresses meanwhile."""
    created = [one for one in group.planned if one.outcome is RowOutcome.CREATED]
    updated = [one for one in group.planned if one.outcome is RowOutcome.UPDATED]
    writing = Writing(
        tx,
        desk,
        batch,
        group,
        _addresses(tx, [*created, *updated], group, at=batch.at),
        _organizations(tx, [*created, *updated], group),
    )
    lead_ids = _create(writing, created)
    met = _attach(
        writing,
        [*zip(created, lead_ids, strict=True), *((one, lead_id_of(one)) for one in updated)],
    )
    activity_ids = import_leads.next_activity_ids(tx, len(created) + len(updated))
    made, changed = activity_ids[: len(created)], activity_ids[len(created) :]
    _update(writing, updated)
    settled = settle(tx, desk, met)
    refresh_leads(tx, settled.lead_ids)
    homes = {id(one): lead_id for one, lead_id in zip(created, lead_ids, strict=True)}
    tagged = tag_rows(writing, homes)
    write_activities(writing, created, lead_ids, made, updated, changed)
    assign_new(
        tx,
        desk,
        {
            lead_id: ""
            for one, lead_id in zip(created, lead_ids, strict=True)
            if one.lead is None and "owner_id" not in one.row.values
        },
    )
    lines = {id(one): which for one, which in zip([*created, *updated], activity_ids, strict=True)}
    imports.insert_import_rows(
        tx,
        [
            {
                "batch_id": batch.id,
                "line": one.row.line,
                "outcome": one.outcome.value,
                "lead_id": homes.get(id(one)) or (lead_id_of(one) if one.lead else None),
                "activity_id": lines.get(id(one)),
                "data": kept_of_row(writing, one, tagged.get(id(one), [])),
            }
            for one in group.planned
        ],
    )


# --- 1 ----------------------------------------------------------------------------


def _addresses(
    tx: Tx, planned: Sequence[Planned], group: Group, *, at: int
) -> dict[str, StoredAddress]:
    """Those the leads are to have. A table names only whom we never met: what people call themselves in mail counts."""
    seen = {
        key: NameSeen(one.row.addresses[key][0], one.row.values.get("name", ""), at=at)
        for one in planned
        for key in one.missing
        if key not in group.homes
    }
    known = remember_addresses(tx, seen)[0] if seen else {}
    ids = {
        group.homes[key].address_id
        for one in planned
        for key in one.row.addresses
        if key in group.homes
    }
    return known | {held.key: held for held in addresses_by_id(tx, ids).values()}


def _organizations(tx: Tx, planned: Sequence[Planned], group: Group) -> dict[str, int]:
    """By domain. One that is made now is called what the first row calls it."""
    missing = dict.fromkeys(one.place for one in planned if isinstance(one.place, str))
    made = remember_organizations(tx, [domain for domain in missing if isinstance(domain, str)])
    names: dict[int, str] = {}
    for one in planned:
        called = one.row.values.get("organization")
        if called and isinstance(one.place, str):
            names.setdefault(made[one.place], called)
    import_marks.name_organizations(tx, names)
    return {**group.by_domain, **made}


# --- 2 ----------------------------------------------------------------------------


def _create(writing: Writing, created: Sequence[Planned]) -> list[int]:
    """Lead ids in their order. One that was withdrawn stands again, with its past."""
    new = [one for one in created if one.lead is None]
    ids = iter(import_leads.next_lead_ids(writing.tx, len(new)))
    lead_ids = [next(ids) if one.lead is None else one.lead.lead_id for one in created]
    fresh, again = [], []
    texts = []
    placed = {place_of(writing, one) for one in created}
    companies = import_marks.organization_names(
        writing.tx, {one for one in placed if one is not None}
    )
    for one, lead_id in zip(created, lead_ids, strict=True):
        values = _new_lead(writing, one)
        if one.lead is None:
            fresh.append(
                {
                    "id": lead_id,
                    **values,
                    "created_at": writing.batch.at,
                    "moved_at": writing.batch.at,
                }
            )
        else:
            again.append(
                {
                    "id": lead_id,
                    **values,
                    "version": one.lead.version + 1,
                    "is_withdrawn": False,
                }
            )
        shown = " ".join(written for written, _ in one.row.addresses.values())
        company = companies.get(values["organization_id"], "")
        texts.append((lead_id, searchable(f"{values['name']} {company} {shown}")))
    import_leads.insert_leads(writing.tx, fresh)
    import_leads.write_leads(writing.tx, again)
    import_leads.begin_states_of(writing.tx, [row["id"] for row in again], at=writing.batch.at)
    index_leads(writing.tx, texts)
    return lead_ids


def _new_lead(writing: Writing, one: Planned) -> dict[str, Any]:
    values, batch = one.row.values, writing.batch
    pipeline = writing.desk.pipelines.default
    stage = pipeline.stage(values.get("stage", "")) or pipeline.first
    custom = {
        name.removeprefix(CUSTOM): value
        for name, value in values.items()
        if name.startswith(CUSTOM)
    }
    first = next(iter(one.row.addresses))
    return {
        "name": values.get("name") or lead_name(writing.addresses[first]),
        "organization_id": place_of(writing, one),
        "pipeline": pipeline.key,
        "stage": stage.key,
        "stage_since_at": batch.at,
        "stage_reason": read_reason(pipeline, stage, values.get("stage_reason", "")),
        "owner_id": values.get("owner_id", batch.account_id),
        "source": values.get("source") or batch.name,
        "phone": values.get("phone", ""),
        "value_cents": values.get("value_cents"),
        "value_currency": values.get("value_currency", ""),
        "close_on": values.get("close_on"),
        "custom": json.dumps(custom, ensure_ascii=False, sort_keys=True) if custom else "{}",
        "made_by": "person",
        "is_touched": True,
    }


def _attach(writing: Writing, leads: Sequence[tuple[Planned, int]]) -> set[int]:
    """Gives the leads their addresses; returns those we had met before, which have to be settled."""
    tx, group = writing.tx, writing.group
    gained = [
        (writing.addresses[key].id, lead_id, key) for one, lead_id in leads for key in one.missing
    ]
    import_leads.insert_lead_addresses(
        tx,
        [
            {"address_id": which, "lead_id": lead_id, "added_by": "person"}
            for which, lead_id, _ in gained
        ],
    )
    answer = Decision(Outcome.LEAD, Rule.KNOWN_LEAD)
    captures.set_current(
        tx,
        {which: answer for which, _, key in gained if key not in group.homes},
        now=writing.batch.at,
    )
    met = {which for which, _, key in gained if key in group.homes}
    revived = [
        one for one, _ in leads if one.outcome is RowOutcome.CREATED and one.lead is not None
    ]
    return met | {writing.addresses[key].id for one in revived for key in one.row.addresses}


# --- 3 ----------------------------------------------------------------------------


def _update(writing: Writing, updated: Sequence[Planned]) -> None:
    rows = []
    for one in updated:
        assert one.lead is not None
        moved = {name: after for name, (_, after) in one.changes.items()}
        if "organization_id" in moved:
            moved["organization_id"] = place_of(writing, one)
        columns = {name: getattr(one.lead, name) for name in (*FIELD_WORDS, "custom")} | as_columns(
            one.lead, moved
        )
        rows.append(
            {"id": one.lead.lead_id, **columns, "version": one.lead.version + 1, "is_touched": True}
        )
    import_leads.keep_states_of(
        writing.tx,
        [lead_id_of(one) for one in updated if not KEPT.isdisjoint(one.changes)],
        at=writing.batch.at,
    )
    import_leads.write_leads(writing.tx, rows)
    index_names(writing.tx, [row["id"] for row in rows])
