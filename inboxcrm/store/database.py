"""The open database: reading and writing happen in its two transactions and nowhere else.

    with database.read() as tx: ...     a consistent snapshot; cannot write; ends by commit
    with database.write() as tx: ...    all or nothing; the one writer on SQLite, read committed on
                                        PostgreSQL

A `Database` may be shared by threads; processes open their own. Driver errors leave as
`StorageError`s that say what to do (store/faults.py). A database that is not there yet is made at
first use, tables and all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection

from inboxcrm.errors import StorageError
from inboxcrm.store import migrate
from inboxcrm.store.engines import (
    LOG_PAGES,
    Purpose,
    check_folder,
    open_engine,
    parse_url,
    shown_url,
    sqlite_path,
)
from inboxcrm.store.faults import DRIVER_ERRORS, plainly

Tx = Connection
"""A running transaction. Whoever gets one neither commits nor rolls back."""

BUSY_SECONDS = 10.0
SHORT_LOG_PAGES = 1000
"""Where each commit waits for the disk. A log that grows costs a file system's own journal once a commit, several times
what writing over its beginning costs; so it begins anew often.
"""


class Database:
    """Open one with `Database.open`."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._url = parse_url(url)
        self._where = shown_url(self._url)
        self._reader = open_engine(self._url, Purpose.READ, busy_seconds=busy_seconds)
        self._writer = open_engine(self._url, Purpose.WRITE, busy_seconds=busy_seconds)

    @classmethod
    def open(
        cls,
        url: str,
        *,
        create: bool = True,
        upgrade: bool = False,
        busy_seconds: float = BUSY_SECONDS,
    ) -> Self:
        """Raises StorageError, SchemaError if it is older (unless `upgrade`) or newer than we."""
        parsed = parse_url(url)
        path = sqlite_path(parsed)
        if path is not None:
            check_folder(path)
            if not create and not path.exists():
                raise StorageError(
                    f"There is no database at {path.absolute()} yet.",
                    remedy="Run inboxcrm sync once, or mend [database] url.",
                )
        with plainly(shown_url(parsed)):
            migrate.prepare(parsed, create=create, upgrade=upgrade, busy_seconds=busy_seconds)
        return cls(url, busy_seconds=busy_seconds)

    @property
    def dialect(self) -> str:
        """The name, sqlite or postgresql."""
        return self._writer.dialect.name

    @property
    def path(self) -> Path | None:
        """The file of a SQLite database."""
        return sqlite_path(self._url)

    @property
    def where(self) -> str:
        """For messages and status lines; never holds a password."""
        return self._where

    @property
    def url(self) -> str:
        """With its password: hand it on to another process, never print it."""
        return self._url.render_as_string(hide_password=False)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """One snapshot from the first statement on.

        It ends by commit: on PostgreSQL a rollback costs as much as the read.
        """
        with plainly(self._where), self._reader.connect() as tx, _ending(tx):
            tx.begin()
            yield tx
            tx.commit()

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Tx]:
        """Commits at the end, or leaves everything as it was when an exception passes.

        `durable`: the commit is on the disk when this returns. Without it SQLite may forget the last commits when the
        power goes (never when a process dies): mail would be read again, a mail that was sent must not be sent again.
        """
        with self.held(durable=durable) as transaction, transaction() as tx:
            yield tx

    @contextmanager
    def held(self, *, durable: bool = False) -> Iterator[Callable[[], AbstractContextManager[Tx]]]:
        """One connection for many write transactions, one after the other; each is what `write` gives.

        To get a connection and to give it back costs as much as a short transaction. Where one breaks, the others are
        refused: whoever holds it starts anew.
        """
        with (
            plainly(self._where),
            self._writer.connect() as tx,
            _on_the_disk(tx, is_wanted=durable),
        ):
            yield partial(self._transaction, tx)

    @contextmanager
    def _transaction(self, tx: Tx) -> Iterator[Tx]:
        if tx.invalidated:
            raise StorageError(
                f"The connection to {self._where} broke.",
                remedy="What was committed stays. Try again.",
            )
        with plainly(self._where), _ending(tx):
            tx.begin()
            yield tx
            self._commit(tx)

    def run_outside(self, *statements: str) -> None:
        """For upkeep that no transaction may hold: VACUUM, ANALYZE, checkpoints."""
        if self.dialect == "sqlite":
            with self.outside() as raw:
                for statement in statements:
                    raw.execute(statement).fetchall()
            return
        engine = open_engine(self._url, Purpose.MIGRATE, busy_seconds=BUSY_SECONDS)
        with plainly(self._where), engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in statements:
                plain.exec_driver_sql(statement)

    @contextmanager
    def outside(self) -> Iterator[Any]:
        """SQLite only: the driver's own connection, without a transaction."""
        engine = open_engine(self._url, Purpose.MIGRATE, busy_seconds=BUSY_SECONDS)
        with plainly(self._where), engine.connect() as connection:
            yield connection.connection.dbapi_connection

    def _commit(self, tx: Tx) -> None:
        """Every commit of the program passes here, so that tests can die before it and after."""
        tx.commit()

    def close(self) -> None:
        """Ends every connection at rest; SQLite then folds its log into the file."""
        self._reader.dispose()
        self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _on_the_disk(tx: Tx, *, is_wanted: bool) -> Iterator[None]:
    if not is_wanted or tx.dialect.name != "sqlite":
        yield
        return
    raw: Any = tx.connection.dbapi_connection
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute(f"PRAGMA wal_autocheckpoint = {SHORT_LOG_PAGES}")
    try:
        yield
    finally:
        if not tx.invalidated:
            raw.execute("PRAGMA synchronous = NORMAL")
            raw.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")


@contextmanager
def _ending(tx: Tx) -> Iterator[None]:
    """No connection goes back to the pool with a transaction open; a broken one goes nowhere."""
    try:
        yield
    except BaseException:
        try:
            tx.rollback()
            _roll_back_unseen(tx)
        except DRIVER_ERRORS:
            tx.invalidate()
        raise


def _roll_back_unseen(tx: Tx) -> None:
    """Of a Ctrl-C right behind SQLite's BEGIN SQLAlchemy knows no transaction, and so ends none."""
    raw: Any = None if tx.invalidated else tx.connection.dbapi_connection
    if getattr(raw, "in_transaction", False):
        raw.rollback()
