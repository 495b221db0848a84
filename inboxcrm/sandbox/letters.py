"""Writes mail as other people's programs do: headers, text and HTML, attachments, invitations,
reports.

Small and fixed in structure on purpose; the seed needs hundreds of letters within a second.
"""

from __future__ import annotations

import base64
import html
import quopri
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote
from hashlib import sha256

from inboxcrm.sandbox.hours import own_zone
from inboxcrm.sandbox.people import Person

CRLF = "\r\n"


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says. No `text`: HTML only. `calendar` is an iCalendar text with its method in
    front.
    """

    text: str = ""
    html: str = ""
    charset: str = "utf-8"
    files: tuple[File, ...] = ()
    calendar: tuple[str, str] | None = None


def header_line(name: str, value: str, charset: str = "utf-8") -> str:
    if value.isascii():
        return f"{name}: {_folded(value)}"
    try:
        shown = Header(value, charset, header_name=name).encode(linesep=CRLF)
    except UnicodeError:
        shown = Header(value, "utf-8", header_name=name).encode(linesep=CRLF)
    return f"{name}: {shown}"


def address_of(person: Person, charset: str = "utf-8") -> str:
    name = person.display
    if not name:
        return person.address
    if name.isascii():
        if all(char.isalnum() or char in " -'" for char in name):
            return f"{name} <{person.address}>"
        return f'"{quote(name)}" <{person.address}>'
    try:
        shown = Header(name, charset).encode(linesep=CRLF)
    except UnicodeError:
        shown = Header(name, "utf-8").encode(linesep=CRLF)
    return f"{shown} <{person.address}>"


def date_header(at: datetime) -> str:
    return format_datetime(at.astimezone(own_zone()))


def write_letter(headers: Sequence[tuple[str, str]], content: Content) -> bytes:
    """`headers` are ready but for folding and encoding; Content-Type and MIME-Version are added."""
    lines = [header_line(name, value, content.charset) for name, value in headers]
    boundary = sha256("".join(lines).encode()).hexdigest()[:20]
    kind, body = _body(content, boundary)
    lines += ["MIME-Version: 1.0", kind]
    return (CRLF.join(lines) + CRLF).encode("utf-8") + body


def as_html(text: str) -> str:
    paragraphs = (
        html.escape(part, quote=False).replace("\n", "<br>") for part in text.split("\n\n")
    )
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def tiny_pdf(title: str, lines: Sequence[str]) -> bytes:
    """A one-page document that opens."""
    shown = "".join(
        f"({line.encode('latin-1', 'replace').decode('latin-1').translate(_PDF_ESCAPES)}) Tj T*\n"
        for line in (title, "", *lines)
    )
    stream = f"BT /F1 12 Tf 16 TL 72 760 Td\n{shown}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return bytes(out)


def tiny_png(red: int, green: int, blue: int) -> bytes:
    """A plain square of colour: a signature's logo."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    rows = (b"\x00" + bytes((red, green, blue)) * 24) * 24
    head = struct.pack(">IIBBBBB", 24, 24, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


_PDF_ESCAPES = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


def _body(content: Content, boundary: str) -> tuple[str, bytes]:
    """The Content-Type line of the whole and everything below it, transfer encoding line
    included.
    """
    parts = []
    if content.text:
        parts.append(_text_part(content.text, "plain", content.charset))
    if content.html:
        inline = tuple(file for file in content.files if file.content_id)
        page = _text_part(content.html, "html", content.charset)
        parts.append(
            _multipart("related", f"rel{boundary}", [page, *map(_file_part, inline)])
            if inline
            else page
        )
    if content.calendar is not None:
        method, calendar = content.calendar
        kind, rest = _text_part(calendar, "calendar", "utf-8")
        parts.append((f"{kind}; method={method}", rest))
    whole = parts[0] if len(parts) == 1 else _multipart("alternative", f"alt{boundary}", parts)
    files = [_file_part(file) for file in content.files if not file.content_id]
    return _multipart("mixed", f"mix{boundary}", [whole, *files]) if files else whole


def _multipart(kind: str, boundary: str, parts: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    pieces = [f"--{boundary}{CRLF}{line}{CRLF}".encode() + rest for line, rest in parts]
    body = CRLF.encode() + b"\r\n".join(pieces) + f"{CRLF}--{boundary}--{CRLF}".encode()
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"', body


def _text_part(text: str, kind: str, charset: str) -> tuple[str, bytes]:
    text = text.replace("\n", CRLF).rstrip() + CRLF
    try:
        data = text.encode(charset)
    except UnicodeError:
        charset, data = "utf-8", text.encode()
    line = f"Content-Type: text/{kind}; charset={charset}"
    longest = max(map(len, data.split(b"\r\n")))
    if data.isascii() and longest < 990:
        return line, b"Content-Transfer-Encoding: 7bit\r\n\r\n" + data
    if sum(byte > 127 for byte in data) * 3 > len(data):
        encoded = base64.encodebytes(data).replace(b"\n", b"\r\n")
        return line, b"Content-Transfer-Encoding: base64\r\n\r\n" + encoded
    encoded = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
    return line, b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + encoded


def _file_part(file: File) -> tuple[str, bytes]:
    how = "inline" if file.content_id else "attachment"
    lines = [
        f'Content-Disposition: {how}; filename="{file.name}"',
        "Content-Transfer-Encoding: base64",
    ]
    if file.content_id:
        lines.append(f"Content-ID: <{file.content_id}>")
    encoded = base64.encodebytes(file.data).replace(b"\n", b"\r\n")
    kind = f'Content-Type: {file.content_type}; name="{file.name}"'
    return kind, (CRLF.join(lines) + CRLF + CRLF).encode() + encoded


def _folded(value: str) -> str:
    """Broken at spaces where a line would be long; a word that is too long stays whole."""
    lines, line = [], ""
    for word in value.split(" "):
        if line and len(line) + len(word) > 70:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return f"{CRLF} ".join([*lines, line])
