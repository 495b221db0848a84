from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import func, insert, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.errors import NotFoundError, RefusedError, SchemaError, StorageError
from inboxcrm.store.database import Database
from inboxcrm.store.search import forget_messages, search_leads, search_messages
from inboxcrm.store.settings import get_setting, set_setting
from inboxcrm.store.tables import (
    account,
    idempotency_key,
    lead,
    message,
    message_copy,
    metadata,
)
from inboxcrm.store.upkeep import backup, optimize, restore, settle
from inboxcrm.store.upserts import next_ids

ALICE = Viewer(account_id=1)


def everything(database):
    with database.read() as tx:
        return {
            table.name: sorted(map(repr, tx.execute(select(table)).all()))
            for table in metadata.sorted_tables
        }


def hits(database, words):
    with database.read() as tx:
        return search_messages(tx, ALICE, words, 50), search_leads(tx, ALICE, words, 50)


@pytest.fixture
def full(database, filed, monkeypatch):
    """A database with one of everything that is hard to move."""
    monkeypatch.setattr("inboxcrm.store.moving._BATCH", 20)
    with database.write() as tx:
        mailbox_id = filed.mailbox(tx, "alice")
        set_setting(tx, "k", "kept")
        row = {"key": "i", "fingerprint": "f", "http_code": 200, "body": b"\0\xff", "made_at": 1}
        tx.execute(insert(idempotency_key).values(**row))
    for number in range(45):
        filed.message(
            [mailbox_id], subject=f"mail {number}", body="我们在北京市" if number == 7 else "x"
        )
    filed.message([mailbox_id], subject="Angebot", people="Jürgen", body="Straße")
    later = filed.lead("Bob Jones")
    with database.write() as tx:
        row = {"pipeline": "p", "stage": "s", "stage_since_at": 0, "created_at": 0}
        tx.execute(insert(lead).values(**row, id=500, name="Dave", is_touched=True))
        tx.execute(lead.update().where(lead.c.id == later).values(merged_into=500))
    filed.lead("Bob Müller 山田")
    return database


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


QUESTIONS = ("mail 11", "angebot jurgen", "strasse", "北京", "京", "bob", "山", "nothing")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_restores_on_both_databases(full, kind, tmp_path, request):
    saved = tmp_path / "saved.db"
    assert backup(full, saved) == saved.stat().st_size
    assert [name for name in names_in(tmp_path) if "saved" in name] == ["saved.db"]
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'restored.db'}"
    else:
        url = request.getfixturevalue("postgres_server").new_url()
    restore(saved, url)
    with Database.open(url, create=False) as restored:
        assert everything(restored) == everything(full)
        for words in QUESTIONS:
            assert hits(restored, words) == hits(full, words), words
        with restored.write() as tx:  # new rows get new ids
            row = {"name": "Alice", "created_at": 0}
            assert tx.execute(insert(account).values(row).returning(account.c.id)).scalar_one() == 2
            row = {"pipeline": "p", "stage": "s", "stage_since_at": 0, "created_at": 0}
            assert tx.execute(insert(lead).values(row).returning(lead.c.id)).scalar_one() > 500
    assert saved.exists()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_restored_database_gives_no_number_of_a_removed_mail_again(full, kind, tmp_path, request):
    with full.write() as tx:
        gone = tx.execute(select(func.max(message.c.id))).scalar_one()
        forget_messages(tx, [gone])
        tx.execute(message_copy.delete().where(message_copy.c.message_id == gone))
        tx.execute(message.delete().where(message.c.id == gone))
    backup(full, tmp_path / "saved.db")
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgres_server").new_url()
    restore(tmp_path / "saved.db", url)
    with Database.open(url, create=False) as restored:
        for database in (full, restored):
            with database.write() as tx:
                assert next_ids(tx, message, 1)[0] > gone


def test_a_backup_opens_as_a_database_by_itself(full, tmp_path):
    backup(full, tmp_path / "saved.db")
    with Database.open(f"sqlite:///{tmp_path / 'saved.db'}", create=False) as opened:
        assert everything(opened) == everything(full)


