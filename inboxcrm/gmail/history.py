"""One page of Gmail's history to our events, in the order in which they happened. Pure.

The generic `messages` list of a record says nothing about what happened and is not read. A record
rarely holds more than one kind; where it does, an id that was removed in it stays removed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inboxcrm.ports import Change, ChangeKind

_LISTS = (
    ("messagesAdded", ChangeKind.ADDED),
    ("labelsAdded", ChangeKind.LABELS_ON),
    ("labelsRemoved", ChangeKind.LABELS_OFF),
    ("messagesDeleted", ChangeKind.REMOVED),
)
TYPES = ["messageAdded", "messageDeleted", "labelAdded", "labelRemoved"]

_MESSAGE = "message(id,threadId,labelIds)"
FIELDS = (
    f"history(messagesAdded({_MESSAGE}),messagesDeleted({_MESSAGE}),"
    f"labelsAdded(labelIds,{_MESSAGE}),labelsRemoved(labelIds,{_MESSAGE})),historyId,nextPageToken"
)


def changes_in(page: dict[str, Any]) -> Iterator[Change]:
    """A page may carry a next token and no history at all."""
    for record in page.get("history") or ():
        for key, kind in _LISTS:
            for entry in record.get(key) or ():
                yield from _change(kind, entry)


def _change(kind: ChangeKind, entry: dict[str, Any]) -> Iterator[Change]:
    message = entry.get("message") or {}
    ref = message.get("id")
    if not ref:
        return
    told = message.get("labelIds")
    all_labels = frozenset(told) if told is not None else None
    if kind is ChangeKind.ADDED:
        moved = all_labels or frozenset()
    elif kind is ChangeKind.REMOVED:
        moved, all_labels = frozenset(), None
    else:
        moved = frozenset(entry.get("labelIds") or ())
    yield Change(kind, ref, message.get("threadId", ""), moved, all_labels)
