"""First and last name of a lead, for a greeting; blank where nobody is greeted so: firms, desks, initials, logins."""

from __future__ import annotations

import re
from functools import lru_cache

from inboxcrm.leads.naming import name_from_address, person_name
from inboxcrm.mail.addresses import is_no_reply, is_role

_TITLES = frozenset(
    {
        "dr", "prof", "mr", "mrs", "ms", "miss", "mx", "sir", "herr", "frau", "hr", "fr", "m", "mme", "mlle", "sr",
        "sra", "srta", "sig", "dott", "dr-ing", "dipl-ing", "ing", "mag", "rev", "hon",
    }
)  # fmt: skip
_FIRMS = frozenset(
    {
        "ag", "bv", "co", "corp", "gbr", "gmbh", "group", "inc", "kg", "limited", "llc", "llp", "ltd", "oy", "plc",
        "sa", "sarl", "sas", "sl", "srl", "team", "ug",
    }
)  # fmt: skip
_DESKS = frozenset({"info", "sales", "support", "office", "team", "customer", "service"})
_REMEMBERED = 256
_NO_NAME = re.compile(r"[@\d_/\\<>{}\[\]|=+*#%]")


def first_name(name: str, address: str = "") -> str:
    """`address`: the lead's own, to tell a name from a local part made readable."""
    return _parts(name, address)[0]


def last_name(name: str, address: str = "") -> str:
    return _parts(name, address)[1]


@lru_cache(maxsize=_REMEMBERED)
def _parts(name: str, address: str) -> tuple[str, str]:
    whole = person_name(name)
    words = whole.split()
    if _NO_NAME.search(whole) or any(_bare(word) in _FIRMS for word in words[1:]):
        return "", ""
    while len(words) > 1 and _bare(words[0]) in _TITLES:
        titled, words = words[0], words[1:]
        if len(words) == 1 and _bare(titled) not in {"dr", "prof"}:
            return "", words[0]  # Frau Baker: nobody's first name is Baker
    if not words:
        return "", ""
    if address and whole == name_from_address(address) and _is_login(address, words):
        return "", ""
    first, rest = words[0], " ".join(words[1:])
    is_initial = len(first.rstrip(".")) < 2 and first.isascii()
    if is_initial or _bare(first) in _DESKS:
        return "", rest
    return first, rest


def _bare(word: str) -> str:
    return word.strip(".,").casefold()


def _is_login(address: str, words: list[str]) -> bool:
    """A single word made from an address says nothing of how somebody is called."""
    return len(words) == 1 or is_role(address) or is_no_reply(address)
