"""Numbers of rows as they leave the program: short, unguessable, and different for each kind of
object.

A sealed id is a keyed permutation of 64 bits (a Feistel network of four rounds) written as 13
characters of base32. Nobody can count our leads from it, and nobody can turn a thread's id into a
lead's: the kind is part of the key. Rows number less than 2**40, so all but one in sixteen million
made-up ids open to nothing.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(one + other for one in _ALPHABET for other in _ALPHABET)
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_LENGTH = 13
_LARGEST = 1 << 40
_HALF = 0xFFFFFFFF
_ROUNDS = 4
_REMEMBERED = 4096


class OpaqueIds:
    """Seals and opens ids with one installation's key."""

    __slots__ = ("_key", "_rounds_of", "seal")

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(b"inboxcrm opaque ids" + key).digest()
        self._rounds_of: dict[str, tuple[hashlib.blake2b, ...]] = {}
        # A page names the same few things again and again.
        self.seal = lru_cache(maxsize=_REMEMBERED)(self._sealed)

    def _sealed(self, kind: str, number: int) -> str:
        if not 0 <= number < _LARGEST:
            raise ValueError(f"{number} is no row number")
        left, right = number >> 32, number & _HALF
        for keyed in self._rounds(kind):
            mixed = keyed.copy()
            mixed.update(right.to_bytes(4))
            left, right = right, left ^ int.from_bytes(mixed.digest())
        block = left << 32 | right
        return (
            _ALPHABET[block >> 60]
            + _PAIRS[block >> 50 & 1023]
            + _PAIRS[block >> 40 & 1023]
            + _PAIRS[block >> 30 & 1023]
            + _PAIRS[block >> 20 & 1023]
            + _PAIRS[block >> 10 & 1023]
            + _PAIRS[block & 1023]
        )

    def open(self, kind: str, text: str) -> int | None:
        """The number, or None for anything this installation never sealed for that kind."""
        if len(text) != _LENGTH:
            return None
        block = 0
        for letter in text:
            value = _VALUES.get(letter)
            if value is None:
                return None
            block = block << 5 | value
        if block >> 64:
            return None
        left, right = block >> 32, block & _HALF
        for keyed in reversed(self._rounds(kind)):
            left, right = right ^ _mixed(keyed, left), left
        number = left << 32 | right
        return number if number < _LARGEST else None

    def _rounds(self, kind: str) -> tuple[hashlib.blake2b, ...]:
        found = self._rounds_of.get(kind)
        if found is None:
            # Two threads may both build it: they build the same.
            found = tuple(
                hashlib.blake2b(f"{number}:{kind}".encode(), key=self._key, digest_size=4)
                for number in range(_ROUNDS)
            )
            self._rounds_of[kind] = found
        return found


def _mixed(keyed: hashlib.blake2b, half: int) -> int:
    mixed = keyed.copy()
    mixed.update(half.to_bytes(4))
    return int.from_bytes(mixed.digest())
