"""What a person may say a mail is, where the rules took it for something else: seven words, each a kind and a rule.

A person's rule is `overruled` where the rule of a kind makes no difference; a mail that came back is told apart by what
it does to the address (cadence/stops.py): gone for good, or given up this once.
"""

from __future__ import annotations

from enum import StrEnum

from inboxcrm.mail.classify import Kind

OVERRULED = "overruled"


class Said(StrEnum):
    HUMAN = "human"
    OPT_OUT = "opt_out"
    ABSENCE = "absence"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"


KIND_OF = {
    Said.HUMAN: (Kind.HUMAN, OVERRULED),
    Said.OPT_OUT: (Kind.HUMAN, OVERRULED),
    Said.ABSENCE: (Kind.AUTOMATIC, OVERRULED),
    Said.AUTOMATIC: (Kind.AUTOMATIC, OVERRULED),
    Said.BULK: (Kind.BULK, OVERRULED),
    Said.BOUNCE_HARD: (Kind.BOUNCE_HARD, "address_gone"),
    Said.BOUNCE_SOFT: (Kind.BOUNCE_SOFT, "delivery_gave_up"),
}

WORDS = {
    Said.HUMAN: "a person's answer",
    Said.OPT_OUT: "a wish to get no more mail",
    Said.ABSENCE: "a note of absence",
    Said.AUTOMATIC: "an automatic mail",
    Said.BULK: "a newsletter or list",
    Said.BOUNCE_HARD: "mail that came back: no such address",
    Said.BOUNCE_SOFT: "mail that came back: not this time",
}
"""As the end of a sentence: "Taken for ..."."""
