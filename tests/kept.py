"""What lies in a database, kept so that a later one may begin with it: laid down in a moment where making it took long."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import psycopg

from inboxcrm.store.tables import metadata

_numbers = count(1)


def keep_file(path: Path, folder: Path) -> Path:
    """A copy of a SQLite database nobody has open."""
    return shutil.copyfile(path, folder / f"kept-{next(_numbers)}.db")


def keep_rows(connection: psycopg.Connection) -> str:
    """Copies all rows aside, within PostgreSQL; returns the SQL that lays them down in a database wiped before."""
    aside = f"kept_{next(_numbers)}"
    connection.execute(f"CREATE SCHEMA {aside}")
    again = ["DELETE FROM account;"]
    for table in metadata.sorted_tables:
        if connection.execute(f"SELECT 1 FROM {table.name} LIMIT 1").fetchone() is None:
            continue
        connection.execute(f"CREATE TABLE {aside}.{table.name} AS TABLE {table.name}")
        names = ", ".join(f'"{one.name}"' for one in table.columns if one.computed is None)
        again.append(
            f"INSERT INTO {table.name} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {aside}.{table.name};"
        )
    found = connection.execute(
        "SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence"
        " WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"
    )
    again += [f"SELECT setval('{name}', {last});" for name, last in found]
    # The rows belong together as they are: no order among the tables has to be found in which none points at nothing.
    return "".join(
        [
            "SET session_replication_role = replica;",
            *again,
            "SET session_replication_role = DEFAULT",
        ]
    )
