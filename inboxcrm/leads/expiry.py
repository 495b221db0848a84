"""When a doubtful sender leaves the review queue by age. Reading decides it, nothing is written: a new mail brings
them back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

SET_ASIDE_FOR = timedelta(days=7)
"""How long "not now" lasts, unless they write before."""


def expires_before(now: datetime, after_days: int) -> datetime | None:
    """Whose last mail is older than this has left the queue; None where nobody ever does."""
    return now - timedelta(days=after_days) if after_days > 0 else None
