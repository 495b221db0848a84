"""Why a cadence rests for one lead: they are out of office, or a person paused it."""

from __future__ import annotations

from datetime import UTC, datetime

UNTIL_RESUMED = datetime(2200, 1, 1, tzinfo=UTC)
"""The end of a pause without one: far enough never to come, near enough for every calendar to know."""

AWAY = "They are out of office."
PAUSED = "A person paused it for them."


def has_end(until: datetime) -> bool:
    return until < UNTIL_RESUMED


def rest_in_words(*, rests_on_mail: bool) -> str:
    return AWAY if rests_on_mail else PAUSED
