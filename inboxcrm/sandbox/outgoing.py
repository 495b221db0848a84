"""What a sending server makes of a mail's head: who gets it, whose it is, which fields it writes and which it drops."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime, formataddr, getaddresses

from inboxcrm.sandbox.messages import header_pairs

KEY_HEADER = "X-Inboxcrm-Key"
_RECIPIENT_FIELDS = ("to", "cc", "bcc")
_ADDRESS = re.compile(r'(?:"(?:[^"\\\r\n]|\\.)+"|[^\s@<>(),;:"\[\]\\]+)@[^\s@<>(),;:"\\]+')
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(?:[^\r\n]|\r?\n[ \t])*(?:\r?\n|$)")


class BadRecipientsError(ValueError):
    """The mail names nobody, or something that is no address; its text is the service's."""


def header(raw: bytes, name: str) -> str:
    wanted = name.lower()
    return next((value for field, value in header_pairs(raw) if field.lower() == wanted), "")


def recipients(raw: bytes) -> list[str]:
    """Bare addresses of To, Cc and Bcc, each once, as they were written."""
    found: dict[str, str] = {}
    for name, value in header_pairs(raw):
        if name.lower() not in _RECIPIENT_FIELDS or not value.strip():
            continue
        for _, address in getaddresses([value]):
            if not _ADDRESS.fullmatch(address):
                raise BadRecipientsError(f"Invalid {name.title()} header")
            found.setdefault(address.lower(), address)
    if not found:
        raise BadRecipientsError("Recipient address required")
    return list(found.values())


def sender_for(raw: bytes, *, main: str, name: str, verified: tuple[str, ...]) -> str | None:
    """What From has to become; None where it may stay. Only addresses proved to be the person's own may stand there."""
    pairs = getaddresses([header(raw, "From")])
    allowed = {address.lower() for address in (main, *verified)}
    if len(pairs) == 1 and pairs[0][1].lower() in allowed:
        return None
    return formataddr((name or (pairs[0][0] if pairs else ""), main))


def sent_copy(
    raw: bytes, *, sender: str | None, message_id: str | None, at: datetime, strips_key: bool
) -> bytes:
    """The mail as the service files it among sent mail. None leaves a field as it is."""
    replaced = {"from": ("From", sender), "message-id": ("Message-ID", message_id)}
    if not header(raw, "Date"):
        replaced["date"] = ("Date", format_datetime(at))
    drop = [name for name, (_, value) in replaced.items() if value is not None]
    if strips_key:
        drop.append(KEY_HEADER)
    lines = [f"{name}: {value}" for name, value in replaced.values() if value is not None]
    trace = f"Received: from practice by api.sandbox.example with HTTPREST; {format_datetime(at)}"
    return "".join(f"{line}\r\n" for line in (trace, *lines)).encode() + without(raw, *drop)


def travelling_copy(raw: bytes, recipient: str) -> bytes:
    """The mail as somebody receives it: nobody sees who else got it unseen."""
    return f"Delivered-To: {recipient}\r\n".encode() + without(raw, "bcc")


def without(raw: bytes, *names: str) -> bytes:
    """The same bytes but for the fields of that name."""
    unwanted = {name.lower().encode() for name in names}
    kept, at = [], 0
    while found := _FIELD.match(raw, at):
        if found[1].lower() not in unwanted:
            kept.append(found[0])
        at = found.end()
    return b"".join(kept) + raw[at:]
