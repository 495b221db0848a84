"""The worker as a thread beside the pages, for `up` and `demo`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from inboxcrm.bootstrap.jobs import make_worker
from inboxcrm.errors import InboxcrmError
from inboxcrm.services.heeding_rounds import heed_stored_mail
from inboxcrm.services.scoring import keep_scores
from inboxcrm.worker.clock import Stop
from inboxcrm.worker.loop import POLL_SECONDS

if TYPE_CHECKING:
    from inboxcrm.config import Settings
    from inboxcrm.services.syncing import SyncReport
    from inboxcrm.store.desk import Desk
    from inboxcrm.worker.loop import Worker

ENDING_SECONDS = 20.0
RESTART_SECONDS = 10.0


@contextmanager
def working(
    settings: Settings,
    desk: Desk,
    tell: Callable[[str], None],
    *,
    poll_seconds: float = POLL_SECONDS,
    rate: float = 1.0,
    on_report: Callable[[SyncReport], None] = lambda _: None,
) -> Iterator[None]:
    """Reads mail while the block runs; leaving it ends the step under way and waits for that. `rate` is that of the
    desk's clock.
    """
    stop = Stop(rate=rate)
    worker = make_worker(
        settings, desk, stop=stop, tell=tell, poll_seconds=poll_seconds, on_report=on_report
    )
    worker.besides = partial(between_rounds, desk, stop)
    thread = threading.Thread(
        target=_run, args=(worker, stop, tell), name="inboxcrm-worker", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        # A call to the provider cannot be broken off. What it brings is lost with the process and fetched again.
        thread.join(ENDING_SECONDS)


def between_rounds(desk: Desk, stop: Stop) -> None:
    """What rests on mail that was read: cadences that stop, scores that change."""
    heed_stored_mail(desk, should_stop=stop.is_set)
    keep_scores(desk, should_stop=stop.is_set)


def _run(worker: Worker, stop: Stop, tell: Callable[[str], None]) -> None:
    """Trouble of one mailbox never gets here; what does (the database is away) must not end the worker for good."""
    told = ""
    while not stop.is_set():
        try:
            worker.run()
        except InboxcrmError as error:
            if error.message != told:
                told = error.message
                tell(f"The worker waits: {error.message} {error.remedy}".rstrip())
            stop.wait(RESTART_SECONDS)
