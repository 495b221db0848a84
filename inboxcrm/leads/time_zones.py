"""The time zone somebody is in: as a person says it, or as the country of their mail domain has it.

A country counts where one zone holds for (nearly) all who live in it, by the table of the time zone database itself
(https://data.iana.org/time-zones/tz-link.html, zone.tab); of a few with far islands or a strip of another time the
zone of the mainland is named here. A .us or a .com says nothing.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_MAINLAND = {
    "ar": "America/Argentina/Buenos_Aires",
    "cl": "America/Santiago",
    "cn": "Asia/Shanghai",
    "cy": "Asia/Nicosia",
    "de": "Europe/Berlin",
    "ec": "America/Guayaquil",
    "es": "Europe/Madrid",
    "my": "Asia/Kuala_Lumpur",
    "nz": "Pacific/Auckland",
    "pt": "Europe/Lisbon",
    "ua": "Europe/Kyiv",
    "uz": "Asia/Tashkent",
}
_ANYBODYS = frozenset(
    "ac ad ai as bz cc co dj gg im io la me ms nu sc sh sr st tk to tv vc ws".split()  # noqa: SIM905
)
"""Domains of countries that people everywhere register: most are those that Google's search takes for nobody's country
(https://developers.google.com/search/docs/specialty/international/managing-multi-regional-sites).
"""
_CALLED = {"uk": "gb"}


def read_zone(text: str) -> str:
    """The zone's own name, however it was written. Raises ValueError that says what would do."""
    found = known_zone(text)
    if not found:
        raise ValueError(f'"{text[:40]}" is no time zone; write one like Europe/Berlin.')
    return found


def known_zone(text: str) -> str:
    """As `read_zone`; empty for what is none."""
    return _zones().get(text.strip().replace(" ", "_").casefold(), "")


def zone_of_address(address: str) -> str:
    """By the country of a mail address; empty where that does not tell."""
    domain = address.rpartition("@")[2].strip("<> .").lower()
    name, dot, country = domain.rpartition(".")
    if not (dot and name) or country in _ANYBODYS:
        return ""
    return _MAINLAND.get(country) or _of_countries().get(_CALLED.get(country, country), "")


@cache
def _zones() -> dict[str, str]:
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return {one.casefold(): one for one in names}


@cache
def _of_countries() -> dict[str, str]:
    """Country -> its zone, of those that have one."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    zones: dict[str, list[str]] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones.setdefault(country.lower(), []).append(zone)
    return {country: found[0] for country, found in zones.items() if len(found) == 1}
