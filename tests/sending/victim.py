"""A sender process to be killed: it reads its mailbox, sends what is due, and begins again.

The parent reads one JSON object a line: {"url", "token_file", "endpoint", "began", "rate", "forever"}. For each it forks
a child, answers {"pid": ...} at once and {"code": ...} when the child has ended; below zero is the signal that killed it.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.errors import ProviderError
from inboxcrm.gmail.sender import GmailSender
from inboxcrm.gmail.source import GmailSource
from inboxcrm.gmail.token_file import load_credentials
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services.sending import send_due
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.store.buckets import StoredBucket
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.worker.clock import machine_seconds, sleep
from inboxcrm.worker.runner import this_runner
from tests.sending.office import MONDAY
from tests.sync.victim import Settings, serve_with


@dataclass(frozen=True)
class FastClock:
    """Business time that goes on from process to process, `rate` times as fast as the machine's."""

    began: float
    rate: float

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=(machine_seconds() - self.began) * self.rate)


def send_for_a_while(order: dict[str, Any]) -> None:
    with Database.open(order["url"]) as database:
        desk = Desk(
            database=database,
            clock=FastClock(order["began"], order["rate"]),
            pipelines=Pipelines(),
            ids=OpaqueIds(b"k" * 32),
            working_hours=WorkingHours(),
        )
        parts: dict[str, Any] = {
            "credentials": load_credentials(Path(order["token_file"]), mailbox="alice"),
            "gmail": Settings(order["endpoint"]),
            "bucket": StoredBucket(database, "alice"),
            "sleep": sleep,
            "monotonic": machine_seconds,
            "mailbox": "alice",
        }
        with (
            closing(GmailSource(Traffic(**parts))) as source,
            closing(GmailSender(Traffic(**parts))) as sender,
        ):
            while True:
                try:
                    sync_mailbox(desk, source, "alice", runner=this_runner(), accept_removals=True)
                    send_due(desk, sender, "alice", runner=this_runner())
                except ProviderError:
                    if not order["forever"]:
                        raise
                if not order["forever"]:
                    return


if __name__ == "__main__":
    serve_with(send_for_a_while)
