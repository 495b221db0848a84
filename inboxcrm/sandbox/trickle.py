"""Mail that keeps arriving while the demo runs: new enquiries, answers in open talks, newsletters,
absence notes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from inboxcrm.sandbox import automatic, seed_bulk
from inboxcrm.sandbox.conversations import speak
from inboxcrm.sandbox.seed import new_talk
from inboxcrm.sandbox.talks import Conversation, SeededMail
from inboxcrm.sandbox.texts_file import read_texts

MOST_LETTERS = 400
_FIRST_NUMBER = 10_000
"""Numbers of new talks lie beyond those of any seeded mailbox."""
_ROUND = (
    "enquiry",
    "answer",
    "enquiry",
    "newsletter",
    "answer",
    "away",
    "enquiry",
    "answer",
    "notice",
)


class Trickle:
    """Ask `next_mail` every `wait_seconds()`; it ends after MOST_LETTERS with None."""

    def __init__(self, talks: list[Conversation], *, seed: int = 7) -> None:
        self._talks = list(talks)
        self._seed = seed
        self._dice = random.Random(f"{seed}/trickle")  # noqa: S311 - a story, not a secret
        self._number = 0

    def wait_seconds(self) -> float:
        return self._dice.uniform(10, 20)

    def next_mail(self, now: datetime) -> SeededMail | None:
        """One letter, arriving now."""
        if self._number >= MOST_LETTERS:
            return None
        kind = _ROUND[self._number % len(_ROUND)]
        number = self._number
        self._number += 1
        if kind == "answer":
            answer = self._answer(now)
            if answer is not None:
                return answer
        if kind == "away":
            talk = next(
                (talk for talk in self._talks if talk.last is not None and not talk.is_over), None
            )
            if talk is not None:
                self._talks.append(self._talks.pop(self._talks.index(talk)))
                return _unread(automatic.away(talk, talk.lead, now))
        if kind == "newsletter":
            rows = read_texts("bulk")["newsletter"]
            return _unread(seed_bulk.newsletter(rows[number % len(rows)], number, now, self._dice))
        if kind == "notice":
            return _unread(seed_bulk.notice(number, now, self._dice))
        return self._enquiry(number, now)

    def _answer(self, now: datetime) -> SeededMail | None:
        """The next word of somebody whose turn it is."""
        for talk in self._talks:
            if talk.pending and talk.pending[0][0]["who"] != "us" and not talk.is_over:
                turn, _ = talk.pending.pop(0)
                return _unread(next(speak(talk, turn, now)))
        return None

    def _enquiry(self, number: int, now: datetime) -> SeededMail:
        for offset in range(50):
            talk = new_talk(_FIRST_NUMBER + number * 50 + offset, seed=self._seed)
            first, *rest = talk.script["turn"]
            if first["who"] == "lead":
                talk.pending = [(turn, now + timedelta(days=1)) for turn in rest]
                self._talks.append(talk)
                return _unread(next(speak(talk, first, now)))
        return _unread(seed_bulk.notice(number, now, self._dice))


def trickle(talks: list[Conversation], now: datetime, *, seed: int = 7) -> Iterator[SeededMail]:
    """All of them, one every ten to twenty seconds from now on: for tests and rehearsals without a
    clock.
    """
    source = Trickle(talks, seed=seed)
    at = now
    while True:
        at += timedelta(seconds=source.wait_seconds())
        mail = source.next_mail(at)
        if mail is None:
            return
        yield mail


def _unread(mail: SeededMail) -> SeededMail:
    return SeededMail(mail.raw, mail.labels | {"UNREAD"}, mail.at)
