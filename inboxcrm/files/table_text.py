"""How the text of somebody's table is written: its encoding, and what stands between its cells.

A mark at the start decides the encoding, else UTF-8 where the whole file is UTF-8, else cp1252, in which nothing is
wrong and an accent may be. The whole file is looked through once for that, in pieces; on the way it is weighed, and a
workbook or a picture that bears the wrong name is told from a table.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable
from typing import BinaryIO

from inboxcrm.errors import UsageError

MOST_BYTES = 250_000_000
MOST_LINES = 500_000
_PIECE = 1 << 20
_SAMPLE = 1 << 16
_LOOKED_AT = 20
DELIMITERS = (",", ";", "\t", "|")

Opener = Callable[[], BinaryIO]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TABLES = (
    (b"PK\x03\x04", "a workbook (or another packed file)", "Save the sheet as CSV (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "an old workbook", "Save the sheet as CSV."),
    (b"\x1f\x8b", "packed", "Unpack it first."),
    (b"%PDF", "a PDF", "Name a CSV, TSV or JSON file."),
    (b"SQLite format 3\0", "a database", "Export the table as CSV first."),
)


def encoding_of(name: str, opened: Opener, *, asked: str = "") -> str:
    """A codec in which the whole file can be read. Raises UsageError for what is too large or no text, and where the
    encoding `asked` for does not fit.
    """
    with opened() as file:
        head = file.read(_SAMPLE)
    if not head.strip():
        raise UsageError(f"{name} is empty.", remedy="Name a file with a line of headings.")
    for magic, kind, remedy in _NOT_TABLES:
        if head.startswith(magic):
            raise UsageError(f"{name} is no table but {kind}.", remedy=remedy)
    encoding = _known_codec(asked) if asked else _by_mark(head)
    if encoding:
        if not _reads_whole(name, opened, encoding):
            raise UsageError(
                f"{name} is not written in {encoding}.",
                remedy="Save it as UTF-8, or name its encoding with --encoding.",
            )
        return encoding
    if _reads_whole(name, opened, "utf-8"):
        _refuse_binary(name, head)
        return "utf-8"
    _refuse_binary(name, head)
    return "cp1252"


def delimiter_of(text: str) -> str:
    """What stands between the cells, from the beginning of the file: that with which most lines are equally wide."""
    lines = text[:_SAMPLE].splitlines(keepends=True)[:200]
    if len(text) >= _SAMPLE and len(lines) > 1:
        lines.pop()
    best, score = DELIMITERS[0], (0.0, 1)
    for one in DELIMITERS:
        found = _agreement(lines, one)
        if found > score:
            best, score = one, found
    return best


def text_of(opened: Opener, encoding: str) -> io.TextIOWrapper:
    """The file as text, line ends as they are. Five bytes are no letter in cp1252; they become question marks."""
    errors = "replace" if encoding == "cp1252" else "strict"
    return io.TextIOWrapper(opened(), encoding=encoding, errors=errors, newline="")


def head_of(opened: Opener, encoding: str) -> str:
    with text_of(opened, encoding) as text:
        return text.read(_SAMPLE)


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    """(share of the first rows that are as wide as the first, its width); nothing where the first is one cell."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == _LOOKED_AT:
                break
    except csv.Error:
        return (0.0, 0)
    width = len(rows[0]) if rows else 0
    if width < 2:
        return (0.0, 0)
    return (sum(len(row) == width for row in rows) / len(rows), width)


def _by_mark(head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    # Without a mark UTF-16 gives itself away: every second byte of plain letters is zero.
    half = max(len(head[:4096]) // 2, 1)
    if head[1:4096:2].count(0) > half * 0.4:
        return "utf-16-le"
    if head[0:4096:2].count(0) > half * 0.4:
        return "utf-16-be"
    return ""


def _known_codec(asked: str) -> str:
    try:
        found = codecs.lookup(asked)
        "".encode(found.name)
    except (LookupError, UnicodeError):
        raise UsageError(
            f'There is no encoding "{asked[:40]}".', remedy="Name one like utf-8 or cp1252."
        ) from None
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _reads_whole(name: str, opened: Opener, encoding: str) -> bool:
    """Also weighs the file; nothing of it is kept."""
    decoder = codecs.getincrementaldecoder(encoding)()
    size = lines = 0
    with opened() as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            lines += max(piece.count(b"\n"), piece.count(b"\r"))
            if size > MOST_BYTES:
                raise UsageError(
                    f"{name} has more than {MOST_BYTES // 1_000_000} MB.",
                    remedy="Nothing was imported. Split it and import the parts one by one.",
                )
            if lines > MOST_LINES:
                raise UsageError(
                    f"{name} has more than {MOST_LINES:,} lines.",
                    remedy="Nothing was imported. Split it and import the parts one by one.",
                )
            try:
                decoder.decode(piece)
            except UnicodeError:
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _refuse_binary(name: str, head: bytes) -> None:
    commands = sum(
        head.count(bytes([code])) for code in (*range(8), *range(14, 27), 28, 29, 30, 31)
    )
    if commands > len(head) * 0.1:
        raise UsageError(
            f"{name} holds no text.", remedy="Name a CSV, TSV or JSON file, saved as UTF-8."
        )
