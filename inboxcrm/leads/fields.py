"""Fields of a lead that a house declares for itself: their kinds, what each takes, and how it is stored and shown.

A value is stored as text in one form for each kind, so that two people who mean the same write the same. A field that
is no longer declared keeps its values; they are only shown nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from inboxcrm.leads.time_zones import read_zone

LONGEST_TEXT = 2_000
MOST_CENTS = 10**14
"""No lead is worth a million million: sums of 90,000 such leads still fit into an integer of either database."""
_LONGEST_NUMBER = 30
_ADDRESS = re.compile(r"https?://[^\s/?#@\[\]\\\"<>]+(?:[/?#][^\s\"<>]*)?", re.IGNORECASE)


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    URL = "url"
    TIME_ZONE = "time_zone"


@dataclass(frozen=True, slots=True)
class LeadField:
    """`show_in_panel`: also beside the mail, not only on the lead's page."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    show_in_panel: bool = False

    def read(self, written: str) -> str:
        """The stored form of what somebody wrote; empty for nothing. Raises ValueError that says what would do."""
        text = written.replace("\x00", "").strip()
        return _READERS[self.kind](self, text) if text else ""

    def shown(self, stored: str) -> str:
        """As people read it. What another kind of the field once stored is shown as it stands."""
        if self.kind is FieldKind.YES_NO:
            return {"yes": "Yes", "no": "No"}.get(stored, stored)
        return stored


def known_fields(
    fields: tuple[LeadField, ...], held: Mapping[str, object]
) -> list[tuple[LeadField, str]]:
    """The declared fields that hold something, in the order of the settings."""
    return [(one, str(held[one.key])) for one in fields if held.get(one.key)]


def zone_field(fields: tuple[LeadField, ...]) -> LeadField | None:
    """The one that says on whose clock a lead lives: the first of its kind."""
    return next((one for one in fields if one.kind is FieldKind.TIME_ZONE), None)


def _text(_field: LeadField, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"Use at most {LONGEST_TEXT} characters.")
    return text


def _number(_field: LeadField, text: str) -> str:
    try:
        number = Decimal(text.replace(" ", "").replace("\u202f", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if (
        not number.is_finite()
        or len(text) > _LONGEST_NUMBER
        or abs(number.adjusted()) > _LONGEST_NUMBER
    ):
        raise ValueError("Write a number, like 40 or 12.5.")
    written = f"{number:f}"
    tidy = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if number == 0 else tidy


def _date(_field: LeadField, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("Write a day as year-month-day, like 2026-05-14.") from None


def _choice(field: LeadField, text: str) -> str:
    for one in field.choices:
        if one.casefold() == text.casefold():
            return one
    raise ValueError(f"Choose one of {', '.join(field.choices)}.")


def _yes_no(_field: LeadField, text: str) -> str:
    if text.casefold() not in {"yes", "no"}:
        raise ValueError("Say yes or no.")
    return text.casefold()


def _url(_field: LeadField, text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("Write a web address, like https://kitaura.example/board.")
    return _text(_field, text)


def _time_zone(_field: LeadField, text: str) -> str:
    return read_zone(text)


_READERS: dict[FieldKind, Callable[[LeadField, str], str]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
    FieldKind.URL: _url,
    FieldKind.TIME_ZONE: _time_zone,
}
