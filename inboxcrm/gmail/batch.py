"""Several calls in one request: writes Gmail's multipart/mixed body and takes the answer apart.
Pure.

We do this ourselves because googleapiclient builds and parses every part with the email package,
which costs more than everything else in a sync, and because one part it cannot read makes it give
up the whole batch. Here a part that is not complete is simply missing from the result: the last one
of a cut-off answer, one without a known Content-ID.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """One part of a batch answer, complete as the server sent it. `date` is the whole answer's."""

    status: int
    head: bytes
    body: bytes
    date: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Read when asked for, which is when the call has failed. Names are in lower case."""
        lines = (line.partition(":") for line in self.head.decode("latin-1").splitlines())
        own = {name.strip().lower(): value.strip() for name, colon, value in lines if colon}
        return {"date": self.date, **own}


def batch_body(paths: Sequence[str], boundary: str) -> bytes:
    """One GET for each path; the n-th is answered under the number n."""
    parts = [
        f"--{boundary}\r\n"
        "Content-Type: application/http\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        f"Content-ID: <{boundary} + {number}>\r\n\r\n"
        f"GET {path} HTTP/1.1\r\n"
        "Accept: application/json\r\n\r\n\r\n"
        for number, path in enumerate(paths)
    ]
    return "".join([*parts, f"--{boundary}--\r\n"]).encode("ascii")


_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^\s;]+))', re.IGNORECASE)
_NUMBER = re.compile(rb"^content-id:[^\n]*?(\d+)>?[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_STATUS_LINE = re.compile(rb"\s*HTTP/\S+ (\d{3})\b[^\n]*\n?")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def split_answer(content_type: str, content: bytes, *, date: str = "") -> dict[int, PartAnswer]:
    """The complete parts by their numbers. An answer that is no multipart has none."""
    found = _BOUNDARY.search(content_type)
    if found is None or not content_type.lower().lstrip().startswith("multipart/"):
        return {}
    delimiter = b"\n--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\n" + content).split(delimiter)
    answers: dict[int, PartAnswer] = {}
    # What follows the last delimiter is the end of the answer, or a part that was cut off.
    for piece in pieces[1:-1]:
        part = _read_part(piece.removesuffix(b"\r"), date)
        if part is not None:
            answers.setdefault(*part)
    return answers


def _read_part(piece: bytes, date: str) -> tuple[int, PartAnswer] | None:
    outer = _BLANK_LINE.split(piece, maxsplit=2)
    if len(outer) < 2:
        return None
    number = _NUMBER.search(outer[0])
    status_line = _STATUS_LINE.match(outer[1])
    if number is None or status_line is None:
        return None
    head = outer[1][status_line.end() :]
    body = outer[2] if len(outer) > 2 else b""
    return int(number[1]), PartAnswer(int(status_line[1]), head, body, date)
