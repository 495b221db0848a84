"""Numbers that look like chance and are the same on every look: from the key of a mail and the secret of the house.

Chance drawn again at each look makes previews drift away from what is sent (research/cadence.md, museum 54).
"""

from __future__ import annotations

from hashlib import blake2b

_BITS = 53
"""All a float between 0 and 1 can hold."""


def stable_share(key: str, secret: bytes = b"", *, purpose: str) -> float:
    """At least 0, below 1, evenly spread over keys. Two purposes give two numbers for one key.

    A key that nobody can make up (cadence.keys) needs no secret.
    """
    # A keyed hash as it is (RFC 7693); the key of an HMAC would cost the sender more than the rest of the gate.
    made = blake2b(f"{purpose}:{key}".encode(), key=secret, digest_size=8).digest()
    return (int.from_bytes(made, "big") >> (64 - _BITS)) / (1 << _BITS)
