from __future__ import annotations

from datetime import UTC, datetime

from inboxcrm.leads.wording import counted, day_in_words, wait_in_words
from inboxcrm.leads.working_time import WorkingHours

NOW = datetime(2026, 5, 20, tzinfo=UTC)


def test_a_day_of_this_year_needs_no_year():
    assert day_in_words(datetime(2026, 5, 3, 12, tzinfo=UTC), now=NOW) == "3 May"
    assert day_in_words(datetime(2025, 12, 31, 12, tzinfo=UTC), now=NOW) == "31 December 2025"


def test_a_day_is_that_of_the_readers_zone():
    late = datetime(2026, 5, 3, 23, tzinfo=UTC)
    assert day_in_words(late, now=NOW, zone="Asia/Tokyo") == "4 May"


def test_one_is_written_out():
    assert counted(1, "mail") == "one mail"
    assert counted(3, "mail") == "3 mails"
    assert counted(2, "company", "companies") == "2 companies"


def test_waits_grow_from_hours_to_days_to_dates():
    office = WorkingHours()
    assert wait_in_words(0.5, office) == "less than a working hour"
    assert wait_in_words(7.9, office) == "7 working hours"
    assert wait_in_words(8, office) == "one working day"
    assert wait_in_words(8 * 21, office) == ""
