"""Backup, restore, optimize.

A backup is one SQLite file with our tables, wherever it was made: it restores into SQLite and into
PostgreSQL, it can be opened as a database by itself, and so it is the way from one to the other.

Nothing is half-written: a backup gets its name when it is whole, a restore is one transaction.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils
from sqlalchemy import select

from inboxcrm.errors import NotFoundError, RefusedError, SchemaError, StorageError
from inboxcrm.store.database import BUSY_SECONDS, Database, Tx
from inboxcrm.store.engines import check_folder, parse_url, sqlite_path
from inboxcrm.store.faults import plainly
from inboxcrm.store.moving import copy_everything, remove_everything
from inboxcrm.store.search import merge_index
from inboxcrm.store.tables import capture_rule, lead, message

_STATISTICS = {
    "sqlite": ["PRAGMA analysis_limit = 1000", "ANALYZE"],
    "postgresql": ["ANALYZE"],
}


_LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes on disk before and after; on PostgreSQL of the whole database."""

    before: int
    after: int


def backup(database: Database, path: Path) -> int:
    """Writes a backup while others work on.

    It shows one moment. Returns its size in bytes. Raises StorageError.
    """
    if path.exists():
        raise RefusedError(
            f"{path} exists already and was left alone.", remedy="Name another file for the backup."
        )
    check_folder(path)
    with _beside(path) as part:
        if database.path is not None:
            _copy_file(database.path, part)
        else:
            with (
                Database.open(f"sqlite:///{part}") as target,
                database.read() as source,
                target.write() as tx,
            ):
                remove_everything(tx)
                copy_everything(source, tx)
        _make_single_file(part)
        part.replace(path)
    return path.stat().st_size


def restore(
    path: Path, url: str, *, overwrite: bool = False, busy_seconds: float = BUSY_SECONDS
) -> None:
    """Makes the database of that URL what the backup is, brought to our schema.

    A database that holds mail, leads or verdicts is only replaced when told so.
    """
    if not path.is_file():
        raise NotFoundError(f"There is no backup at {path}.", remedy="Check the path.")
    target = parse_url(url)
    target_path = sqlite_path(target)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".inboxcrm-restore-") as folder:
        copy = Path(folder) / "backup.db"
        with _blaming(path, copy):
            _copy_file(path, copy)
        with (
            _opened_backup(copy, path) as source,
            Database.open(url, upgrade=True, busy_seconds=busy_seconds) as database,
        ):
            with database.read() as tx:
                is_free = overwrite or not _holds_anything(tx)
            if not is_free:
                raise RefusedError(
                    f"The database {database.where} holds data already. Nothing was restored.",
                    remedy="Back it up, then restore with --overwrite; or name another database.",
                )
            if target_path is None:
                with source.read() as read, database.write() as write:
                    remove_everything(write)
                    copy_everything(read, write)
        if target_path is not None:
            # Into the living file, as a transaction: whoever has it open sees the old rows or the
            # new ones.
            _copy_file(copy, target_path, busy_seconds=busy_seconds)


def optimize(database: Database) -> Size:
    """Tidies the full text, renews the planner's statistics, gives space back.

    Safe while others work, slow for them.
    """
    if database.path is None:
        before = _postgresql_bytes(database)
        database.run_outside("VACUUM (ANALYZE)")
        return Size(before, _postgresql_bytes(database))
    before = database.path.stat().st_size
    with database.write() as tx:
        for table in ("message_terms", "lead_terms"):
            tx.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    with database.outside() as raw:
        face = sqlite_utils.Database(raw)
        face.vacuum()
        face.execute("PRAGMA analysis_limit = 1000")
        face.analyze()
        face.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return Size(before, database.path.stat().st_size)


def settle(database: Database) -> None:
    """After much new mail: fresh statistics and a bounded piece of tidying, so that questions stay fast. Cheap."""
    with database.write() as tx:
        merge_index(tx)
    database.run_outside(*_STATISTICS[database.dialect])


def _holds_anything(tx: Tx) -> bool:
    return any(
        tx.execute(select(table.c.id).limit(1)).first() is not None
        for table in (message, lead, capture_rule)
    )


@contextmanager
def _opened_backup(copy: Path, path: Path) -> Iterator[Database]:
    """Older backups are brought to our schema (in the copy). Raises SchemaError, StorageError."""
    with _blaming(path, copy):
        database = Database.open(f"sqlite:///{copy}", create=False, upgrade=True)
    with database:
        yield database


@contextmanager
def _blaming(path: Path, copy: Path) -> Iterator[None]:
    """What goes wrong with our copy of a backup is said of the backup itself."""
    try:
        yield
    except StorageError as error:
        text = f"The backup cannot be restored. {error.message.replace(str(copy), str(path))}"
        if isinstance(error, SchemaError):
            raise SchemaError(text, remedy=error.remedy) from error
        remedy = (
            f"Nothing was changed. Check {path} and the space beside it, or use another backup."
        )
        raise StorageError(text, remedy=remedy) from error


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name in the same folder, for what is to be renamed when it is whole.

    What is not whole in the end is removed.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
    finally:
        for leftover in (part, Path(f"{part}-wal"), Path(f"{part}-shm")):
            leftover.unlink(missing_ok=True)


def _copy_file(source: Path, target: Path, *, busy_seconds: float = BUSY_SECONDS) -> None:
    """Copies by SQLite's own backup.

    It sees what lies in the log, copies one moment, and leaves the target whole if it fails. By
    itself it would wait for a lock for ever.
    """
    waited: list[int] = []

    def give_up(status: int, _left: int, _total: int) -> None:
        if status not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return
        waited.append(status)
        if len(waited) * _LOOK_AGAIN_SECONDS >= busy_seconds:
            locked = sqlite3.OperationalError("database is locked")
            locked.sqlite_errorcode = status
            raise locked

    with (
        plainly(str(target)),
        closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target, timeout=busy_seconds)) as writing,
    ):
        reading.backup(writing, progress=give_up, sleep=_LOOK_AGAIN_SECONDS)


def _make_single_file(part: Path) -> None:
    """No log beside a backup: people copy one file. And none that cannot be read."""
    with plainly(str(part)), closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StorageError(
            f"The database is damaged, so no backup was made: {verdict}.",
            remedy="Restore the last good backup: inboxcrm db restore PATH --overwrite.",
        )


def _postgresql_bytes(database: Database) -> int:
    with database.read() as tx:
        size = tx.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return int(size)
