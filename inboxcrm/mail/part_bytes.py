"""The bytes of one attachment, by its path in the MIME tree."""

from __future__ import annotations

from inboxcrm.mail.mime import read_tree
from inboxcrm.mail.part import Part


def part_bytes(raw: bytes, path: str) -> bytes | None:
    """Decoded content of the part at that path ("1.0"), or None where there is no such part."""
    stack: list[Part] = [read_tree(raw)]
    while stack:
        part = stack.pop()
        if part.path == path and not part.children:
            return part.body()
        stack.extend(part.children)
    return None
