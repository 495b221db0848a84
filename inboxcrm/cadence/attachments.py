"""Files that go with a mail: what may go, under which name, and how one is written into the mail.

A mail with files is multipart/mixed: what is read first, then the files in base64 (RFC 2045 section 6.8), each with a
name no reader's disk or program can take amiss. A name beyond ASCII is written as RFC 2231 wants it, in pieces that
keep lines short.

In the outbox a mail is kept lean: where the bytes of a file belong stands their hash between two NUL characters, which
no mail holds. So a file of ten megabytes to five hundred people is stored once.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from inboxcrm.mail.file_names import safe_name

LARGEST_MAIL_BYTES = 18 * 1024 * 1024
"""Text and files together, as they are. Gmail takes 25 MB as it goes over the wire, where base64 makes four bytes of
three (support.google.com/mail/answer/6584).
"""

MOST_FILES = 20
_LINE = 76
_PIECE = 54
_MARK = b"\x00"
_AS_ITSELF = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._")
_PERCENT = tuple(chr(one) if one in _AS_ITSELF else f"%{one:02X}" for one in range(256))
_ANY = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS = {
    "csv": "text/csv", "gif": "image/gif", "heic": "image/heic", "ics": "text/calendar", "jpeg": "image/jpeg",
    "jpg": "image/jpeg", "md": "text/markdown", "mp3": "audio/mpeg", "mp4": "video/mp4", "pdf": "application/pdf",
    "png": "image/png", "rtf": "application/rtf", "tif": "image/tiff", "tiff": "image/tiff", "txt": "text/plain",
    "vcf": "text/vcard", "webp": "image/webp", "zip": "application/zip",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": f"{_OFFICE}.wordprocessingml.document", "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}  # fmt: skip
"""A table of our own: what a system's table says differs between machines, and the bytes of a mail must not."""

_BLOCKED = frozenset(
    {
        "ade", "adp", "apk", "appx", "appxbundle", "bat", "cab", "chm", "cmd", "com", "cpl", "diagcab", "diagcfg",
        "diagpkg", "dll", "dmg", "ex", "ex_", "exe", "hta", "img", "ins", "iso", "isp", "jar", "jnlp", "js", "jse",
        "lib", "lnk", "mde", "mjs", "msc", "msi", "msix", "msixbundle", "msp", "mst", "nsh", "pif", "ps1", "scr", "sct",
        "shb", "sys", "vb", "vbe", "vbs", "vhd", "vxd", "wsc", "wsf", "wsh", "xll",
    }
)  # fmt: skip
"""Gmail returns mail that bears one of these (support.google.com/mail/answer/6590)."""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """`name` as it was given; it is made harmless where it is written. `sha256` of the content in hex digits."""

    name: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def name_of_file(given: str) -> str:
    """As it stands in the mail and on every page."""
    return safe_name(given)


def kind_of_file(name: str) -> str:
    """The media type its ending stands for."""
    return _KINDS.get(_ending(name), _ANY)


def trouble_with(names_and_sizes: Sequence[tuple[str, int]], *, words_bytes: int = 0) -> list[str]:
    """Why these files cannot go together, in sentences; empty where they can. `words_bytes`: text and HTML."""
    found = []
    for name, size in names_and_sizes:
        shown = name_of_file(name)
        if not size:
            found.append(f"{shown} is empty.")
        if _ending(shown) in _BLOCKED:
            found.append(f"Mail programs refuse files like {shown}; send a link to it instead.")
    if len(names_and_sizes) > MOST_FILES:
        found.append(f"There are {len(names_and_sizes)} files; a mail has at most {MOST_FILES}.")
    total = words_bytes + sum(size for _, size in names_and_sizes)
    if total > LARGEST_MAIL_BYTES:
        found.append(
            f"The mail would have {total / 1048576:.1f} MB; {LARGEST_MAIL_BYTES // 1048576} MB are allowed,"
            " because base64 makes it a third larger and Gmail takes 25 MB."
        )
    return found


def file_part(file: OutgoingFile) -> bytes:
    """Its header fields, an empty line, and the mark that stands for its bytes."""
    name = name_of_file(file.name)
    head = (
        f"Content-Type: {kind_of_file(name)}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;{_file_name(name)}\r\n\r\n"
    )
    return head.encode("ascii") + _MARK + file.sha256.encode("ascii") + _MARK


def marks_in(lean: bytes) -> tuple[str, ...]:
    """The hashes of the files that belong into it."""
    return tuple(one.decode("ascii") for one in lean.split(_MARK)[1::2])


def filled_in(lean: bytes, contents: Mapping[str, bytes]) -> bytes:
    """The whole mail: every mark replaced by the bytes of that hash, in base64. A KeyError: a file is not there."""
    if _MARK not in lean:
        return lean
    pieces = lean.split(_MARK)
    pieces[1::2] = [_in_base64(contents[one.decode("ascii")]) for one in pieces[1::2]]
    return b"".join(pieces)


def _in_base64(content: bytes) -> bytes:
    data = b2a_base64(content, newline=False)
    return b"\r\n".join([data[at : at + _LINE] for at in range(0, len(data), _LINE)])


def _file_name(name: str) -> str:
    """The parameter, each piece on a line of its own. `safe_name` leaves no quote, backslash or control character."""
    if name.isascii() and len(name) <= _PIECE:
        return f'\r\n filename="{name}"'
    written = [_PERCENT[one] for one in name.encode("utf-8", "replace")]
    pieces, room = [""], _PIECE
    for letter in written:
        if len(letter) > room:
            pieces.append("")
            room = _PIECE
        pieces[-1] += letter
        room -= len(letter)
    pieces[0] = f"utf-8''{pieces[0]}"
    if len(pieces) == 1:
        return f"\r\n filename*={pieces[0]}"
    return ";".join(f"\r\n filename*{number}*={piece}" for number, piece in enumerate(pieces))


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
