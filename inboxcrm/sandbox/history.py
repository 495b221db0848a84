"""The mailbox's memory of changes: rising ids with gaps, all four kinds of event, and forgetting.

How far a walk through several pages sees is not documented by the service, so both ways can be had:
"snapshot" pages show what had happened when the walk began, "live" pages what has happened when
the page is asked for. Either way the `historyId` of the answer is the head of now. A client that
trusts the last page's id loses mail under "snapshot", which is why that is the default.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FIRST_ID = 1_204_510
"""Real ids never start at 1; code that believes so should fail here."""


class EventKind(StrEnum):
    """The names are those of the `historyTypes` parameter."""

    ADDED = "messageAdded"
    DELETED = "messageDeleted"
    LABELS_ON = "labelAdded"
    LABELS_OFF = "labelRemoved"


class HistoryPages(StrEnum):
    SNAPSHOT = "snapshot"
    LIVE = "live"


_FIELDS = {
    EventKind.ADDED: "messagesAdded",
    EventKind.DELETED: "messagesDeleted",
    EventKind.LABELS_ON: "labelsAdded",
    EventKind.LABELS_OFF: "labelsRemoved",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One change of one message. `labels` are those after it, `moved` those it put on or took
    off.
    """

    id: int
    kind: EventKind
    ref: str
    thread_ref: str
    labels: frozenset[str]
    moved: frozenset[str]

    def as_json(self) -> dict[str, Any]:
        message: dict[str, Any] = {"id": self.ref, "threadId": self.thread_ref}
        event: dict[str, Any] = {"message": {**message, "labelIds": sorted(self.labels)}}
        if self.moved:
            event["labelIds"] = sorted(self.moved)
        return {"id": str(self.id), "messages": [message], _FIELDS[self.kind]: [event]}


@dataclass(frozen=True, slots=True)
class Page:
    records: tuple[Record, ...]
    next_token: str | None
    head: int


class ExpiredHistoryError(Exception):
    """The start id is older than what is kept (or was never given out)."""


class BadTokenError(Exception):
    """A page token that this walk did not give out."""


class History:
    """Not thread-safe by itself: the mailbox holds its lock."""

    def __init__(self, *, pages: HistoryPages = HistoryPages.SNAPSHOT) -> None:
        self.head = FIRST_ID
        self.pages = pages
        self._floor = FIRST_ID
        self._records: list[Record] = []
        self._ids: list[int] = []
        self._hidden: dict[int, int] = {}
        """Record id -> when it shows itself, in ms."""

    def record(
        self,
        kind: EventKind,
        *,
        ref: str,
        thread_ref: str,
        labels: frozenset[str],
        moved: Iterable[str] = (),
        shown_ms: int = 0,
    ) -> int:
        """The record's id. `shown_ms`: nobody is told before that moment."""
        # Gaps of changing width, so that nobody counts events by subtracting ids.
        self.head += 1 + (len(self._records) * 7) % 13
        self._records.append(Record(self.head, kind, ref, thread_ref, labels, frozenset(moved)))
        self._ids.append(self.head)
        if shown_ms:
            self._hidden[self.head] = shown_ms
        return self.head

    def head_at(self, now_ms: int) -> int:
        """The newest id that anybody is told of at that moment."""
        for found in [found for found, shown_ms in self._hidden.items() if shown_ms <= now_ms]:
            del self._hidden[found]
        if not self._hidden:
            return self.head
        before = bisect_left(self._ids, min(self._hidden))
        return self._ids[before - 1] if before else self._floor

    def expire(self) -> None:
        """Forgets everything: every id given out until now is too old."""
        self.head += 17
        self._floor = self.head
        self._records.clear()
        self._ids.clear()
        self._hidden.clear()

    def page(
        self,
        *,
        start: int,
        token: str | None,
        limit: int,
        kinds: frozenset[EventKind],
        label: str | None,
        now_ms: int = 0,
    ) -> Page:
        """Filters apply after the page is cut, so a page may be empty and still have a next one,
        as the real ones.
        """
        if start < self._floor or start > self.head:
            raise ExpiredHistoryError
        head = self.head_at(now_ms)
        after, until = start, head
        if token is not None:
            after, until = self._read_token(token, start)
        if self.pages is HistoryPages.LIVE:
            until = head
        first = bisect_right(self._ids, after)
        last = bisect_right(self._ids, until)
        cut = self._records[first : min(first + limit, last)]
        more = first + limit < last
        return Page(
            records=tuple(
                record
                for record in cut
                if record.kind in kinds and (label is None or label in record.labels | record.moved)
            ),
            next_token=f"{start}.{cut[-1].id}.{until}" if more else None,
            head=head,
        )

    @staticmethod
    def _read_token(token: str, start: int) -> tuple[int, int]:
        try:
            own_start, after, until = (int(piece) for piece in token.split("."))
        except ValueError as error:
            raise BadTokenError from error
        if own_start != start:
            raise BadTokenError
        return after, until
