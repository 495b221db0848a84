"""JSON as a table: a list of objects, or an object a line. Each object is a row, its keys are columns.

A file is read in pieces, an object at a time, and gone through once before for its keys: those of a row far down count
as much as those of the first. Numbers stay as they were written; a list or an object in a cell is its JSON.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

from inboxcrm.errors import UsageError
from inboxcrm.files.table_text import MOST_LINES, Opener, text_of

_PIECE = 1 << 16
_LONGEST_OBJECT = 1_000_000
_LONGEST_KEY = 100
_BETWEEN = " \t\r\n,"
_UNFIT = re.compile("[\0\ud800-\udfff]")
"""What no text in a database may hold: zero bytes, halves of letters."""

# Numbers as they stand: a row number of five thousand digits is text like any other.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def looks_like_json(head: str) -> bool:
    return head.lstrip("\ufeff \t\r\n")[:1] in {"[", "{"}


def json_columns(name: str, opened: Opener, encoding: str, *, most: int) -> tuple[str, ...]:
    """Every key there is, in the order in which they are met. Raises UsageError where the file is no JSON."""
    keys: dict[str, None] = {}
    for number, found in _objects(name, opened, encoding):
        if number > MOST_LINES:
            raise UsageError(
                f"{name} has more than {MOST_LINES:,} rows.",
                remedy="Nothing was imported. Split it and import the parts one by one.",
            )
        if isinstance(found, dict):
            keys.update(dict.fromkeys(found))
        if len(keys) > most:
            raise UsageError(
                f"{name} has more than {most} columns.",
                remedy="Nothing was imported. Take out the keys that are not needed.",
            )
    if not keys:
        raise UsageError(
            f"{name} holds no objects, so there are no rows.",
            remedy='It should look like [{"address": "bob@firm.example"}].',
        )
    return tuple(keys)


def json_rows(
    name: str, opened: Opener, encoding: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, list[str], str]]:
    """(number from 1, cells, problem) of every item: all of them may stand in one line."""
    for number, found in _objects(name, opened, encoding):
        if isinstance(found, dict):
            get = found.get
            yield number, [_cell(get(key)) for key in columns], ""
        else:
            yield number, [""] * len(columns), "it is no object with keys and values"


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _UNFIT.sub("", value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _UNFIT.sub("", json.dumps(value, ensure_ascii=False)).replace("\\u0000", "")


def _objects(name: str, opened: Opener, encoding: str) -> Iterator[tuple[int, Any]]:
    with text_of(opened, encoding) as text:
        yield from enumerate(_items(name, text), start=1)


def _items(name: str, text: io.TextIOWrapper) -> Iterator[Any]:
    """Reads on until an item is whole; a longer piece each time, so that a long one is not read over and over."""
    buffer, at, line, is_list, more = text.read(_PIECE).lstrip("\ufeff"), 0, 1, None, _PIECE
    while True:
        before = at
        at = _skipped(buffer, at)
        line += buffer.count("\n", before, at)
        if at == len(buffer):
            buffer, at = text.read(_PIECE), 0
            if not buffer:
                if is_list:
                    raise _broken(name, line, "it ends in the middle")
                return
            continue
        if is_list is None:
            is_list = buffer[at] == "["
            if is_list:
                at += 1
                continue
        if is_list and buffer[at] == "]":
            return
        found, end = _decoded(name, buffer, at, line)
        # What ends with the piece may go on in the next one.
        if end < 0 or (end == len(buffer) and not isinstance(found, dict)):
            added = text.read(more)
            more *= 2
            if added and len(buffer) - at <= _LONGEST_OBJECT:
                buffer, at = buffer[at:] + added, 0
                continue
            if end < 0:
                why = "an object is too long" if added else "it cannot be read on"
                raise _broken(name, line, why)
        yield found
        line += buffer.count("\n", at, end)
        at, more = end, _PIECE
        if at > _PIECE:
            buffer, at = buffer[at:], 0


def _skipped(buffer: str, at: int) -> int:
    while at < len(buffer) and buffer[at] in _BETWEEN:
        at += 1
    return at


def _decoded(name: str, buffer: str, at: int, line: int) -> tuple[Any, int]:
    """(item, where it ends), or -1 where it is not whole yet."""
    try:
        return _DECODER.raw_decode(buffer, at)
    except RecursionError:
        raise _broken(name, line, "it is nested too deep") from None
    except json.JSONDecodeError:
        return None, -1


def _broken(name: str, line: int, why: str) -> UsageError:
    return UsageError(
        f"{name} is no JSON from line {line:,} on: {why}.",
        remedy="It should be a list of objects, or one object a line.",
    )
