"""Which copies of a mailbox we keep. One predicate, asked by listing, history and reconcile alike."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

NEVER = frozenset({"DRAFT", "CHAT"})
"""A draft changes its id with every save and is nobody's mail yet; chats are no mail."""

WITHDRAWN = frozenset({"SPAM", "TRASH"})
"""Kept as labels; a mail in one of them is no evidence for capture until it comes back."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`labels` are label refs; empty means every label. Mail received before `since` is not wanted."""

    since: datetime | None = None
    labels: frozenset[str] = frozenset()


def is_wanted(
    scope: Scope, labels: Collection[str] | None, received_at: datetime | None = None
) -> bool:
    """Whether a copy with these labels, received then, is to be stored.

    What is not known (labels None, no date) never excludes: the question is asked again when the copy is fetched.
    """
    if labels is not None:
        held = frozenset(labels)
        if held & NEVER:
            return False
        if scope.labels and not held & scope.labels:
            return False
    return not (scope.since and received_at and received_at < scope.since)


def is_withdrawn(labels: Collection[str]) -> bool:
    """Whether a copy with these labels is no evidence."""
    return not WITHDRAWN.isdisjoint(labels)
