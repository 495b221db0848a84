"""What names one mail for good: its key, which travels in a header of its own, and its message id."""

from __future__ import annotations

import hmac
from hashlib import sha256

KEY_HEADER = "X-Inboxcrm-Key"
_BYTES = 15
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(one + other for one in _LETTERS for other in _LETTERS)
_SHIFTS = tuple(range(_BYTES * 8 - 10, -1, -10))


def outbox_key(
    secret: bytes, *, cadence_id: int, lead_id: int, step_key: str, resend: int = 0
) -> str:
    """24 letters and digits. The same mail has the same key however often it is planned; nobody can make one up."""
    said = f"outbox:{cadence_id}:{lead_id}:{step_key}:{resend}".encode()
    return _key(secret, said)


def key_of_test(secret: bytes, request: str) -> str:
    """The key of a test somebody sends to themselves: of no mail of any cadence. One request has one."""
    return _key(secret, b"test:" + request.encode())


def _key(secret: bytes, said: bytes) -> str:
    made = int.from_bytes(hmac.digest(secret, said, sha256)[:_BYTES], "big")
    # Base32 (RFC 4648 section 6) in small letters, two of them at a time: keys are made by the ten thousand.
    return "".join([_PAIRS[made >> shift & 1023] for shift in _SHIFTS])


def message_id(key: str, from_address: str) -> str:
    """RFC 5322 section 3.6.4. Gmail writes one of its own over it on mail sent through its API."""
    return f"<{key}@{from_address.rpartition('@')[2]}>"
