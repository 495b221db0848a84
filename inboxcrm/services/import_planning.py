"""What a group of rows would do to the leads that are there; nothing is written here.

A person is found by every address of theirs. Of two rows of one table that name the same person the first one counts
and the second is rejected, so that what a table does hangs on no grouping, and doing it twice is doing it once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inboxcrm.leads.import_columns import CUSTOM
from inboxcrm.leads.import_rows import RowOutcome, RowRead, changed_fields
from inboxcrm.leads.own import OwnSet
from inboxcrm.mail.addresses import domain_of, org_domain
from inboxcrm.services.import_stages import EntryRule
from inboxcrm.store import import_leads, import_marks
from inboxcrm.store.database import Tx
from inboxcrm.store.import_leads import Home
from inboxcrm.store.leads import LeadRow

_COLUMNS = ("name", "phone", "source", "value_cents", "value_currency", "close_on", "owner_id")
_SHOWN_NAMES = 3


@dataclass(slots=True)
class Seen:
    """What the rows before said: addresses (by their hash, a number each) and leads, with the line they stand in."""

    keys: dict[int, int] = field(default_factory=dict)
    leads: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Planned:
    """`lead` is the one that was there. `place`: the organization wanted, its number or the domain it is made for.

    `changes`: field -> (as it stands, as wanted). `missing`: match keys that no lead has yet.
    """

    row: RowRead
    outcome: RowOutcome
    reason: str = ""
    lead: LeadRow | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    place: int | str | None = None
    is_unplaced: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """`homes` are the addresses we knew before; `organizations` those of them that stand, by domain and by name."""

    planned: list[Planned]
    homes: Mapping[str, Home]
    by_domain: Mapping[str, int]
    by_name: Mapping[str, int]


def plan_group(
    tx: Tx,
    rows: Sequence[RowRead],
    *,
    own: OwnSet,
    seen: Seen,
    update: bool,
    entry: EntryRule,
    locked: bool = False,
) -> Group:
    """A plan for each row, in their order. `locked`: the leads found stay as they are until the transaction ends.

    `entry` says what a row lacks that would make a lead.
    """
    good = [row for row in rows if not row.problems]
    keys = list(dict.fromkeys(key for row in good for key in row.addresses))
    homes = import_leads.homes_of(tx, keys)
    ignored = import_leads.ignored_keys(tx, keys)
    held = import_leads.leads_to_change(
        tx, {home.lead_id for home in homes.values() if home.lead_id is not None}, locked=locked
    )
    by_name = import_marks.organizations_named(
        tx, {row.values["organization"] for row in good if row.values.get("organization")}
    )
    by_domain = import_marks.organizations_at(tx, _domains(good))
    planned = []
    for row in rows:
        reason = _against(row, own=own, ignored=ignored, seen=seen)
        if reason:
            planned.append(Planned(row, RowOutcome.REJECTED, reason))
            continue
        planned.append(_plan(row, homes, held, by_domain, by_name, seen=seen, update=update, entry=entry))  # fmt: skip
    return Group(planned, homes, by_domain, by_name)


def _against(row: RowRead, *, own: OwnSet, ignored: set[str], seen: Seen) -> str:
    """Why this row cannot be taken, whoever it is about; empty where it can."""
    if row.problems:
        return "; ".join(row.problems)
    for key in row.addresses:
        line = seen.keys.get(hash(key))
        if line is not None:
            return f"{key} stands in line {line} already"
        if own.holds(key):
            return f"{key} is one of our own addresses"
        if key in ignored:
            return f"somebody of the team said that {key} is no lead; add it by hand if it is"
    return ""


def _plan(
    row: RowRead,
    homes: Mapping[str, Home],
    held: Mapping[int, LeadRow],
    by_domain: Mapping[str, int],
    by_name: Mapping[str, int],
    *,
    seen: Seen,
    update: bool,
    entry: EntryRule,
) -> Planned:
    found = {
        lead_id: held[lead_id]
        for key in row.addresses
        if (home := homes.get(key)) is not None
        and (lead_id := home.lead_id) is not None
        and lead_id in held
    }
    if len(found) > 1:
        names = ", ".join(one.name for one in list(found.values())[:_SHOWN_NAMES])
        return Planned(row, RowOutcome.REJECTED, f"its addresses belong to several leads: {names}")
    lead = next(iter(found.values()), None)
    if lead is not None and lead.lead_id in seen.leads:
        line = seen.leads[lead.lead_id]
        return Planned(row, RowOutcome.REJECTED, f"it is {lead.name}, as line {line} is")
    place = _place(row, by_domain, by_name)
    is_new = lead is None or lead.is_withdrawn
    at = (place or _own_house(row, by_domain)) if is_new else place
    if is_new and (lack := entry({**row.values, "organization_id": at})):
        return Planned(row, RowOutcome.REJECTED, lack)
    if lead is not None:
        seen.leads[lead.lead_id] = row.line
    for key in row.addresses:
        seen.keys[hash(key)] = row.line
    missing = tuple(key for key in row.addresses if key not in homes or homes[key].lead_id is None)
    unplaced = bool(row.values.get("organization")) and place is None
    if lead is None or lead.is_withdrawn:
        return Planned(row, RowOutcome.CREATED, "", lead, {}, missing, at, unplaced)
    if not update:
        return Planned(row, RowOutcome.SKIPPED, "", lead)
    changes = changed_fields(fields_of(lead), _wanted(row))
    if place is not None and place != lead.organization_id:
        changes["organization_id"] = (lead.organization_id, place)
    outcome = RowOutcome.UPDATED if changes or missing else RowOutcome.UNCHANGED
    return Planned(row, outcome, "", lead, changes, missing, place, unplaced)


def _wanted(row: RowRead) -> dict[str, Any]:
    """A stage is no field that a table moves: people move leads."""
    return {
        name: value
        for name, value in row.values.items()
        if name in _COLUMNS or name.startswith(CUSTOM)
    }


def fields_of(lead: LeadRow) -> dict[str, Any]:
    """Columns and `custom.KEY`, as changes name them."""
    custom = json.loads(lead.custom) if lead.custom != "{}" else {}
    return {
        "organization_id": lead.organization_id,
        **{name: getattr(lead, name) for name in _COLUMNS},
        **{f"{CUSTOM}{key}": value for key, value in custom.items()},
    }


def _place(
    row: RowRead, by_domain: Mapping[str, int], by_name: Mapping[str, int]
) -> int | str | None:
    """By the domain that is said, else by a name we know, else a new name for the house the address is at."""
    domain: str = row.values.get("domain", "")
    if domain:
        return by_domain.get(domain, domain)
    name: str = row.values.get("organization", "")
    if not name:
        return None
    return by_name[name] if name in by_name else _own_house(row, by_domain)


def _own_house(row: RowRead, by_domain: Mapping[str, int]) -> int | str | None:
    for key in row.addresses:
        domain = org_domain(domain_of(key))
        if domain:
            return by_domain.get(domain, domain)
    return None


def _domains(rows: Sequence[RowRead]) -> set[str]:
    found = {row.values.get("domain", "") for row in rows}
    found.update(org_domain(domain_of(key)) for row in rows for key in row.addresses)
    return found - {""}
