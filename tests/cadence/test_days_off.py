"""Holidays by country, and rules that observe them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from inboxcrm.cadence.days_off import holidays_of
from inboxcrm.cadence.rules import CadenceRules, rules_as_json, rules_from_json
from inboxcrm.cadence.schedule import due_at
from inboxcrm.errors import UsageError


def test_a_country_and_a_part_of_it_have_their_days():
    assert date(2026, 10, 3) in holidays_of("de")
    assert date(2026, 1, 6) not in holidays_of("DE")
    assert date(2026, 1, 6) in holidays_of("DE-BY"), "Epiphany, in Bavaria"
    assert date(2026, 7, 3) in holidays_of("US"), "the 4th is a Saturday, and Friday is off"
    assert holidays_of("FR", [2026]) == {one for one in holidays_of("FR") if one.year == 2026}
    assert holidays_of("") == frozenset()


@pytest.mark.parametrize("code", ["XX", "DE-QQ", "Germany", "../etc"])
def test_a_country_nobody_knows_is_told(code):
    with pytest.raises(UsageError, match="are not known"):
        holidays_of(code)


def test_nothing_is_due_on_a_holiday_and_business_days_leave_it_out():
    rules = rules_from_json(rules_as_json(CadenceRules(country="DE")))
    assert rules.country == "DE"
    before = datetime(
        2026, 12, 23, 10, tzinfo=UTC
    )  # a Wednesday; Friday is Christmas, 26 a Saturday
    for key in "abcdef":
        how = {"windows": rules.windows, "key": key, "secret": b"s", "now": before}
        assert due_at(2, "days", base=before, **how).date() == date(2026, 12, 28)
        assert due_at(2, "business_days", base=before, **how).date() == date(2026, 12, 28)
        later = before + timedelta(days=7)
        assert due_at(1, "business_days", base=later, **how).date() == date(2026, 12, 31)
        assert due_at(2, "business_days", base=later, **how).date() == date(2027, 1, 4)
