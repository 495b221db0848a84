"""What names one mail for good: its key, which travels in a header of its own, and its message id."""

from __future__ import annotations

import hmac
from base64 import b32encode
from hashlib import sha256

KEY_HEADER = "X-Inboxcrm-Key"
_BYTES = 15


def outbox_key(
    secret: bytes, *, cadence_id: int, lead_id: int, step_key: str, resend: int = 0
) -> str:
    """24 letters and digits. The same mail has the same key however often it is planned; nobody can make one up."""
    said = f"outbox:{cadence_id}:{lead_id}:{step_key}:{resend}".encode()
    return b32encode(hmac.digest(secret, said, sha256)[:_BYTES]).decode().lower()


def message_id(key: str, from_address: str) -> str:
    """RFC 5322 section 3.6.4. Gmail writes one of its own over it on mail sent through its API."""
    return f"<{key}@{from_address.rpartition('@')[2]}>"
