"""What a mail that came in was taken for, what that rests on, and who said otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from inboxcrm.mail.classify import Kind
from inboxcrm.mail.said import WORDS, Said
from inboxcrm.store.clocks import from_ms
from inboxcrm.store.overruled import SaidRow

_RULES = {
    Kind.HUMAN: WORDS[Said.HUMAN],
    Kind.AUTOMATIC: WORDS[Said.AUTOMATIC],
    Kind.BULK: WORDS[Said.BULK],
    Kind.BOUNCE_HARD: WORDS[Said.BOUNCE_HARD],
    Kind.BOUNCE_SOFT: WORDS[Said.BOUNCE_SOFT],
    Kind.CALENDAR: "an invitation",
}
CHOICES = tuple((one.value, words) for one, words in WORDS.items())
"""(key, words) of everything a person may say, in the order of a page."""


@dataclass(frozen=True, slots=True)
class PersonsWord:
    """`said` is a key of `mail.said.Said`. `holds`: it is not taken back, nor replaced by a later one."""

    said: str
    words: str
    by: str
    at: datetime
    back_on: date | None = None
    holds: bool = True


@dataclass(frozen=True, slots=True)
class VerdictView:
    """`words` end the sentence "Taken for ..."; `evidence` is the header line, the sentence or the person it rests on.

    `ruled` and `ruled_evidence` are what the rules found, where a person's word holds against them. `history` is all
    that people said of the mail, the latest first.
    """

    words: str
    evidence: str
    ruled: str = ""
    ruled_evidence: str = ""
    history: tuple[PersonsWord, ...] = ()

    @property
    def said(self) -> str:
        """The key of the word that holds; empty where the rules' verdict does."""
        return self.history[0].said if self.history and self.history[0].holds else ""


def verdict_view(kind: str, evidence: str, words: Sequence[SaidRow]) -> VerdictView:
    history = tuple(
        PersonsWord(
            one.said,
            WORDS[Said(one.said)],
            one.account or "Somebody",
            from_ms(one.made_at),
            date.fromisoformat(one.back_on) if one.back_on else None,
            one.replaced_at is None,
        )
        for one in words
    )
    ruled = _RULES.get(Kind(kind), kind)
    held = words[0] if words and words[0].replaced_at is None else None
    if held is None:
        return VerdictView(ruled, evidence, history=history)
    return VerdictView(
        history[0].words,
        evidence,
        _RULES.get(Kind(held.rule_kind), held.rule_kind),
        held.rule_evidence,
        history,
    )
