"""How times lie in the database: milliseconds since 1970 in UTC (see store/tables.py).

Everywhere else they are aware datetimes.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@overload
def to_ms(at: datetime) -> int: ...
@overload
def to_ms(at: None) -> None: ...
def to_ms(at: datetime | None) -> int | None:
    """Rounds down, so that a stored time is never later than the time it stands for."""
    return None if at is None else (at - _EPOCH) // _MILLISECOND


@overload
def from_ms(ms: int) -> datetime: ...
@overload
def from_ms(ms: None) -> None: ...
def from_ms(ms: int | None) -> datetime | None:
    """Exact for every year a datetime can hold; `datetime.fromtimestamp` is not."""
    return None if ms is None else _EPOCH + timedelta(milliseconds=ms)
