"""Where the messages of an mbox file lie, read as a stream: no more than one block and one message in memory.

A message starts at a line "From ..." that follows a blank line (or opens the file) and either carries a date or is
followed by a header field; without a blank line above it, both must hold. So a sentence that begins with "From" and
was not quoted by the program that wrote the file does not cut a mail in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

BLOCK = 1 << 20
MAX_KEPT = 10_000_000
MAX_MESSAGE = 50_000_000
"""Of a message larger than this only the first `MAX_KEPT` bytes are kept: the text comes before the files."""

_MAX_FROM_LINE = 1_000
_LOOK_AHEAD = 4_000
_DATED = re.compile(
    rb"From [^\n]*\d{1,2}:\d\d[^\n]*(?:19|20)\d\d|From [^\n]*(?:19|20)\d\d[^\n]*\d{1,2}:\d\d|From [- ]*\r?$"
)
_FIELD = re.compile(rb"(?:[A-Za-z][!-9;-~]{0,99}[ \t]*:|>?From )")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Located:
    """A message as it lies in the file. `offset` is where its separator line begins, `next_offset` where the next one
    does. `kept` is its bytes after the separator line, unquoted, or their beginning where `is_cut`.
    `is_unfinished`: the file ends within a line of it.
    """

    offset: int
    next_offset: int
    from_line: bytes
    ref: str
    size_bytes: int
    kept: bytes
    is_cut: bool
    has_separator: bool
    is_unfinished: bool


def scan(file: BinaryIO, offset: int = 0, *, block: int = BLOCK) -> Iterator[Located]:
    """The messages from `offset` on, which must be where one begins. `block`: how much is read at a time."""
    reader = _Window(file, offset, block)
    while True:
        found = _read_message(reader)
        if found is None:
            return
        yield found


class _Window:
    """A sliding view of the file: `data[at:]` is what was read and not yet given away, `base` where `data` begins."""

    def __init__(self, file: BinaryIO, offset: int, block: int) -> None:
        self.file = file
        self.block = block
        self.base = offset
        self.data = b""
        self.at = 0
        self.at_end = False
        file.seek(offset)

    @property
    def offset(self) -> int:
        return self.base + self.at

    def size(self) -> int:
        return len(self.data) - self.at

    def fill(self) -> bool:
        """One block more; what was given away goes. False at the end of the file."""
        block = self.file.read(max(self.block, min(len(self.data), BLOCK)))
        if not block:
            self.at_end = True
            return False
        self.data = self.data[self.at :] + block
        self.base += self.at
        self.at = 0
        return True

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        self.at += len(taken)
        return taken


def _read_message(window: _Window) -> Located | None:
    while window.size() < _LOOK_AHEAD and window.fill():
        pass
    offset = window.offset
    if offset == 0 and window.data.startswith(b"\xef\xbb\xbf"):
        window.take(3)
    while True:
        while window.data[window.at : window.at + 1] in {b"\n", b"\r"}:
            window.at += 1
        if window.size() or not window.fill():
            break
    if not window.size():
        return None
    from_line = b""
    has_separator = window.data.startswith(b"From ", window.at)
    if has_separator:
        end = window.data.find(b"\n", window.at, window.at + _MAX_FROM_LINE)
        from_line = window.take(end + 1 - window.at if end >= 0 else _MAX_FROM_LINE)
    return _read_body(window, offset, from_line, has_separator=has_separator)


def _read_body(window: _Window, offset: int, from_line: bytes, *, has_separator: bool) -> Located:
    digest = sha256()
    kept: list[bytes] = []
    size = 0
    searched = 0
    while True:
        end = _next_separator(window, searched)
        if end >= 0:
            body = _without_separating_line(window.take(end - window.at))
            break
        if window.at_end:
            body = _without_separating_line(window.take(window.size()))
            break
        if window.size() < 4 * BLOCK:
            searched = max(0, window.size() - _LOOK_AHEAD)
            window.fill()
            continue
        # A long message: give its front away, keep enough to see a separator that straddles the cut.
        front = window.take(window.size() - 2 * _LOOK_AHEAD)
        searched = 0
        digest.update(front)
        size += len(front)
        if size <= MAX_MESSAGE:
            kept.append(front)
        elif sum(map(len, kept)) > MAX_KEPT:
            kept = _beginning(kept)
    digest.update(body)
    size += len(body)
    is_cut = size > MAX_MESSAGE
    kept = _beginning(kept) if is_cut else [*kept, body]
    data = b"".join(kept) if len(kept) > 1 else kept[0]
    return Located(
        offset=offset,
        next_offset=window.offset,
        from_line=from_line.rstrip(b"\r\n"),
        ref=digest.hexdigest(),
        size_bytes=size,
        kept=_QUOTED_FROM.sub(rb"\1", data) if b">From " in data else data,
        is_cut=is_cut,
        has_separator=has_separator,
        is_unfinished=window.at_end and not window.size() and not body.endswith(b"\n"),
    )


def _beginning(pieces: list[bytes]) -> list[bytes]:
    """The first `MAX_KEPT` bytes."""
    out: list[bytes] = []
    room = MAX_KEPT
    for piece in pieces:
        out.append(piece[:room])
        room -= len(out[-1])
        if room <= 0:
            break
    return out


def _without_separating_line(body: bytes) -> bytes:
    """The blank line before the next separator belongs to the file, not to the message."""
    if body.endswith(b"\r\n\r\n"):
        return body[:-2]
    return body[:-1] if body.endswith(b"\n\n") else body


def _next_separator(window: _Window, searched: int) -> int:
    """Where in `window.data` the next separator line begins, or -1. `searched` bytes from `window.at` hold none."""
    at = window.at + searched
    while True:
        at = window.data.find(b"\nFrom ", at)
        if at < 0:
            return -1
        if len(window.data) - at < _LOOK_AHEAD and not window.at_end:
            passed = at - window.at
            window.fill()
            at = window.at + passed
        if _is_separator(window.data, at + 1):
            return at + 1
        at += 1


def _is_separator(data: bytes, start: int) -> bool:
    end = data.find(b"\n", start, start + _MAX_FROM_LINE)
    line = data[start : end if end >= 0 else start + _MAX_FROM_LINE]
    before = data[max(0, start - 4) : start]
    is_dated = _DATED.match(line) is not None
    is_followed = end >= 0 and _FIELD.match(data, end + 1) is not None
    if before.endswith((b"\n\n", b"\n\r\n")):
        return is_dated or is_followed
    return is_dated and is_followed
