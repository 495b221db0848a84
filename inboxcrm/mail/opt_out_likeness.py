"""How much a sentence is like those in which people asked for no more mail: for wordings that no shape foresees.

Each word, each four letters in a row of a longer word (endings and slips of the finger change but some of them), each
two words side by side or with one between them, each meaning (`opt_out_lexicon`) and each two meanings side by side has
a weight, learned from answers in which people asked and in which they did not (`make ear`, from
tests/mail/answers.jsonl; docs/decisions/0022). The weights of a sentence are added up and put between 0 and 1.
"""

from __future__ import annotations

import math
import pkgutil
import re
from functools import cache
from itertools import pairwise

from inboxcrm.mail.opt_out_requests import meanings_of, plain

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[@?!.,;:]")
_MOST_WORDS = 80
_LONG = 5
WEIGHTS = "opt_out_weights.txt"


def likeness(sentence: str) -> float:
    """From 0 to 1; past a half it is more like those who ask."""
    marks = marks_of(sentence)
    weights, bias = _weights()
    total = sum(weights.get(one, 0.0) for one in marks)
    return 1.0 / (1.0 + math.exp(-(bias + total / math.sqrt(len(marks)))))


def marks_of(sentence: str) -> set[str]:
    """What of a sentence has a weight. Never empty."""
    words = [plain(found) for found in _WORD.findall(sentence)[:_MOST_WORDS]]
    around = ["^", *words, "$"]
    marks = {"^", *words}
    marks.update(f"{one} {two}" for one, two in pairwise(around))
    marks.update(f"{one} . {two}" for one, two in zip(words, words[2:], strict=False))
    for word in words:
        if len(word) >= _LONG and word.isalpha():
            whole = f"<{word}>"
            marks.update(f"~{whole[at : at + 4]}" for at in range(len(whole) - 3))
    before: tuple[str, ...] = ()
    for meant in meanings_of(sentence):
        marks.update(meant)
        marks.update(f"{one} {two}" for one in before for two in meant)
        before = meant
    return marks


@cache
def _weights() -> tuple[dict[str, float], float]:
    """Of each mark, and of a sentence without any."""
    lines = (pkgutil.get_data(__package__, WEIGHTS) or b"").decode("utf-8").splitlines()
    found = (line.rpartition("\t") for line in lines if not line.startswith("#"))
    weights = {mark: int(number) / 10 for mark, _, number in found}
    return weights, weights.pop("", 0.0)