def test_a_backup_shows_what_was_committed_while_others_write(full, tmp_path):
    with full.write() as tx:
        set_setting(tx, "k", "not yet")
        backup(full, tmp_path / "saved.db")
    with Database.open(f"sqlite:///{tmp_path / 'saved.db'}") as opened, opened.read() as tx:
        assert get_setting(tx, "k") == "kept"


def test_a_backup_never_replaces_a_file(database, tmp_path):
    path = tmp_path / "saved.db"
    path.write_text("precious")
    with pytest.raises(RefusedError, match="exists already"):
        backup(database, path)
    assert path.read_text() == "precious"


def test_a_backup_into_a_missing_folder_is_told(database, tmp_path):
    with pytest.raises(StorageError, match="does not exist"):
        backup(database, tmp_path / "nowhere" / "saved.db")


def test_a_backup_that_fails_leaves_no_file(database, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "inboxcrm.store.upkeep._make_single_file", lambda _: (_ for _ in ()).throw(OSError("disk"))
    )
    target = tmp_path / "out"
    target.mkdir()
    with pytest.raises(OSError, match="disk"):
        backup(database, target / "saved.db")
    assert names_in(target) == []


def test_a_restore_does_not_replace_data_unless_told(full, tmp_path, empty_url):
    saved = tmp_path / "saved.db"
    with Database.open(empty_url) as other:
        with other.write() as tx:
            set_setting(tx, "k", "of the other")
        backup(other, saved)
    before = everything(full)
    with pytest.raises(RefusedError, match="holds data already") as refused:
        restore(saved, full.url)
    assert "--overwrite" in refused.value.remedy
    assert everything(full) == before
    restore(saved, full.url, overwrite=True)
    with full.read() as tx:
        assert tx.execute(select(message.c.id)).first() is None
        assert get_setting(tx, "k") == "of the other"
    assert hits(full, "mail") == ([], [])
    assert [name for name in names_in(tmp_path) if "restore" in name] == []


def test_what_is_no_backup_is_refused(database, tmp_path):
    with pytest.raises(NotFoundError, match="no backup at"):
        restore(tmp_path / "missing.db", database.url)
    letters = tmp_path / "letters.txt"
    letters.write_text("Dear Bob, " * 1000)
    with pytest.raises(StorageError, match="not a SQLite database"):
        restore(letters, database.url)
    recipes = tmp_path / "recipes.db"
    with sqlite3.connect(recipes) as raw:
        raw.execute("CREATE TABLE recipe (id)")
    raw.close()
    with pytest.raises(SchemaError, match="not those of inboxcrm"):
        restore(recipes, database.url)
    empty = tmp_path / "nothing.db"
    empty.touch()
    with pytest.raises(SchemaError, match="is empty"):
        restore(empty, database.url)


def test_a_backup_of_a_newer_program_is_refused(full, tmp_path, empty_url):
    saved = tmp_path / "saved.db"
    backup(full, saved)
    with sqlite3.connect(saved) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(SchemaError, match="newer than this program") as refused:
        restore(saved, empty_url)
    assert str(saved) in refused.value.message
    assert "Update inboxcrm" in refused.value.remedy


def test_a_restore_waits_for_no_one_for_ever(full, tmp_path):
    saved = tmp_path / "saved.db"
    backup(full, saved)
    before = everything(full)
    with full.write() as tx:
        set_setting(tx, "k", "mine")
        with pytest.raises(StorageError, match="busy"):
            restore(saved, full.url, overwrite=True, busy_seconds=0.1)
        tx.rollback()
    assert everything(full) == before


def test_settling_changes_no_answer(full):
    before = [hits(full, words) for words in QUESTIONS]
    settle(full)
    settle(full)
    assert [hits(full, words) for words in QUESTIONS] == before


def test_optimize_changes_no_answer(full):
    before = [hits(full, words) for words in QUESTIONS]
    size = optimize(full)
    assert size.before > 0
    assert size.after > 0
    assert [hits(full, words) for words in QUESTIONS] == before
    with full.write() as tx:
        set_setting(tx, "k", "goes on")
