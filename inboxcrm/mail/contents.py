"""What a tree of parts holds: the text, the HTML, the attachments, a calendar method, a report.

- Alternatives are one content in several forms; mixed parts follow one another.
- The text of a mail is whole: where a piece exists only as HTML, its text is made from that. The HTML is whole too:
  where it exists for some pieces, pieces of plain text between them are set in <pre>.
- An attached mail is an attachment; nothing inside it speaks for the mail around it. A report is the exception: what
  was sent back is named by it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from inboxcrm.mail.charsets import clean_text, decode_bytes
from inboxcrm.mail.header_lines import read_header_block
from inboxcrm.mail.headers import decode_header_text
from inboxcrm.mail.html_text import html_to_text
from inboxcrm.mail.message import Attachment
from inboxcrm.mail.part import Part

MAX_TEXT = 1_000_000
MAX_HTML = 2_000_000
MAX_REPORT = 20_000

TEXT_CUT = f"The text is longer than {MAX_TEXT:,} characters and was cut."
HTML_CUT = f"The HTML is longer than {MAX_HTML:,} characters and was cut."
NOT_DELIVERED = (
    "Part of the text was not sent along by the mail service; it can be opened as an attachment."
)

_NOT_READ_AS_TEXT = frozenset(
    {
        "text/calendar", "text/csv", "text/directory", "text/rtf", "text/vcard", "text/x-amp-html", "text/x-vcard",
        "text/xml", "text/rfc822-headers",
    }
)  # fmt: skip
_METHOD = re.compile(rb"^METHOD[^:\r\n]{0,100}:[ \t]*([A-Za-z-]{1,20})", re.MULTILINE)
_HTML_SHAPE = re.compile(r"\s*<(?:!doctype html|html|body|div|table|head|p)\b", re.IGNORECASE)


@dataclass(slots=True)
class Contents:
    text: str = ""
    html: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    calendar_method: str = ""
    report_text: str = ""
    defects: list[str] = field(default_factory=list)

    def note(self, defect: str) -> None:
        if defect and defect not in self.defects:
            self.defects.append(defect)


def read_contents(root: Part) -> Contents:
    found = Contents(defects=[*root.defects])
    text, markup = _read(root, found)
    if markup and not text.strip():
        text = html_to_text(markup)
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
        found.note(TEXT_CUT)
    found.text = text.strip("\n").rstrip()
    found.html = markup
    return found


def _read(part: Part, found: Contents) -> tuple[str, str]:
    """The text and the HTML of a part and all below it; attachments and the like go into `found`."""
    kind = part.content_type
    if part.children and kind.startswith("multipart/"):
        return _read_multipart(part, found)
    is_text = kind.startswith("text/") and kind not in _NOT_READ_AS_TEXT
    if is_text and part.disposition != "attachment" and (not part.filename or not part.path):
        if part.source is not None:
            return _read_text(part, found)
        if part.size_bytes():
            found.note(NOT_DELIVERED)
        else:
            return "", ""
    if kind == "text/calendar" or (kind == "application/ics" and not found.calendar_method):
        method = part.params.get("method", "")
        if not method and part.source is not None:
            line = _METHOD.search(part.body()[:100_000])
            method = line[1].decode("ascii") if line else ""
        found.calendar_method = found.calendar_method or method.strip().upper()[:20]
    if kind in {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
    }:
        found.report_text = _join(found.report_text, _report_text(part, found))
    elif kind in {"message/rfc822", "text/rfc822-headers", "message/global"} and found.report_text:
        found.report_text = _join(found.report_text, _returned_fields(part))
    if kind != "text/x-amp-html":
        found.attachments.append(_attachment(part))
    return "", ""


def _read_multipart(part: Part, found: Contents) -> tuple[str, str]:
    pieces: list[tuple[str, str]] = []
    is_related = part.content_type == "multipart/related"
    for place, child in enumerate(part.children):
        for defect in child.defects:
            found.note(defect)
        if is_related and place and child.content_type.startswith("text/"):
            found.attachments.append(_attachment(child))  # a style sheet or frame of the root
            continue
        piece = _read(child, found)
        if piece[0] or piece[1]:
            pieces.append(piece)
    if len(pieces) == 1:
        return pieces[0]
    if part.content_type == "multipart/alternative":
        texts = [text for text, _ in pieces if text.strip()]
        markups = [markup for _, markup in pieces if markup]
        return (texts[0] if texts else ""), (markups[-1] if markups else "")
    text = "\n\n".join(
        text.strip("\n") if text.strip() else html_to_text(markup) for text, markup in pieces
    )
    if not any(markup for _, markup in pieces):
        return text, ""
    return text, "\n".join(markup or f"<pre>{html.escape(text)}</pre>" for text, markup in pieces)


def _read_text(part: Part, found: Contents) -> tuple[str, str]:
    is_html = part.content_type == "text/html"
    limit = MAX_HTML if is_html else MAX_TEXT
    data = part.body()
    if len(data) > 4 * limit:
        data = data[: data.rfind(b"\n", limit * 3, limit * 4) + 1 or limit * 4]
    text, defect = decode_bytes(data, part.charset, was_transcoded=part.was_transcoded)
    found.note(defect)
    text, defect = clean_text(text)
    found.note(defect)
    if len(text) > limit:
        text = text[:limit]
        found.note(HTML_CUT if is_html else TEXT_CUT)
    if is_html:
        return "", text
    if part.params.get("format", "").lower() == "flowed" and " \n" in text:
        text = unflow(text, is_deleting_space=part.params.get("delsp", "").lower() == "yes")
    if not part.params and text[:200].lstrip().startswith("<") and _HTML_SHAPE.match(text):
        return "", text  # HTML that nobody declared
    return text, ""


def unflow(text: str, *, is_deleting_space: bool = False) -> str:
    """RFC 3676: lines that end in a space go on in the next line of the same quote depth."""
    out: list[str] = []
    pieces: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        bare = line.lstrip(">") if line[:1] == ">" else line
        depth = len(line) - len(bare)
        if bare[:1] == " ":
            bare = bare[1:]
        if pieces and (depth != open_depth or bare == "-- "):
            out.append("".join(pieces))
            pieces = []
        if not pieces and depth:
            pieces.append(">" * depth + " ")
        if bare[-1:] == " " and bare != "-- ":
            pieces.append(bare[:-1] if is_deleting_space else bare)
            open_depth = depth
            continue
        pieces.append(bare)
        out.append("".join(pieces))
        pieces = []
    if pieces:
        out.append("".join(pieces))
    return "\n".join(out)


def _attachment(part: Part) -> Attachment:
    content_id = decode_header_text(part.header("content-id")).strip("<> ")[:200]
    return Attachment(
        part=part.path,
        filename=part.filename,
        content_type=part.content_type,
        size_bytes=part.size_bytes(),
        content_id=content_id,
        is_inline=part.disposition != "attachment"
        and (part.disposition == "inline" or bool(content_id)),
    )


def _report_text(part: Part, found: Contents) -> str:
    """The fields of a report, a line each."""
    if part.source is None:
        found.note("The report inside this mail was not sent along by the mail service.")
        return ""
    text = clean_text(decode_bytes(part.body()[: MAX_REPORT * 4])[0])[0]
    unfolded = text.replace("\n ", " ").replace("\n\t", " ")
    lines = [" ".join(line.split()) for line in unfolded.strip().split("\n")]
    return "\n".join(lines)[:MAX_REPORT]


def _returned_fields(part: Part) -> str:
    """Which mail a report is about: the few fields of the returned one that name it."""
    if part.children:
        pairs = part.children[0].headers
    else:
        data = part.body()[:MAX_REPORT]
        pairs = read_header_block(data, 0, len(data)).pairs
    names = {
        "message-id": "Message-ID",
        "to": "To",
        "subject": "Subject",
        "x-inboxcrm-key": "X-Inboxcrm-Key",
    }
    lines = [
        f"{names[key]}: {decode_header_text(value)[:500]}" for key, value in pairs if key in names
    ]
    return "\n".join(lines)


def _join(before: str, after: str) -> str:
    return f"{before}\n\n{after}" if before and after else before or after
