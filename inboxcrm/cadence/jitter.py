"""Numbers that look like chance and are the same on every look: from the key of a mail and the secret of the house.

Chance drawn again at each look makes previews drift away from what is sent (research/cadence.md, museum 54).
"""

from __future__ import annotations

import hmac
from hashlib import sha256

_BITS = 53
"""All a float between 0 and 1 can hold."""


def stable_share(key: str, secret: bytes = b"", *, purpose: str) -> float:
    """At least 0, below 1, evenly spread over keys. Two purposes give two numbers for one key.

    A key that nobody can make up (cadence.keys) needs no secret.
    """
    made = hmac.digest(secret, f"{purpose}:{key}".encode(), sha256)
    return (int.from_bytes(made[:8], "big") >> (64 - _BITS)) / (1 << _BITS)
