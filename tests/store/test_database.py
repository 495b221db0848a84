from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading

import pytest
from sqlalchemy import event, func, insert, select, text

from inboxcrm.errors import DatabaseBusyError, StorageError
from inboxcrm.store.database import Database
from inboxcrm.store.settings import get_setting, set_setting
from inboxcrm.store.tables import account, lead, setting

only_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def put(database, value):
    with database.write() as tx:
        set_setting(tx, "k", value)


def got(database):
    with database.read() as tx:
        return get_setting(tx, "k")


def test_a_missing_database_is_made_at_first_use_with_the_local_account(empty_url, dialect):
    with Database.open(empty_url) as database, database.read() as tx:
        rows = tx.execute(select(account.c.id, account.c.name, account.c.role)).all()
        assert rows == [(1, "You", "admin")]
        assert database.dialect == dialect
    with Database.open(empty_url, create=False) as database, database.write() as tx:
        made = tx.execute(
            insert(account).values(name="Alice", created_at=0).returning(account.c.id)
        )
        assert made.scalar_one() == 2


def test_what_is_written_stays(database, database_url):
    put(database, "one")
    with Database.open(database_url) as other:
        assert got(other) == "one"


def test_an_exception_leaves_everything_as_it_was(database):
    put(database, "before")

    class Crash(BaseException):
        pass

    def put_and_crash(database, crash):
        with database.write() as tx:
            set_setting(tx, "k", "after")
            raise crash

    for crash in (ValueError, Crash, KeyboardInterrupt):
        with pytest.raises(crash):
            put_and_crash(database, crash)
        assert got(database) == "before"
    put(database, "again")
    assert got(database) == "again"


class Crashing(Database):
    """Dies around one commit."""

    when = ""

    def _commit(self, tx):
        if self.when == "before":
            raise KeyboardInterrupt
        super()._commit(tx)
        if self.when == "after":
            raise KeyboardInterrupt


def test_a_crash_at_the_commit_falls_on_one_side_of_it(database_url):
    with Crashing.open(database_url) as database:
        put(database, "start")
        for when, expected in (("before", "start"), ("after", "new")):
            database.when = when
            with pytest.raises(KeyboardInterrupt):
                put(database, "new")
            assert got(database) == expected


@pytest.mark.parametrize("durable", [False, True])
def test_ctrl_c_right_behind_begin_leaves_no_transaction_open(database, durable):
    """Before SQLAlchemy knows that there is one. The next one to write gets the same connection."""

    def press(_tx) -> None:
        raise KeyboardInterrupt

    event.listen(database._writer, "begin", press)
    with pytest.raises(KeyboardInterrupt), database.write(durable=durable):
        pass
    event.remove(database._writer, "begin", press)
    with database.write(durable=durable) as tx:
        set_setting(tx, "a", "1")
    with database.read() as tx:
        assert get_setting(tx, "a") == "1"


def test_a_read_is_one_snapshot_whatever_others_write_meanwhile(database):
    put(database, "old")
    with database.read() as tx:
        assert get_setting(tx, "k") == "old"
        put(database, "new")
        assert get_setting(tx, "k") == "old"
    assert got(database) == "new"


def test_a_read_cannot_write(database):
    with pytest.raises(Exception, match=r"read-?only|may not be written"), database.read() as tx:
        set_setting(tx, "k", "smuggled")
    assert got(database) is None


def test_a_read_sees_nothing_of_a_write_that_is_not_committed(database):
    with database.write() as tx:
        set_setting(tx, "k", "half")
        assert got(database) is None


def test_foreign_keys_hold(database):
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.write() as tx:
        tx.execute(
            insert(lead).values(
                pipeline="p", stage="s", stage_since_at=0, created_at=0, organization_id=77
            )
        )


def test_reads_end_by_commit_and_never_by_rollback(database, monkeypatch):
    assert got(database) is None  # the first connection of an engine ends its questions by rollback
    ends = []
    for engine in (database._reader, database._writer):
        dialect = engine.dialect
        for name in ("do_commit", "do_rollback"):
            told = getattr(dialect, name)
            monkeypatch.setattr(
                dialect, name, lambda raw, name=name, told=told: (ends.append(name), told(raw))
            )
    assert got(database) is None
    assert ends == ["do_commit"]


def test_many_threads_share_a_database(database):
    put(database, "0")
    problems = []

    def work():
        try:
            for _ in range(20):
                with database.write() as tx:
                    locked = select(setting.c.value).where(setting.c.key == "k").with_for_update()
                    set_setting(tx, "k", str(int(tx.scalar(locked)) + 1))
                got(database)
        except BaseException as error:  # noqa: BLE001 told to the test's own thread
            problems.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert got(database) == "120"


