"""A page of an mbox file: some mails in a row, read, and where the next page begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from inboxcrm.mbox.letter import read_letter
from inboxcrm.mbox.scan import scan
from inboxcrm.ports import Fetched

PAGE_ITEMS = 500
FIRST_ITEMS = 100
"""In the first page, which one process reads while a second starts; each page after it has twice as many."""

PAGE_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page: from this byte on, at most so many mails and about so many bytes."""

    offset: int
    items: int = PAGE_ITEMS
    size: int = PAGE_BYTES

    def after(self, page: Page) -> Asked | None:
        """The page after that one; None if it was the last."""
        if page.following is None:
            return None
        return Asked(page.following, min(self.items * 2, PAGE_ITEMS), self.size)


@dataclass(frozen=True, slots=True)
class Page:
    """`spans` are (ref, first byte, first byte of the next mail) of every mail, doubles included; `following` is where
    the next page begins, None on the last one.
    """

    offset: int
    letters: dict[str, Fetched]
    spans: tuple[tuple[str, int, int], ...]
    following: int | None


def read_page(file: BinaryIO, asked: Asked) -> Page:
    letters: dict[str, Fetched] = {}
    spans: list[tuple[str, int, int]] = []
    page_bytes = 0
    for found in scan(file, asked.offset):
        spans.append((found.ref, found.offset, found.next_offset))
        if found.ref not in letters:
            letters[found.ref] = read_letter(found)
            page_bytes += len(found.kept)
        if len(letters) >= asked.items or page_bytes >= asked.size:
            return Page(asked.offset, letters, tuple(spans), found.next_offset)
    return Page(asked.offset, letters, tuple(spans), None)
