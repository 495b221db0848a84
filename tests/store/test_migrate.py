from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, insert, inspect, select, text

from inboxcrm.errors import SchemaError, StorageError
from inboxcrm.store.database import Database
from inboxcrm.store.engines import Purpose, open_engine, parse_url
from inboxcrm.store.migrate import MIGRATIONS, revisions, schema_of, upgrade
from inboxcrm.store.tables import activity, lead, lead_address, metadata

FIRST = revisions()[0]
HEAD = revisions()[-1]

CATALOGUE = {
    "sqlite": [
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE '%\\_terms%' ESCAPE '\\'"
    ],
    "postgresql": [
        """SELECT table_name, ordinal_position, column_name, data_type, is_nullable, column_default
           FROM information_schema.columns
           WHERE table_schema = 'public' AND table_name NOT LIKE '%\\_terms'""",
        """SELECT tablename, indexname, indexdef FROM pg_indexes
           WHERE schemaname = 'public' AND tablename NOT LIKE '%\\_terms'""",
        """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
           WHERE connamespace = 'public'::regnamespace
           AND conrelid::regclass::text NOT LIKE '%\\_terms'""",
    ],
}


def migrating(url):
    return open_engine(parse_url(url), Purpose.MIGRATE, busy_seconds=5)


def catalogue(url):
    with migrating(url).connect() as tx:
        rows = [
            tuple(" ".join(str(value).split()) for value in row)
            for question in CATALOGUE[tx.dialect.name]
            for row in tx.execute(text(question))
        ]
        tx.rollback()
    return sorted(row for row in rows if not any("alembic_version" in value for value in row))


def with_revision(tmp_path, body, *, number=None):
    """Our migrations and one more."""
    number = number or f"{int(HEAD) + 1:04}"
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    (folder / "versions" / f"{number}_more.py").write_text(
        f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{number}"\n'
        f'down_revision = "{HEAD}"\n\ndef upgrade():\n{lines}\n'
    )
    return folder


@pytest.fixture
def made(empty_url):
    """The URL of a database of ours with a lead that has an address and a past."""
    with Database.open(empty_url) as database, database.write() as tx:
        row = {"name": "Bob", "pipeline": "p", "stage": "new", "stage_since_at": 0, "created_at": 0}
        lead_id = tx.execute(insert(lead).values(**row).returning(lead.c.id)).scalar_one()
        tx.execute(
            text("INSERT INTO address (key, shown) VALUES ('bob@acme.example', 'bob@acme.example')")
        )
        address_id = tx.scalar(text("SELECT id FROM address"))
        tx.execute(insert(lead_address).values(address_id=address_id, lead_id=lead_id))
        tx.execute(insert(activity).values(lead_id=lead_id, at=1, kind="note", text="called"))
    return empty_url


def counts(url):
    with migrating(url).connect() as tx:
        found = [
            tx.scalar(select(func.count()).select_from(table))
            for table in (lead, lead_address, activity)
        ]
        tx.rollback()
    return found


def revision_of(url):
    with migrating(url).connect() as tx:
        found = schema_of(tx).current
        tx.rollback()
    return found


def set_revision(url, number):
    with migrating(url).connect() as tx, tx.begin():
        tx.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


def test_a_migrated_database_is_what_the_tables_say(empty_url, database_url):
    """Where this fails after a change of store/tables.py: python tests/store/write_first_migration.py"""
    with migrating(empty_url).connect() as tx, tx.begin():
        metadata.create_all(tx)
    assert catalogue(database_url) == catalogue(empty_url)


def test_alembic_sees_no_difference_either(database_url):
    with migrating(database_url).connect() as tx:
        context = MigrationContext.configure(
            tx,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "table" or "_terms" not in name,
            },
        )
        assert compare_metadata(context, metadata) == []
        tx.rollback()


def test_our_list_of_revisions_is_alembics():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    ordered = [script.revision for script in scripts.walk_revisions()]
    assert revisions() == ordered[::-1]
    assert scripts.get_heads() == [HEAD]


def test_an_upgrade_of_a_current_database_changes_nothing(made):
    before = catalogue(made)
    assert upgrade(made).current == HEAD
    assert catalogue(made) == before
    assert counts(made) == [1, 1, 1]


def test_an_empty_database_is_made_by_upgrade_too(empty_url):
    assert upgrade(empty_url).current == ""
    with Database.open(empty_url, create=False):
        assert revision_of(empty_url) == HEAD


def test_a_later_migration_keeps_every_row_even_where_a_table_is_rebuilt(made, tmp_path):
    """On SQLite a rebuild with foreign keys on would empty the tables that point at the rebuilt one."""
    more = with_revision(
        tmp_path,
        "with op.batch_alter_table('lead', recreate='always') as batch:\n"
        "    batch.add_column(sa.Column('shoe_size', sa.Integer))"
        if made.startswith("sqlite")
        else "op.add_column('lead', sa.Column('shoe_size', sa.Integer))",
    )
    assert upgrade(made, migrations=more).current == HEAD
    assert counts(made) == [1, 1, 1]
    with migrating(made).connect() as tx:
        assert "shoe_size" in {column["name"] for column in inspect(tx).get_columns("lead")}
        tx.rollback()
    assert not list(tmp_path.glob("*before-upgrade*"))


