"""What stands in a cell of somebody's table, read as a field of a lead.

Text stays text whatever it looks like: a formula, a tag, a template's braces. What commands a terminal or turns a line
around is taken out. A cell that cannot be read says what would do; an empty one means nothing is said.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from inboxcrm.leads.fields import MOST_CENTS, FieldKind, LeadField
from inboxcrm.mail.addresses import match_key

LONGEST_LINE = 300
LONGEST_TAG = 60
MOST_TAGS = 30
MOST_ADDRESSES = 20
_FIRST_YEAR, _LAST_YEAR = 1990, 2100

_COMMANDS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_AROUND = " \t\r\n\xa0\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"
# Our own export puts an apostrophe before what a spreadsheet would run.
_GUARDED = re.compile(r"'(?=\s*[=+\-@\t\r])")
_BETWEEN = re.compile(r"[;,\n\r|]+|\s+(?=[^\s<]+@)")
_NAMED = re.compile(r"\s*\"?([^\"<>]*?)\"?\s*<([^<>]+)>\s*")
_SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY"}
_YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "si", "sí", "sim", "x", "✓"})
_NO = frozenset({"no", "n", "false", "0", "nein", "non", "nao", "não", "nee"})
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")


def line_of(cell: str, *, longest: int = LONGEST_LINE) -> str:
    """One line. Raises ValueError where it is too long."""
    if cell.isascii() and cell.isprintable() and cell[:1] != "'":
        text = cell.strip() if "  " not in cell else " ".join(cell.split())
    else:
        text = " ".join(_COMMANDS.sub("", _GUARDED.sub("", cell, count=1)).split())
    if len(text) > longest:
        raise ValueError(f"it has {len(text):,} characters; {longest} are allowed")
    return text


def addresses_of(cell: str) -> list[tuple[str, str, str]]:
    """(match key, as written, name beside it) of each address in a cell. Raises ValueError for what is none."""
    key = match_key(cell)
    if key and "<" not in cell and cell.isascii():
        return [_shown(key, cell)]
    if not cell.strip(_AROUND):
        return []
    return [_read_address(part) for part in _parts(cell)]


def _parts(cell: str) -> list[str]:
    """A quoted local part may hold what stands between addresses, so the whole is tried first."""
    if cell.count("<") < 2 and match_key(cell.strip(_AROUND)):
        return [cell]
    parts = [part for part in _BETWEEN.split(cell) if part.strip(_AROUND)]
    if len(parts) > MOST_ADDRESSES:
        raise ValueError(f"it holds more than {MOST_ADDRESSES} addresses")
    return parts


def _read_address(text: str) -> tuple[str, str, str]:
    bare = text.strip(_AROUND)
    key = match_key(bare)
    if not key:
        raise ValueError(f'"{_short(bare)}" is no mail address')
    if _UNSEEN.search(key) or _UNSEEN.search(bare.rpartition("<")[2]):
        raise ValueError(f'"{_short(_UNSEEN.sub("", bare))}" holds letters nobody can see')
    return _shown(key, bare)


def _shown(key: str, text: str) -> tuple[str, str, str]:
    named = _NAMED.fullmatch(text) if "<" in text else None
    written = (named[2] if named else text).strip()
    if written[:7].lower() == "mailto:":
        written = written[7:]
    return (
        key,
        written if match_key(written) == key and "<" not in written else key,
        (line_of(named[1]) if named else ""),
    )


def amount_of(cell: str) -> tuple[int | None, str]:
    """Cents and, where the cell says it, the currency: "1.200,50 €" is (120050, "EUR"). Raises ValueError."""
    text = "".join(cell.split())
    if not text:
        return None, ""
    if text.isascii() and text.isdigit() and len(text) < 13:
        return int(text) * 100, ""
    marks = [code for symbol, code in _SYMBOLS.items() if symbol in text]
    letters = re.sub(r"[^A-Za-z]", "", text)
    digits = re.sub(r"[A-Za-z€£$¥'’]", "", text)
    if not re.fullmatch(r"\d[\d.,]*", digits) or len(letters) not in {0, 3} or len(marks) > 1:
        raise ValueError(f'"{_short(cell)}" is no amount; write one like 1200 or 1200.50')
    try:
        cents = Decimal(_plain_number(digits)) * 100
    except InvalidOperation:
        raise ValueError(f'"{_short(cell)}" is no amount; write one like 1200.50') from None
    if cents != cents.to_integral_value() or cents >= MOST_CENTS:
        raise ValueError(f'"{_short(cell)}" is no amount; write one like 1200.50')
    return int(cents), letters.upper() or (marks[0] if marks else "")


def _plain_number(digits: str) -> str:
    """Of a point and a comma the last is the decimal one; of one kind alone, three digits behind it make thousands."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return digits
    mark, other = digits[last], "," if digits[last] == "." else "."
    behind = len(digits) - last - 1
    if (digits.count(mark) > 1) or (behind == 3 and other not in digits):
        return digits.replace(mark, "").replace(other, "")
    return digits.replace(other, "").replace(mark, ".")


def currency_of(cell: str) -> str:
    text = _SYMBOLS.get(cell.strip(), cell.strip().upper())
    if text and not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError(f'"{_short(cell)}" is no currency; write three letters, like EUR')
    return text


def tags_of(cell: str) -> tuple[str, ...]:
    """Each once, in their order."""
    found = dict.fromkeys(filter(None, map(line_of, re.split(r"[,;\n|]", cell))))
    if len(found) > MOST_TAGS:
        raise ValueError(f"it has {len(found)} tags; a lead has at most {MOST_TAGS}")
    if any(len(one) > LONGEST_TAG for one in found):
        raise ValueError(f"a tag has at most {LONGEST_TAG} characters")
    return tuple(found)


def custom_of(field: LeadField, cell: str) -> str:
    """The stored form of a declared field. Days and yes-or-no are also read as spreadsheets write them."""
    if field.kind is FieldKind.TEXT:
        return field.read(_COMMANDS.sub("", _GUARDED.sub("", cell, count=1)))
    text = line_of(cell, longest=2_000)
    if field.kind is FieldKind.DATE:
        text = _day(text)
    elif field.kind is FieldKind.YES_NO:
        folded = text.casefold()
        text = "yes" if folded in _YES else "no" if folded in _NO else text
    elif field.kind is FieldKind.NUMBER and re.fullmatch(r"[+-]?\d[\d.,]*", text) and "," in text:
        sign = text[0] if text[0] in "+-" else ""
        text = sign + _plain_number(text.lstrip("+-"))
    return field.read(text)


def day_of(cell: str) -> str:
    """A day as ISO text. Raises ValueError."""
    text = _day(line_of(cell))
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f'"{_short(cell)}" is no day; write it like 2026-05-14') from None
    if found is not None and not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(f'"{_short(cell)}" is no day it can be won on')
    return text


def _day(text: str) -> str:
    """Year first, or day first where it cannot be the month; 03/04/2026 is two days and stays unread."""
    found = _DAY.fullmatch(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        found = _DAY_FIRST.fullmatch(text)
        if found:
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            if found[2] == "." or first > 12:
                return date(year, second, first).isoformat()
            if second > 12 or first == second:
                return date(year, first, second).isoformat()
    except ValueError:
        return text
    return text


def _short(text: str) -> str:
    line = " ".join(_COMMANDS.sub("", text).split())
    return line if len(line) <= 40 else f"{line[:40]}…"
