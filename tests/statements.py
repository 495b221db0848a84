"""What is sent to the database while somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from inboxcrm.store.straight import Straight


@contextmanager
def statements_seen(target: Any = Engine) -> Iterator[list[str]]:
    """Of a transaction, of an engine, or of all engines; how a transaction begins and ends is not among them."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SET LOCAL")):
            seen.append(statement)

    event.listen(target, "before_cursor_execute", note)
    Straight.is_watched = True
    try:
        yield seen
    finally:
        Straight.is_watched = False
        event.remove(target, "before_cursor_execute", note)
