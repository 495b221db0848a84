"""(a) `import mbox` end to end, against a plain loop that parses and stores."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import reference
from bench.databases import DIALECTS, Databases
from bench.figures import Cost, Figure, alternate, cost_of, rate_figure
from bench.mail import sample, write_mbox
from inboxcrm.bootstrap.desk import declare, open_desk
from inboxcrm.bootstrap.jobs import sync_one
from inboxcrm.config import DatabaseSettings, MailboxSettings, Settings
from inboxcrm.worker.clock import RealClock

TARGETS = {"sqlite": 3.0, "postgresql": 1.3}


def measure(databases: Databases, tell: Callable[[str], None], *, quick: bool) -> list[Figure]:
    count, pairs = (60, 1) if quick else (6_050, 3)
    name, mails = sample()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(dir=databases.folder) as folder:
        path, taste = Path(folder) / "all.mbox", Path(folder) / "taste.mbox"
        write_mbox(path, mails, count)
        write_mbox(taste, mails, min(count, 50))
        for dialect in DIALECTS:
            ours(databases, dialect, taste, 0)  # what is loaded and compiled once
            plain(databases, dialect, taste, 0)
            tell(f"importing {count:,} messages into {dialect}, {pairs} times each way")
            costs = alternate(
                lambda: ours(databases, dialect, path, count),  # noqa: B023 - called here
                lambda: plain(databases, dialect, path, count),  # noqa: B023 - called here
                pairs,
            )
            what = f"{dialect}: mbox import of {count:,} ({name})"
            figures.append(rate_figure("a", what, count, costs, TARGETS[dialect]))
    return figures


def ours(databases: Databases, dialect: str, path: Path, count: int) -> Cost:
    with databases.passing(dialect) as url:
        return cost_of(lambda: import_mbox(url, path, count))


def import_mbox(url: str, path: Path, count: int) -> None:
    """What the command does, from opening the database to closing it. `count` 0: any number."""
    mailbox = MailboxSettings(name="archive", provider="mbox", path=path)
    settings = Settings(database=DatabaseSettings(url=url), mailbox=(mailbox,))
    desk = open_desk(settings, RealClock())
    try:
        declare(settings, desk)
        report = sync_one(settings, desk, mailbox)
    finally:
        desk.database.close()
    assert report.quarantined == 0, report
    assert count in {0, report.stored}, report


def plain(databases: Databases, dialect: str, path: Path, count: int) -> Cost:
    with databases.passing(dialect) as url:
        if dialect == "sqlite":
            target = Path(url.removeprefix("sqlite:///"))
            return cost_of(lambda: _same(reference.plain_import_sqlite(path, target), count))
        return cost_of(lambda: _same(reference.plain_import_postgresql(path, url), count))


def _same(stored: int, count: int) -> None:
    assert count in {0, stored}, f"the plain loop stored {stored} of {count}"
