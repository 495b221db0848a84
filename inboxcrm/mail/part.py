"""A MIME part, wherever it came from: raw bytes or a provider's tree. `build` makes a Message from a tree of these."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

HeaderPairs = list[tuple[str, str | bytes]]
"""Lower-case names and unfolded values in order; bytes where the value is in no declared charset."""

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_URL_TO_PLAIN = bytes.maketrans(b"-_", b"+/")


@dataclass(slots=True)
class Part:
    """`path` counts as Gmail does: the root is "", its children "0", "1", theirs "1.0".

    The content stays where it is (`source[start:end]`, still transfer-encoded) until somebody asks for `body`.
    `source` is None where the provider did not hand out the content; `known_size` is then what it said.
    """

    headers: HeaderPairs
    content_type: str
    params: Mapping[str, str]
    disposition: str = ""
    filename: str = ""
    encoding: str = ""
    path: str = ""
    source: bytes | None = None
    start: int = 0
    end: int = 0
    known_size: int | None = None
    was_transcoded: bool = False
    children: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    @property
    def charset(self) -> str:
        found = self.params.get("charset", "")
        return found.split()[0] if found.strip() else ""

    def header(self, name: str) -> str | bytes:
        for key, value in self.headers:
            if key == name:
                return value
        return ""

    def body(self) -> bytes:
        """The content with its transfer encoding undone. Broken encodings give what can be read."""
        if self.source is None:
            return b""
        data = self.source[self.start : self.end]
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(data)
        if self.encoding == "base64":
            return decode_base64(data)
        if self.encoding == "base64url":
            return decode_base64(data.translate(_URL_TO_PLAIN))
        return data

    def size_bytes(self) -> int:
        """The size of `body`, without making it where that can be helped."""
        if self.known_size is not None:
            return self.known_size
        if self.source is None:
            return 0
        if self.encoding == "quoted-printable":
            return len(self.body())
        size = self.end - self.start
        if self.encoding in {"base64", "base64url"}:
            for byte in (b"\n", b"\r", b"=", b" "):
                size -= self.source.count(byte, self.start, self.end)
            return size * 3 // 4
        return size


def decode_base64(data: bytes) -> bytes:
    try:
        return base64.b64decode(data)
    except binascii.Error:
        digits = _NOT_BASE64.sub(b"", data)
        digits = digits[: len(digits) - 1] if len(digits) % 4 == 1 else digits
        return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
