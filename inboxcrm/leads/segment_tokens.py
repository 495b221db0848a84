"""The words, marks and quoted texts a segment in words is made of."""

from __future__ import annotations

import re
from typing import NamedTuple

from inboxcrm.errors import Problem

_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*)"|“(?P<curly>[^”]*)”|(?P<punct>[(),])|(?P<compare>>=|<=|!=|[<>=])'
    r'|(?P<word>(?:[^\s(),"“<>=!]|!(?!=))+)|(?P<broken>["“])',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Token(NamedTuple):
    """`kind` is quoted, word, punct or compare; `end` is where the next character stands."""

    kind: str
    text: str
    column: int
    end: int

    def says(self, *words: str) -> bool:
        return self.kind == "word" and self.text.casefold() in words

    def is_mark(self, mark: str) -> bool:
        return self.kind == "punct" and self.text == mark


def read_tokens(text: str) -> tuple[list[Token], list[Problem]]:
    """The tokens up to the first that cannot be read, and what is wrong with that one."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        held = match[kind]
        if kind == "broken":
            return found, [Problem(f"column {match.start() + 1}", "this quote is never closed")]
        if kind == "quoted":
            held = _ESCAPED.sub(r"\1", held)
        found.append(
            Token("quoted" if kind == "curly" else kind, held, match.start() + 1, match.end() + 1)
        )
    return found, []
