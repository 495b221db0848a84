"""Whether anything came since the list was drawn. Asked every few seconds, so it is one light look and mostly "no"."""

from __future__ import annotations

import hashlib
from typing import Any

from inboxcrm.views.inbox import InboxView
from inboxcrm.views.mailboxes import mailbox_states
from inboxcrm.web.filters import age
from inboxcrm.web.room import this_room


def news_values(newest: InboxView) -> dict[str, Any]:
    """The state of the mailboxes, and a mark of all that the list shows, ages included, so that these stay true."""
    room = this_room()
    mailboxes = mailbox_states(room.desk, room.viewer, while_reading=True)
    now = room.now()
    ages = [age(row.at, now) for row in newest.rows]
    mark = hashlib.blake2b(
        repr((newest, mailboxes, ages)).encode("utf-8", "replace"), digest_size=9
    ).hexdigest()
    return {
        "mailboxes": mailboxes,
        "seen": mark,
        "busy": any(box.left or box.is_first for box in mailboxes),
        "oob": False,
    }
