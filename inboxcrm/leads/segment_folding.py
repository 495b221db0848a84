"""How the text of a segment is compared without regard to capitals, so that three programs agree.

The databases fold letters each in their own way (SQLite only ASCII, PostgreSQL by its locale), so neither is asked to.
A letter stands for itself and, where the two lead to each other and nowhere else, for its other case. What is asked for
then says by itself which letters of the stored text count as equal, and those are handed to the database: as a pattern
of SQLite's GLOB, as two alphabets for PostgreSQL's translate.
"""

from __future__ import annotations

from functools import lru_cache

_MEANT = frozenset("*?[")
"""What GLOB would take for a command."""


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    low = letter.lower()
    return low if len(low) == 1 and low.upper() == letter else letter


def folded(text: str) -> str:
    """One letter for one letter, so that what begins or holds a text still does."""
    return text.lower() if text.isascii() else "".join(map(_folded_letter, text))


def other_case(letter: str) -> str:
    """The capital that folds to this folded letter; empty where there is none."""
    high = letter.upper()
    return high if high != letter and len(high) == 1 and _folded_letter(high) == letter else ""


def glob_pattern(text: str, *, starts: bool, ends: bool) -> str:
    """For `column GLOB pattern`: the text in any capitals; nothing before it (`starts`), nothing after it (`ends`)."""
    parts = []
    for letter in folded(text):
        high = other_case(letter)
        if high:
            parts.append(f"[{letter}{high}]")
        else:
            parts.append(f"[{letter}]" if letter in _MEANT else letter)
    return f"{'' if starts else '*'}{''.join(parts)}{'' if ends else '*'}"


def alphabets(text: str) -> tuple[str, str]:
    """For `translate(column, capitals, letters)`: after it the column equals, begins or holds `folded(text)` where it
    should.
    """
    pairs = [(other_case(letter), letter) for letter in sorted(set(folded(text)))]
    return (
        "".join(high for high, _ in pairs if high),
        "".join(letter for high, letter in pairs if high),
    )


def folded_name(name: str) -> str:
    """Of what people name (segments, templates, snippets, tags): two names that fold alike are the same."""
    return " ".join(name.casefold().split())
