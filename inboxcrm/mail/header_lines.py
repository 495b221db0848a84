"""The header block of a part: where it ends, and the fields in it that anybody asks for.

Bytes outside ASCII are read as UTF-8 if the whole block is valid UTF-8; else the value stays bytes and the reader of
that field decides. A line that is no field is skipped with a defect if fields follow it; if none does, the mail has no
blank line and its body starts there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inboxcrm.mail.headers import KEPT
from inboxcrm.mail.part import HeaderPairs

MAX_BLOCK = 2_000_000
WANTED = KEPT | frozenset(
    {
        "bcc", "cc", "content-disposition", "content-id", "content-transfer-encoding", "content-type", "date",
        "delivered-to", "from", "in-reply-to", "message-id", "received", "references", "reply-to", "sender",
        "subject", "to",
    }
)  # fmt: skip

_FIELD = re.compile(r"([!-9;-~]{1,200})[ \t]*:")
HEADERS_CUT = "The header is longer than 2 MB; the rest of it was not read."
ODD_LINE = "A header line is no header field and was skipped."
BARE_CR = "A header field holds a bare carriage return."
NO_BLANK_LINE = "No blank line stands between header and text."


@dataclass(slots=True)
class HeaderBlock:
    pairs: HeaderPairs
    body_start: int
    defects: list[str]


def read_header_block(raw: bytes, start: int, end: int) -> HeaderBlock:
    """The wanted fields of `raw[start:end]` and where the body starts."""
    defects: list[str] = []
    block_end, body_start = _find_end(raw, start, end)
    if block_end - start > MAX_BLOCK:
        defects.append(HEADERS_CUT)
        block_end = start + MAX_BLOCK
    block = raw[start:block_end]
    is_bytes = False
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        text, is_bytes = block.decode("latin-1"), True
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            text = text.replace("\r", " ")
            defects.append(BARE_CR)
    # Unfolding: only the line break goes, white space stays.
    lines = text.replace("\n ", " ").replace("\n\t", " ").split("\n")
    pairs: HeaderPairs = []
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.lower()
        if name in WANTED:
            pairs.append((name, value.strip()))
        elif not colon or " " in name:
            pairs, stray = _read_odd_lines(lines, defects)
            if stray:
                encoded = stray[:60].encode("latin-1" if is_bytes else "utf-8")
                found = raw.find(encoded, start, end)
                body_start = min(body_start, found if found >= 0 else end)
            break
    if is_bytes:
        pairs = [(name, v if v.isascii() else v.encode("latin-1")) for name, v in pairs]  # type: ignore[union-attr]
    return HeaderBlock(pairs, body_start, defects)


def _read_odd_lines(lines: list[str], defects: list[str]) -> tuple[HeaderPairs, str]:
    """The slow way through a block in which something is no field. Returns the line the body starts with, or ""."""
    fields = [_FIELD.match(line) for line in lines]
    last = max((place for place, field in enumerate(fields) if field), default=-1)
    pairs: HeaderPairs = []
    for place, (line, field) in enumerate(zip(lines, fields, strict=True)):
        if field:
            if field[1].lower() in WANTED:
                pairs.append((field[1].lower(), line[field.end() :].strip()))
        elif not line.strip() or line.startswith(("From ", ">From ")):
            continue  # a separator of a mailbox file, kept by some program on the way
        elif place > last:
            defects.append(NO_BLANK_LINE)
            return pairs, line
        elif ODD_LINE not in defects:
            defects.append(ODD_LINE)
    return pairs, ""


def _find_end(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header block ends and where the body starts. LF and CRLF may be mixed."""
    first = raw.find(b"\n", start, end)
    if first < 0:
        return end, end
    if first == start or (first == start + 1 and raw[start] == 0x0D):
        return start, first + 1  # a part without header fields
    lf = raw.find(b"\n\n", first, end if raw[first - 1] != 0x0D else min(end, start + MAX_BLOCK))
    crlf = raw.find(b"\n\r\n", first, lf if lf >= 0 else end)
    if crlf >= 0:
        return crlf - (raw[crlf - 1] == 0x0D), crlf + 3
    if lf >= 0:
        return lf, lf + 2
    return end, end
