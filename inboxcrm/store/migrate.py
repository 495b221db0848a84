"""Brings a database to this program's schema, or refuses it with the command to run.

What `upgrade` does, and what a crash leaves behind after each step:
 1. take the write lock                      nothing happened
 2. look again: another process may have been first
 3. SQLite: copy the file beside itself      the copy, overwritten by the next attempt
 4. run every migration, check foreign keys  not committed: the database is as it was
 5. commit                                   the new schema, and the copy
 6. remove the copy                          done

A migration on SQLite rebuilds tables, and with foreign keys on that would empty the tables that
point at them: so they are off while it runs, and checked before the commit.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, inspect

from inboxcrm.errors import SchemaError, StorageError
from inboxcrm.store.engines import (
    Purpose,
    check_folder,
    open_engine,
    parse_url,
    shown_url,
    sqlite_path,
)
from inboxcrm.store.faults import plainly, storage_error

MIGRATIONS = Path(__file__).parent / "migrations"
_WAIT_SECONDS = 60.0
_ADVISORY_LOCK = 0x1B0C


class State(Enum):
    """How a database stands to this program."""

    EMPTY = auto()
    CURRENT = auto()
    OLDER = auto()
    NEWER = auto()
    FOREIGN = auto()


@dataclass(frozen=True, slots=True)
class Schema:
    """`current` is the database's revision, "" where it has none; `head` is ours."""

    state: State
    current: str
    head: str


def revisions(migrations: Path = MIGRATIONS) -> list[str]:
    """The numbers the files begin with, oldest first; Alembic is only loaded to migrate."""
    files = (migrations / "versions").glob("[0-9]*_*.py")
    return sorted(file.name.split("_", 1)[0] for file in files)


def schema_of(tx: Connection, migrations: Path = MIGRATIONS) -> Schema:
    known = revisions(migrations)
    head = known[-1]
    tables = inspect(tx).get_table_names()
    if "alembic_version" not in tables:
        return Schema(State.FOREIGN if tables else State.EMPTY, "", head)
    current = tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if current is None:
        return Schema(State.FOREIGN if len(tables) > 1 else State.EMPTY, "", head)
    if current == head:
        return Schema(State.CURRENT, current, head)
    return Schema(State.OLDER if current in known else State.NEWER, str(current), head)


def prepare(url: URL, *, create: bool, upgrade: bool, busy_seconds: float) -> None:
    """Lets a current database pass, makes an empty one, refuses the others. Raises SchemaError."""
    if sqlite_path(url) is not None:
        # Kept by the file from now on; asking again is free. Outside of any transaction, as SQLite
        # demands.
        with open_engine(url, Purpose.MIGRATE, busy_seconds=busy_seconds).connect() as tx:
            _use_write_ahead_log(tx)
    # As a reader: whoever only wants to look must not wait for a writer.
    engine = open_engine(url, Purpose.READ, busy_seconds=busy_seconds)
    try:
        with engine.connect() as tx:
            found = schema_of(tx)
            tx.rollback()
    finally:
        engine.dispose()
    if found.state is State.CURRENT:
        return
    may_run = create if found.state is State.EMPTY else upgrade and found.state is State.OLDER
    if not may_run:
        raise _refusal(found, shown_url(url))
    _run(url, MIGRATIONS)


def upgrade(url: str, *, migrations: Path = MIGRATIONS) -> Schema:
    """Brings a database to our schema and tells how it stood before. Raises StorageError."""
    parsed = parse_url(url)
    path = sqlite_path(parsed)
    if path is not None:
        check_folder(path)
    with plainly(shown_url(parsed)):
        return _run(parsed, migrations)


def _run(url: URL, migrations: Path) -> Schema:
    engine = open_engine(url, Purpose.MIGRATE, busy_seconds=_WAIT_SECONDS)
    path = sqlite_path(url)
    with engine.connect() as tx:
        if path is not None:
            _use_write_ahead_log(tx)
        with tx.begin():
            if path is None:
                tx.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
            found = schema_of(tx, migrations)
            if found.state is State.CURRENT:
                return found
            if found.state not in {State.EMPTY, State.OLDER}:
                raise _refusal(found, shown_url(url))
            copy = None
            if path is not None and found.state is State.OLDER:
                copy = _copy_aside(path)
            _migrate(tx, migrations, found, shown_url(url), copy)
    if copy is not None:
        copy.unlink(missing_ok=True)
    return found


def _migrate(
    tx: Connection, migrations: Path, found: Schema, where: str, copy: Path | None
) -> None:
    try:
        _run_alembic(tx, migrations)
        _check_foreign_keys(tx)
    except Exception as error:
        meant = storage_error(error, where=where)
        if meant is not None:
            raise meant from error
        aside = f" A copy from before lies at {copy}." if copy is not None else ""
        raise SchemaError(
            f"The database {where} could not be brought from schema {found.current or 'none'} to"
            f" {found.head}: {error}. It is as it was before.",
            remedy=f"Please report this with the message above.{aside}",
        ) from error


def _run_alembic(tx: Connection, migrations: Path) -> None:
    from alembic import command  # 100 ms that only a migration should cost
    from alembic.config import Config

    # Alembic tells every step at INFO; whoever logs at INFO did not ask for that.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx
    command.upgrade(config, "head")


def _check_foreign_keys(tx: Connection) -> None:
    if tx.dialect.name != "sqlite":
        return
    broken = tx.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(3)
    if broken:
        rows = ", ".join(f"{row[0]} row {row[1]} (wants {row[2]})" for row in broken)
        raise SchemaError(f"rows would point at nothing: {rows}")


def _use_write_ahead_log(tx: Connection) -> None:
    raw: Any = tx.connection.dbapi_connection
    raw.execute("PRAGMA journal_mode = WAL")


def _copy_aside(path: Path) -> Path:
    """By SQLite's own backup, which sees what lies in the log.

    Our write lock keeps everybody else out meanwhile.
    """
    copy = path.with_name(path.name + ".before-upgrade")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            copy.unlink()
        raise StorageError(
            f"The database could not be copied to {copy} before the upgrade: {error}."
            " It is as it was.",
            remedy="Free as much space as the database takes, then run inboxcrm db upgrade again.",
        ) from error
    return copy


def _refusal(found: Schema, where: str) -> StorageError:
    match found.state:
        case State.EMPTY:
            return SchemaError(
                f"The database {where} is empty.", remedy="Make its tables: inboxcrm db upgrade."
            )
        case State.OLDER:
            return SchemaError(
                f"The database {where} has schema {found.current}; this program needs"
                f" {found.head}.",
                remedy="Stop the other inboxcrm processes, then run: inboxcrm db upgrade.",
            )
        case State.NEWER:
            return SchemaError(
                f"The database {where} has schema {found.current}, which is newer than this program"
                f" knows ({found.head}).",
                remedy="Update inboxcrm, or restore a backup made by this version.",
            )
        case _:
            return SchemaError(
                f"The database {where} holds tables, but not those of inboxcrm.",
                remedy="Name another file or database in [database] url.",
            )