OPEN_AND_COUNT = """
import sys
from inboxcrm.store.database import Database
from inboxcrm.store.settings import opaque_key
with Database.open(sys.argv[1]) as database:
    print(opaque_key(database).hex())
"""


def test_processes_that_start_at_once_make_one_database(empty_url):
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPEN_AND_COUNT, empty_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    answers = [process.communicate(timeout=60) for process in processes]
    assert [err for _, err in answers] == [""] * 3
    assert len({out for out, _ in answers}) == 1
    with Database.open(empty_url) as database, database.read() as tx:
        assert tx.scalar(select(func.count()).select_from(account)) == 1


def test_a_lock_held_too_long_says_who_may_hold_it(database, database_url):
    put(database, "mine")
    with Database.open(database_url, busy_seconds=0.1) as impatient, database.write() as tx:
        set_setting(tx, "k", "still mine")
        with pytest.raises(DatabaseBusyError) as refused:
            put(impatient, "other")
    assert "another process" in refused.value.message
    assert "try again" in refused.value.remedy
    assert got(database) == "still mine"


@only_sqlite
def test_readers_do_not_wait_for_the_writer(database, database_url):
    with Database.open(database_url, busy_seconds=0) as other, database.write() as tx:
        set_setting(tx, "k", "new")
        assert got(other) is None


def fill_the_disk(database):
    with database.write() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite raises it to what is in use
        set_setting(tx, "k", "lost")
        for number in range(100):
            set_setting(tx, f"big {number}", "x" * 10_000)


@only_sqlite
def test_a_full_disk_is_told_and_leaves_nothing_half_written(database):
    put(database, "kept")
    with pytest.raises(StorageError) as refused:
        fill_the_disk(database)
    assert "full" in refused.value.message
    assert "Free some space" in refused.value.remedy
    assert got(database) == "kept"
    with database.read() as tx:
        assert tx.scalar(select(func.count()).select_from(setting)) == 1


@only_sqlite
def test_the_full_disk_can_be_written_again_once_there_is_space(database):
    with pytest.raises(StorageError):
        fill_the_disk(database)
    with database.write() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1000000")
        set_setting(tx, "k", "fits")
    assert got(database) == "fits"


