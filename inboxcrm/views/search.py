"""Mail found by words, as the threads it lies in."""

from __future__ import annotations

from inboxcrm.access.viewer import Viewer
from inboxcrm.store import inbox as threads
from inboxcrm.store import search
from inboxcrm.store.desk import Desk
from inboxcrm.views.inbox import rows_of
from inboxcrm.views.inbox_shapes import InboxRow

MOST_ROWS = 200
# Several messages found may lie in one thread.
_MESSAGES_A_ROW = 3


def search_threads(
    desk: Desk, viewer: Viewer, words: str, *, limit: int = 20
) -> tuple[InboxRow, ...]:
    """Threads with a mail that holds all the words (the last may be half written), best first."""
    many = max(1, min(limit, MOST_ROWS))
    with desk.database.read() as tx:
        found = search.search_messages(tx, viewer, words, many * _MESSAGES_A_ROW)
        page = threads.threads_of_messages(tx, viewer, found)
    return rows_of(desk, page, limit=many)
