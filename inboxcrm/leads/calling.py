"""Whom to call first: a lead's score, and more for who waits for our answer and for who can be called at all.

One number a person can add up: the score, 15 more where we owe them an answer, 10 more where a phone number is known.
Leads that are won, lost, asleep, or suppressed are not called; nor are those about whom nothing speaks.
"""

from __future__ import annotations

WAITS = 15
HAS_PHONE = 10