@pytest.mark.parametrize(
    ("url", "message", "remedy"),
    [
        ("mysql://root@localhost/crm", "mysql", "postgresql://"),
        ("nonsense", "not a URL", "sqlite:///"),
        ("sqlite://", "memory", "sqlite:///"),
        ("sqlite:///:memory:", "memory", "sqlite:///"),
        ("sqlite://path/crm.db", "slash", "sqlite:///"),
        ("sqlite:////nowhere/at/all/crm.db", "/nowhere/at/all does not exist", "mkdir -p"),
        ("postgresql://alice:tiger@127.0.0.1:1/crm", "127.0.0.1", "PostgreSQL runs"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(url, message, remedy):
    with pytest.raises(StorageError) as refused:
        Database.open(url)
    assert message in refused.value.message
    assert remedy in refused.value.remedy
    assert "tiger" not in refused.value.message + refused.value.remedy


def test_a_folder_is_no_database(tmp_path):
    with pytest.raises(StorageError, match="is a folder"):
        Database.open(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "letters.txt"
    path.write_text("Dear Bob, " * 500)
    with pytest.raises(StorageError, match="not a SQLite database") as refused:
        Database.open(f"sqlite:///{path}")
    assert "move the file away" in refused.value.remedy
    assert path.read_text() == "Dear Bob, " * 500
    assert names_in(tmp_path) == ["letters.txt"]


def test_a_truncated_database_is_told_as_damaged(tmp_path, migrated_sqlite):
    path = tmp_path / "cut.db"
    path.write_bytes(migrated_sqlite.read_bytes()[:9000])
    with pytest.raises(StorageError, match=r"damaged|not a SQLite") as refused:
        Database.open(f"sqlite:///{path}")
    assert refused.value.remedy


def test_the_right_to_write_is_asked_of_folder_and_file(tmp_path, monkeypatch):
    """As root every file may be written, so the system's answer is stood in for."""
    path = tmp_path / "crm.db"
    path.touch()
    for denied in (tmp_path, path):
        monkeypatch.setattr("os.access", lambda asked, _mode, denied=denied: asked != denied)
        with pytest.raises(StorageError, match="may not be written") as refused:
            Database.open(f"sqlite:///{path}")
        assert "right to write" in refused.value.remedy


def test_a_database_that_must_be_there_is_not_made(tmp_path):
    with pytest.raises(StorageError, match="no database at"):
        Database.open(f"sqlite:///{tmp_path / 'crm.db'}", create=False)
    assert names_in(tmp_path) == []


@only_sqlite
def test_the_file_is_in_wal_mode_and_durable_enough(database):
    with database.write() as tx:
        asked = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        assert [tx.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == [
            "wal",
            1,
            1,
            10_000,
        ]


@only_sqlite
def test_a_closed_database_is_one_file(database, tmp_path):
    put(database, "x")
    database.close()
    assert names_in(tmp_path) == ["inboxcrm.db"]


@only_sqlite
def test_a_database_changed_by_an_old_tool_is_put_back_into_wal_mode(database, tmp_path):
    database.close()
    with sqlite3.connect(tmp_path / "inboxcrm.db") as raw:
        raw.execute("PRAGMA journal_mode = DELETE")
    raw.close()
    with Database.open(f"sqlite:///{tmp_path / 'inboxcrm.db'}") as again, again.read() as tx:
        assert tx.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@only_postgresql
def test_connections_the_server_ended_are_replaced_unnoticed(database, cleaner):
    put(database, "before")
    got(database)
    cleaner.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    while cleaner.execute(
        "SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchone():
        pass
    assert got(database) == "before"
    put(database, "after")
    assert got(database) == "after"


@only_postgresql
def test_a_connection_lost_in_the_middle_is_told(database):
    def hang_up():
        with database.write() as tx:
            set_setting(tx, "k", "lost")
            tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StorageError, match="was lost") as refused:
        hang_up()
    assert "try again" in refused.value.remedy
    assert got(database) is None


@only_postgresql
def test_a_database_that_is_not_on_the_server_is_told(database_url):
    missing = database_url.replace("/test_", "/nowhere_")
    with pytest.raises(StorageError, match="does not exist") as refused:
        Database.open(missing)
    assert "PostgreSQL runs there" in refused.value.remedy


@only_postgresql
def test_two_writers_that_wait_for_each_other_are_told_to_try_again(database_url):
    with Database.open(database_url) as database:
        with database.write() as tx:
            set_setting(tx, "a", "0")
            set_setting(tx, "b", "0")
        met = threading.Barrier(2, timeout=10)
        problems = []

        def work(first, second):
            try:
                with database.write() as tx:
                    set_setting(tx, first, "1")
                    met.wait()
                    set_setting(tx, second, "1")
            except StorageError as error:
                problems.append(error)

        threads = [threading.Thread(target=work, args=keys) for keys in (("a", "b"), ("b", "a"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [type(problem) for problem in problems] == [DatabaseBusyError]


@pytest.mark.parametrize(("stopped", "lines"), [(KeyboardInterrupt, 0), (SystemExit, 1)])
def test_a_signal_at_the_pool_ends_us_without_a_traceback(database, caplog, stopped, lines):
    def stop(*_):
        raise stopped

    event.listen(database._reader, "reset", stop)
    with pytest.raises(stopped), database.read() as tx:
        tx.execute(select(account.c.id)).all()
    event.remove(database._reader, "reset", stop)
    assert len(caplog.records) == lines


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_durable_commit_is_on_the_disk_and_the_next_one_is_cheap_again(database: Database):
    def mode(tx) -> int:
        return tx.exec_driver_sql("PRAGMA synchronous").scalar_one()

    full, normal = 2, 1
    with database.write(durable=True) as tx:
        assert mode(tx) == full
    with database.write() as tx:
        assert mode(tx) == normal
    with pytest.raises(ZeroDivisionError), database.write(durable=True) as tx:
        raise ZeroDivisionError
    with database.write() as tx:
        assert mode(tx) == normal


def make_account(tx, name: str, *, then: Exception | None = None) -> None:
    tx.execute(account.insert().values(name=name, role="rep", created_at=1))
    if then is not None:
        raise then


def names(tx) -> list[str]:
    return list(tx.execute(select(account.c.name)).scalars())


def test_one_connection_held_for_many_transactions_keeps_each_whole(database: Database):
    with database.held(durable=True) as transaction:
        with transaction() as tx:
            make_account(tx, "Alice")
            if database.dialect == "sqlite":
                assert tx.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        with pytest.raises(ZeroDivisionError), transaction() as tx:
            make_account(tx, "Bob", then=ZeroDivisionError())
        with database.read() as tx:  # nothing is held between two of them
            assert "Alice" in names(tx)
        with transaction() as tx:
            assert "Bob" not in names(tx)


def test_a_held_connection_that_broke_is_not_silently_made_anew(database: Database):
    """A new one would not write through to the disk."""
    with database.held(durable=True) as transaction:
        with transaction() as tx:
            held = tx
        held.invalidate()
        with pytest.raises(StorageError, match="broke"), transaction():
            raise AssertionError
    with database.write() as tx:
        make_account(tx, "Erin")
