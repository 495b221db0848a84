"""Where a whole export goes: a folder with a file a table, or a single file. Either is there when it is whole.

A folder is written beside its place under another name and moved there at the end, so that a killed export leaves
nothing that looks like one; what stands there already is never mixed with it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from inboxcrm.errors import InboxcrmError, UsageError
from inboxcrm.files.whole_export import write_table
from inboxcrm.leads.export_fields import ExportTable, Row

FILES = "files"
"""The folder in which files that templates bear stand under their hash."""


class ExportTarget(Protocol):
    def write(self, table: ExportTable, rows: Iterable[Row]) -> int:
        """Returns how many rows there were."""

    def write_file(self, sha256: str, content: bytes) -> None: ...


class _Folder:
    def __init__(self, folder: Path, form: str) -> None:
        self._folder = folder
        self._form = form

    def write(self, table: ExportTable, rows: Iterable[Row]) -> int:
        path = self._folder / f"{table.name}.{self._form}"
        with path.open("w", encoding="utf-8", newline="") as target:
            return write_table(rows, table, target, form=self._form)

    def write_file(self, sha256: str, content: bytes) -> None:
        folder = self._folder / FILES
        folder.mkdir(exist_ok=True)
        (folder / sha256).write_bytes(content)


class _File:
    def __init__(self, path: Path, form: str) -> None:
        self._path = path
        self._form = form

    def write(self, table: ExportTable, rows: Iterable[Row]) -> int:
        with self._path.open("w", encoding="utf-8", newline="") as target:
            return write_table(rows, table, target, form=self._form)

    def write_file(self, sha256: str, content: bytes) -> None:
        """One table alone has no files beside it."""


@contextmanager
def whole_folder(folder: Path, *, form: str) -> Iterator[ExportTarget]:
    """Raises UsageError where something stands there, InboxcrmError where the disk does not take it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is not empty, and an export is not mixed with what stands there.",
            remedy="Name a folder that is not there yet.",
        )
    with _plainly(folder):
        beside = Path(tempfile.mkdtemp(dir=folder.absolute().parent, prefix=f".{folder.name}-"))
        try:
            yield _Folder(beside, form)
            if folder.exists():
                folder.rmdir()
            beside.rename(folder)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise


@contextmanager
def whole_table(path: Path, *, form: str) -> Iterator[ExportTarget]:
    """As `whole_folder`; a file that stands there is replaced when the new one is whole."""
    with _plainly(path):
        number, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
        os.close(number)
        try:
            yield _File(Path(name), form)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InboxcrmError(
            f"{path} could not be written: {error.strerror}.",
            remedy="Nothing was left there. Free some space or name another place, then export again.",
        ) from error
