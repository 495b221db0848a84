"""An mbox file as a mailbox: read once from front to back, by pages, with bounded memory.

A page token is the byte offset where the page begins; a message's ref is the SHA-256 of its bytes as they lie in the
file. The mails of the page just listed are kept, so that the fetch that follows reads nothing twice; older refs are
found by a small index. A token that no longer points at the beginning of a mail is refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from inboxcrm.errors import CursorExpired, Gone, Offline, UserError
from inboxcrm.mail.part_bytes import part_bytes
from inboxcrm.mbox.letter import read_letter
from inboxcrm.mbox.pages import FIRST_ITEMS, PAGE_ITEMS, Asked, Page, read_page
from inboxcrm.mbox.places import Places
from inboxcrm.mbox.reading_child import ReadingChild
from inboxcrm.mbox.scan import BLOCK, Located, scan
from inboxcrm.ports import (
    Anchor,
    Capabilities,
    ChangePage,
    Fetched,
    Listed,
    ListPage,
    Missing,
    Outcome,
    Spending,
    Wanted,
)

SINGLE_BLOCK = 1 << 15
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zX": "xz"}

CHILD_PAYS_FROM = 4_000_000
"""Bytes of a file from which on a second process to read the mails is worth starting."""


class MboxSource:
    """Implements `ports.MailSource`. Opening refuses, with the reason, what is no mbox file."""

    def __init__(self, path: Path | str, *, address: str) -> None:
        self._path = Path(path)
        self._address = address
        self._file = _open(self._path)
        self._places = Places()
        self._indexed_to = 0
        self._letters: dict[str, Fetched] = {}
        large = self._size() >= CHILD_PAYS_FROM
        self._ahead = ReadingChild(self._path, self._file) if large else None

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            has_labels=True, has_changes=False, thread_pays_from=None, batch_size=PAGE_ITEMS
        )

    def anchor(self) -> Anchor:
        if self._ahead is not None:
            self._ahead.start()
        return Anchor(address=self._address, aliases=(), cursor=self._stamp())

    def list_page(
        self,
        *,
        label: str | None,
        token: str | None,
        since: datetime | None = None,  # noqa: ARG002 - a file says no dates before it is read
    ) -> ListPage:
        page = self._page(self._offset_of(token))
        self._letters = page.letters
        items = tuple(
            Listed(ref, letter.thread_ref, letter.labels, letter.message.size_bytes)
            for ref, letter in page.letters.items()
            if label is None or label in letter.labels
        )
        return ListPage(items, None if page.following is None else str(page.following))

    def changes(self, *, cursor: str, token: str | None) -> ChangePage:  # noqa: ARG002 (the port says so)
        raise CursorExpired("An mbox file has no history; it is listed again instead.")

    def fetch(self, wanted: Sequence[Wanted]) -> list[Outcome]:
        return [self._fetch(ref) for group in wanted for ref in group.refs]

    def attachment(self, *, ref: str, part: str) -> bytes:
        found = self._find(ref)
        data = part_bytes(found.kept, part) if found is not None else None
        if data is None:
            raise Gone(
                "This attachment is no longer in the mbox file.",
                remedy=f"Check that {self._path} is still the file that was imported.",
            )
        return data

    def spending(self) -> Spending:
        return Spending()

    def close(self) -> None:
        self._file.close()
        self._letters = {}
        if self._ahead is not None:
            self._ahead.close()

    # --- reading -------------------------------------------------------------

    def _page(self, offset: int) -> Page:
        page = self._ahead.take(offset) if self._ahead is not None else None
        if page is None:
            page = self._read_page(offset)
        for ref, begins, ends in page.spans:
            self._index(ref, begins, ends)
        return page

    def _read_page(self, offset: int) -> Page:
        """The page from there on; from the next one on the child reads, if it can."""
        is_first = self._ahead is not None and self._ahead.start()
        asked = Asked(offset, FIRST_ITEMS if is_first else PAGE_ITEMS)
        with self._reading():
            page = read_page(self._file, asked)
        following = asked.after(page)
        if self._ahead is not None and following is not None:
            self._ahead.begin(following)
        return page

    def _fetch(self, ref: str) -> Outcome:
        letter = self._letters.get(ref)
        if letter is not None:
            return letter
        found = self._find(ref)
        return Missing(ref) if found is None else read_letter(found)

    def _find(self, ref: str) -> Located | None:
        for offset in self._places.find(ref):
            located = next(self._scan(offset, block=SINGLE_BLOCK), None)
            if located is not None and located.ref == ref:
                return located
        return self._find_further(ref)

    def _find_further(self, ref: str) -> Located | None:
        """Reads on from where the index ends: a run that was stopped asks for refs this one has not listed."""
        result: Located | None = None
        if self._indexed_to >= self._size():
            return None
        for found in self._scan(self._indexed_to):
            if found.ref == ref:
                result = found
                break
        return result

    def _scan(self, offset: int, *, block: int = BLOCK) -> Iterator[Located]:
        """Messages from `offset` on; those the index does not know yet are added to it."""
        with self._reading():
            for found in scan(self._file, offset, block=block):
                self._index(found.ref, found.offset, found.next_offset)
                yield found

    def _index(self, ref: str, begins: int, ends: int) -> None:
        if begins == self._indexed_to:
            self._places.add(ref, begins)
            self._indexed_to = ends

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Offline(
                f"{self._path} could not be read further: {error.strerror or error}.",
                remedy="Check the disk the file lies on and run the same command again; what was stored stays.",
            ) from error

    def _offset_of(self, token: str | None) -> int:
        if token is None:
            return 0
        offset = int(token) if token.isdigit() else -1
        if offset < 0 or offset > self._size() or not self._begins_message(offset):
            raise CursorExpired(
                f"{self._path} has changed since it was last read.",
                remedy="Run the import again; mails that are stored already are not stored twice.",
            )
        return offset

    def _begins_message(self, offset: int) -> bool:
        if offset in {0, self._size()}:
            return True
        self._file.seek(offset)
        return self._file.read(64).lstrip(b"\r\n").startswith(b"From ")

    def _size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    def _stamp(self) -> str:
        facts = os.fstat(self._file.fileno())
        return f"{facts.st_size}-{facts.st_mtime_ns}"


def _open(path: Path) -> BinaryIO:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise UserError(f"There is no file {path}.", remedy="Check the path.") from error
    except IsADirectoryError as error:
        raise UserError(
            f"{path} is a folder, not an mbox file.",
            remedy="Name one file in it; Thunderbird's have no ending, Takeout's end in .mbox.",
        ) from error
    except OSError as error:
        raise UserError(
            f"{path} cannot be opened: {error.strerror or error}.", remedy="Check its permissions."
        ) from error
    try:
        _check(file, path)
    except BaseException:
        file.close()
        raise
    return file


def _check(file: BinaryIO, path: Path) -> None:
    """An empty file is an empty mailbox. Anything else must hold at least one separator line."""
    head = file.read(4)
    for magic, name in _PACKED.items():
        if head.startswith(magic):
            raise UserError(
                f"{path} is packed ({name}).", remedy="Unpack it and name the .mbox file inside."
            )
    if not head.strip():
        return
    for found in scan(file):
        # The first message, or what stands before the first separator line.
        if found.has_separator or found.next_offset < os.fstat(file.fileno()).st_size:
            return
        break
    raise UserError(
        f'{path} is no mbox file: no line in it begins a mail ("From ").',
        remedy="Export the mailbox as mbox, for example with Google Takeout or from Thunderbird.",
    )
