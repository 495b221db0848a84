"""`/messages/<id>/attachments/<id>`: a file a stranger sent, handed over so that it can only be saved, never shown.

The name is the sender's, made safe by `mail.file_names`. It goes into the header twice: in ASCII, and whole as RFC 5987
asks.
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, current_app

from inboxcrm.mail.file_names import safe_name
from inboxcrm.services.attachments import fetch_attachment
from inboxcrm.web.room import this_room

attachment_pages = Blueprint("attachments", __name__)

# All others are bytes without a meaning.
SAFE_KINDS = frozenset(
    {
        "application/pdf",
        "image/avif",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/plain",
    }
)
FILE_CSP = "sandbox; default-src 'none'; frame-ancestors 'none'"


@attachment_pages.get("/messages/<message_id>/attachments/<attachment_id>")
def fetch(message_id: str, attachment_id: str) -> Response:
    room = this_room()
    found = fetch_attachment(
        room.desk, room.viewer, message_id, attachment_id, open_mailbox=room.open_mailbox
    )
    kind = found.content_type.lower()
    answer = current_app.response_class(
        found.content,
        content_type=kind if kind in SAFE_KINDS else "application/octet-stream",
    )
    answer.headers["Content-Disposition"] = disposition(found.filename)
    answer.headers["Content-Security-Policy"] = FILE_CSP
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def disposition(given: str) -> str:
    """RFC 6266: for old readers in ASCII, for all others whole."""
    name = safe_name(given)
    plain = "".join(one if " " <= one <= "~" else "_" for one in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
