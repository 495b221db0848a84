"""Passwords as argon2 hashes (RFC 9106). What is wrong with a new one is said in words."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 200
"""Hashing takes time by length: nobody needs more."""

_HASHER = PasswordHasher()


def password_problem(password: str, *, address: str = "", name: str = "") -> str:
    """Empty when the password will do. Length counts, not the kinds of characters (NIST SP 800-63B, 5.1.1.2)."""
    folded = password.casefold()
    if len(password) < MIN_LENGTH:
        return f"Use at least {MIN_LENGTH} characters; four words that do not belong together are easy to keep in mind."
    if len(password) > MAX_LENGTH:
        return f"Use at most {MAX_LENGTH} characters."
    if folded in {address.casefold(), name.casefold()} or len(set(folded)) < 4:
        return "This one is too easy to guess."
    return ""


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def check_password(password_hash: str, password: str) -> bool:
    """Takes as long for an account that has no password, or is not there, as for one that has."""
    known = password_hash or _nobodys()
    try:
        return _HASHER.verify(known, password[:MAX_LENGTH]) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    return _HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
