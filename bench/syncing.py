"""(b) A first sync from a Gmail server that replays prepared answers, against Google's bare client.

The server is a process of its own, so CPU seconds are the client's alone. Both ask for the same
fields (those the server has rendered beforehand) and take gzip as the client does by itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.databases import Databases
from bench.figures import Cost, Figure, alternate, cost_of, dearness_figure
from bench.mail import in_rounds, sample
from bench.reference import bare_client
from inboxcrm.bootstrap.desk import declare, open_desk
from inboxcrm.bootstrap.jobs import sync_one
from inboxcrm.config import DatabaseSettings, GmailSettings, MailboxSettings, Settings
from inboxcrm.gmail.client import _MESSAGE_FIELDS as FIELDS
from inboxcrm.sandbox.child import MailboxPlan, child_sandbox
from inboxcrm.sandbox.demo import write_token_file
from inboxcrm.worker.clock import RealClock

WALL_TARGET, CPU_TARGET = 1.7, 2.0
_ADDRESS = "alice@ourfirm.example"
_NOW = datetime(2026, 5, 14, 15, 30, tzinfo=UTC)


def measure(databases: Databases, tell: Callable[[str], None], *, quick: bool) -> list[Figure]:
    count, pairs = (60, 1) if quick else (6_000, 3)
    name, mails = sample()
    tell(f"preparing a mailbox of {count:,} messages to be replayed")
    plan = MailboxPlan(_ADDRESS, _NOW, raws=tuple(in_rounds(mails, count)), prepared_fields=FIELDS)
    with (
        tempfile.TemporaryDirectory(dir=databases.folder) as folder,
        child_sandbox([plan]) as server,
    ):
        token_file = Path(folder) / "token.json"
        write_token_file(token_file, server.url, address=_ADDRESS)
        tell(f"syncing them, {pairs} times each way")
        mine, theirs = alternate(
            lambda: ours(databases, server.url, token_file, count),
            lambda: bare(server.url, token_file, count),
            pairs,
        )
    what = f"sqlite: sync of {count:,} ({name})"
    return [
        dearness_figure(
            "b",
            what,
            "seconds",
            [one.wall for one in mine],
            [one.wall for one in theirs],
            WALL_TARGET,
        ),
        dearness_figure(
            "b",
            f"{what}, client CPU",
            "CPU seconds",
            [one.cpu for one in mine],
            [one.cpu for one in theirs],
            CPU_TARGET,
        ),
    ]


def ours(databases: Databases, url: str, token_file: Path, count: int) -> Cost:
    with databases.passing("sqlite") as database_url:
        return cost_of(lambda: sync(database_url, url, token_file, count))


def sync(database_url: str, url: str, token_file: Path, count: int) -> None:
    mailbox = MailboxSettings(name="sales", provider="gmail", token_file=token_file)
    settings = Settings(
        database=DatabaseSettings(url=database_url),
        mailbox=(mailbox,),
        gmail=GmailSettings(api_endpoint=url, price_table="generous"),
    )
    desk = open_desk(settings, RealClock())
    try:
        declare(settings, desk)
        report = sync_one(settings, desk, mailbox)
    finally:
        desk.database.close()
    assert report.stored == count, report


def bare(url: str, token_file: Path, count: int) -> Cost:
    return cost_of(lambda: _same(bare_client(url, token_file, FIELDS), count))


def _same(fetched: int, count: int) -> None:
    assert fetched == count, f"the bare client fetched {fetched} of {count}"
