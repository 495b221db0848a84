"""A worker process to be killed: forked from a parent that has imported everything, so that a life costs little.

The parent reads one JSON object a line: {"url", "token_file", "endpoint", "name", "forever"}. For each it forks a
child that syncs the mailbox once (or again and again), answers {"pid": ...} at once and {"code": ...} when the child
has ended; a code below zero is the signal that killed it.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from inboxcrm.access.opaque import OpaqueIds
from inboxcrm.errors import BusyMailboxError, InboxcrmError, ProviderError
from inboxcrm.gmail.source import GmailSource
from inboxcrm.gmail.token_file import load_credentials
from inboxcrm.gmail.traffic import Traffic
from inboxcrm.leads.pipeline import Pipelines
from inboxcrm.leads.working_time import WorkingHours
from inboxcrm.services.mailboxes import Declared, declare_mailboxes
from inboxcrm.services.syncing import sync_mailbox
from inboxcrm.store.buckets import StoredBucket
from inboxcrm.store.database import Database
from inboxcrm.store.desk import Desk
from inboxcrm.worker.clock import RealClock, machine_seconds, sleep
from inboxcrm.worker.runner import this_runner
from tests.sync.letters import START

LEVEL, TROUBLE, BUSY = 0, 3, 4


@dataclass(frozen=True)
class Settings:
    api_endpoint: str
    price_table: str = "generous"
    units_per_minute: int | None = None


def sync_once(order: dict[str, Any]) -> None:
    with Database.open(order["url"]) as database:
        desk = Desk(
            database=database,
            clock=RealClock(START + timedelta(days=30)),
            pipelines=Pipelines(),
            ids=OpaqueIds(b"k" * 32),
            working_hours=WorkingHours(),
        )
        declare_mailboxes(desk, [Declared("alice", "gmail", order["name"])])
        source = GmailSource(
            Traffic(
                load_credentials(Path(order["token_file"]), mailbox="alice"),
                gmail=Settings(order["endpoint"]),
                bucket=StoredBucket(database, "alice"),
                sleep=sleep,
                monotonic=machine_seconds,
                mailbox="alice",
            )
        )
        while True:
            sync_mailbox(desk, source, "alice", runner=this_runner(), accept_removals=True)
            if not order["forever"]:
                source.close()
                return


def live(order: dict[str, Any], work: Callable[[dict[str, Any]], None]) -> int:
    try:
        work(order)
    except BusyMailboxError as error:
        sys.stderr.write(f"{error.message} {error.remedy}\n")
        return BUSY
    except ProviderError:
        return TROUBLE
    except InboxcrmError:
        traceback.print_exc()
        return 5
    except BaseException:  # noqa: BLE001 - the parent must learn of it, whatever it was
        traceback.print_exc()
        return 6
    return LEVEL


def tell(**what: int) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def serve_with(work: Callable[[dict[str, Any]], None]) -> None:
    """A life for each line of standard input."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os._exit(live(json.loads(line), work))
        tell(pid=pid)
        _, status = os.waitpid(pid, 0)
        tell(code=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    serve_with(sync_once)
