"""Many calls in one request: multipart/mixed in, multipart/mixed out, each part an HTTP message of
its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from inboxcrm.sandbox.answers import Answer, Request, refuse

MOST_PARTS = 100
_BOUNDARY = "batch_sandbox_7Q1xYk2m"
_BLANK = re.compile(rb"\r?\n\r?\n")
_FIRST_LINE = re.compile(r"([A-Z]+) ([^ ?]+)(?:\?([^ ]*))?(?: HTTP/[\d.]+)?$")


@dataclass(frozen=True, slots=True)
class Part:
    content_id: str
    request: Request


def read_parts(request: Request) -> list[Part]:
    found = re.search(r'boundary="?([^";]+)"?', request.headers.get("content-type", ""))
    if found is None:
        raise refuse(400, "invalidArgument", "Failed to parse batch request: no boundary.")
    pieces = request.body.split(b"--" + found.group(1).encode())[1:-1]
    if len(pieces) > MOST_PARTS:
        raise refuse(
            400, "invalidArgument", f"The batch request holds more than {MOST_PARTS} calls."
        )
    parts = [_read_part(piece, request) for piece in pieces]
    if not parts:
        raise refuse(400, "invalidArgument", "Failed to parse batch request: no parts.")
    return parts


def write_parts(answers: Iterable[tuple[str, Answer]]) -> list[tuple[bytes, bytes]]:
    """Each part as its head and its body, so that a body can be squeezed once for many batches."""
    return [
        (
            f"\r\n--{_BOUNDARY}\r\nContent-Type: application/http\r\n"
            f"Content-ID: {_response_id(content_id)}\r\n\r\n"
            f"HTTP/1.1 {answer.status} {answer.phrase}\r\nContent-Type: {answer.content_type}\r\n"
            f"{_lines(answer)}Content-Length: {len(answer.body)}\r\n\r\n".encode(),
            answer.body,
        )
        for content_id, answer in answers
    ]


def join_parts(
    parts: list[tuple[bytes, bytes]], *, keep: int | None = None, is_cut: bool = False
) -> Answer:
    """All parts, the first few, or (cut) the first few and half of the next without an end."""
    kept = parts if keep is None else parts[:keep]
    pieces = [piece for part in kept for piece in part]
    if is_cut:
        pieces += [head + body[: len(body) // 2] for head, body in parts[len(kept) : len(kept) + 1]]
    else:
        pieces.append(f"\r\n--{_BOUNDARY}--\r\n".encode())
    kind = f"multipart/mixed; boundary={_BOUNDARY}"
    return Answer(200, b"".join(pieces), kind, pieces=tuple(pieces))


def _read_part(piece: bytes, outer: Request) -> Part:
    pieces = _BLANK.split(piece.lstrip(b"\r\n"), maxsplit=1)
    if len(pieces) != 2:
        raise refuse(
            400, "invalidArgument", "Failed to parse batch request: a part without content."
        )
    head, inner = pieces
    content_id = _headers(head.decode("latin-1")).get("content-id", "")
    pieces = _BLANK.split(inner, maxsplit=1)
    first, _, rest = pieces[0].decode("latin-1").partition("\n")
    line = _FIRST_LINE.match(first.strip())
    if line is None:
        raise refuse(400, "invalidArgument", "Failed to parse batch request: no request line.")
    method, path, query = line.groups()
    headers = _headers(rest)
    # A part without credentials of its own stands under those of the batch.
    headers.setdefault("authorization", outer.headers.get("authorization", ""))
    body = pieces[1] if len(pieces) > 1 else b""
    length = headers.get("content-length", "")
    body = body[: int(length)] if length.isdigit() else body.rstrip(b"\r\n")
    return Part(content_id, Request(method, path, query or "", headers, body))


def _headers(text: str) -> dict[str, str]:
    fields = {}
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            fields[name.strip().lower()] = value.strip()
    return fields


def _response_id(content_id: str) -> str:
    return f"<response-{content_id[1:]}" if content_id.startswith("<") else f"response-{content_id}"


def _lines(answer: Answer) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
