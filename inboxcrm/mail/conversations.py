"""Which conversation a mail belongs to: the message ids it names, its own first."""

from __future__ import annotations

from hashlib import sha256

from inboxcrm.mail.message import Message

MAX_REF = 200
"""Longer ids are hashed, so that they can be keys."""


def conversation_refs(message: Message) -> tuple[str, ...]:
    """Own id (where there is one), then what it answers, then the references from the newest to the oldest."""
    ids = (message.message_id, *message.in_reply_to, *reversed(message.references))
    refs = dict.fromkeys(ids)
    refs.pop("", None)
    if all(len(ref) <= MAX_REF for ref in refs):
        return tuple(refs)
    return tuple(dict.fromkeys(map(_short, refs)))


def _short(message_id: str) -> str:
    if len(message_id) <= MAX_REF:
        return message_id
    return "sha256:" + sha256(message_id.encode("utf-8", "replace")).hexdigest()
