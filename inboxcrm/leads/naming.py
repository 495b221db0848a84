"""How a person is called, from what stands beside their address."""

from __future__ import annotations

import re
from functools import lru_cache

# "Yardley, Peter" is Peter Yardley; "Harbour Pike, Ltd." is no person.
_TURNED = re.compile(r"([^\W\d_][\w'’ -]*), ([^\W\d_][\w'’. -]*)")
_COMPANY_ENDS = frozenset(
    {"ag", "bv", "co", "corp", "gmbh", "inc", "llc", "llp", "ltd", "sa", "sas", "sl", "srl"}
)


@lru_cache(maxsize=2048)
def person_name(display: str) -> str:
    """The display name, its quotes off and "Last, First" turned round."""
    name = " ".join(display.strip().strip("\"'").split())
    turned = _TURNED.fullmatch(name)
    if turned is None or turned[2].rstrip(".").casefold() in _COMPANY_ENDS:
        return name
    return f"{turned[2]} {turned[1]}"


def name_from_address(key: str) -> str:
    """The local part made readable: "bob.tanaka@kitaura.example" is "Bob Tanaka"."""
    words = key.split("@", maxsplit=1)[0].split("+", maxsplit=1)[0]
    for mark in "._-":
        words = words.replace(mark, " ")
    return " ".join(word.capitalize() for word in words.split())
