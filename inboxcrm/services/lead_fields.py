"""The fields of a lead that people edit, one reader each: what may be written, and how it is
stored.

All fields of a form are read before anything is said, so that a person hears of everything that is wrong at once.
What the house declares itself (`[[lead_field]]`) is changed key by key: two people who fill in different ones do not
stand in each other's way when one of them takes it back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
from inboxcrm.leads.fields import MOST_CENTS
from inboxcrm.mail.addresses import org_domain
from inboxcrm.services.lead_changes import (
    Done,
    WrongFieldsError,
    lead_to_change,
    now_ms,
    one_line,
    refuse_stale,
    stale,
    undo_token,
    wrong,
)
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.accounts import account_by_id
from inboxcrm.store.activities import add_activity
from inboxcrm.store.addresses import remember_organizations
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.made_leads import index_names
from inboxcrm.store.organizations import organization_by_id, organization_named

_CURRENCY = re.compile(r"[A-Z]{3}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
CUSTOM = "custom."
"""Before the key of a declared field, wherever fields are named."""


@dataclass(frozen=True, slots=True)
class FieldsRead:
    """What fields came to: columns with their values, and what to call each of them afterwards."""

    values: dict[str, Any]
    words: dict[str, str]

    def moved_from(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Those that are not as they stand."""
        return {name: value for name, value in self.values.items() if held.get(name, "") != value}


@dataclass(frozen=True, slots=True)
class _Standing:
    tx: Tx
    desk: Desk
    viewer: Viewer
    found: LeadRow


def edit_lead(
    desk: Desk, viewer: Viewer, lead_id: str, *, version: int, changes: Mapping[str, Any]
) -> Done:
    """Changes any of: name, organization (its name or web domain), phone, source, value (amount as text), currency,
    close (the day it is expected to be won), custom (a map of declared fields; empty text empties one), owner (an
    account's id, "me", or "" for nobody).
    What is not named stays.
    """
    refuse_unknown(changes)
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        refuse_stale(found, version)
        read, problems = read_fields(tx, desk, viewer, found, changes)
        if problems:
            raise WrongFieldsError(problems)
        held = held_fields(found)
        moved = read.moved_from(held)
        if not moved:
            return Done(lead_id, found.version, "Nothing to change")
        if not lead_rows.change_lead(
            tx, found.lead_id, version=version, values=as_columns(found, moved), at=now_ms(desk)
        ):
            raise stale(found.version)
        index_names(tx, [found.lead_id])
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=now_ms(desk),
            kind="field_change",
            account_id=viewer.account_id,
            text=", ".join(read.words[name] for name in moved),
            data={
                "changes": [
                    {"field": name, "from": held.get(name, ""), "to": value}
                    for name, value in moved.items()
                ]
            },
        )
        return Done(lead_id, version + 1, "Saved", undo_token(desk, activity_id))


def as_columns(found: LeadRow, values: Mapping[str, Any]) -> dict[str, Any]:
    """Named values as columns of the row; declared fields go together into one."""
    columns = {name: value for name, value in values.items() if not name.startswith(CUSTOM)}
    custom = {name: value for name, value in values.items() if name.startswith(CUSTOM)}
    if custom:
        held: dict[str, str] = json.loads(found.custom)
        for name, value in custom.items():
            held[name.removeprefix(CUSTOM)] = value
        kept = {key: value for key, value in held.items() if value}
        columns["custom"] = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    return columns


def value_now(found: LeadRow, name: str) -> Any:
    """What the row holds under such a name."""
    return held_fields(found).get(name, "")


def held_fields(found: LeadRow) -> dict[str, Any]:
    """Columns of the row and `custom.KEY`."""
    custom: dict[str, str] = json.loads(found.custom)
    return found._asdict() | {f"{CUSTOM}{key}": value for key, value in custom.items()}


def refuse_unknown(changes: Mapping[str, Any]) -> None:
    """Raises UsageError for a name no field has."""
    unknown = sorted(set(changes) - set(_READERS))
    if unknown:
        raise UsageError(
            f"A lead has no field {unknown[0][:60]}.", remedy=f"Fields are {', '.join(_READERS)}."
        )


def read_fields(
    tx: Tx, desk: Desk, viewer: Viewer, found: LeadRow, changes: Mapping[str, Any]
) -> tuple[FieldsRead, dict[str, tuple[str, str]]]:
    """Every field, and all that is wrong with them: what happened and what would do, by the name of the field."""
    standing = _Standing(tx, desk, viewer, found)
    values: dict[str, Any] = {}
    words: dict[str, str] = {}
    problems: dict[str, tuple[str, str]] = {}
    for name, given in changes.items():
        try:
            read = _READERS[name](given, standing)
        except _Problems as several:
            problems |= several.wrong
        except WrongFieldsError as one:
            problems[name] = (one.message, one.remedy)
        else:
            values |= read.values
            words |= read.words
    return FieldsRead(values, words), problems


class _Problems(Exception):
    """Of several fields read together."""

    def __init__(self, problems: dict[str, tuple[str, str]]) -> None:
        super().__init__()
        self.wrong = problems


