"""What a mail is about, without the marks that answering and forwarding leave in front."""

from __future__ import annotations

import re

# RFC 5322 section 3.6.5 knows only "Re:"; mail programs write theirs in their own tongue, some with a count.
_MARK = re.compile(
    r"\s*(?:re|aw|antw|antwort|sv|vs|odp|rif|ynt|回复|答复|返信|fwd?|wg|tr|rv|enc|doorst|vl|转发|転送)"
    r"(?:\s?[\[(]\d{1,3}[\])])?\s?[:：]\s*",
    re.IGNORECASE,
)

_TAGS = re.compile(r"\s*(?:\[[^\]\n]{1,80}\]\s*){0,5}")
"""What desks and gateways put before it: "[DS-2044]", "[EXTERNAL]"."""


def bears_mark(subject: str) -> bool:
    """Does it say of itself that it answers or passes on another mail?"""
    tags = _TAGS.match(subject)
    return _MARK.match(subject, tags.end() if tags else 0) is not None


def bare_subject(subject: str) -> str:
    """Turns "Re: AW: Quote" into "Quote". A subject of nothing but marks stays as it is."""
    place = 0
    while (found := _MARK.match(subject, place)) and found.end() < len(subject):
        place = found.end()
    return subject[place:].strip() or subject
