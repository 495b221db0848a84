"""Leads as a table for other programs: CSV for spreadsheets, JSON for scripts, written row by row.

Names and notes come from strangers. A spreadsheet runs a cell that begins like a formula, so such a cell gets a leading
apostrophe, which spreadsheets do not show; numbers and phone numbers stay as they are. What would command a terminal or
turn the line around is left out of CSV and escaped in JSON.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

Row = Mapping[str, Any]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_NUMBER_LIKE = re.compile(r"[+-]?[\d\s().,/-]*")


def write_csv(rows: Iterable[Row], columns: Sequence[str], target: TextIO) -> int:
    """With a heading line; returns the number of rows. `target` must be opened with newline=""."""
    writer = csv.writer(target)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([guarded(row.get(column)) for column in columns])
        count += 1
    return count


def write_json(rows: Iterable[Row], columns: Sequence[str], target: TextIO) -> int:
    """One list of objects, each on its line; returns their number."""
    count = 0
    target.write("[")
    for row in rows:
        target.write(",\n " if count else "\n ")
        held = {column: row[column] for column in columns if row.get(column) is not None}
        text = json.dumps(held, ensure_ascii=False, default=str)
        target.write(_COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
        count += 1
    target.write("\n]\n" if count else "]\n")
    return count


def guarded(value: object) -> str:
    """A cell as text that commands no terminal and that no spreadsheet runs."""
    text = "" if value is None else _COMMANDS.sub("", str(value))
    if text.lstrip().startswith(_FORMULA) and not _NUMBER_LIKE.fullmatch(text):
        return f"'{text}"
    return text
