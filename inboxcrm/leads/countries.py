"""The country a mail domain's ending names (ISO 3166), as far as it says one.

Some country endings are sold to the whole world and say nothing of where somebody is.
"""

from __future__ import annotations

_FOR_EVERYBODY = frozenset(
    {"ai", "cc", "co", "fm", "gg", "io", "la", "ly", "me", "sh", "su", "to", "tv", "vc", "ws"}
)
_OTHERWISE = {"uk": "gb"}


def country_of(domain: str) -> str:
    """Two small letters, or nothing: "de" of firma.de, "gb" of shop.co.uk, "" of firma.com and startup.io."""
    _, dot, ending = domain.rpartition(".")
    is_country = dot and len(ending) == 2 and ending.isascii() and ending.isalpha()
    if not is_country or ending in _FOR_EVERYBODY:
        return ""
    return _OTHERWISE.get(ending, ending)
