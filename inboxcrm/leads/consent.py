"""What is known of a lead's wish to be written to, and where it is known from.

Whoever sends has to prove consent: who agreed, when, and where (CRTC, CASL guide; GDPR article 7, paragraph 1). So a
consent has a source and a day, and what it was before is never lost: each change is an activity of the lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ConsentState(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


STATES = {ConsentState.GIVEN: "Agreed", ConsentState.WITHDRAWN: "Taken back"}


@dataclass(frozen=True, slots=True)
class Consent:
    """`source` is where they said so, in words; `on` the day."""

    state: ConsentState
    source: str
    on: date


def consent_in_words(one: Consent | None) -> str:
    """Like "Agreed on 3 May 2026: form on the website"."""
    if one is None:
        return "Not known"
    return f"{STATES[one.state]} on {one.on.day} {one.on:%B %Y}: {one.source}"
