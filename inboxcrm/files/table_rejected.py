"""Rejected rows go back to who sent them: as they were, the line and the reason in front.

A cell that a spreadsheet would run gets the apostrophe of `lead_export`; importing the mended file takes it off again.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from inboxcrm.errors import InboxcrmError, UsageError
from inboxcrm.files.lead_export import guarded

LINE = "line of the table"
REASON = "why it was rejected"


def write_rejected(
    rows: Iterable[tuple[int, str, Sequence[str]]], columns: Sequence[str], target: TextIO
) -> None:
    """(line, reason, cells) as CSV with a heading line. `target` must be opened with newline=""."""
    writer = csv.writer(target)
    writer.writerow(map(guarded, (LINE, REASON, *columns)))
    for line, reason, cells in rows:
        writer.writerow([line, *map(guarded, (reason, *cells))])


class RejectedFile:
    """A file that gets its name when it is whole, and only if it holds a row."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Raises UsageError where nothing can be written."""
        self._path = path
        self._names = (LINE, REASON, *columns)
        self._count = 0
        try:
            number, self._passing = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        except OSError as error:
            raise UsageError(
                f"Cannot write to {path}: {error.strerror}.", remedy="Name another file."
            ) from None
        self._target = os.fdopen(number, "w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._target)
        self._writer.writerow(map(guarded, self._names))

    def add(self, line: int, reason: str, cells: Sequence[str]) -> None:
        self._writer.writerow([line, *map(guarded, (reason, *cells))])
        self._count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        """What was rejected before an error is told too."""
        del kind
        passing = Path(self._passing)
        try:
            self._target.close()
            if self._count:
                passing.replace(self._path)
        except OSError as error:
            raise InboxcrmError(
                f"{self._path} could not be written: {error.strerror}.",
                remedy="What was imported stands. Free some space or name another file.",
            ) from error
        finally:
            with suppress(FileNotFoundError):
                passing.unlink()
