"""Days that are told by a feast: "on the Tuesday after Easter", "nach Pfingsten", "na Kerst"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.easter import easter

from inboxcrm.mail.day_names import WEEKDAY
from inboxcrm.mail.day_words import weekday_number

_LAST_DAYS: dict[str, tuple[str, Callable[[int], date]]] = {
    "easter": (
        r"easter(?:\smonday)?|ostern|ostermontag|pâques|pascua|semana\ssanta|pasqua|pasquetta|pasen|p[áa]scoa",
        lambda year: easter(year) + timedelta(days=1),
    ),
    "pentecost": (
        r"pentecost|whitsun|pfingsten|pfingstmontag|(?:la\s)?pentecôte|pentecostés|pentecoste|pinksteren|pentecostes",
        lambda year: easter(year) + timedelta(days=50),
    ),
    "christmas": (
        r"christmas|xmas|weihnachten|noël|navidad(?:es)?|natale|kerst(?:mis)?|natal",
        lambda year: date(year, 12, 26),
    ),
    "new_year": (
        r"new\syear(?:['’]s)?(?:\sday)?|neujahr|neue[ns]?\sjahr|(?:le\s|au\s)?nouvel\san|año\snuevo|capodanno|nieuwjaar|ano\snovo",
        lambda year: date(year, 1, 1),
    ),
}
"""Of each feast its names, and its last day in a year."""
_AFTER = r"(?:after|following|nach|après|después\sde|tras|dopo|na|depois\sd[aeo]|após)"
_UNTIL = r"(?:until|till?|bis(?:\szu[mr]?|\sins)?|jusqu['’](?:à|au|en)|hasta|[fs]ino\sa|tot|até)"
_IN = r"in(?=\sthe\snew\syear\b)|im(?=\sneuen\sjahr\b)"
_TOLD = re.compile(
    rf"(?:\b(?P<weekday>{WEEKDAY}),?\s)?\b(?:{_AFTER}|(?P<until>{_UNTIL})|{_IN})\s(?:the\s|den\s|la\s|el\s|il\s|de\s|[ao]\s)?(?:"
    + "|".join(f"(?P<{feast}>{names})" for feast, (names, _) in _LAST_DAYS.items())
    + r")\b",
    re.IGNORECASE,
)
_LONGEST_AHEAD = timedelta(days=300)


def feasts_dated(text: str, *, written: date) -> str:
    """The text with each such day as `2026-04-07`: the next one. Words are parted by single blanks."""
    return _TOLD.sub(lambda found: _dated(found, written), text)


def _dated(found: re.Match[str], written: date) -> str:
    feast = next(name for name in _LAST_DAYS if found[name])
    for year in (written.year, written.year + 1):
        day = _LAST_DAYS[feast][1](year) + timedelta(days=1)
        if found["weekday"]:
            day += timedelta(days=(weekday_number(found["weekday"]) - day.weekday()) % 7)
        if written <= day <= written + _LONGEST_AHEAD:
            return f"{found['until'] or ''} {day.isoformat()}".lstrip()
    return found[0]
