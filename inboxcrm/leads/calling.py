"""Whom to call first: a lead's score, and more for who waits for our answer and for who can be called at all.

One number a person can add up: the score, 15 more where we owe them an answer, 10 more where a phone number is known.
Leads that are won, lost, asleep, or suppressed are not called; nor are those about whom nothing speaks.
"""

from __future__ import annotations

WAITS = 15
HAS_PHONE = 10


def call_rank(score: int, *, we_owe: bool, has_phone: bool) -> int:
    """Higher goes first."""
    return score + (WAITS if we_owe else 0) + (HAS_PHONE if has_phone else 0)


def is_called(
    score: int, *, we_owe: bool, is_open: bool, is_snoozed: bool, is_suppressed: bool
) -> bool:
    return is_open and not is_snoozed and not is_suppressed and (score > 0 or we_owe)
