r"""The tables of a whole export as files: CSV for spreadsheets or a JSON document a line, read again without loss.

In a cell of CSV:
- nothing is null; of a field that may be null, an empty text is a lone apostrophe
- a text that a spreadsheet would run, or that begins with an apostrophe, gets an apostrophe in front, as in every
  export of ours (files/lead_export.py)
- a text with signs that command a terminal or turn the line around begins with an apostrophe and a backslash; in it
  such signs are written like \u202e, and a backslash twice
Whatever begins with an apostrophe is read back by that. JSON needs none of it but the escapes it has itself.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from inboxcrm.errors import Problem, UsageError
from inboxcrm.files.lead_export import guarded
from inboxcrm.leads.export_fields import (
    SHORT,
    ExportField,
    ExportTable,
    Kind,
    Row,
    Value,
    moment_ms,
    moment_text,
    whole_number,
)

FORMS = ("csv", "jsonl")
LONGEST_ROW = 50_000_000
"""Characters; the text of a template may be long, a line without end is none of ours."""

_COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_ESCAPED = re.compile(r"\\(\\|u[0-9a-f]{4})")
_UNFIT = re.compile("[\0\ud800-\udfff]")
_YES_NO = {"yes": True, "no": False}
_NUMBERS = {Kind.NUMBER, Kind.COUNT}
_JSON: dict[Kind, type[Any]] = {Kind.DATA: dict, Kind.MAP: dict, Kind.LIST: list}


class Reading:
    """One table of a folder. `problems` holds what was wrong with rows met so far; such rows are left out."""

    def __init__(self, path: Path, table: ExportTable) -> None:
        self._path = path
        self._table = table
        self.problems: list[Problem] = []

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(place, row), each time from the start. Raises UsageError where the file is no such table."""
        read = _csv_rows if self._path.suffix == ".csv" else _json_rows
        self.problems = []
        for line, cells in read(self._path, self._table):
            place = f"{self._path.name}, line {line:,}"
            row = self._row(place, cells)
            if row is not None:
                yield place, row

    def _row(self, place: str, cells: dict[str, Any] | str) -> Row | None:
        if isinstance(cells, str):
            self.problems.append(Problem(place, cells))
            return None
        row: dict[str, Value] = {}
        wrong = []
        for field in self._table.fields:
            try:
                row[field.name] = _checked(field, cells[field.name])
            except ValueError as error:
                wrong.append(Problem(place, f"{field.name} {error}"))
        self.problems += wrong
        return None if wrong else row


def write_table(rows: Iterable[Row], table: ExportTable, target: TextIO, *, form: str) -> int:
    """`form` is one of FORMS; `target` must be opened with newline="". Returns how many rows there were."""
    count = 0
    if form == "csv":
        writer = csv.writer(target)
        writer.writerow(table.columns)
        for row in rows:
            writer.writerow([_cell(one, row[one.name]) for one in table.fields])
            count += 1
        return count
    for row in rows:
        written = {one.name: _plain(one, row[one.name]) for one in table.fields}
        text = json.dumps(written, ensure_ascii=False)
        target.write(_COMMANDS.sub(_as_escape, text) + "\n")
        count += 1
    return count


def file_of(folder: Path, table: ExportTable) -> Path | None:
    """The file that holds a table, in either form. Raises UsageError where both stand there."""
    found = [
        path for form in FORMS if (path := folder / f"{table.name}.{form}").is_file()
    ]  # fmt: skip
    if len(found) > 1:
        raise UsageError(
            f"{folder} holds {found[0].name} and {found[1].name}.",
            remedy="Only one of them can be meant: remove the other.",
        )
    return found[0] if found else None


# --- writing --------------------------------------------------------------------------


def _plain(field: ExportField, value: Value) -> Value:
    return moment_text(value) if field.kind is Kind.MOMENT and isinstance(value, int) else value


