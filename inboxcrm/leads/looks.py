"""Since when something is news to somebody: since they looked last, and in any case the last day.

Opening a page again a minute later must not make its news old, so looks that follow each other closely count as one:
what was before them is kept until they have been away for hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

AWAY = timedelta(hours=4)
_ALWAYS = timedelta(days=1)
_AT_MOST = timedelta(days=14)
_WRITTEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Looks:
    """The look before they were away last, and the latest one."""

    before: datetime | None = None
    last: datetime | None = None


def look_again(looks: Looks, now: datetime) -> Looks:
    """The same object where nothing needs to be written."""
    if looks.last is None:
        return Looks(None, now)
    passed = now - looks.last
    if passed >= AWAY:
        return Looks(looks.last, now)
    return Looks(looks.before, now) if passed >= _WRITTEN_EVERY else looks


def news_since(looks: Looks, now: datetime) -> datetime:
    """`looks` after `look_again`."""
    since = min(looks.before or now, now - _ALWAYS)
    return max(since, now - _AT_MOST)
