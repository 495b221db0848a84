"""Where a sentence has the shape of a request (`opt_out_shapes`).

A sentence becomes a line with one entry for each of its words: the letters of all that the word may mean, and a space.
The shapes are patterns over such lines, and the words whose entries fit one are the request.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from inboxcrm.mail.opt_out_lexicon import WORDS
from inboxcrm.mail.opt_out_shapes import COMPLETE, SHAPES, WHOLE


class Asked(NamedTuple):
    """Where the words of a request stand in their sentence, and what they need to be one.

    A "whole" one needs nothing; a "complete" one that nothing behind it limits it; an "open" one that what is behind it
    is nothing or about mail; a "worded" one that it is so itself.
    """

    start: int
    end: int
    needs: str


_WORD = re.compile(
    r"[\w.+-]*@[\w.-]*|[\w-]{2,}(?:\.[\w-]{2,})*\.[a-z]{2,}\b|[^\W_]+(?:['’][^\W_]+)*|[^\w\s]"
)
_IN_ONE = re.compile(
    r"\b(e|opt|un|follow(?:ing)?|reach(?:ing)?)[- ](mail\w*|post\w*|out|subscribe|ups?)\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\bich will\b|\bwill ich\b|\bwill(?= (?:von|keine|nichts|nicht|das|eure|ihre)\b)",
    re.IGNORECASE,
)
"""Of German alone: in English it wishes nothing. It is read as "woll"."""
_PARAGRAPH = re.compile(r"\((?:\d{1,2}|(?:my|our) address|[^()\s]*[.@][^()\s]*)\)")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|dell|all|nell|dall)\Z", re.IGNORECASE)
_WITHOUT_ACCENT = str.maketrans({"ł": "l", "ø": "o", "æ": "ae", "ß": "ss", "đ": "d"})
_ENDS = frozenset('.;:!?()"“”„«»–—/|…')
_SILENT = frozenset("-'’*_")
_UNKNOWN, _COMMA, _END = "-", ",", ";"

_LETTERS = {name: chr(ord("À") + at) for at, name in enumerate(WORDS)}
"""None of them is a sign in a pattern."""
_NAMES = {letter: name for name, letter in _LETTERS.items()}
_ENDINGS = {
    "verteiler": "LIST", "liste": "LIST", "kartei": "LIST", "datenbank": "LIST", "verzeichnis": "LIST", "lijst": "LIST",
    "bestand": "LIST", "mails": "MAIL", "mail": "MAIL", "werbung": "MAIL", "newsletter": "MAIL", "newsletters": "MAIL",
    "datei": "LIST", "adresse": "ADDRESS", "adressen": "ADDRESS",
}  # fmt: skip
_LEAST_BEFORE = 3
_TOLD_BY = tuple(_LETTERS[one] for one in ("IS", "OTHERS"))
_MISTYPED = tuple(_LETTERS[one] for one in ("REMOVE", "UNSUBSCRIBE", "STOP", "WRITE", "LIST", "NO"))
_NEGATIVE = ("NOT", "(NOT", "NO", "WANT")
"""How shapes begin that may as well tell of something."""
_LONG_ENOUGH = 4
_MOST_WORDS = 250


def requests_in(sentence: str) -> Iterator[Asked]:
    spans, line = _read(sentence)
    there = set(line)
    for needs, shapes in _ALL:
        for shape, asked_for, regex in shapes:
            if not asked_for <= there:
                continue
            for hit in regex.finditer(line):
                if shape.startswith(_NEGATIVE) and _is_told(
                    line, hit.start(), is_wish="WANT" in shape
                ):
                    continue
                first = line.count(" ", 0, hit.start())
                last = max(first, line.count(" ", 0, hit.end()) - 1)
                yield Asked(spans[first][0], spans[last][1], needs)


def meanings_of(sentence: str) -> Iterator[tuple[str, ...]]:
    """Of each word, the names of all it may mean."""
    for entry in _read(sentence)[1].split():
        yield tuple(_NAMES[one] for one in entry if one in _NAMES)


def _is_told(line: str, start: int, *, is_wish: bool) -> bool:
    """By who stands before it: "I do not send newsletters" forbids nothing, "you do not want" wishes nothing."""
    words = line[:start].split()
    if words and _LETTERS["DO"] in words[-1]:
        words.pop()
    if len(words) > 1 and _LETTERS["ME"] in words[-1] and _LETTERS["I"] in words[-2]:
        words.pop()  # "wenn ich mich nicht melde"
    before = words[-1] if words else ""
    if (
        is_wish
        and _LETTERS["YOU"] in before
        and not any(_LETTERS[one] in before for one in ("I", "ME"))
    ):
        return True
    if not is_wish and _LETTERS["I"] in before and _LETTERS["ME"] not in before:
        return True
    return any(one in before for one in (_TOLD_BY[1:] if is_wish else _TOLD_BY))


def _read(sentence: str) -> tuple[list[tuple[int, int]], str]:
    """Where each word stands, and the line of them."""
    spans: list[tuple[int, int]] = []
    entries: list[str] = []
    # Everything stays as long as it was.
    text = _IN_ONE.sub(lambda found: f"{found[1]}{found[2]} ", sentence)
    text = _WILL.sub(lambda found: found[0].replace("ill", "oll"), text)
    text = _PARAGRAPH.sub(lambda found: " " * len(found[0]), text)
    for found in _WORD.finditer(text):
        if len(entries) >= _MOST_WORDS:
            break  # nobody says it in more; whoever writes so means to keep us busy
        for start, word in _parts(found):
            if word not in _SILENT:
                end = start + len(word)
                while end < len(sentence) and sentence[end].isalnum():
                    end += 1  # "e-mail" was put together
                spans.append((start, end))
                entries.append(f"{_entry(word)} ")
    return spans, "".join(entries)


def _parts(found: re.Match[str]) -> list[tuple[int, str]]:
    """Of "m'écrire" two words, of "don't" one."""
    word, start = found[0], found.start()
    at = max(word.find("'"), word.find("’"))
    if at > 0 and _ELISION.match(word[:at]):
        return [(start, word[:at]), (start + at + 1, word[at + 1 :])]
    return [(start, word)]


def _entry(word: str) -> str:
    if word == ",":
        return _COMMA
    if "@" in word or "." in word[:-1]:
        return _LETTERS["DATA"] + (_LETTERS["DOMAIN"] if word.startswith("@") else "")
    if word in _ENDS or not word[0].isalnum():
        return _END
    bare = plain(word)
    return _MEANT.get(bare) or _of_a_compound(bare) or _of_a_slip(bare) or _UNKNOWN


def plain(word: str) -> str:
    """In small letters, without accents and apostrophes."""
    bare = word.lower().translate(_WITHOUT_ACCENT).replace("'", "").replace("’", "")
    return "".join(
        one for one in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(one)
    )


def _of_a_compound(word: str) -> str:
    """German and Dutch write in one: "Kundenkartei"."""
    for end, meant in _ENDINGS.items():
        if word.endswith(end) and len(word) >= len(end) + _LEAST_BEFORE:
            return _LETTERS[meant] + (_LETTERS["DATA"] if meant == "ADDRESS" else "")
    return ""


def _of_a_slip(word: str) -> str:
    """Two letters that changed places: "remvoe"."""
    if len(word) < _LONG_ENOUGH:
        return ""
    for at in range(len(word) - 1):
        found = _MEANT.get(f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}", "")
        if any(one in found for one in _MISTYPED):
            return found
    return ""


def _meant() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in WORDS.items():
        for word in words.split():
            found[word] = found.get(word, "") + _LETTERS[name]
    return found


_MEANT = _meant()
_SIGNS = {
    ".": f"(?:[^ ]*{_LETTERS['SMALL']}[^ ]* ){{0,5}}",
    "^": f"(?:^|(?<=[{_END}{_COMMA}] ))",
    "$": f"(?=$|[{_END}{_COMMA}] )",
    "%": f"(?=$|{_END} )",
    ",": f"{_COMMA} ",
    "(": "(?:",
    ")": ")",
    "|": "|",
    "?": "?",
}
_ELEMENT = re.compile(r"\((\w+(?:\|\w+)*)\)|~(\d+)|!(\w+)|(\w+)|([.^$%,()|?])")


def _compiled(shape: str) -> re.Pattern[str]:
    made = []
    for either, many, never, name, sign in _ELEMENT.findall(shape):
        if sign:
            made.append(_SIGNS[sign])
        elif many:
            made.append(f"(?:[^ {_END}]+ ){{0,{many}}}")
        elif never:
            made.append(f"(?!{_word(never)})")
        else:
            made.append(_word(either or name))
    return re.compile("".join(made))


def _word(names: str) -> str:
    letters = "".join(_LETTERS[one] for one in names.split("|"))
    return f"(?:[^ ]*[{letters}][^ ]* )"


_OPTIONAL = re.compile(r"\(.*\)\??|\w+\?|!\w+|~\d+")
"""In a shape: what need not be there. The names left have to be."""


def _asked_for(shape: str) -> frozenset[str]:
    return frozenset(_LETTERS[one] for one in re.findall(r"\w+", _OPTIONAL.sub("", shape)))


_ALL = tuple(
    (needs, tuple((one, _asked_for(one), _compiled(one)) for one in shapes))
    for needs, shapes in (("whole", WHOLE), ("complete", COMPLETE), ("open", SHAPES))
)
