"""Learns which words make a sentence like those that ask for no more mail, from `answers.jsonl`: `make ear`.

Logistic regression with AdaGrad steps, in a fixed order: the same answers give the same weights. An answer of several
sentences that asks does so in one of them; which one is not written down, so at first the whole answer counts, and
then twice the sentence that is most like those that ask (multiple-instance learning).
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from inboxcrm.mail.opt_out_lexicon import WORDS
from inboxcrm.mail.opt_out_likeness import WEIGHTS, marks_of
from inboxcrm.mail.opt_outs import sentences_of
from inboxcrm.mail.reply import split_quoted

ANSWERS = Path(__file__).with_name("answers.jsonl")
LEARNED = Path(__file__).parents[2] / "inboxcrm" / "mail" / WEIGHTS
_ROUNDS = (6, 6, 12)
"""How often all sentences are gone through, in each of the rounds."""
_STEP = 0.5
_SHRINK = 0.0004
_LEAST_SEEN = 3
_LEAST_WEIGHT = 0.8
"""Rarer and lighter marks change next to nothing, and the list is a third as long without them."""
Weights = dict[str, float]
Example = tuple[frozenset[str], bool]


def learn(known_answers: Iterable[Mapping[str, Any]]) -> Weights:
    """The weight of each mark; of the empty one, what a sentence has without any."""
    asking, other = [], []
    for answer in known_answers:
        own, _ = split_quoted(answer["text"])
        sentences = [frozenset(marks_of(one)) for one in sentences_of(own, author=answer["author"])]
        if answer["asks"]:
            asking.append((frozenset(marks_of(" ".join(own.split()))), sentences))
        else:
            other += [(one, False) for one in sentences]
    seen = Counter(mark for one, _ in other for mark in one)
    seen.update(mark for _, sentences in asking for one in sentences for mark in one)
    known = frozenset(mark for mark, times in seen.items() if times >= _LEAST_SEEN)
    weights: Weights = {}
    for turn, times in enumerate(_ROUNDS):
        chosen = [
            max(sentences, key=lambda one: _score(weights, one & known))
            if turn and sentences
            else whole
            for whole, sentences in asking
        ]
        examples = [(one & known, asks) for one, asks in [*((one, True) for one in chosen), *other]]
        weights = _fitted(examples, times)
    return weights


def _score(weights: Weights, marks: frozenset[str]) -> float:
    total = sum(weights.get(mark, 0.0) for mark in marks)
    return weights.get("", 0.0) + total / math.sqrt(max(len(marks), 1))


def _fitted(examples: list[Example], times: int) -> Weights:
    weights: Weights = defaultdict(float)
    squares: Weights = defaultdict(lambda: 1e-6)
    share = sum(asks for _, asks in examples) / len(examples)
    order = random.Random(1)
    for _ in range(times):
        order.shuffle(examples)
        for marks, asks in examples:
            if not marks:
                continue
            size = 1.0 / math.sqrt(len(marks))
            guess = 1.0 / (1.0 + math.exp(-_score(weights, marks)))
            wrong = (guess - asks) * (0.5 / (share if asks else 1.0 - share))
            for mark, by in [("", 1.0), *((mark, size) for mark in sorted(marks))]:
                slope = wrong * by + _SHRINK * weights[mark]
                squares[mark] += slope * slope
                weights[mark] -= _STEP * slope / math.sqrt(squares[mark])
    return dict(weights)


def digest() -> str:
    """Of all that weights are learned from."""
    said = [(one["asks"], one["author"], one["text"]) for one in answers()]
    return hashlib.sha256(json.dumps([said, WORDS]).encode()).hexdigest()[:16]


def answers() -> list[dict[str, Any]]:
    return [json.loads(line) for line in ANSWERS.read_text("utf-8").splitlines()]


def lines_of(weights: Weights) -> Iterator[str]:
    yield f"# learned by `make ear` from {digest()}: a mark, and ten times its weight"
    for mark, weight in sorted(weights.items()):
        if abs(weight) >= _LEAST_WEIGHT or not mark:
            yield f"{mark}\t{round(weight * 10)}"


if __name__ == "__main__":
    LEARNED.write_text("\n".join(lines_of(learn(answers()))) + "\n", "utf-8")