@pytest.mark.parametrize(
    "fault",
    [
        "raise RuntimeError('half way')",
        "op.execute('SELECT * FROM no_such_table')",
        "op.execute('INSERT INTO lead (id) VALUES (1)')",
    ],
    ids=["its own fault", "wrong sql", "broken key"],
)
def test_a_failed_migration_leaves_the_database_as_it_was(made, tmp_path, fault):
    before = catalogue(made)
    more = with_revision(
        tmp_path,
        "op.execute('DELETE FROM activity')\n"
        "op.execute('DROP TABLE activity')\n"
        "op.create_table('novelty', sa.Column('id', sa.Integer))\n"
        "with op.batch_alter_table('lead') as batch:\n"
        "    batch.add_column(sa.Column('shoe_size', sa.Integer))\n" + fault,
    )
    with pytest.raises(SchemaError) as refused:
        upgrade(made, migrations=more)
    assert "as it was before" in refused.value.message
    assert catalogue(made) == before
    assert counts(made) == [1, 1, 1]
    assert revision_of(made) == HEAD
    with Database.open(made):
        pass


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_failed_migration_leaves_a_copy_and_says_where(made, tmp_path):
    more = with_revision(tmp_path, "raise RuntimeError('half way')")
    for _ in range(2):
        with pytest.raises(SchemaError) as refused:
            upgrade(made, migrations=more)
        copy = tmp_path / "empty.db.before-upgrade"
        assert str(copy) in refused.value.remedy
        assert counts(f"sqlite:///{copy}") == [1, 1, 1]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_rows_left_pointing_at_nothing_stop_a_migration(made, tmp_path):
    more = with_revision(tmp_path, "op.execute('DELETE FROM lead')")
    with pytest.raises(SchemaError, match="would point at nothing") as refused:
        upgrade(made, migrations=more)
    assert "lead_address" in refused.value.message
    assert counts(made) == [1, 1, 1]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_no_space_for_the_copy_stops_the_upgrade(made, tmp_path):
    (tmp_path / "empty.db.before-upgrade").mkdir()
    more = with_revision(tmp_path, "op.execute('DELETE FROM activity')")
    with pytest.raises(StorageError, match="could not be copied") as refused:
        upgrade(made, migrations=more)
    assert "inboxcrm db upgrade" in refused.value.remedy
    assert counts(made) == [1, 1, 1]


def test_a_killed_migration_leaves_the_database_as_it_was(made, tmp_path):
    more = with_revision(tmp_path, "op.execute('DELETE FROM activity')\nimport os\nos._exit(9)")
    program = (
        "import pathlib, sys\nfrom inboxcrm.store.migrate import upgrade\n"
        "upgrade(sys.argv[1], migrations=pathlib.Path(sys.argv[2]))"
    )
    killed = subprocess.run([sys.executable, "-c", program, made, str(more)], check=False)
    assert killed.returncode == 9
    assert counts(made) == [1, 1, 1]
    assert revision_of(made) == HEAD


def test_a_newer_database_is_refused_and_left_alone(made):
    set_revision(made, "9999")
    for act in (Database.open, upgrade):
        with pytest.raises(SchemaError, match="newer than this program") as refused:
            act(made)
        assert "Update inboxcrm" in refused.value.remedy
    with pytest.raises(SchemaError):
        Database.open(made, upgrade=True)
    assert revision_of(made) == "9999"


def test_an_older_database_is_refused_with_the_command_to_run(made, monkeypatch):
    monkeypatch.setattr("inboxcrm.store.migrate.revisions", lambda *_: [HEAD, "9998"])
    with pytest.raises(SchemaError, match=f"has schema {HEAD}") as refused:
        Database.open(made)
    assert "inboxcrm db upgrade" in refused.value.remedy
    assert counts(made) == [1, 1, 1]


def test_an_empty_database_is_refused_where_none_shall_be_made(empty_url, dialect):
    if dialect == "sqlite":
        Path(empty_url.removeprefix("sqlite:///")).touch()
    with pytest.raises(SchemaError, match="is empty") as refused:
        Database.open(empty_url, create=False)
    assert "inboxcrm db upgrade" in refused.value.remedy


def test_somebody_elses_database_is_left_alone(empty_url):
    with migrating(empty_url).connect() as tx, tx.begin():
        tx.execute(text("CREATE TABLE recipe (id INTEGER)"))
    for act in (Database.open, upgrade):
        with pytest.raises(SchemaError, match="not those of inboxcrm"):
            act(empty_url)
    with migrating(empty_url).connect() as tx:
        assert inspect(tx).get_table_names() == ["recipe"]
        tx.rollback()


def test_migrations_do_not_touch_other_peoples_logging(empty_url, caplog):
    root = logging.getLogger()
    before = (root.level, list(root.handlers), root.disabled)
    mine = logging.getLogger("somebody.else")
    with caplog.at_level(logging.INFO):
        Database.open(empty_url).close()
    assert [record for record in caplog.records if record.levelno < logging.WARNING] == []
    assert (root.level, list(root.handlers), root.disabled) == before
    assert not mine.disabled


def test_opening_a_current_database_does_not_load_alembic(database_url):
    program = (
        "import sys\nfrom inboxcrm.store.database import Database\n"
        "Database.open(sys.argv[1]).close()\nassert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, database_url], check=True)
