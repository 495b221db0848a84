"""Gzip whose dear part is done once a message.

A deflate stream may be put together from pieces that each end in a full flush. So every message is
squeezed once, kept, and a batch answer is the kept pieces behind each other with the check sum of
the whole: one ordinary gzip member.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
_END = b"\x03\x00"
_KEPT_FROM_BYTES = 512
_MOST_KEPT = 20_000


class Packer:
    """Not thread-safe: it belongs to the server's one thread."""

    def __init__(self) -> None:
        self._kept: dict[bytes, bytes] = {}

    def pack(self, pieces: Iterable[bytes]) -> bytes:
        packed = [_HEAD]
        check = size = 0
        for piece in pieces:
            check = zlib.crc32(piece, check)
            size += len(piece)
            packed.append(self._squeezed(piece))
        packed += [_END, struct.pack("<II", check, size & 0xFFFFFFFF)]
        return b"".join(packed)

    def _squeezed(self, piece: bytes) -> bytes:
        found = self._kept.get(piece)
        if found is None:
            squeezer = zlib.compressobj(1, zlib.DEFLATED, -15)
            found = squeezer.compress(piece) + squeezer.flush(zlib.Z_FULL_FLUSH)
            if len(piece) >= _KEPT_FROM_BYTES:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[piece] = found
        return found
