"""Is it the same mail? The key under which one mail is stored once, however many mailboxes hold a copy.

Message-ID alone is not enough: programs repeat ids, and a second mail must not vanish behind the first. So the key is
the id **and** the content; without an id the content alone. White space is left out, because servers change it.
"""

from __future__ import annotations

from hashlib import blake2b

from inboxcrm.mail.message import DateSource, Message

_WHITE = b" \t\r\n\x0b\x0c"


def message_key(message: Message) -> str:
    """40 hex digits. A date taken from Received is not part of it: every copy has its own."""
    author = message.author
    second = ""
    if message.date is not None and message.date_source is DateSource.HEADER:
        second = str(int(message.date.timestamp()))
    head = "\0".join((message.message_id, author.key if author else "", second, message.subject))
    body = message.text or message.html
    digest = blake2b(digest_size=20)
    digest.update(head.encode("utf-8", "replace").translate(None, _WHITE))
    digest.update(b"\0\0")
    digest.update(body.encode("utf-8", "replace").translate(None, _WHITE))
    return digest.hexdigest()
