"""People who were told beforehand what to do with the mails they get: a rehearsal wants so many to answer, so many not.

Each does one thing, once: about the first, the second or whichever mail they were told. When it arrives follows from
the seed and the address alone: people take hours or days in the working week, machines a minute or two.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inboxcrm.sandbox.answering import letter_back
from inboxcrm.sandbox.automatic import delivery_report
from inboxcrm.sandbox.drafts import Delivered
from inboxcrm.sandbox.hours import add_working_hours
from inboxcrm.sandbox.mailbox import SandboxMailbox
from inboxcrm.sandbox.outgoing import header

_HOURS = (0.3, 14.0)
"""Working hours until a person writes back."""
_MACHINE_SECONDS = (20, 150)
_AWAY_DAYS = (3, 12)
_ANSWERS = (
    "Thank you, that comes at the right time. Could you call me on Thursday?",
    "Interesting. What would that cost for two of us?",
    "Not this year, but please keep me in mind.",
)
_OPT_OUTS = (
    "Please take me off your list.",
    "Please do not write to me again.",
)
_HOST = "mx.practice.example"


class Fate(StrEnum):
    ANSWERS = "answers"
    AWAY = "away"
    BOUNCES = "bounces"
    OPTS_OUT = "opts_out"


@dataclass(frozen=True, slots=True)
class Habit:
    """What somebody does about mail number `at_mail` of those they get, counted from 1."""

    fate: Fate
    at_mail: int = 1


class Correspondents:
    """Those of one mailbox. Whoever is not among them is silent."""

    def __init__(self, box: SandboxMailbox, habits: Mapping[str, Habit], *, seed: int) -> None:
        self._box = box
        self._habits = {address.lower(): habit for address, habit in habits.items()}
        self._seed = seed
        self._got: Counter[str] = Counter()
        self._letters: list[tuple[datetime, int, Fate, bytes]] = []
        self._numbers = itertools.count()

    def note(self, mail: Delivered) -> None:
        """Told of every delivery."""
        address = mail.recipient.lower()
        self._got[address] += 1
        habit = self._habits.get(address)
        if habit is not None and self._got[address] == habit.at_mail:
            dice = random.Random(f"{self._seed} {address}")  # noqa: S311 - habits, not secrets
            at, raw = _letter(mail, habit.fate, self._box.address, dice)
            heapq.heappush(self._letters, (at, next(self._numbers), habit.fate, raw))

    def next_at(self) -> datetime | None:
        return self._letters[0][0] if self._letters else None

    def arrive(self, now: datetime) -> Counter[Fate]:
        """Delivers what is due; how many letters of each kind came."""
        came: Counter[Fate] = Counter()
        while self._letters and self._letters[0][0] <= now:
            at, _, fate, raw = heapq.heappop(self._letters)
            self._box.deliver(raw, at=at)
            came[fate] += 1
        return came


def _letter(mail: Delivered, fate: Fate, own: str, dice: random.Random) -> tuple[datetime, bytes]:
    """When it arrives, and what it is."""
    if fate in {Fate.ANSWERS, Fate.OPTS_OUT}:
        at = add_working_hours(mail.at, dice.uniform(*_HOURS), dice)
        words = dice.choice(_ANSWERS if fate is Fate.ANSWERS else _OPT_OUTS)
        return at, letter_back(mail, own, at, words)
    at = mail.at + timedelta(seconds=dice.randrange(*_MACHINE_SECONDS))
    if fate is Fate.AWAY:
        back = at + timedelta(days=dice.randrange(*_AWAY_DAYS))
        words = f"I am out of the office until {back.day} {back:%B %Y}."
        return at, letter_back(mail, own, at, words, is_automatic=True)
    return at, delivery_report(
        mail.recipient,
        own,
        original=header(mail.raw, "Message-ID").strip().strip("<>"),
        subject=header(mail.raw, "Subject"),
        at=at,
        token=f"{dice.getrandbits(64):016x}",
        host=_HOST,
    )