def _line(column: str) -> Callable[[Any, _Standing], FieldsRead]:
    """A field of one line of text."""

    def read(given: Any, _standing: _Standing) -> FieldsRead:
        text = one_line(given, column, f"The {column}")
        if column == "name" and not text:
            raise wrong(
                "name", "A lead needs a name.", "Write a name, or the address if you have none."
            )
        return FieldsRead({column: text}, {column: _words(column, text)})

    return read


def _value(given: Any, _standing: _Standing) -> FieldsRead:
    text = str(given).strip()
    if not text:
        return FieldsRead({"value_cents": None}, {"value_cents": "value emptied"})
    try:
        cents = Decimal(text) * 100
        exact = cents == cents.to_integral_value()
    except ArithmeticError:  # no number at all, or one like 1e999999
        exact = False
        cents = Decimal(0)
    if not exact or not 0 <= cents < MOST_CENTS:
        raise wrong(
            "value",
            f'"{text[:40]}" is no amount.',
            "Write it like 1200 or 1200.50, without a currency.",
        )
    words = f"value is now {cents / 100:.2f}"
    return FieldsRead({"value_cents": int(cents)}, {"value_cents": words})


def _currency(given: Any, _standing: _Standing) -> FieldsRead:
    text = str(given).strip().upper()
    if text and not _CURRENCY.fullmatch(text):
        raise wrong("currency", f'"{text[:40]}" is no currency.', "Write three letters, like EUR.")
    return FieldsRead({"value_currency": text}, {"value_currency": _words("currency", text)})


def _close(given: Any, _standing: _Standing) -> FieldsRead:
    text = str(given).strip()
    if not text:
        return FieldsRead({"close_on": None}, {"close_on": "close date emptied"})
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise wrong(
            "close",
            f'"{text[:40]}" is no day it can be won on.',
            "Write it as year-month-day, like 2026-05-14.",
        )
    return FieldsRead(
        {"close_on": day.isoformat()}, {"close_on": _words("close date", day.isoformat())}
    )


def _organization(given: Any, standing: _Standing) -> FieldsRead:
    """By its name, or by its web domain: then it is made where it is not there yet."""
    text = one_line(given, "organization", "The organization")
    if not text:
        return FieldsRead(
            {"organization_id": None}, {"organization_id": "no longer at an organization"}
        )
    domain = text.lower()
    # The one it is at already, whatever others have the same name.
    held = standing.found.organization_id
    at = organization_by_id(standing.tx, held) if held is not None else None
    found = at if at and at.name == text else None
    found = found or organization_named(standing.tx, text, domain=domain)
    if found is None and _DOMAIN.fullmatch(domain) and org_domain(domain):
        made = remember_organizations(standing.tx, [org_domain(domain)])
        found = organization_by_id(standing.tx, made[org_domain(domain)])
    if found is None:
        raise wrong(
            "organization",
            f'No organization is called "{text[:60]}" yet.',
            "Write its web domain, like kitaura.example, and it is made.",
        )
    return FieldsRead(
        {"organization_id": found.organization_id},
        {"organization_id": f"organization is now {found.name}"},
    )


def _owner(given: Any, standing: _Standing) -> FieldsRead:
    if given == "":
        return FieldsRead({"owner_id": None}, {"owner_id": "given to nobody"})
    number = (
        standing.viewer.account_id
        if given == "me"
        else standing.desk.ids.open("account", str(given))
    )
    found = account_by_id(standing.tx, number) if number is not None else None
    if found is None or found.is_closed:
        raise wrong(
            "owner",
            "A lead belongs to somebody with an account, or to nobody.",
            "Choose one of the people in the list.",
        )
    mine = found.id == standing.viewer.account_id
    return FieldsRead(
        {"owner_id": found.id}, {"owner_id": "taken over" if mine else f"given to {found.name}"}
    )


def _custom(given: Any, standing: _Standing) -> FieldsRead:
    if not isinstance(given, Mapping):
        raise wrong(
            "custom", "Fields of your own come as names with values.", "Send a map of texts."
        )
    declared = {one.key: one for one in standing.desk.lead_fields}
    values: dict[str, Any] = {}
    words: dict[str, str] = {}
    problems: dict[str, tuple[str, str]] = {}
    for key, written in given.items():
        field, name = declared.get(key), f"{CUSTOM}{key}"
        if field is None:
            known = f"Fields are {', '.join(declared)}." if declared else ""
            problems[name] = (
                f'There is no field "{str(key)[:60]}".',
                known or "Declare it as [[lead_field]] in config.toml.",
            )
            continue
        try:
            values[name] = field.read(str(written))
        except ValueError as error:
            problems[name] = (
                f'"{str(written).strip()[:40]}" does not fit {field.label}.',
                str(error),
            )
        else:
            words[name] = _words(field.label, field.shown(values[name]))
    if problems:
        raise _Problems(problems)
    return FieldsRead(values, words)


_READERS: dict[str, Callable[[Any, _Standing], FieldsRead]] = {
    "name": _line("name"),
    "organization": _organization,
    "phone": _line("phone"),
    "source": _line("source"),
    "value": _value,
    "currency": _currency,
    "close": _close,
    "custom": _custom,
    "owner": _owner,
}


def _words(label: str, value: str) -> str:
    return f"{label} is now {value}" if value else f"{label} emptied"
