"""A message's bytes as the service's `format=full` tree.

Part ids are the path in the tree ("0", "0.1", the root is ""), header values are unfolded, text
comes with the transfer encoding undone and the charset untouched, and everything that has a file
name or is no text stays behind an attachment id.
"""

from __future__ import annotations

import html
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from hashlib import sha256
from typing import Any

from inboxcrm.sandbox.messages import decode_words, text_of_header

_ADDRESS_FIELDS = frozenset({"from", "to", "cc", "bcc", "reply-to", "sender"})
_ENCODED_NAME = re.compile(r"((?:=\?[^?\s]+\?[bqBQ]\?[^?]*\?=\s*)+)")
_TAGS = re.compile(r"<(style|script|head)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_SPECIALS = re.compile(r'[()<>@,;:\\".\[\]]')
SNIPPET_LENGTH = 190


@dataclass(frozen=True, slots=True)
class Habits:
    """What nobody without a live account can settle; each way can be had, so that clients survive
    both.
    """

    decodes_headers: bool = True
    """Header values come with encoded words read; False: as they stood in the mail."""
    inlines_reports: bool = True
    """message/delivery-status carries its data; False: it stays behind an attachment id."""


def payload_of(raw: bytes, ref: str, habits: Habits) -> dict[str, Any]:
    return _part(message_from_bytes(raw, policy=compat32), "", ref, habits)


def attachment_id(ref: str, part_id: str) -> str:
    """Long and opaque like the real ones."""
    digest = sha256(f"{ref}/{part_id}".encode()).digest()
    return "ANGjdJ" + urlsafe_b64encode(digest * 2).decode().rstrip("=")


def attachment_bytes(raw: bytes, ref: str, wanted: str) -> bytes | None:
    """The decoded bytes behind an attachment id of this message."""
    pending: list[tuple[str, Message[str, str]]] = [("", message_from_bytes(raw, policy=compat32))]
    while pending:
        path, part = pending.pop()
        if attachment_id(ref, path) == wanted:
            return _content(part)
        pending.extend((_child(path, place), child) for place, child in enumerate(_children(part)))
    return None


def snippet_of(payload: dict[str, Any]) -> str:
    """The first words of the text, escaped for HTML as the service does it."""
    text = _first_text(payload, "text/plain")
    if not text:
        text = html.unescape(_TAGS.sub(" ", _first_text(payload, "text/html")))
    return html.escape(" ".join(text.split())[:SNIPPET_LENGTH].rstrip())


def searchable_text(payload: dict[str, Any]) -> str:
    plain = _first_text(payload, "text/plain")
    return " ".join((plain or _TAGS.sub(" ", _first_text(payload, "text/html"))).split()).casefold()


def has_attachment(payload: dict[str, Any]) -> bool:
    return bool(payload.get("filename")) or any(map(has_attachment, payload.get("parts", ())))


def _part(part: Message[str, str], path: str, ref: str, habits: Habits) -> dict[str, Any]:
    children = _children(part)
    kind = part.get_content_type()
    filename = _filename(part)
    answer: dict[str, Any] = {
        "partId": path,
        "mimeType": kind,
        "filename": filename,
        "headers": [
            {"name": name, "value": _header_value(name, text_of_header(value), habits)}
            for name, value in part.raw_items()
        ],
    }
    inline = not filename and (
        kind.startswith("text/") or (kind == "message/delivery-status" and habits.inlines_reports)
    )
    if kind.startswith("multipart/") and children:
        answer["body"] = {"size": 0}
    else:
        data = _content(part)
        if not data:
            answer["body"] = {"size": 0}
        elif inline:
            answer["body"] = {"size": len(data), "data": urlsafe_b64encode(data).decode()}
        else:
            answer["body"] = {"attachmentId": attachment_id(ref, path), "size": len(data)}
    if children:
        answer["parts"] = [
            _part(child, _child(path, place), ref, habits) for place, child in enumerate(children)
        ]
    return answer


def _child(path: str, place: int) -> str:
    return f"{path}.{place}" if path else str(place)


def _children(part: Message[str, str]) -> list[Message[str, str]]:
    inner: Any = part.get_payload()
    if not isinstance(inner, list) or part.get_content_type() == "message/delivery-status":
        return []
    return inner


def _content(part: Message[str, str]) -> bytes:
    inner: Any = part.get_payload()
    if isinstance(inner, list):
        # message/*: what it holds, as bytes; the stdlib has taken a delivery report apart into
        # blocks of fields.
        blocks = [bytes(child) for child in inner]
        return re.sub(rb"\r?\n", b"\r\n", b"\n".join(blocks))
    data: Any = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _filename(part: Message[str, str]) -> str:
    try:
        return decode_words(text_of_header(part.get_filename("")))
    except (LookupError, ValueError, TypeError):
        return ""


def _header_value(name: str, value: str, habits: Habits) -> str:
    value = value.encode("utf-8", "replace").decode("utf-8")
    if not habits.decodes_headers or "=?" not in value:
        return value
    if name.lower() not in _ADDRESS_FIELDS:
        return decode_words(value)

    def name_shown(found: re.Match[str]) -> str:
        # A name that holds structure once decoded is quoted, or "Doe, Jane" would become two
        # people.
        words = found.group(1)
        shown = decode_words(words.strip())
        space = " " if words[-1:].isspace() else ""
        if _SPECIALS.search(shown):
            escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
            shown = f'"{escaped}"'
        return shown + space

    return _ENCODED_NAME.sub(name_shown, value)


def _first_text(payload: dict[str, Any], kind: str) -> str:
    data = payload["body"].get("data", "")
    if payload["mimeType"] == kind and data:
        return _decoded(payload, data)
    for part in payload.get("parts", ()):
        found = _first_text(part, kind)
        if found:
            return found
    return ""


def _decoded(payload: dict[str, Any], data: str) -> str:
    content = urlsafe_b64decode(data)
    declared = next(
        (h["value"] for h in payload["headers"] if h["name"].lower() == "content-type"), ""
    )
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", declared, re.IGNORECASE)
    try:
        return content.decode(found.group(1) if found else "utf-8")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")