def _cell(field: ExportField, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return moment_text(value) if field.kind is Kind.MOMENT else str(value)
    if not value:
        return "'" if field.null else ""
    if _COMMANDS.search(value):
        return "'\\" + _COMMANDS.sub(_as_escape, value.replace("\\", "\\\\"))
    return f"'{value}" if value.startswith("'") else guarded(value)


def _as_escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


# --- reading --------------------------------------------------------------------------


def _uncell(field: ExportField, cell: str) -> Value:
    """Raises ValueError."""
    if not cell and field.null:
        return None
    if field.kind is Kind.FLAG:
        if cell not in _YES_NO:
            raise ValueError("is neither yes nor no")
        return _YES_NO[cell]
    if field.kind in _NUMBERS:
        return whole_number(cell)
    if field.kind is Kind.MOMENT:
        return moment_ms(cell)
    if cell.startswith("'\\"):
        return _ESCAPED.sub(
            lambda found: "\\" if found[1] == "\\" else chr(int(found[1][1:], 16)), cell[2:]
        )
    return cell.removeprefix("'")


def _unplain(field: ExportField, value: Any) -> Value:
    """Raises ValueError."""
    if value is None and field.null:
        return None
    if field.kind is Kind.MOMENT and isinstance(value, str):
        return moment_ms(value)
    if field.kind is Kind.FLAG and isinstance(value, bool):
        return value
    if field.kind in _NUMBERS and isinstance(value, int) and not isinstance(value, bool):
        return whole_number(str(value))
    if field.kind in {Kind.TEXT, Kind.DAY, *_JSON} and isinstance(value, str):
        return value
    raise ValueError(f"is no {field.kind.value}")


def _checked(field: ExportField, value: Any) -> Value:
    """Raises ValueError for a text no database may hold, and for what should be JSON and is not."""
    if isinstance(value, ValueError):
        raise value
    if isinstance(value, str):
        if _UNFIT.search(value):
            raise ValueError("holds a zero byte or half a letter, which no database takes")
        if field.is_short and len(value) > SHORT:
            raise ValueError(f"has more than {SHORT} characters")
        if field.among and value not in field.among:
            raise ValueError(f"is none of {', '.join(field.among)}")
        if field.kind in _JSON:
            _refuse_broken_json(field, value)
        elif field.kind is Kind.DAY:
            _refuse_no_day(value)
    if field.kind is Kind.COUNT and not 0 <= value < 1 << 31:
        raise ValueError("is no count")
    found: Value = value
    return found


def _refuse_broken_json(field: ExportField, text: str) -> None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("is no JSON") from None
    wanted = _JSON[field.kind]
    if not isinstance(found, wanted):
        raise ValueError("is no JSON object" if wanted is dict else "is no JSON list")  # noqa: TRY004


def _refuse_no_day(text: str) -> None:
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_day = False
    if not is_day:
        raise ValueError("is no day like 2026-05-14")


def _csv_rows(path: Path, table: ExportTable) -> Iterator[tuple[int, dict[str, Any] | str]]:
    before = csv.field_size_limit(LONGEST_ROW)
    with _opened(path) as text:
        reader = csv.reader(text, strict=True)
        try:
            headings = next(reader, [])
            _refuse_other_columns(path, table, headings)
            begins = reader.line_num + 1
            for cells in reader:
                if len(cells) != len(headings):
                    yield begins, f"has {len(cells)} cells and there are {len(headings)} headings"
                else:
                    held = dict(zip(headings, cells, strict=True))
                    yield (
                        begins,
                        {one.name: _tried(_uncell, one, held[one.name]) for one in table.fields},
                    )
                begins = reader.line_num + 1
        except csv.Error as error:
            raise _unreadable(path, f"line {reader.line_num:,}: {error}") from None
        except UnicodeError:
            raise _unreadable(path, "it is not written in UTF-8") from None
        finally:
            csv.field_size_limit(before)


def _json_rows(path: Path, table: ExportTable) -> Iterator[tuple[int, dict[str, Any] | str]]:
    line = 0
    with _opened(path) as text:
        try:
            while written := text.readline(LONGEST_ROW):
                line += 1
                yield line, _document(written, table)
        except UnicodeError:
            raise _unreadable(path, "it is not written in UTF-8") from None


def _document(written: str, table: ExportTable) -> dict[str, Any] | str:
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return "is no JSON"
    if not isinstance(found, dict):
        return "is no JSON object"
    missing = [one for one in table.columns if one not in found]
    if missing:
        return f"lacks {', '.join(missing)}"
    return {one.name: _tried(_unplain, one, found[one.name]) for one in table.fields}


def _tried(read: Any, field: ExportField, value: Any) -> Any:
    """The value, or why there is none: every field of a row is told at once."""
    try:
        return read(field, value)
    except ValueError as error:
        return error


def _refuse_other_columns(path: Path, table: ExportTable, headings: list[str]) -> None:
    missing = [one for one in table.columns if one not in headings]
    if missing or len(set(headings)) != len(headings):
        what = f"it lacks {', '.join(missing)}" if missing else "a heading stands twice"
        raise _unreadable(path, what)


def _opened(path: Path) -> TextIO:
    """A mark that an editor put in front of the first letter is none of ours."""
    try:
        return path.open(encoding="utf-8-sig", newline="" if path.suffix == ".csv" else "\n")
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None


def _unreadable(path: Path, why: str) -> UsageError:
    return UsageError(
        f"{path.name} cannot be read as a table of an export: {why}.",
        remedy="Nothing was changed. Name a folder as `inboxcrm export` writes it.",
    )
