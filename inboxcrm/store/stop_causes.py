"""The mails that stops and rests are owed to, as one viewer may be told of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from inboxcrm.access.viewer import Viewer
from inboxcrm.cadence.causes import Told, unread_words
from inboxcrm.store.activities import ActivityRow
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.database import Tx
from inboxcrm.store.desk import Desk
from inboxcrm.store.lists import within
from inboxcrm.store.sight import is_limited, readable_thread, sight
from inboxcrm.store.tables import message


class _Cause(NamedTuple):
    """`at` in ms. `thread_id`: where this viewer reads it; None: they may not."""

    message_id: int
    at: int
    thread_id: int | None


@cache
def _causes(*, limited: bool) -> Select[Any]:
    return select(
        message.c.id, message.c.sent_at, readable_thread(message.c.id, limited=limited)
    ).where(within(message.c.id, "ids"))


class Causes:
    """Read once for all that a page tells; one statement, and none where nothing rests on a mail."""

    def __init__(self, desk: Desk, found: dict[int, _Cause]) -> None:
        self._desk = desk
        self._found = found

    @classmethod
    def read(cls, tx: Tx, desk: Desk, viewer: Viewer, ids: Iterable[int | None]) -> Causes:
        wanted = sorted({one for one in ids if one is not None})
        if not wanted:
            return cls(desk, {})
        rows = tx.execute(_causes(limited=is_limited(viewer)), {"ids": wanted, **sight(viewer)})
        return cls(desk, {row[0]: _Cause._make(row) for row in rows})

    def told(self, words: str, message_id: int | None) -> Told:
        """`words` rest on that mail; None: on none, and everybody is told them."""
        if message_id is None:
            return Told(words)
        cause, ids = self._found.get(message_id), self._desk.ids
        if cause is None or cause.thread_id is None:
            at = from_ms(cause.at) if cause is not None else None
            now, zone = self._desk.clock.now(), self._desk.working_hours.zone
            return Told(unread_words(at, now=now, zone=zone))
        return Told(words, ids.seal("message", message_id), ids.seal("thread", cause.thread_id))


# --- what stands on the timeline of a lead -----------------------------------------

_KIND, _STOPPED = "cadence", " stopped: "


def told_of_deeds(
    tx: Tx, desk: Desk, viewer: Viewer, deeds: Collection[ActivityRow]
) -> dict[int, Told]:
    """By activity, those of cadences that rest on a mail."""
    resting = {}
    for one in deeds:
        if one.kind == _KIND and "message_id" in one.data:
            resting[one.activity_id] = (one, json.loads(one.data).get("message_id"))
    causes = Causes.read(tx, desk, viewer, (number for _, number in resting.values()))
    return {key: _told_of(causes, *pair) for key, pair in resting.items()}


def _told_of(causes: Causes, deed: ActivityRow, message_id: int | None) -> Told:
    """Of a stop nothing behind the cadence's name is left to whoever may not read its mail; a rest says only until
    when.
    """
    told = causes.told(deed.text, message_id)
    if told.text == deed.text:
        return told
    before, mark, _ = deed.text.partition(_STOPPED)
    return Told(f"{before}{mark}{told.text}" if mark else deed.text)
