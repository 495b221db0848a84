"""People's tables, read row by row: CSV and TSV here, JSON in `table_json`.

Nothing of a file is held but the row at hand, and every row comes with the line it begins in, so that a rejected one
can be found again. The reader of sqlite-utils tells no lines, takes two columns of one name for one, and reads JSON
whole, so the rows are read here and its detection of types is used (`table_types`).

What a table may be: 250 MB, 500,000 lines, 500 columns, a million characters in a row. A row shorter than the heading
ends in empty cells; a longer one has a problem, for nobody knows which of its cells is which.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from inboxcrm.errors import UsageError
from inboxcrm.files.table_json import json_columns, json_rows, looks_like_json
from inboxcrm.files.table_text import Opener, delimiter_of, encoding_of, head_of, text_of

MOST_COLUMNS = 500
MOST_CHARACTERS = 1_000_000
"""Of one row."""

_LONGEST_HEADING = 100
_NAMES = {",": "CSV", "\t": "TSV"}


class TableRow(NamedTuple):
    """`line`: where it begins, 1 is the first of the file; of JSON the number of the object.

    `problem` is why it cannot be used; empty for a good one, which has a cell for every column.
    """

    line: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`rows()` reads from the start each time it is called. A cell is text as written, without zero bytes."""

    name: str
    form: str
    encoding: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[TableRow]]


def open_table(path: Path, *, encoding: str = "") -> Table:
    """Raises UsageError for what cannot be read, is no table, or is too large."""
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise UsageError(
            f"Cannot read {path}: {error.strerror}.", remedy="Name another file."
        ) from None
    return _table(path.name, lambda: path.open("rb"), encoding)


def table_from_bytes(name: str, content: bytes, *, encoding: str = "") -> Table:
    """As `open_table`, of what somebody uploaded."""
    return _table(name, lambda: io.BytesIO(content), encoding)


def _table(name: str, opened: Opener, asked: str) -> Table:
    encoding = encoding_of(name, opened, asked=asked)
    head = head_of(opened, encoding)
    if looks_like_json(head):
        keys = json_columns(name, opened, encoding, most=MOST_COLUMNS)
        return Table(
            name,
            "JSON",
            encoding,
            distinct_names(keys),
            lambda: _json_rows(name, opened, encoding, keys),
        )
    said = _said_delimiter(head)
    delimiter = said or delimiter_of(head)
    columns = _headings(name, opened, encoding, delimiter)
    return Table(
        name,
        _NAMES.get(delimiter, f"CSV with {delimiter}"),
        encoding,
        columns,
        lambda: _rows(name, opened, encoding, delimiter, len(columns)),
    )


def _json_rows(
    name: str, opened: Opener, encoding: str, columns: tuple[str, ...]
) -> Iterator[TableRow]:
    for number, cells, problem in json_rows(name, opened, encoding, columns):
        yield TableRow(number, cells, problem)


def _said_delimiter(head: str) -> str:
    """Spreadsheets write `sep=;` on the first line."""
    first = head.partition("\n")[0].strip().strip('"')
    return first[4] if len(first) == 5 and first.lower().startswith("sep=") else ""


def _headings(name: str, opened: Opener, encoding: str, delimiter: str) -> tuple[str, ...]:
    found = next(_raw(name, opened, encoding, delimiter), None)
    if found is None:
        raise UsageError(f"{name} is empty.", remedy="Name a file with a line of headings.")
    _, cells = found
    while len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise UsageError(
            f"{name} has {len(cells):,} columns; at most {MOST_COLUMNS} are read.",
            remedy="Nothing was imported. Take out the columns that are not needed.",
        )
    return distinct_names(cells)


def distinct_names(headings: Sequence[str]) -> tuple[str, ...]:
    """The headings as names of their own: an empty one is "column 3", a second "phone" is "phone (2)"."""
    names: list[str] = []
    taken: set[str] = set()
    for number, heading in enumerate(headings, start=1):
        words = " ".join(heading[: _LONGEST_HEADING * 4].split())
        plain = "".join(letter for letter in words if letter.isprintable())[:_LONGEST_HEADING]
        name = plain or f"column {number}"
        if name in taken:
            again = 2
            while f"{name} ({again})" in taken:
                again += 1
            name = f"{name} ({again})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _rows(
    name: str, opened: Opener, encoding: str, delimiter: str, width: int
) -> Iterator[TableRow]:
    found = _raw(name, opened, encoding, delimiter)
    next(found, None)  # the headings
    for line, cells in found:
        many = len(cells)
        if many == width:
            yield TableRow(line, cells)
        elif many < width:
            yield TableRow(line, cells + [""] * (width - many))
        elif not any(map(str.strip, cells[width:])):
            yield TableRow(line, cells[:width])
        else:
            problem = f"it has {many:,} cells, and there are {width} headings"
            yield TableRow(line, cells, problem)


def _raw(
    name: str, opened: Opener, encoding: str, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row that holds anything, the headings first."""
    with text_of(opened, encoding) as text:
        lines = _Lines(name, text)
        reader = csv.reader(lines, delimiter=delimiter)
        if _said_delimiter(head_of(opened, encoding)):
            next(lines)
        while True:
            begins = lines.count + 1
            lines.begin_row()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise _endless(name, begins) from None
            if any(cells):
                yield begins, cells


class _Lines:
    """The lines of a text, however long somebody made them; what a row takes is counted."""

    def __init__(self, name: str, text: io.TextIOWrapper) -> None:
        self._name = name
        self._readline = text.readline
        self._left = MOST_CHARACTERS
        self._begun = 1
        self.count = 0

    def begin_row(self) -> None:
        self._left = MOST_CHARACTERS
        self._begun = self.count + 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._readline(MOST_CHARACTERS)
        if not line:
            raise StopIteration
        self.count += 1
        self._left -= len(line)
        if self._left <= 0:
            raise _endless(self._name, self._begun)
        return line.replace("\0", "") if "\0" in line else line


def _endless(name: str, line: int) -> UsageError:
    return UsageError(
        f"The row of {name} that begins in line {line:,} does not end: a cell or row is too long.",
        remedy="Look for a quotation mark there that is never closed. What came before it stands.",
    )
