from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.store.clocks import from_ms, to_ms


def test_times_are_milliseconds_since_1970_in_utc():
    assert to_ms(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1000
    assert to_ms(datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == 0
    assert to_ms(datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC)) == -1
    assert from_ms(1_700_000_000_123) == datetime(2023, 11, 14, 22, 13, 20, 123_000, tzinfo=UTC)
    assert to_ms(None) is None
    assert from_ms(None) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_time_comes_back_to_the_millisecond(at):
    back = from_ms(to_ms(at))
    assert timedelta(0) <= at - back < timedelta(milliseconds=1)
    assert to_ms(back) == to_ms(at)
