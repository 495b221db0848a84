"""(g) `import table` end to end, against a bare `executemany` of the very rows it leaves in the database.

The reference neither reads the file nor looks anything up: it is handed every row of every table that the import
filled, and writes them into the same tables with the same indexes. The note tells what the rows of the file alone cost
in one table without an index.
"""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.databases import Databases
from bench.figures import Cost, Figure, alternate, cost_of, dearness_figure, rate_figure
from inboxcrm.bootstrap.desk import local_viewer, open_desk
from inboxcrm.config import DatabaseSettings, Settings
from inboxcrm.files.table_reading import open_table
from inboxcrm.services.import_shapes import ImportOrder
from inboxcrm.services.lead_import import run_import
from inboxcrm.worker.clock import RealClock
from inboxcrm.worker.memory import collect_rarely

TARGET = 0.3
FLAT = 1.3
HEADINGS = ("First name", "Last name", "Email", "Company", "Phone", "Value")
FILLED = (
    "organization", "address", "lead", "lead_address", "address_capture", "activity", "import_batch", "import_row",
    "lead_terms",
)  # fmt: skip

Rows = dict[str, tuple[list[str], list[tuple]]]


def measure(databases: Databases, tell: Callable[[str], None], *, quick: bool) -> list[Figure]:
    few, many, pairs = (50, 200, 1) if quick else (10_000, 100_000, 3)
    with tempfile.TemporaryDirectory(dir=databases.folder) as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        write_table(small, few)
        write_table(large, many)
        ours(databases, small, few)  # what is loaded and compiled once
        rows = rows_left_by(databases, large, many)
        tell(f"importing a table of {many:,} rows, {pairs} times each way")
        costs = alternate(
            lambda: ours(databases, large, many), lambda: bare(databases, rows), pairs
        )
        flat = [ours(databases, small, few) for _ in range(pairs)]
        alone = cost_of(lambda: table_alone(Path(folder) / "alone.db", large))
    a_row = [cost.wall / many * 1e6 for cost in costs[0]]
    what = f"sqlite: table of {many:,} rows against executemany of the rows it leaves"
    note = f"the file's rows alone, in one table: {many / alone.wall:,.0f}/s"
    return [
        replace(rate_figure("g", what, many, costs, TARGET).noted(note), unit="rows/s"),
        dearness_figure(
            "g",
            f"sqlite: a row of {many:,} against one of {few:,}",
            "us",
            a_row,
            [cost.wall / few * 1e6 for cost in flat],
            FLAT,
        ),
    ]


def write_table(path: Path, count: int) -> None:
    """People of firms of five; no two lines alike."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number in range(count):
            firm = number // 5
            writer.writerow(
                [
                    f"Given{number % 997}",
                    f"Family{number}",
                    f"given.family{number}@firm{firm}.example",
                    f"Firm {firm} Ltd",
                    f"+49 30 {number:07}",
                    number,
                ]
            )


def ours(databases: Databases, path: Path, count: int) -> Cost:
    with databases.passing("sqlite") as url:
        return cost_of(lambda: import_table(url, path, count))


def import_table(url: str, path: Path, count: int) -> None:
    """What the command does, from opening the database to closing it."""
    collect_rarely()
    desk = open_desk(Settings(database=DatabaseSettings(url=url)), RealClock())
    try:
        line = run_import(desk, local_viewer(), open_table(path), ImportOrder())
    finally:
        desk.database.close()
    assert line.counts["created"] == count, line


def rows_left_by(databases: Databases, path: Path, count: int) -> Rows:
    with databases.passing("sqlite") as url:
        import_table(url, path, count)
        db = sqlite3.connect(url.removeprefix("sqlite:///"))
        found: Rows = {}
        for table in FILLED:
            which = "rowid, text" if table == "lead_terms" else "*"
            rows = db.execute(f"SELECT {which} FROM {table}")
            names = [one[0] for one in rows.description]
            found[table] = (names, rows.fetchall())
        db.close()
    return found


def bare(databases: Databases, rows: Rows) -> Cost:
    with databases.passing("sqlite") as url:
        open_desk(Settings(database=DatabaseSettings(url=url)), RealClock()).database.close()
        return cost_of(lambda: bare_executemany(Path(url.removeprefix("sqlite:///")), rows))


def bare_executemany(database: Path, rows: Rows) -> None:
    """Every row at once, in one transaction, into tables that are there."""
    db = sqlite3.connect(database)
    db.execute("PRAGMA synchronous = NORMAL")
    for table, (names, values) in rows.items():
        places = ", ".join("?" * len(names))
        db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", values)
    db.commit()
    db.close()


def table_alone(database: Path, path: Path) -> None:
    """The file read by csv.reader into one table of its own."""
    db = sqlite3.connect(database)
    db.execute("CREATE TABLE people (a, b, c, d, e, f)")
    with path.open(encoding="utf-8", newline="") as file:
        db.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", csv.reader(file))
    db.commit()
    db.close()
