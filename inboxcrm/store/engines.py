"""How a connection to SQLite or PostgreSQL is opened, so that transactions mean the same on both.

SQLite     the driver's own transaction control is off; we say BEGIN (readers) or BEGIN IMMEDIATE
           (writers). WAL, so that readers and the one writer do not wait for each other.
PostgreSQL psycopg 3; readers run in REPEATABLE READ, the snapshot that SQLite gives by itself.

Readers and writers have their own engine each: what distinguishes them is set once a connection,
and costs no transaction anything. A reader cannot write, on either database.
"""

from __future__ import annotations

import logging
import os
import select
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import NullPool, QueuePool

from inboxcrm.errors import StorageError

LOG_PAGES = 4000
"""Of SQLite's log, before they go to the file: 16 MB rather than 4, for an import writes many of them again and again.
"""

_FORMS = "sqlite:///path/to/inboxcrm.db or postgresql://user:password@host/database"
_CONNECT_SECONDS = 10
_PSYCOPG_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


def _is_news(record: logging.LogRecord) -> bool:
    """A signal that ends the process may meet a connection on its way back to the pool. The pool passes it on, and need
    not print where it met it.
    """
    return not (record.exc_info and isinstance(record.exc_info[1], KeyboardInterrupt))


logging.getLogger(f"{QueuePool.__module__}.{QueuePool.__name__}").addFilter(_is_news)


class Purpose(Enum):
    """What a connection is for.

    MIGRATE: as WRITE, but foreign keys of SQLite are off and nothing is pooled.
    """

    READ = "read"
    WRITE = "write"
    MIGRATE = "migrate"


def parse_url(url: str) -> URL:
    """The address of a database, made fit for the driver of our choice. Raises StorageError."""
    remedy = f"Write [database] url as {_FORMS}."
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageError(
            "The database address cannot be read: it is not a URL.", remedy=remedy
        ) from None
    if parsed.drivername in _PSYCOPG_SCHEMES:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite":
        raise StorageError(
            f'"{parsed.drivername}" databases are not supported, only SQLite and PostgreSQL.',
            remedy=remedy,
        )
    if parsed.host:
        raise StorageError(
            f"The database address {parsed.render_as_string()} lacks a slash: three come before a"
            " relative path, four before an absolute one.",
            remedy=remedy,
        )
    if not parsed.database or parsed.database == ":memory:":
        raise StorageError(
            "A database in memory cannot be shared by web and worker.", remedy=remedy
        )
    return parsed.set(database=str(Path(parsed.database).expanduser()))


def sqlite_path(url: URL) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    return Path(str(url.database)) if url.drivername == "sqlite" else None


def shown_url(url: URL) -> str:
    """For messages: the file's path, or the address without its password."""
    return str(sqlite_path(url) or url.set(drivername="postgresql").render_as_string())


def check_folder(path: Path) -> None:
    """Says which folder and why, where SQLite would only say that it cannot. Raises StorageError."""
    folder = path.parent
    if path.is_dir():
        raise StorageError(
            f"The database cannot be opened: {path} is a folder.",
            remedy="Name a file in [database] url.",
        )
    if not folder.is_dir():
        raise StorageError(
            f"The database cannot be opened: the folder {folder.absolute()} does not exist.",
            remedy=f"Create it (mkdir -p {folder.absolute()}) or mend [database] url.",
        )
    # SQLite writes its log beside the file, so the folder has to be writable besides the file.
    if not os.access(folder, os.W_OK | os.X_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise StorageError(
            f"The database cannot be opened: {path.absolute()} or its folder may not be written by"
            " this user.",
            remedy="Give this user the right to write both, or mend [database] url.",
        )


def open_engine(url: URL, purpose: Purpose, *, busy_seconds: float) -> Engine:
    """Connects to nothing yet.

    Transactions are ended by us alone (`Database`), never by the pool.
    """
    if url.drivername == "sqlite":
        return _sqlite_engine(url, purpose, busy_seconds)
    return _postgresql_engine(url, purpose, busy_seconds)


def _sqlite_engine(url: URL, purpose: Purpose, busy_seconds: float) -> Engine:
    engine = create_engine(
        url,
        poolclass=NullPool if purpose is Purpose.MIGRATE else QueuePool,
        pool_reset_on_return=None,
        connect_args={
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": busy_seconds,
            "cached_statements": 512,
        },
    )
    pragmas = [
        f"PRAGMA foreign_keys = {'OFF' if purpose is Purpose.MIGRATE else 'ON'}",
        "PRAGMA synchronous = NORMAL",
        f"PRAGMA wal_autocheckpoint = {LOG_PAGES}",
    ]
    if purpose is Purpose.READ:
        pragmas.append("PRAGMA query_only = ON")
    begin = "BEGIN" if purpose is Purpose.READ else "BEGIN IMMEDIATE"

    def prepare(connection: Any, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma)

    def say_begin(tx: Connection) -> None:
        # Straight to the driver: as a statement of SQLAlchemy it would cost a third of a short read.
        raw: Any = tx.connection.dbapi_connection
        raw.execute(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", say_begin)
    return engine


def _postgresql_engine(url: URL, purpose: Purpose, busy_seconds: float) -> Engine:
    from psycopg import IsolationLevel  # who is on SQLite need not wait for it at every start

    query = dict(url.query)
    query.setdefault("connect_timeout", str(_CONNECT_SECONDS))
    query.setdefault("application_name", "inboxcrm")
    engine = create_engine(
        url.set(query=query),
        poolclass=NullPool if purpose is Purpose.MIGRATE else QueuePool,
        pool_reset_on_return=None,
    )

    def prepare(connection: Any, _record: object) -> None:
        wait_ms = max(1, int(busy_seconds * 1000))
        connection.execute(f"SET lock_timeout = {wait_ms}")
        # The planner's compiler costs more than it saves on queries as short as ours.
        connection.execute("SET jit = off")
        connection.commit()
        if purpose is Purpose.READ:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True

    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkout", _refuse_dead)
    return engine


def _refuse_dead(connection: Any, _record: object, _proxy: object) -> None:
    """A connection at rest has nothing to say: if it can be read, the server hung up.

    This costs a system call, where a ping would cost a journey to the server for every page.
    """
    if connection.closed or select.select([connection.fileno()], [], [], 0)[0]:
        raise DisconnectionError
