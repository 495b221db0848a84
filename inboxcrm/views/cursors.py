"""Where the next page of a list begins: opaque text, from the last line of the page before."""

from __future__ import annotations

from inboxcrm.store.desk import Desk

KIND = "line"


def seal_cursor(desk: Desk, at: int, number: int) -> str:
    """`at` is what the list is sorted by (ms), `number` the row that stood there."""
    return f"{at:x}-{desk.ids.seal(KIND, number)}"


def open_cursor(desk: Desk, before: str | None) -> tuple[int, int] | None:
    """(at, number); None for no cursor and for a made-up one, which both mean the first page."""
    at, _, sealed = (before or "").rpartition("-")
    number = desk.ids.open(KIND, sealed)
    if number is None:
        return None
    try:
        return int(at, 16), number
    except ValueError:
        return None
