"""A bench of one database, as often as a test wants a fresh one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.server import running_sandbox
from inboxcrm.store.database import Database
from tests.databases import wipe
from tests.sync.killing import Bench, Fuse, MortalDatabase
from tests.sync.practice import Practice


@pytest.fixture
def new_bench(
    dialect: str, database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Bench]]:
    """Each call gives an empty database, or one with the content that was kept (tests/kept.py) of another: on SQLite a
    new file, on PostgreSQL the same one, emptied.

    Closing ends every connection, as a process's end does; what SQLAlchemy has compiled is kept, which halves a run.
    """
    path = tmp_path / "bench.db"
    url = f"sqlite:///{path}" if dialect == "sqlite" else database_url
    opened: list[MortalDatabase] = []

    def make(content: Path | str | None = None) -> Bench:
        for database in opened:
            database.close()
        if dialect == "sqlite":
            for old in tmp_path.glob("bench.db*"):
                old.unlink()
            shutil.copyfile(content or request.getfixturevalue("migrated_sqlite"), path)
        elif opened:
            wipe(request.getfixturevalue("cleaner"))
        if isinstance(content, str):
            request.getfixturevalue("cleaner").execute(content)
        if not opened:
            opened.append(MortalDatabase(url))
        opened[0].fuse = Fuse(armed=False)
        return Bench(opened[0])

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def practice(database: Database, tmp_path: Path) -> Iterator[Practice]:
    """Mailboxes of Alice and Tom on a practice server, empty, and a desk that follows them."""
    boxes = [SandboxMailbox(f"{name}@lumenworks.example") for name in ("alice", "tom")]
    with running_sandbox(boxes) as sandbox:
        yield Practice(database, sandbox, tmp_path)


@pytest.fixture
def other_practice(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Practice]:
    """A second office, to hold the first against."""
    folder = tmp_path / "other"
    folder.mkdir()
    shutil.copyfile(migrated_sqlite, folder / "other.db")
    boxes = [SandboxMailbox(f"{name}@lumenworks.example") for name in ("alice", "tom")]
    with (
        running_sandbox(boxes) as sandbox,
        Database.open(f"sqlite:///{folder / 'other.db'}") as database,
    ):
        yield Practice(database, sandbox, folder)
