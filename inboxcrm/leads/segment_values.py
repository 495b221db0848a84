"""What may stand behind an operator, and the one form in which it is kept and compared."""

from __future__ import annotations

from datetime import date

from inboxcrm.leads.fields import FieldKind, LeadField
from inboxcrm.leads.segment_fields import ME, SegmentField, SegmentFields
from inboxcrm.leads.segments import MAX_DAYS, MAX_VALUE_LENGTH, OF_DAYS, FieldType, Op
from inboxcrm.mail.addresses import domain_to_ascii, match_key

_NUMBER = LeadField("", "", FieldKind.NUMBER)
_DAY = LeadField("", "", FieldKind.DATE)
_YEARS = range(1900, 3000)
_SHOWN = 60
_PARTS = frozenset({Op.CONTAINS, Op.STARTS})


def read_value(fields: SegmentFields, asked: SegmentField, op: Op, written: str) -> str:
    """The value in the form it is kept in, which reads as itself. Raises ValueError that says what would do."""
    text = written.strip()
    if not text:
        raise ValueError(f"is blank; for leads without one write: {asked.key} is unset")
    if len(text) > MAX_VALUE_LENGTH:
        raise ValueError(f"has {len(text)} characters; use at most {MAX_VALUE_LENGTH}")
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds what is no letter; write it anew")
    if op in OF_DAYS:
        return _days(text)
    match asked.type:
        case FieldType.TIME | FieldType.DAY:
            return _day(text)
        case FieldType.NUMBER | FieldType.MONEY:
            return _number(text)
        case FieldType.CHOICE | FieldType.FLAG | FieldType.CADENCE:
            return _choice(fields, asked, text)
        case FieldType.TAG:
            return " ".join(text.split())
        case FieldType.ADDRESS if op not in _PARTS:
            return _address(text)
        case FieldType.DOMAIN if op not in _PARTS:
            return _domain(text)
        case _:
            return text


def _days(text: str) -> str:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MAX_DAYS:
        raise ValueError(f'"{text[:_SHOWN]}" is no number of days; write one from 1 to {MAX_DAYS}')
    return str(int(text))


def _day(text: str) -> str:
    try:
        read = _DAY.read(text)
    except ValueError:
        read = ""
    if not read or date.fromisoformat(read).year not in _YEARS:
        raise ValueError(
            f'"{text[:_SHOWN]}" is no day; write it as year-month-day, like 2026-05-14'
        )
    return read


def _number(text: str) -> str:
    try:
        return _NUMBER.read(text)
    except ValueError:
        raise ValueError(f'"{text[:_SHOWN]}" is no number; write one like 40 or 12.5') from None


def _choice(fields: SegmentFields, asked: SegmentField, text: str) -> str:
    mine = asked.key == "owner" and text.casefold() == ME and asked.choice(text) is None
    found = asked.choice(fields.me if mine and fields.me else text)
    if found is not None:
        return found.key
    like = asked.nearest_choice(text)
    known = ", ".join(one.key for one in asked.choices[:20])
    advice = f'did you mean "{like}"?' if like else f"it can be {known}" if known else ""
    said = f'"{text[:_SHOWN]}" is no {asked.key.partition(":")[0]}'
    raise ValueError(f"{said}; {advice}" if advice else said)


def _address(text: str) -> str:
    key = match_key(text)
    if not key:
        raise ValueError(f'"{text[:_SHOWN]}" is no mail address')
    return key


def _domain(text: str) -> str:
    name = domain_to_ascii(text.removeprefix("@"))
    if not name:
        raise ValueError(f'"{text[:_SHOWN]}" is no domain; write it like kitaura.example')
    return name
