"""Words as they are searched: made here once, for both databases, for texts and for questions.

    compatibility forms (NFKC), case folded                 ＡＢＣ, ﬁ, ß          -> abc, fi, ss
    accents folded (Latin, Greek, Cyrillic, Hebrew)         Müller, Søren, ёлка -> muller, soren
    Arabic: vowel signs and tatweel dropped, forms of alef, yeh and teh marbuta made one
    Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese    pairs: 北京市 -> 北京 京市 市

The scripts of the last line are written without spaces (Korean with endings stuck to the word), so
no tokenizer finds their words without a dictionary. The single last character is there so that a
question of one character, asked as a prefix, finds every place: each character either begins a pair
or ends the run.

Terms hold letters, digits and marks only. Most mail is ASCII and takes the short way through all of
this.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from operator import add

MAX_TEXT = 1_000_000
"""Characters of one text that are searched; the rest of a longer one is not."""

MAX_TERMS = 100_000
MAX_TERM = 64
"""Longer runs are no words but keys and encoded files.

They are cut, in the text as in the question.
"""

MAX_QUESTION = 1_000
MAX_ASKED = 32
"""Characters and terms of a question; what goes beyond is not looked for."""

# Letters that are no base letter with an accent, as Unicode sees it, but are typed as if they were.
_LETTERS = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ŋ": "n",
    "ĸ": "k",
    # Arabic, Persian and Urdu: alef, yeh, teh marbuta, keheh, heh.
    "ٱ": "ا",
    "ى": "ي",
    "ی": "ي",
    "ې": "ي",
    "ة": "ه",
    "ک": "ك",
    "ە": "ه",
    "ہ": "ه",
    "ھ": "ه",
}

# Left out without a trace: combining accents, Cyrillic combining signs, Hebrew points, Arabic signs
# and tatweel, and what is never seen (soft hyphen, joiners, direction marks, variation selectors,
# byte order mark). Marks of other scripts are letters to their readers and stay.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1dc0-\u1dff\u20d0-\u20f0"
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]+"
)

# Scripts searched in pairs of characters.
_RUN_CHARACTERS = (
    "\u0e00-\u0e3a\u0e40-\u0e4e\u0e81-\u0ebd\u0ec0-\u0ece\u1000-\u103f\u1050-\u108f\u1780-\u17d3"
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c"
    "\uac00-\ud7a3\ud7b0-\ud7fb\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_RUN_CHARACTERS}]+")
_RUN_OR_WORD = re.compile(f"[{_RUN_CHARACTERS}]+|[^{_RUN_CHARACTERS}]+")


class _Folding(dict[int, str]):
    """A table for `str.translate` that learns each character when it is first met.

    What is no word is a space.
    """

    _MOST = 30_000  # mail that holds all of Unicode shall not fill our memory

    def __missing__(self, point: int) -> str:
        folded = "".join(map(_folded, unicodedata.normalize("NFKD", chr(point)).casefold()))
        folded = unicodedata.normalize("NFC", folded)
        if len(self) < self._MOST:
            self[point] = folded
        return folded


def _folded(character: str) -> str:
    if _DROPPED.match(character):
        return ""
    is_word = character.isalnum() or unicodedata.category(character) in {"Mn", "Mc"}
    return _LETTERS.get(character, character) if is_word else " "


_FOLDING = _Folding()
_ASCII_FOLDING = {point: _FOLDING[point] for point in range(0x80)}


@dataclass(frozen=True, slots=True)
class Asked:
    """A term of a question; as a prefix it finds every term that begins with it."""

    term: str
    is_prefix: bool


def terms(text: str) -> list[str]:
    """The terms of a text, in its order, as often as they occur."""
    if len(text) > MAX_TEXT:
        text = text[:MAX_TEXT]
    folded = _fold(text)
    found = folded.split()
    if not folded.isascii() and _RUN.search(folded):
        found = _with_pairs(found)
    if len(found) > MAX_TERMS:
        del found[MAX_TERMS:]
    return found


def searchable(text: str) -> str:
    """A text as the full text takes it: ASCII as it is, anything else as its terms with spaces between."""
    return text[:MAX_TEXT] if text.isascii() else " ".join(terms(text))


def searched(text: str) -> list[str]:
    """The terms of what `searchable` gave."""
    return terms(text) if text.isascii() else text.split()


def asked(words: str) -> list[Asked]:
    """What a question looks for: all of these terms. The last word may still be being typed."""
    found: dict[Asked, None] = {}
    pieces = [
        piece
        for word in _fold(words[:MAX_QUESTION]).split()
        for piece in _RUN_OR_WORD.findall(word)
    ]
    for place, piece in enumerate(pieces):
        if _RUN.match(piece):
            pairs = list(map(add, piece, piece[1:]))
            found.update(dict.fromkeys(Asked(pair, is_prefix=False) for pair in pairs))
            if not pairs:
                found[Asked(piece, is_prefix=True)] = None
        else:
            is_last = place == len(pieces) - 1
            is_prefix = len(piece) > MAX_TERM or (is_last and len(piece) > 1)
            found[Asked(piece[:MAX_TERM], is_prefix)] = None
    return list(found)[:MAX_ASKED]


def _fold(text: str) -> str:
    """Folded words with spaces between."""
    if text.isascii():
        return text.translate(_ASCII_FOLDING)
    # Composed first, so that kana and Hangul written in pieces are met whole.
    return unicodedata.normalize("NFKC", text).translate(_FOLDING)


def _with_pairs(words: list[str]) -> list[str]:
    found = []
    for word in words:
        if word.isascii() or not _RUN.search(word):
            found.append(word)
            continue
        for piece in _RUN_OR_WORD.findall(word):
            if _RUN.match(piece):
                found.extend(map(add, piece, piece[1:]))
                found.append(piece[-1])
            else:
                found.append(piece)
    return found
