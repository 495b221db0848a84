"""A row of somebody's table read as a lead: what it says, or everything that is wrong with it at once.

A row names a lead by its addresses. What is empty says nothing; so importing a table that leaves things out takes
nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from inboxcrm.leads.fields import LeadField
from inboxcrm.leads.import_cells import (
    MOST_ADDRESSES,
    addresses_of,
    amount_of,
    currency_of,
    custom_of,
    day_of,
    line_of,
    tags_of,
)
from inboxcrm.leads.import_columns import ADDRESS, CUSTOM, LEFT_OUT, Column
from inboxcrm.leads.segment_folding import folded_name
from inboxcrm.mail.addresses import domain_to_ascii, org_domain


class RowOutcome(StrEnum):
    """What a row did or would do. SKIPPED: the lead was there, and leads were to stay as they are."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REJECTED = "rejected"


class RowRead(NamedTuple):
    """`addresses` by match key: as written, and the name beside it. `values` are columns of a lead and `custom.KEY`;
    besides `organization` (a name), `domain` and `stage`. Only what the row says is in it.
    """

    line: int
    cells: Sequence[str]
    addresses: Mapping[str, tuple[str, str]]
    values: Mapping[str, Any]
    tags: tuple[str, ...]
    problems: tuple[str, ...]


class RowReader:
    """Reads rows whose columns are mapped so. `stages` and `owners`: what people write, folded -> key, account id."""

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        fields: Iterable[LeadField] = (),
        stages: Mapping[str, str] | None = None,
        owners: Mapping[str, int] | None = None,
    ) -> None:
        self._stages = stages or {}
        self._owners = owners or {}
        at: dict[str, list[int]] = {}
        for number, column in enumerate(columns):
            if column.field != LEFT_OUT:
                at.setdefault(column.field, []).append(number)
        self._names = [column.name for column in columns]
        self._addresses = tuple(at.pop(ADDRESS, ()))
        self._tags = tuple(at.pop("tags", ()))
        declared = {f"{CUSTOM}{one.key}": one for one in fields}
        readers: dict[str, Callable[[str], Any]] = {
            "stage": self._stage,
            "owner": self._owner,
            "value": amount_of,
            "currency": currency_of,
            "close": day_of,
            "domain": _domain,
        }
        self._fields = [
            (field, tuple(numbers), _custom(declared[field]))
            if field in declared
            else (field, tuple(numbers), readers.get(field, line_of))
            for field, numbers in at.items()
        ]

    def read(self, line: int, cells: Sequence[str], problem: str = "") -> RowRead:
        problems = [problem] if problem else []
        addresses = self._read_addresses(cells, problems)
        values: dict[str, Any] = {}
        for field, numbers, read in self._fields:
            for number in numbers:
                cell = cells[number]
                if not cell:
                    continue
                try:
                    value = read(cell)
                except ValueError as error:
                    problems.append(f"{self._names[number]}: {error}")
                    break
                if value not in {"", None}:
                    values[field] = value
                    break
        tags = self._read_tags(cells, problems)
        if problems:
            return RowRead(line, cells, addresses, {}, (), tuple(problems))
        return RowRead(line, cells, addresses, _together(values, addresses), tags, ())

    def _read_addresses(
        self, cells: Sequence[str], problems: list[str]
    ) -> dict[str, tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        failed = False
        for number in self._addresses:
            try:
                for key, shown, name in addresses_of(cells[number]):
                    found.setdefault(key, (shown, name))
            except ValueError as error:
                failed = True
                problems.append(f"{self._names[number]}: {error}")
        if not found and not failed:
            problems.append("it has no mail address")
        if len(found) > MOST_ADDRESSES:
            problems.append(f"it holds more than {MOST_ADDRESSES} addresses")
        return found

    def _read_tags(self, cells: Sequence[str], problems: list[str]) -> tuple[str, ...]:
        found: list[str] = []
        for number in self._tags:
            try:
                found += tags_of(cells[number])
            except ValueError as error:
                problems.append(f"{self._names[number]}: {error}")
        return tuple(dict.fromkeys(found))

    def _stage(self, cell: str) -> str:
        found = self._stages.get(folded_name(line_of(cell)))
        if found is None:
            known = ", ".join(dict.fromkeys(self._stages.values()))
            raise ValueError(f'there is no stage "{cell.strip()[:40]}"; there are {known}')
        return found

    def _owner(self, cell: str) -> int:
        found = self._owners.get(folded_name(line_of(cell)))
        if found is None:
            raise ValueError(f'nobody with an account is called "{cell.strip()[:40]}"')
        return found


def _custom(field: LeadField) -> Callable[[str], str]:
    return lambda cell: custom_of(field, cell)


def _domain(cell: str) -> str:
    """The registrable domain of a site or a domain; free mail has none that is anybody's house."""
    text = line_of(cell).lower()
    host = text.partition("://")[2] or text
    host = host.partition("/")[0].partition("?")[0].rpartition("@")[2].partition(":")[0]
    if not domain_to_ascii(host.removeprefix("www.")):
        raise ValueError(f'"{text[:40]}" is no web domain')
    return org_domain(host.removeprefix("www."))


def _together(values: dict[str, Any], addresses: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """First and last name make a name, an amount may bring its currency, an address its owner's name."""
    first, last = values.pop("first_name", ""), values.pop("last_name", "")
    if not values.get("name"):
        name = f"{first} {last}".strip() or next((one for _, one in addresses.values() if one), "")
        if name:
            values["name"] = name
    amount = values.pop("value", None)
    said = values.pop("currency", "")
    if amount is not None and amount[0] is not None:
        values["value_cents"] = amount[0]
        said = said or amount[1]
    if said:
        values["value_currency"] = said
    if "reason" in values:
        values["stage_reason"] = values.pop("reason")
    if "close" in values:
        values["close_on"] = values.pop("close")
    if "owner" in values:
        values["owner_id"] = values.pop("owner")
    return values


def changed_fields(
    held: Mapping[str, Any], wanted: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Field -> (as it stands, as wanted) of those that differ; both by columns of a lead and `custom.KEY`."""
    return {
        name: (held.get(name, ""), value)
        for name, value in wanted.items()
        if held.get(name, "") != value
    }


def put_back_fields(
    held: Mapping[str, Any], changes: Mapping[str, tuple[Any, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """What taking those changes back sets, and the fields that were changed again since and stay."""
    back = {name: was for name, (was, then) in changes.items() if held.get(name, "") == then}
    return back, [name for name in changes if name not in back]
