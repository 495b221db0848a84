"""Where somebody is by the country of their address; and nothing is said where that does not tell."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.leads import time_zones
from inboxcrm.leads.time_zones import read_zone, zone_of_address


@pytest.mark.parametrize(
    ("domain", "zone"),
    [
        ("example.jp", "Asia/Tokyo"),
        ("shop.example.co.jp", "Asia/Tokyo"),
        ("example.de", "Europe/Berlin"),
        ("EXAMPLE.DE", "Europe/Berlin"),
        ("example.co.uk", "Europe/London"),
        ("example.fr", "Europe/Paris"),
        ("example.pt", "Europe/Lisbon"),
        ("example.in", "Asia/Kolkata"),
        ("example.us", ""),
        ("example.ca", ""),
        ("example.com", ""),
        ("example.eu", ""),
        ("example.io", ""),
        ("example.me", ""),
        ("bakery.example", ""),
        ("jp", ""),
        (".jp", ""),
        ("", ""),
    ],
)
def test_a_country_with_one_zone_says_it(domain, zone):
    assert zone_of_address(f"someone@{domain}") == zone


def test_an_address_with_a_name_around_it_says_the_same():
    assert zone_of_address("Someone <someone@example.jp>") == "Asia/Tokyo"


def test_every_zone_that_is_said_is_one():
    found = {*time_zones._of_countries().values(), *time_zones._MAINLAND.values()}
    assert len(found) > 150
    for one in found:
        assert read_zone(one) == one
        assert datetime(2026, 5, 11, tzinfo=UTC).astimezone(ZoneInfo(one)).utcoffset() is not None


@given(st.text(max_size=80))
def test_whatever_is_asked_is_answered(text):
    zone = zone_of_address(text)
    assert zone == "" or read_zone(zone) == zone
    with suppress(ValueError):
        assert ZoneInfo(read_zone(text)).key.casefold() == text.strip().replace(" ", "_").casefold()
