"""Raw bytes of a mail to a Message. Never raises; what is broken is read as far as it goes and noted as a defect.

Every step is linear in the size of the mail: parts are cut by `bytes.find`, contents stay where they are, and depth and
number of parts are bounded.
"""

from __future__ import annotations

import re

from inboxcrm.mail.build import build_message
from inboxcrm.mail.header_lines import read_header_block
from inboxcrm.mail.message import Message
from inboxcrm.mail.part import Part
from inboxcrm.mail.part_fields import make_part

MAX_DEPTH = 100
MAX_PARTS = 1_000

TOO_DEEP = f"Parts are nested more than {MAX_DEPTH} deep; what lies deeper was not read."
TOO_MANY = f"The mail has more than {MAX_PARTS:,} parts; the rest was not read."
NO_BOUNDARY = "The multipart names no boundary."
BOUNDARY_MISSING = "The boundary of the multipart does not occur; its content was read as text."
NO_END = "The multipart has no end boundary; the mail may be cut off."

_AFTER_DELIMITER = re.compile(rb"(--)?[ \t]{0,200}(?:\r?\n|\Z)")
_GUESSED_BOUNDARY = re.compile(rb"\n--([^\s][^\r\n]{0,69})[ \t]{0,20}\r?\n(?=[Cc]ontent-)")


def parse(raw: bytes) -> Message:
    """The message in these bytes (without a mailbox file's "From " line, though one does no harm)."""
    return build_message(read_tree(raw), len(raw))


def read_tree(raw: bytes) -> Part:
    """The tree of parts, contents still where they lie."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    return _Reader(raw).read(0, len(raw), "", 0, "text/plain")


class _Reader:
    """Cuts one mail into parts; counts them, so that a mail of a million parts ends early."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.count = 0

    def read(self, start: int, end: int, path: str, depth: int, default_type: str) -> Part:
        self.count += 1
        block = read_header_block(self.raw, start, end)
        part = make_part(block.pairs, default_type)
        part.path = path
        part.source, part.start, part.end = self.raw, block.body_start, end
        part.defects = block.defects
        if part.content_type.startswith("multipart/"):
            self._read_children(part, depth)
        return part

    def _read_children(self, part: Part, depth: int) -> None:
        if depth >= MAX_DEPTH:
            part.defects.append(TOO_DEEP)
            part.content_type = "application/octet-stream"
            return
        boundary = self._boundary(part)
        spans, is_closed = self._cut(part.start, part.end, boundary) if boundary else ([], False)
        if not spans:
            if boundary:
                part.defects.append(BOUNDARY_MISSING)
            part.content_type = "text/plain"
            return
        if not is_closed:
            part.defects.append(NO_END)
        is_digest = part.content_type == "multipart/digest"
        default_type = "message/rfc822" if is_digest else "text/plain"
        prefix = f"{part.path}." if part.path else ""
        for number, (start, end) in enumerate(spans):
            if self.count >= MAX_PARTS:
                part.defects.append(TOO_MANY)
                break
            part.children.append(
                self.read(start, end, f"{prefix}{number}", depth + 1, default_type)
            )

    def _boundary(self, part: Part) -> bytes:
        declared = part.params.get("boundary", "")
        if declared:
            return declared.rstrip().encode("utf-8", "replace")
        part.defects.append(NO_BOUNDARY)
        guessed = _GUESSED_BOUNDARY.search(self.raw, max(0, part.start - 1), part.end)
        return guessed[1].rstrip() if guessed else b""

    def _cut(self, start: int, end: int, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
        """Spans of the parts, and whether the end boundary was found. Preamble and epilogue are left out."""
        raw, delimiter = self.raw, b"--" + boundary
        spans: list[tuple[int, int]] = []
        part_start = -1
        at = start
        while True:
            at = raw.find(delimiter, at, end)
            if at < 0:
                break
            tail = None
            if at == start or raw[at - 1] == 0x0A:
                tail = _AFTER_DELIMITER.match(raw, at + len(delimiter), end)
            if tail is None:
                at = raw.find(b"\n", at, end)
                if at < 0:
                    break
                continue
            if part_start >= 0:
                part_end = at - 1 if at > part_start else at
                if part_end > part_start and raw[part_end - 1] == 0x0D:
                    part_end -= 1
                spans.append((part_start, part_end))
                if len(spans) > MAX_PARTS:
                    return spans, True
            if tail[1]:
                return spans, bool(spans)
            part_start = at = tail.end()
        if part_start >= 0:
            spans.append((part_start, end))
        return spans, False
