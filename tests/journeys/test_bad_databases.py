"""A full disk, a lock somebody keeps, a schema of another version, a file that is none: nothing is half-written."""

from __future__ import annotations

import errno
import os
import platform
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Engine, event

from inboxcrm.store.database import Database
from tests.journeys.home import until
from tests.journeys.mails import ARCHIVE, IMPORT, many

TABLES = ("message", "message_copy", "message_body", "lead", "lead_link", "participant")


@contextmanager
def full_disk(pages: int) -> Iterator[None]:
    """SQLite finds no room beyond so many pages."""

    def limit(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


def rows(home) -> dict[str, int]:
    with closing(sqlite3.connect(home.folder / "inboxcrm.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: raw.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}


def page_count(home) -> int:
    with closing(sqlite3.connect(home.folder / "inboxcrm.db")) as raw:
        return raw.execute("PRAGMA page_count").fetchone()[0]


@pytest.fixture
def whole(home) -> dict[str, int]:
    """What an undisturbed import leaves behind; the home has no database again afterwards."""
    home.config(ARCHIVE)
    home.file("mail.mbox", many(1_200))
    home.type(*IMPORT)
    found = rows(home) | {"pages": page_count(home)}
    for leftover in home.folder.glob("inboxcrm.db*"):
        leftover.unlink()
    return found


def test_a_disk_that_fills_up_in_the_middle_of_an_import(home, whole):
    home.type("leads", "list")
    with full_disk(whole.pop("pages") * 3 // 4):
        done = home.type(*IMPORT)
        assert done.code == 1
        assert "is full. Nothing of this step was stored." in done.err
        assert "Free some space, then run the same command again" in done.err
        held = rows(home)
        assert 0 < held["message"] < 1_200, "it filled up in the middle"
        assert held["message"] == held["message_copy"] == held["message_body"]
        assert home.type("leads", "list").code == 0, "what is there can still be read"
    again = home.type(*IMPORT, "--json")
    assert (again.code, again.report["stored"]) == (0, 1_200 - held["message"])
    assert rows(home) == whole


def test_a_disk_that_refuses_to_write(home, whole):
    """By the system's own limit on the size of files, in a process of its own."""
    home.type("leads", "list")
    limit = whole.pop("pages") * 4096 // 2
    before = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    done = home.run(*IMPORT, before=before)
    assert done.code == 1
    assert "disk" in done.err
    assert len(done.err.strip().splitlines()) >= 2
    held = rows(home)
    assert held["message"] == held["message_copy"] == held["message_body"] < 1_200
    again = home.type(*IMPORT, "--json")
    assert (again.code, again.report["stored"]) == (0, 1_200 - held["message"])
    assert rows(home) == whole


def test_a_disk_without_room_for_a_backup_leaves_no_half_of_one(home):
    home.config(ARCHIVE)
    home.file("mail.mbox", many(100))
    home.type(*IMPORT)
    done = home.run(
        "db", "backup", "copy.db",
        before="import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))",
    )  # fmt: skip
    assert done.code == 1
    assert "disk" in done.err
    assert not [file for file in home.folder.iterdir() if "copy" in file.name]


def test_an_export_without_room_leaves_the_old_file(home, monkeypatch):
    home.type("leads", "add", "carol@shop.example")
    home.file("leads.csv", "the old one")

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("inboxcrm.cli.lead_export.write_csv", fail)
    done = home.type("leads", "export", "--output", "leads.csv")
    assert done.code == 1
    assert "leads.csv could not be written: No space left on device." in done.err
    assert (home.folder / "leads.csv").read_text() == "the old one"
    assert not list(home.folder.glob(".leads*"))


def test_output_that_nobody_can_take_is_said(home):
    home.type("leads", "add", "carol@shop.example")
    done = home.run(
        "leads", "list", before="import os\nos.dup2(os.open('/dev/full', os.O_WRONLY), 1)"
    )
    assert done.code == 1
    assert "No space left on device" in done.err


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setitem(Database.open.__func__.__kwdefaults__, "busy_seconds", 0.2)


@pytest.mark.usefixtures("impatient")
def test_a_lock_that_somebody_keeps(home):
    home.config(ARCHIVE)
    home.file("mail.mbox", many(3))
    home.type("leads", "add", "carol@shop.example")
    with closing(sqlite3.connect(home.folder / "inboxcrm.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for words in (IMPORT, ("leads", "add", "bob@firm.example"), ("db", "optimize")):
            done = home.type(*words)
            assert done.code == 1
            assert "is busy" in done.err
            assert "then try again" in done.err
        assert "carol@shop.example" in home.type("leads", "list", "--json").out, "reading goes on"
        other.execute("ROLLBACK")
    assert home.type(*IMPORT, "--json").report["stored"] == 3
    assert home.type("leads", "list", "--json").document["total"] == 4


def lease_holder(home) -> str:
    with closing(sqlite3.connect(home.folder / "inboxcrm.db")) as raw:
        try:
            found = raw.execute("SELECT lease_owner FROM mailbox").fetchone()
        except sqlite3.OperationalError:
            return ""
    return (found or ("",))[0] or ""


def test_a_second_worker_keeps_off_and_the_first_is_not_disturbed(home, gmail):
    home.type("leads", "list")
    gmail.faults.stall_next(5.0, path="/profile")
    first = home.start("sync", "--json")
    until(lambda: lease_holder(home))
    second = home.type("sync")
    assert second.code == 1
    assert "Another worker is syncing this mailbox." in second.err
    assert "Wait for it to finish" in second.err
    done = first.wait()
    assert (done.code, done.report["stored"]) == (0, 3)
    assert home.type("sync").code == 0


def test_what_a_killed_worker_held_is_free_at_once(home, gmail):
    home.type("leads", "list")
    gmail.faults.stall_next(5.0, path="/profile")
    first = home.start("sync")
    holder = until(lambda: lease_holder(home))
    assert holder.startswith(f"{platform.node()}:{first.process.pid}:")
    first.process.kill()
    first.process.communicate()
    assert home.type("sync", "--json").report["stored"] == 3


@pytest.mark.parametrize(
    ("version", "words", "remedy"),
    [
        ("0000", "schema 0000", "inboxcrm db upgrade"),
        ("9999", "newer than this", "Update inboxcrm"),
    ],
)
def test_a_schema_of_another_version_is_refused_by_every_command(
    home, monkeypatch, version, words, remedy
):
    home.config(f'{ARCHIVE}path = "mail.mbox"\n')
    home.file("mail.mbox", many(3))
    home.type("sync")
    if version == "0000":
        monkeypatch.setattr("inboxcrm.store.migrate.revisions", lambda *_: ["0000", "0001"])
    with closing(sqlite3.connect(home.folder / "inboxcrm.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = ?", (version,))
    before = rows(home)
    for command in (
        ("leads", "list", "--json"), ("messages", "list"), ("sync",), ("search", "chairs"), ("doctor",),
        ("why", "bob@firm.example"), ("serve", "--port", "0"), ("worker",), ("up", "--port", "0"),
    ):  # fmt: skip
        done = home.type(*command)
        assert done.code == 1, command
        assert words in done.out + done.err
        assert remedy in done.out + done.err
    assert rows(home) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"Dear Bob, " * 1000, "is not a SQLite database"), (b"\x00" * 100, "SQLite")],
)
def test_a_file_that_is_no_database_is_left_alone(home, content, words):
    home.file("inboxcrm.db", content)
    done = home.type("leads", "list")
    assert done.code == 1
    assert words in done.err
    assert (home.folder / "inboxcrm.db").read_bytes() == content


def test_a_database_of_another_program_is_left_alone(home):
    with closing(sqlite3.connect(home.folder / "inboxcrm.db")) as raw, raw:
        raw.execute("CREATE TABLE recipe (name)")
    for words in (("leads", "list"), ("db", "upgrade"), ("sync",)):
        home.config(f'{ARCHIVE}path = "mail.mbox"\n')
        done = home.type(*words)
        assert done.code == 1
        assert "not those of inboxcrm" in done.err


def test_a_torn_database_is_said_with_the_way_back(home):
    home.config(ARCHIVE)
    home.file("mail.mbox", many(200))
    home.type(*IMPORT)
    home.type("db", "backup", "good.db")
    path = home.folder / "inboxcrm.db"
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(path.stat().st_size - 4096 * 4))
    done = home.type("messages", "list")
    assert done.code == 1
    assert "is damaged" in done.err
    assert "inboxcrm db restore" in done.err
    path.unlink()
    assert home.type("db", "restore", "good.db").code == 0
    assert home.type("leads", "list", "--json").document["total"] == 200


def test_a_restore_onto_data_asks_first(home):
    home.config(ARCHIVE)
    home.file("mail.mbox", many(3))
    home.type(*IMPORT)
    home.type("db", "backup", "copy.db")
    home.type("leads", "add", "carol@shop.example")
    done = home.type("db", "restore", "copy.db")
    assert done.code == 1
    assert "holds data already. Nothing was restored." in done.err
    assert "--overwrite" in done.err
    assert home.type("leads", "list", "--json").document["total"] == 4
    assert home.type("db", "restore", "copy.db", "--overwrite").code == 0
    assert home.type("leads", "list", "--json").document["total"] == 3


def test_a_restore_from_what_is_no_backup_changes_nothing(home):
    home.type("leads", "add", "carol@shop.example")
    home.file("letters.txt", "Dear Bob, " * 1000)
    (home.folder / "folder").mkdir()
    home.type("db", "backup", "copy.db")
    torn = (home.folder / "copy.db").read_bytes()
    home.file("torn.db", torn[: len(torn) // 2])
    for name in ("missing.db", "letters.txt", "folder", "torn.db"):
        done = home.type("db", "restore", name, "--overwrite")
        assert done.code in (1, 2), name
        assert name in done.err
    assert home.type("leads", "list", "--json").document["total"] == 1
    assert not [file for file in home.folder.iterdir() if "restore" in file.name]


def test_a_folder_that_may_not_be_written(home, monkeypatch):
    """By the answer of the system's check: tests may run as root, who may write everything."""
    monkeypatch.setattr("inboxcrm.store.engines.os.access", lambda *_: False)
    done = home.type("leads", "list")
    assert done.code == 1
    assert "may not be written by this user" in done.err
    assert shutil.os.listdir(home.folder) == []
