"""Gmail's `format=full` tree of a mail to a Message, equal to what its raw bytes give.

What Gmail does with a mail: header values are unfolded text with encoded words left as they are; `body.data` is
base64url of the content with its transfer encoding undone; a file has `attachmentId` and `size` in place of data. Texts
may come in UTF-8 while their Content-Type still names the charset they were sent in, so UTF-8 is tried first.
Nothing raises: a field that is missing or of the wrong type is as good as empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inboxcrm.mail.addresses import match_key
from inboxcrm.mail.build import build_message
from inboxcrm.mail.header_lines import WANTED
from inboxcrm.mail.headers import decode_header_text, parse_address_list
from inboxcrm.mail.message import Message
from inboxcrm.mail.mime import MAX_DEPTH, MAX_PARTS, TOO_DEEP, TOO_MANY
from inboxcrm.mail.part import HeaderPairs, Part
from inboxcrm.mail.part_fields import make_part

_REPORT_KINDS = frozenset({"message/delivery-status", "message/disposition-notification"})


def message_from_payload(payload: Mapping[str, Any], *, size_bytes: int) -> Message:
    """The message of `payload` (the field of that name in a messages.get answer)."""
    return build_message(_Tree().read(payload, "", 0, "text/plain"), size_bytes)


def senders_of_payload(payload: object) -> tuple[str, ...]:
    """The match keys of its From field alone, for a mail that cannot be read otherwise."""
    lines = [text for name, text in _pairs(payload) if name == "from" and isinstance(text, str)]
    pairs = [pair for line in lines for pair in parse_address_list(line)]
    return tuple(key for _, shown in pairs if (key := match_key(shown)))


class _Tree:
    def __init__(self) -> None:
        self.count = 0

    def read(self, node: Mapping[str, Any], path: str, depth: int, default_type: str) -> Part:
        self.count += 1
        pairs = _pairs(node)
        part = make_part(pairs, default_type)
        part.path = path
        part.was_transcoded = True
        mime_type = node.get("mimeType")
        if (
            isinstance(mime_type, str)
            and "/" in mime_type
            and "content-type" not in {n for n, _ in pairs}
        ):
            part.content_type = mime_type.lower()
        filename = node.get("filename")
        if not part.filename and isinstance(filename, str) and filename:
            part.filename = decode_header_text(filename)[:200]
        self._read_body(part, node)
        self._read_children(part, node, depth)
        return part

    def _read_body(self, part: Part, node: Mapping[str, Any]) -> None:
        body = node.get("body")
        body = body if isinstance(body, Mapping) else {}
        data, size = body.get("data"), body.get("size")
        part.encoding = ""
        if isinstance(data, str):
            part.source = data.encode("ascii", "ignore")
            part.end = len(part.source)
            part.encoding = "base64url"
        elif isinstance(size, int) and size > 0:
            part.known_size = size
        elif not body.get("attachmentId"):
            part.source = b""

    def _read_children(self, part: Part, node: Mapping[str, Any], depth: int) -> None:
        children = node.get("parts")
        children = children if isinstance(children, list) else []
        children = [child for child in children if isinstance(child, Mapping)]
        if not children:
            return
        if part.content_type in _REPORT_KINDS:
            if not part.source:
                part.source = "\n\n".join(map(_field_lines, children)).encode("utf-8", "replace")
                part.start, part.end, part.encoding = 0, len(part.source), ""
            return
        is_multipart = part.content_type.startswith("multipart/")
        if depth >= MAX_DEPTH:
            if is_multipart:
                part.defects.append(TOO_DEEP)
                part.content_type = "application/octet-stream"
            return
        default_type = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        prefix = f"{part.path}." if part.path else ""
        for number, child in enumerate(children if is_multipart else children[:1]):
            if self.count >= MAX_PARTS:
                part.defects.append(TOO_MANY)
                break
            part.children.append(self.read(child, f"{prefix}{number}", depth + 1, default_type))


def _pairs(node: object) -> HeaderPairs:
    """The wanted header fields. The rest (signatures, routes) is a good part of a mail and of no use here."""
    pairs: HeaderPairs = []
    headers = node.get("headers") if isinstance(node, Mapping) else None
    for header in headers if isinstance(headers, list) else ():
        if not isinstance(header, Mapping):
            continue
        name, value = header.get("name"), header.get("value")
        if isinstance(name, str) and isinstance(value, str):
            name = name.strip().lower()
            if name in WANTED:
                if "\n" in value or "\r" in value:
                    value = value.replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
                pairs.append((name, value.strip()))
    return pairs


def _field_lines(node: Mapping[str, Any]) -> str:
    headers = node.get("headers")
    lines = [
        f"{header.get('name', '')}: {header.get('value', '')}"
        for header in (headers if isinstance(headers, list) else ())
        if isinstance(header, Mapping)
    ]
    return "\n".join(lines)
