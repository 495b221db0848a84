"""Words of a request as people mistype them: "unsubcribe", "un subscribe", "off of" without its second letter,
the same word over and over.

A word counts as the one meant where little but a letter or two was left out, doubled or swapped, and never where it
is a word of its own ("subscribe", "unsubscribed").
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_MEANT = "unsubscribe"
_LIKE_IT = re.compile(r"\bu[a-z]{7,12}\b", re.IGNORECASE)
_IN_TWO = re.compile(r"\bun[ -]subs?cribe\b", re.IGNORECASE)
_OFF = re.compile(r"\b(take (?:me|us) )of(?= (?:of )?(?:your|this|the|that|ur)\b)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\b(my|our|this) (?:e[- ]?)?mail ad?dress?\b|\b(my|our|this) adress\b", re.IGNORECASE
)
_YOUR = re.compile(r"\bur\b(?= (?:\w+ )?(?:list|mail|e-?mail|database|records))", re.IGNORECASE)
_ALIKE = 0.85
_AGAIN_AND_AGAIN = re.compile(r"\b(?!vous|nous)(\w{4,30})(?:[\s,.!]+\1\b)+", re.IGNORECASE)


def mended(text: str) -> str:
    text = _ADDRESS.sub(lambda found: f"{found[1] or found[2]} e-mail address", text)
    text = _AGAIN_AND_AGAIN.sub(r"\1", text)
    text = _OFF.sub(r"\1off", _IN_TWO.sub(_MEANT, text))
    return _LIKE_IT.sub(_as_meant, _YOUR.sub("your", text))


def _as_meant(found: re.Match[str]) -> str:
    word = found[0].lower()
    if "unsubscrib" in word or SequenceMatcher(None, word, _MEANT).ratio() < _ALIKE:
        return found[0]
    return _MEANT
