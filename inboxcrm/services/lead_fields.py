"""The fields of a lead that people edit, one reader each: what may be written, and how it is
stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import UsageError
from inboxcrm.services.lead_changes import (
    Done,
    lead_to_change,
    now_ms,
    refuse_stale,
    stale,
    undo_token,
)
from inboxcrm.store import leads as lead_rows
from inboxcrm.store.activities import add_activity
from inboxcrm.store.desk import Desk
from inboxcrm.store.leads import LeadRow
from inboxcrm.store.made_leads import index_names

_LONGEST = 300
_MOST_CUSTOM = 100
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST_CENTS = 10**15


def edit_lead(
    desk: Desk, viewer: Viewer, lead_id: str, *, version: int, changes: Mapping[str, Any]
) -> Done:
    """Changes any of: name, phone, source, value (amount as text), currency, custom (a map; empty
    text removes a key), owner ("me", or "" for nobody). What is not named stays.
    """
    unknown = sorted(set(changes) - set(_READERS))
    if unknown:
        raise UsageError(
            f"A lead has no field {unknown[0]}.", remedy=f"Fields are {', '.join(_READERS)}."
        )
    with desk.database.write() as tx:
        found = lead_to_change(tx, desk, viewer, lead_id)
        refuse_stale(found, version)
        values: dict[str, Any] = {}
        for name, given in changes.items():
            values.update(_READERS[name](given, found, viewer))
        moved = {
            column: value for column, value in values.items() if getattr(found, column) != value
        }
        if not moved:
            return Done(lead_id, found.version, "Nothing to change")
        if not lead_rows.change_lead(tx, found.lead_id, version=version, values=moved):
            raise stale(found.version)
        index_names(tx, [found.lead_id])
        activity_id = add_activity(
            tx,
            found.lead_id,
            at=now_ms(desk),
            kind="field_change",
            account_id=viewer.account_id,
            text=", ".join(_in_words(column, moved[column]) for column in moved),
            data={
                "changes": [
                    {"field": column, "from": getattr(found, column), "to": value}
                    for column, value in moved.items()
                ]
            },
        )
        return Done(lead_id, version + 1, "Saved", undo_token(desk, activity_id))


def _line(column: str) -> Callable[[Any, LeadRow, Viewer], dict[str, Any]]:
    """A field of one line of text."""

    def read(given: Any, _found: LeadRow, _viewer: Viewer) -> dict[str, Any]:
        text = " ".join(str(given).replace("\x00", "").split())
        if len(text) > _LONGEST:
            raise UsageError(
                f"The {column} is too long.", remedy=f"Use at most {_LONGEST} characters."
            )
        if column == "name" and not text:
            raise UsageError(
                "A lead needs a name.", remedy="Write a name, or the address if you have none."
            )
        return {column: text}

    return read


def _value(given: Any, _found: LeadRow, _viewer: Viewer) -> dict[str, Any]:
    text = str(given).strip()
    if not text:
        return {"value_cents": None}
    try:
        cents = Decimal(text) * 100
        exact = cents == cents.to_integral_value()
    except InvalidOperation:
        exact = False
        cents = Decimal(0)
    if not exact or not 0 <= cents < _MOST_CENTS:
        raise UsageError(
            f'"{text}" is no amount.', remedy="Write it like 1200 or 1200.50, without a currency."
        )
    return {"value_cents": int(cents)}


def _currency(given: Any, _found: LeadRow, _viewer: Viewer) -> dict[str, Any]:
    text = str(given).strip().upper()
    if text and not _CURRENCY.fullmatch(text):
        raise UsageError(f'"{text}" is no currency.', remedy="Write three letters, like EUR.")
    return {"value_currency": text}


def _custom(given: Any, found: LeadRow, _viewer: Viewer) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise UsageError("Custom fields come as names with values.", remedy="Send a map of texts.")
    held: dict[str, str] = json.loads(found.custom)
    for name, value in given.items():
        key = " ".join(str(name).split())[:_LONGEST]
        text = str(value).strip()[: _LONGEST * 10]
        if text and key:
            held[key] = text
        else:
            held.pop(key, None)
    if len(held) > _MOST_CUSTOM:
        raise UsageError(
            f"A lead holds at most {_MOST_CUSTOM} custom fields.", remedy="Remove some first."
        )
    return {"custom": json.dumps(held, ensure_ascii=False, sort_keys=True)}


def _owner(given: Any, _found: LeadRow, viewer: Viewer) -> dict[str, Any]:
    if given not in {"me", ""}:
        raise UsageError(
            "A lead can be taken by yourself or given to nobody.", remedy='Send "me" or nothing.'
        )
    return {"owner_id": viewer.account_id if given == "me" else None}


_READERS: dict[str, Callable[[Any, LeadRow, Viewer], dict[str, Any]]] = {
    "name": _line("name"),
    "phone": _line("phone"),
    "source": _line("source"),
    "value": _value,
    "currency": _currency,
    "custom": _custom,
    "owner": _owner,
}


def _in_words(column: str, value: Any) -> str:
    label = {
        "value_cents": "value",
        "value_currency": "currency",
        "owner_id": "owner",
        "custom": "details",
    }.get(column, column)
    if column == "custom":
        return "details changed"
    if column == "owner_id":
        return "taken over" if value else "given to nobody"
    if value in (None, ""):
        return f"{label} emptied"
    shown = f"{Decimal(value) / 100:.2f}" if column == "value_cents" else value
    return f"{label} is now {shown}"
