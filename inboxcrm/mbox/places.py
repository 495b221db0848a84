"""Which message lies where: 16 bytes a message, so that an archive of a million mails is found again in 16 MB."""

from __future__ import annotations

from array import array
from bisect import bisect_left


class Places:
    """Offsets by the first eight bytes of a ref. A caller compares the whole ref with what it reads there."""

    def __init__(self) -> None:
        self._keys = array("Q")
        self._offsets = array("Q")
        self._is_sorted = True

    def add(self, ref: str, offset: int) -> None:
        self._keys.append(int(ref[:16], 16))
        self._offsets.append(offset)
        self._is_sorted = False

    def find(self, ref: str) -> list[int]:
        if not self._is_sorted:
            order = sorted(range(len(self._keys)), key=self._keys.__getitem__)
            self._keys = array("Q", (self._keys[place] for place in order))
            self._offsets = array("Q", (self._offsets[place] for place in order))
            self._is_sorted = True
        try:
            key = int(ref[:16], 16)
        except ValueError:
            return []
        place = bisect_left(self._keys, key)
        found: list[int] = []
        while place < len(self._keys) and self._keys[place] == key:
            found.append(self._offsets[place])
            place += 1
        return found
