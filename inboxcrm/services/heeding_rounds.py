"""When stored mail is heeded: by a sender before it claims anything, and between the rounds of a worker."""

from __future__ import annotations

from collections.abc import Callable

from inboxcrm.services.heeding import heed_mail, is_all_heeded
from inboxcrm.services.leaving import Leaving
from inboxcrm.store.desk import Desk
from inboxcrm.store.upserts import one_at_a_time


def heed_new_mail(leaving: Leaving) -> None:
    """All mail stored since the last look, in as many transactions as it takes."""
    while True:
        with leaving.transaction() as tx:
            found = heed_mail(tx, leaving.desk, None)
        leaving.report.cancelled += found.stopped
        if not found.has_more:
            return


def heed_stored_mail(desk: Desk, *, should_stop: Callable[[], bool] = lambda: False) -> None:
    """The same, where no mail is due: people see a stop when its mail was read, not when the next mail would go."""
    is_more = True
    while is_more and not should_stop():
        with desk.database.read() as tx:
            if is_all_heeded(tx):
                return
        with desk.database.write(durable=True) as tx:
            one_at_a_time(tx)
            is_more = heed_mail(tx, desk, None).has_more
