"""What counts how much: fit (who they are) and engagement (what they did), as FIELD has the two axes of a score.

A house writes rules of its own in its settings; an axis it says nothing about has the rules here. A rule is worth whole
points. Older deeds count less where a rule has a half-life, and a cap (`most`) keeps one habit from outweighing all
else. What a person said ("no more mail") has neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inboxcrm.leads.condition_fields import FREE_MAIL
from inboxcrm.leads.segments import FieldType, Leaf, Node, Op

FIT = "fit"
ENGAGEMENT = "engagement"
MOST_POINTS = 1000
"""Of one rule, either way: more says nothing, and a score stays a number people can read."""


class What(StrEnum):
    """What happened. ANSWER is a mail of theirs within some hours of ours, POSITIVE one that somebody marked as a good
    answer; ASKED a demo or a price, QUESTION anything; MEETING one that took place, CALL one in which they were
    reached; OPT_OUT the wish for no more mail.
    """

    MAIL = "mail"
    ANSWER = "answer"
    POSITIVE = "positive"
    ASKED = "asked"
    QUESTION = "question"
    MEETING = "meeting"
    CALL = "call"
    OPT_OUT = "opt_out"


MANY = {
    What.MAIL: "mails",
    What.ANSWER: "quick answers",
    What.POSITIVE: "good answers",
    What.ASKED: "such questions",
    What.QUESTION: "questions",
    What.MEETING: "meetings",
    What.CALL: "calls",
    What.OPT_OUT: "addresses",
}


@dataclass(frozen=True, slots=True)
class FitRule:
    """`words` say why, as in "source is web form"; they follow nothing and begin as they are written."""

    when: Node
    points: int
    words: str


@dataclass(frozen=True, slots=True)
class EngagementRule:
    """Half of the points are left after `half_life_days`, all of them always where that is 0. `most` bounds what the
    rule gives or takes in all; 0: no bound. `within_hours` is of ANSWER alone.
    """

    what: What
    points: int
    words: str = ""
    half_life_days: int = 0
    most: int = 0
    within_hours: int = 24

    def said(self, asked: str = "") -> str:
        """Why, as a sentence without its day. `asked` is what ASKED was about."""
        if self.words:
            return self.words
        match self.what:
            case What.ANSWER:
                hours = "an hour" if self.within_hours == 1 else f"{self.within_hours} hours"
                return f"They answered within {hours}"
            case What.ASKED:
                return f"They asked for {asked or 'a demo or a price'}"
        return _SAID[self.what]


_SAID = {
    What.MAIL: "They wrote",
    What.POSITIVE: "They gave a good answer",
    What.QUESTION: "They asked a question",
    What.MEETING: "A meeting took place",
    What.CALL: "They were reached by phone",
    What.OPT_OUT: "They asked for no more mail",
}


def _is_set(field: str, kind: FieldType) -> Leaf:
    return Leaf(field, Op.IS_SET, (), kind)


DEFAULT_FIT = (
    FitRule(_is_set("organization", FieldType.TEXT), 10, "an organization of their own"),
    FitRule(_is_set("phone", FieldType.PRESENCE), 5, "a phone number is known"),
    FitRule(Leaf("source", Op.IS, ("web form",), FieldType.TEXT), 10, "came by a web form"),
    FitRule(Leaf("source", Op.CONTAINS, ("referral",), FieldType.TEXT), 15, "came by a referral"),
    FitRule(Leaf(FREE_MAIL.key, Op.IS, ("yes",), FieldType.FLAG), -5, "writes from free mail"),
)
DEFAULT_ENGAGEMENT = (
    EngagementRule(What.MAIL, 5, half_life_days=30, most=25),
    EngagementRule(What.ANSWER, 5, half_life_days=30, most=15, within_hours=24),
    EngagementRule(What.POSITIVE, 15, half_life_days=60, most=30),
    EngagementRule(What.ASKED, 20, half_life_days=30, most=40),
    EngagementRule(What.MEETING, 25, half_life_days=60, most=50),
    EngagementRule(What.CALL, 10, half_life_days=30, most=20),
    EngagementRule(What.OPT_OUT, -40, most=40),
)


@dataclass(frozen=True, slots=True)
class ScoreRules:
    fit: tuple[FitRule, ...] = DEFAULT_FIT
    engagement: tuple[EngagementRule, ...] = DEFAULT_ENGAGEMENT
