"""What the server keeps of one message, and the few header facts that threading and searching rest
on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.policy import compat32

SYSTEM_LABELS = (
    "CHAT", "SENT", "INBOX", "IMPORTANT", "TRASH", "DRAFT", "SPAM", "CATEGORY_FORUMS",
    "CATEGORY_UPDATES",
    "CATEGORY_PERSONAL", "CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "STARRED", "UNREAD",
)  # fmt: skip

_IDS = re.compile(r"<([^<>\s]+)>")
_FOLD = re.compile(r"\r?\n[ \t]*|\r")
_REPLY_MARK = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|rv|res|enc|tr|antw|sv|vs)\s*(?:\[\d+\])?\s*[::]|返信\s*[::])\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Decoded header facts. `linked_ids` are References and In-Reply-To, oldest first."""

    message_id: str
    linked_ids: tuple[str, ...]
    subject: str
    people: dict[str, str]
    """from, to, cc, bcc, deliveredto: the decoded header text in lower case."""


@dataclass(frozen=True, slots=True)
class Lag:
    """The moments, in ms, before which the history and the listings do not tell of a change."""

    history_ms: int = 0
    listed_ms: int = 0


NO_LAG = Lag()


@dataclass(slots=True, eq=False)
class StoredMail:
    """One message of a mailbox. `answers` holds rendered JSON and is emptied by every change."""

    ref: str
    thread_ref: str
    raw: bytes
    received_ms: int
    labels: frozenset[str]
    history_id: int
    envelope: Envelope
    order: tuple[int, int]
    listed_ms: int = 0
    """No listing and no search shows it before that moment."""
    payload_json: bytes = b""
    snippet: str | None = None
    search_text: str | None = None
    answers: dict[tuple[str, str, str], bytes] = field(default_factory=dict)


def unfold(value: str) -> str:
    """A header value on one line, as the service shows it."""
    return _FOLD.sub(" ", value).strip()


def decode_words(value: str) -> str:
    """Encoded words read; anything odd stays as it came."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, UnicodeError):
        return value


def text_of_header(raw: object) -> str:
    """The value as text: bytes over 127 are read as UTF-8, else as Latin-1."""
    text = str(raw) if not isinstance(raw, str) else raw
    if any("\udc80" <= char <= "\udcff" for char in text):
        data = text.encode("utf-8", "surrogateescape")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    return unfold(text)


def base_subject(subject: str) -> str:
    """The subject without its reply and forward marks: what a thread has in common."""
    while True:
        shorter = _REPLY_MARK.sub("", subject, count=1)
        if shorter == subject:
            return " ".join(subject.split()).casefold()
        subject = shorter


def header_pairs(raw: bytes) -> list[tuple[str, str]]:
    """Header fields in order, unfolded, encoded words untouched."""
    head, _, _ = raw.partition(b"\r\n\r\n")
    # The parser of bytes keeps what is not ASCII as surrogates; raw_items shows the values
    # unchanged.
    parsed = BytesHeaderParser(policy=compat32).parsebytes(head + b"\r\n\r\n")
    return [(name, text_of_header(value)) for name, value in parsed.raw_items()]


def read_envelope(raw: bytes) -> Envelope:
    fields: dict[str, str] = {}
    for name, value in header_pairs(raw):
        fields.setdefault(name.lower(), value)
    own = _IDS.findall(fields.get("message-id", ""))
    linked = dict.fromkeys(
        [*_IDS.findall(fields.get("references", "")), *_IDS.findall(fields.get("in-reply-to", ""))]
    )
    people = {
        key: decode_words(fields[name]).lower()
        for key, name in (
            ("from", "from"), ("to", "to"), ("cc", "cc"), ("bcc", "bcc"), ("deliveredto",
            "delivered-to"),
        )
        if name in fields
    }  # fmt: skip
    return Envelope(
        message_id=own[0] if own else "",
        linked_ids=tuple(linked),
        subject=decode_words(fields.get("subject", "")),
        people=people,
    )


def with_network_line_ends(raw: bytes) -> bytes:
    """CRLF throughout: the service hands mail out as it travelled."""
    if raw.count(b"\n") == raw.count(b"\r\n"):
        return raw
    return re.sub(rb"\r?\n", b"\r\n", raw)
