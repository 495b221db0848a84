"""A page of an mbox file: some mails in a row, read, and where the next page begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from inboxcrm.mbox.letter import read_letter
from inboxcrm.mbox.scan import scan
from inboxcrm.ports import Fetched


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page: from this byte on, at most so many mails and about so many bytes."""

    offset: int
    items: int
    size: int


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
