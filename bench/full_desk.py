"""A desk with as many leads as wanted and ten messages for each, written straight into the tables.

Every lead has about ten mails in threads of three, one lead in 20,000 (at least one) has a fortieth
of all mail between them; every twentieth lead has a second address, every third an open task, all
have activities, lead 8 has 5,000 more. Every tenth thread has a second outsider in copy; a tenth as
many strangers wait as candidates. Bodies are left out: nothing that is measured here reads them.

The statements are plain SQL that means the same on SQLite and PostgreSQL. A built database is kept
under a name that changes with the schema and with them.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.databases import Databases
from inboxcrm.store.database import Database
from inboxcrm.store.migrate import MIGRATIONS

OWNER = "alice@ourfirm.example"
NOW_MS = 1_778_772_600_000  # 14 May 2026, 15:30 UTC
BUSY_LEAD, BUSY_NOTES = 8, 5_000
_DAY_MS = 86_400_000


_FULL_TEXT = {
    "sqlite": (
        (
            "INSERT INTO message_terms (rowid, subject, people, body)"
            " SELECT id, subject, '', snippet FROM message"
        ),
        "INSERT INTO lead_terms (rowid, text) SELECT id, name FROM lead",
        "INSERT INTO message_terms (message_terms) VALUES ('optimize')",
        "INSERT INTO lead_terms (lead_terms) VALUES ('optimize')",
    ),
    "postgresql": (
        (
            "INSERT INTO message_terms (message_id, terms) SELECT id,"
            " setweight(to_tsvector('simple', subject), 'A') || to_tsvector('simple', snippet) FROM message"
        ),
        "INSERT INTO lead_terms (lead_id, terms) SELECT id, to_tsvector('simple', name) FROM lead",
    ),
}


@dataclass(frozen=True, slots=True)
class Size:
    leads: int

    @property
    def messages(self) -> int:
        return self.leads * 10

    @property
    def heavy(self) -> int:
        """The leads 1 to this have far more mail than others."""
        return max(1, self.leads // 20_000)

    @property
    def strangers(self) -> int:
        return max(2, self.leads // 10)


def full_desk(databases: Databases, dialect: str, size: Size, tell: Callable[[str], None]) -> str:
    """The URL of such a database, built now or in an earlier run."""
    filling = [*statements(size), *_FULL_TEXT[dialect]]
    return kept(databases, dialect, f"desk_{size.leads}", filling, tell)


def kept(
    databases: Databases,
    dialect: str,
    what: str,
    filling: Sequence[str],
    tell: Callable[[str], None],
) -> str:
    """The URL of a database with our tables, filled by these statements now or in an earlier run."""
    name = f"{what}_{_fingerprint(filling)}"
    if name in databases.names(dialect):
        return databases.url(dialect, name)
    for old in databases.names(dialect):
        if old.startswith(f"{what}_"):
            databases.drop(dialect, old)
    started = time.perf_counter()
    making = f"making_{what}"
    databases.drop(dialect, making)
    url = databases.url(dialect, making)
    Database.open(url).close()
    if dialect == "sqlite":
        _fill_sqlite(databases.folder / f"{making}.db", filling)
    else:
        _fill_postgresql(url, filling)
    databases.rename(dialect, making, name)
    tell(f"built {what} on {dialect} in {time.perf_counter() - started:.0f} s")
    return databases.url(dialect, name)


def _fingerprint(filling: Sequence[str]) -> str:
    taste = hashlib.sha256("\n".join(filling).encode())
    for path in sorted(MIGRATIONS.rglob("*.sql")):
        taste.update(path.read_bytes())
    return taste.hexdigest()[:12]


def _fill_sqlite(path: Path, filling: Sequence[str]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        # A crash loses a database that is built again.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        for statement in filling:
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _fill_postgresql(url: str, filling: Sequence[str]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for option in (
            "session_replication_role = replica",  # foreign keys hold by construction
            "synchronous_commit = off",
            "maintenance_work_mem = '256MB'",
        ):
            connection.execute(f"SET {option}")
        for statement in filling:
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def lead_address(lead: int) -> str:
    return f"person{lead}@firm{lead % 997}.example"


def stranger_address(number: int) -> str:
    return f"stranger{number}@firm{number % 997}.example"


def thread_ref(thread: int) -> str:
    return f"t{thread}"


def lead_of_thread(size: Size, thread: int) -> int:
    """The twin of `_lead_of`."""
    if thread % 40 == 0:
        return 1 + (thread // 40) % size.heavy
    return 1 + (thread * 7919) % size.leads


def statements(size: Size) -> list[str]:
    step = 730 * _DAY_MS // size.messages
    first_ms = NOW_MS - size.messages * step
    seconds = max(1, size.leads // 20)
    lead, other = _lead_of(size, "((i - 1) / 3)"), _lead_of(size, "((i - 1) / 3 + 1)")
    text = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    filled = text.format(
        owner=OWNER,
        now_ms=NOW_MS,
        day_ms=_DAY_MS,
        first_ms=first_ms,
        step=step,
        leads=size.leads,
        strangers_from=1 + size.leads + seconds,
        firms=count_to(997),
        every_lead=count_to(size.leads),
        every_second=count_to(seconds),
        every_note=count_to(BUSY_NOTES),
        busy=BUSY_LEAD,
        every_stranger=count_to(size.strangers),
        every_thread=count_to((size.messages + 2) // 3),
        every_message=count_to(size.messages),
        firm="'firm' || (i % 997) || '.example'",
        lead=lead,
        other=other,
        has_other=f"((i - 1) / 3) % 10 = 1 AND {other} <> {lead}",
        at=f"({first_ms} + i * {step})",
        is_out="i % 3 = 2",
        direction="CASE WHEN i % 3 = 2 THEN 'out' ELSE 'in' END",
        is_human="i % 17 <> 0",
    )
    return [statement for statement in filled.split(";\n") if statement.strip()]


def count_to(upto: int) -> str:
    return (
        "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS bigint) UNION ALL"
        f" SELECT i + 1 FROM n WHERE i < {upto})"
    )


def _lead_of(size: Size, thread: str) -> str:
    return (
        f"(CASE WHEN {thread} % 40 = 0 THEN 1 + ({thread} / 40) % {size.heavy}"
        f" ELSE 1 + ({thread} * 7919) % {size.leads} END)"
    )
