"""The public holidays of a country, or of a part of one, as dates.

They come from the package `holidays`, which computes them: no file is read, nothing is asked. Where a country fixes a
holiday by the moon or by decree the dates of coming years are its best guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from inboxcrm.errors import UsageError

YEARS = range(2020, 2061)
"""The years that are asked for where no others are: rules know no clock."""


def holidays_of(country: str, years: Iterable[int] = YEARS) -> frozenset[date]:
    """`country` is an ISO 3166 code, "DE", with a part of it, "DE-BY"; empty: none. Moved days ("observed") are in it.

    Raises UsageError where the code is not known.
    """
    return _known(country.strip().upper(), tuple(years)) if country.strip() else frozenset()


@lru_cache(maxsize=64)
def _known(country: str, years: tuple[int, ...]) -> frozenset[date]:
    # Imported where it is needed: it takes half a second, and most cadences observe no country.
    import holidays

    code, _, part = country.partition("-")
    parts = holidays.list_supported_countries().get(code)
    if parts is None or (part and part not in parts):
        raise UsageError(
            f'The holidays of "{country[:20]}" are not known.',
            remedy="Give a country like DE or US, or a part of one like DE-BY.",
        )
    return frozenset(holidays.country_holidays(code, subdiv=part or None, years=years))
