"""What a part says of itself: type, charset, file name, disposition, transfer encoding."""

from __future__ import annotations

from inboxcrm.mail.headers import MAX_HEADER
from inboxcrm.mail.params import read_filename, read_params
from inboxcrm.mail.part import HeaderPairs, Part

_SAME_ENCODING = {
    "quoted-printable": "quoted-printable",
    "quotedprintable": "quoted-printable",
    "base64": "base64",
}


def make_part(pairs: HeaderPairs, default_type: str) -> Part:
    """A part without its content, from its own header fields. The first of two equal fields counts."""
    typed = placed = encoded = ""
    for name, value in reversed(pairs):
        if name == "content-type":
            typed = field_text(value)
        elif name == "content-disposition":
            placed = field_text(value)
        elif name == "content-transfer-encoding":
            encoded = field_text(value)
    content_type, params = read_params(typed)
    if "/" not in content_type:
        # RFC 2045 5.2: an unreadable type is plain text; "text" alone is what some programs write for it.
        content_type = default_type
    disposition, placing = read_params(placed)
    encoding = encoded.split(None, 1)[0].strip("\"';").lower() if encoded.strip() else ""
    return Part(
        headers=pairs,
        content_type=content_type,
        params=params,
        disposition=disposition,
        filename=read_filename(placing, params),
        encoding=_SAME_ENCODING.get(encoding, ""),
    )


def field_text(value: str | bytes) -> str:
    """A structured field as text: its bytes are ASCII by right, and what is not is kept apart, not lost."""
    if isinstance(value, bytes):
        return value[:MAX_HEADER].decode("latin-1")
    return value if len(value) <= MAX_HEADER else value[:MAX_HEADER]
