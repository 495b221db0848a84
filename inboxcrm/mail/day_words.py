"""How people write a day, in English, German, French, Spanish, Italian, Dutch and Portuguese, and which day they
mean; in Swedish, Danish, Norwegian, Polish and Czech the names of days and months.

    12 May · 12-May-2026 · May 12th, 2026 · 12. Mai · 1er mai · 12 de mayo de 2026
    12.05. · 12.5.2026 · 2026-05-12 · 12/05/2026
    4-8 May · end of May · Anfang Juni · mi-juin · a finales de mayo
    Monday · Montag · lundi · lunes · lunedì · maandag · segunda-feira · tomorrow · next week · Wednesday next week
    end of the month · KW 49 und 50
    KW 49 · week 49 · this week · Thursday the 26th · on the 26th · the following Monday · the day after tomorrow
    in two weeks · in 10 Tagen

A day without a year is the next one of that name; one that lies a little in the past is past. 05/12 is read as the
other days of the same text are, else as the day that comes sooner; languages other than English put the day first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from inboxcrm.mail.day_names import (
    AFTER_TOMORROW,
    BOTH_WEEKS,
    COUNTS,
    END,
    LASTING,
    LONG_MONTH,
    MIDDLE,
    MONTH,
    MONTH_END,
    MONTH_NAMES,
    NEXT_WEEK,
    PART_OF_MONTH,
    START,
    THIS_WEEK,
    TOMORROW,
    WEEKDAY,
    WEEKDAY_NAMES,
)


def days_of(lasting: re.Match[str]) -> int:
    count = COUNTS.get(lasting["count"].lower()) or int(lasting["count"])
    return count * (7 if lasting["weeks"] else 1)


def _number_of(names: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    return {str(at): re.compile(one, re.IGNORECASE) for at, one in enumerate(names)}


_PARTS = {day: re.compile(one, re.IGNORECASE) for day, one in ((1, START), (15, MIDDLE), (31, END))}
_MONTHS, _WEEKDAYS = _number_of(MONTH_NAMES), _number_of(WEEKDAY_NAMES)
_NTH = r"(?:st|nd|rd|th|er|ère|:[ae]|[ºª°.])?"
_SPACED = NEXT_WEEK.replace(
    " ", r"\s+"
)  # in a pattern that may be laid out, blanks count for nothing
_ABOUT = (
    r"(?:exactly|about|just|roughly|around|genau|etwa|circa|ca\.|rund|exactement|environ|exactamente|unos|unas"
    r"|esattamente|precies|ongeveer|exatamente|cerca\s+de)"
)
_DAY = re.compile(
    rf"""
      (?<![\d./-])(?P<iso>20\d\d-\d\d-\d\d)(?!\d)
    | (?<![\d./:,-])(?:(?P<first>\d{{1,2}}){_NTH}\s*[-–—]\s*)?(?P<day>\d{{1,2}}){_NTH}(?:\s*|-|/)
        (?:(?:of|de|di|del)\s+|d['’])?(?P<month>{MONTH})\b\.?
        (?:(?:,?\s*|-)(?:de\s+|del\s+)?(?P<year>20\d\d))?
    | \b(?P<part>{PART_OF_MONTH})(?:\s+|-)(?:(?:of|de|di|del|van)\s+|d['’])?(?P<month3>{MONTH})\b\.?
        (?:,?\s*(?:de\s+|del\s+)?(?P<year3>20\d\d))?
    | \b(?P<month2>{MONTH})\b\.?\s+(?:the\s+)?(?P<day2>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?
        (?!\s?[-–]\s?\d{{1,2}}\s{MONTH}\b)(?:\s*(?:-|–|—|to|through)\s*(?P<last>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?)?(?:,?\s*(?P<year2>20\d\d))?(?!\s?[:]\d)
    | \b(?P<month4>{MONTH})\s+(?P<year4>20\d\d)(?!\d)
    | \b(?:in|ab|until|till|bis|en|em|vanaf|tot|hasta|até|fino\sa)\s+(?P<month5>{LONG_MONTH})\b(?!\.?\s*\d)
    | (?<![\d/:,])(?<!\d[.-])(?P<dotted>\d{{1,2}}\.\s?\d{{1,2}}
        (?:\.(?:\s?(?:20\d\d|\d\d)(?!\d))?|(?![\d.:,])(?!\s?(?:uhr|h\b|am\b|pm\b|%|€))))
    | (?<![\d./:])(?<!(?<!/\d\d)(?<!/\d)-)(?P<slashed>(?!24/7)\d{{1,2}}(?:/\d{{1,2}}
        (?:/(?:20\d\d|\d\d))?|-\d{{1,2}}-20\d\d)
        |(?:(?<=\btot\s)|(?<=\bop\s)|(?<=\bvanaf\s)|(?<=\ben\smet\s)|(?<=\bt/m\s))\d{{1,2}}-\d{{1,2}})(?![\d/-])
    | \b(?:kw|kalenderwoche|week|semaine|semana|settimana|uge|uke|vecka|v\.
        |(?:kalenderwochen|weeks|weken|semaines|semanas|settimane)(?=\s\d{{1,2}}\s?(?:\D|\D{{1,5}}\s)\d))
        \s?(?P<week>\d{{1,2}})
        (?:\s?(?:-|–|/|&|\+|\b(?:to|and|bis|und|au|et|y|a|e|en|al|t/m|och|og)\b)\s?(?:kw|v\.)?\s?(?P<last_week>\d{{1,2}})(?!\.?\s?{MONTH}))?
        (?!\d|[.,:/]\d|%)
    | \b(?P<weekday_of>{WEEKDAY})\b,?\s+(?:(?:the|de[nm]|le|el|il|d\.|dia|día|dnia|de)\s+)?(?P<numbered>\d{{1,2}})
        (?:st|nd|rd|th|er|[ºª°.])?(?![\w:/%–—-])(?!\.\d|\.?\s?\d{{1,2}}\.|\.?\s*(?:[-–—/]\s?\d|(?:of|de|di|del)\s+{MONTH}\b
        |d['’]{MONTH}\b|{MONTH}\b|uhr\b|h\b|[ap]\.?m\b|o['’]?clock|horas\b|ore\b|uur\b|to\b|bis\b))
    | \b(?:(?:the|on)\s+(?P<nth>\d{{1,2}})(?:st|nd|rd|th)|(?:de[nm])\s+(?P<nth2>\d{{1,2}})\.?
        |(?:le|el|il|de|dia|día)\s+(?P<nth3>\d{{1,2}})(?:er|e)?)
        (?=\s*(?:[.,;:!)](?!\d)|$|\s(?:and|but|or|wieder|back|again|für|in|im|und|zurück|et|y|e|en|och|og
            |bin|sind|i|we|je|nous|sono|ben|zijn|estoy|estaré|estou)\b))(?!\.?\s*{MONTH}\b)
    | \b(?P<month_end>{MONTH_END})\b
    | (?P<both_weeks>\b(?:{BOTH_WEEKS})\b)
    | \b(?P<weekday>{WEEKDAY})\b
    | (?P<this_week>\b(?:{THIS_WEEK})\b)
    | \b(?P<after_tomorrow>{AFTER_TOMORROW})\b
    | \b(?P<tomorrow>{TOMORROW})\b
    | (?P<next_week>\b(?:{_SPACED})\b)
    | \b(?:in|en|dans|tra|fra|over|om|dentro\s+de|daqui\s+a)\s+(?:{_ABOUT}\s+)?{LASTING}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ENGLISH = re.compile(
    r"\b(?:the|office|until|back|return(?:ing)?|will|with|thank|you)\b", re.IGNORECASE
)
_OTHER = re.compile(
    r"\b(?:ich|bin|und|nicht|je|suis|jusqu|vous|estoy|hasta|usted|sono|fino|grazie|ben|tot|niet|estou|até|não"
    r"|der|le|el|il|het)\b",
    re.IGNORECASE,
)
_JOINS = re.compile(r"[\s,]{1,3}(?:(?:on|am|in|of|le|op|der|on the)\s)?", re.IGNORECASE)
_NEXT = re.compile(r"\b(?:next|nächste[nr]?|volgende)\s$", re.IGNORECASE)
"""On a Tuesday "next Friday" is said of both: taken for the later one, on which they are back in any case."""
_A_WEEK_ON = re.compile(r"\ba week (?:on |from )?$", re.IGNORECASE)
_FOLLOWING = re.compile(
    r"\b(?:following|subsequent|darauf\s?folgenden?|folgenden?|siguiente|seguinte|successivo|daarop\s?volgende|påföljande|følgende)\s$",
    re.IGNORECASE,
)
_AFTER_IT = re.compile(
    r"\s(?:after(?:wards)?|thereafter|danach|darauf|suivant|d['’]après|siguiente|seguinte|successivo|daarna|därpå|derefter)\b(?!\s+(?:the|\d))",
    re.IGNORECASE,
)
_LONGEST_AHEAD = timedelta(days=300)
_JUST_PAST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """Where it stands, and the day; `is_vague`: a weekday or the like. `is_range`: two days in one ("May 4-12");
    `is_week`: a whole week, by its number, and `day` its Monday; `ends_month`: its last days are meant, whatever their
    number.
    """

    start: int
    end: int
    day: date | None
    is_vague: bool = False
    is_range: bool = False
    is_next_week: bool = False
    is_week: bool = False
    ends_month: bool = False


def days_in(text: str, *, written: date) -> list[NamedDay]:
    """Every day named in the text, in order. `day` is None where it lies in the past or does not exist.

    A weekday that only comes with a date ("Monday, 12 May") is left out.
    """
    found = _in_next_week(text, _following(text, list(_days(text, written))))
    return [
        one
        for at, one in enumerate(found)
        if not (
            one.is_vague
            and any(
                not other.is_vague and 0 <= other.start - one.end <= 6
                for other in found[at + 1 : at + 2]
            )
        )
    ]


def _following(text: str, found: list[NamedDay]) -> list[NamedDay]:
    """Of "until the 20th, back the following Monday" the Monday behind the 20th."""
    out: list[NamedDay] = []
    for one in found:
        last = out[-1].day if out else None
        follows = _FOLLOWING.search(text[max(0, one.start - 20) : one.start]) or _AFTER_IT.match(
            text, one.end
        )
        if last and one.day and follows and one.is_vague and not (one.is_week or one.is_next_week):
            out.append(replace(one, day=_next(one.day.weekday(), last)))
        else:
            out.append(one)
    return out


def _in_next_week(text: str, found: list[NamedDay]) -> list[NamedDay]:
    """Of "Wednesday next week" and "nächste Woche Mittwoch" one day, in the week after this."""
    out: list[NamedDay] = []
    for one in found:
        last = out[-1] if out else None
        if last is None or not (
            one.is_next_week ^ last.is_next_week and one.is_vague and last.is_vague
        ):
            out.append(one)
            continue
        week, weekday = (one, last) if one.is_next_week else (last, one)
        if (
            week.day is None
            or weekday.day is None
            or not _JOINS.fullmatch(text[last.end : one.start])
        ):
            out.append(one)
            continue
        day = week.day + timedelta(days=weekday.day.weekday())
        out[-1] = NamedDay(last.start, one.end, day, is_vague=True)
    return out


def day_of_month(number: int, *, written: date) -> date | None:
    """As in "until the 12th": the next day of that number, in this month or the next."""
    this = _made(written.year, written.month, number)
    if this is not None and this >= written:
        return this
    after = written.replace(day=1) + timedelta(days=32)
    return _made(after.year, after.month, number)


def _days(text: str, written: date) -> Iterator[NamedDay]:
    puts_month_first = _month_first(text)
    for found in _DAY.finditer(text):
        kind = found.lastgroup or ""
        group = found.groupdict()
        if group["iso"]:
            year, month, number = map(int, group["iso"].split("-"))
            yield NamedDay(*found.span(), _coming(_made(year, month, number), written))
        elif group["month"]:
            day = _with_year(int(group["day"]), _month(group["month"]), group["year"], written)
            yield NamedDay(*found.span(), day, is_range=bool(group["first"]))
        elif group["month3"]:
            day = _part_of(_month(group["month3"]), group["part"], group["year3"], written)
            ends = _PARTS[31].fullmatch(group["part"]) is not None
            yield NamedDay(*found.span(), day, ends_month=ends)
        elif group["month2"]:
            last = group["last"] or group["day2"]
            day = _with_year(int(last), _month(group["month2"]), group["year2"], written)
            yield NamedDay(*found.span(), day, is_range=bool(group["last"]))
        elif group["month4"] or group["month5"]:
            name = group["month4"] or group["month5"]
            day = _with_year(1, _month(name), group["year4"], written)
            yield NamedDay(found.start("month4" if group["month4"] else "month5"), found.end(), day)
        elif group["dotted"]:
            parts = [int(one) for one in re.findall(r"\d+", group["dotted"])]
            yield NamedDay(*found.span(), _with_year(parts[0], parts[1], _third(parts), written))
        elif group["slashed"]:
            parts = [int(one) for one in re.findall(r"\d+", group["slashed"])]
            yield NamedDay(*found.span(), _slashed(parts, puts_month_first, written))
        elif group["week"]:
            last = group["last_week"]
            day = _week(int(last or group["week"]), written)
            yield NamedDay(*found.span(), day, is_week=True, is_range=last is not None)
        elif group["weekday_of"]:
            number = weekday_number(group["weekday_of"])
            day = _numbered(number, int(group["numbered"]), written)
            yield NamedDay(*found.span(), day or _next(number, written), is_vague=day is None)
        elif group["weekday"]:
            number = weekday_number(group["weekday"])
            day = _next(number, written)
            if day.weekday() > written.weekday() and _NEXT.search(
                text[max(0, found.start() - 12) : found.start()]
            ):
                day += timedelta(days=7)
            if _A_WEEK_ON.search(text[max(0, found.start() - 12) : found.start()]):
                day += timedelta(days=7)
            yield NamedDay(*found.span(), day, is_vague=True)
        elif group["count"]:
            yield NamedDay(*found.span(), written + timedelta(days=days_of(found)))
        elif kind.startswith("nth"):
            number = int(group[kind])
            day = day_of_month(number, written=written) if 1 <= number <= 31 else None
            yield NamedDay(found.start(kind), found.end(), day, is_vague=True)
        elif kind == "month_end":
            after = written.replace(day=1) + timedelta(days=32)
            last_day = after.replace(day=1) - timedelta(days=1)
            yield NamedDay(*found.span(), last_day, ends_month=True)
        elif kind == "both_weeks":
            yield NamedDay(*found.span(), written + timedelta(days=7), is_vague=True, is_week=True)
        elif kind == "this_week":
            yield NamedDay(*found.span(), written, is_vague=True, is_week=True)
        elif kind == "after_tomorrow":
            yield NamedDay(*found.span(), written + timedelta(days=2), is_vague=True)
        elif kind == "tomorrow":
            yield NamedDay(*found.span(), written + timedelta(days=1), is_vague=True)
        else:
            monday = written + timedelta(days=7 - written.weekday())
            yield NamedDay(*found.span(), monday, is_vague=True, is_next_week=True)


def weekday_number(name: str) -> int:
    return next(int(at) for at, one in _WEEKDAYS.items() if one.fullmatch(name))


def _next(weekday: int, written: date) -> date:
    return written + timedelta(days=(weekday - written.weekday() - 1) % 7 + 1)


def _numbered(weekday: int, number: int, written: date) -> date | None:
    """As in "Thursday the 26th": the day of that number that falls on it, in the two months ahead."""
    days = (written + timedelta(days=ahead) for ahead in range(62))
    return next((one for one in days if (one.weekday(), one.day) == (weekday, number)), None)


def _week(number: int, written: date) -> date | None:
    """Monday of that week (ISO 8601), of this year or the next."""
    for year in (written.year, written.year + 1):
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            continue
        if written - timedelta(days=6) <= monday <= written + _LONGEST_AHEAD:
            return max(monday, written)
    return None


def _part_of(month: int, part: str, year: str | None, written: date) -> date | None:
    """The first, the middle or the last day of the month: what can be said of "early June"."""
    number = next(day for day, one in _PARTS.items() if one.fullmatch(part))
    numbers = (31, 30, 29, 28) if number == 31 else (number,)
    days = (_with_year(one, month, year, written) for one in numbers)
    return next((day for day in days if day is not None), None)


def _month(name: str) -> int:
    return next(int(at) + 1 for at, one in _MONTHS.items() if one.fullmatch(name))


def _third(parts: list[int]) -> str | None:
    return str(parts[2] + 2000 if parts[2] < 100 else parts[2]) if len(parts) > 2 else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(day: date | None, written: date) -> date | None:
    """A day in the past brings nobody back."""
    return day if day is not None and written <= day <= written + timedelta(days=800) else None


def _with_year(day: int, month: int, year: str | None, written: date) -> date | None:
    if year:
        return _coming(_made(int(year), month, day), written)
    this = _made(written.year, month, day)
    if this is not None and this >= written - _JUST_PAST:
        near = this if this <= written + _LONGEST_AHEAD else None
        return _coming(near, written)
    after = _made(written.year + 1, month, day)
    return after if after is not None and after <= written + _LONGEST_AHEAD else None


def _slashed(parts: list[int], puts_month_first: bool | None, written: date) -> date | None:  # noqa: FBT001
    first, second, year = parts[0], parts[1], _third(parts)
    by_day = _with_year(first, second, year, written) if second <= 12 else None
    by_month = _with_year(second, first, year, written) if first <= 12 else None
    if puts_month_first is not None:
        return by_month if puts_month_first else by_day
    both = [one for one in (by_day, by_month) if one is not None]
    return min(both, default=None)


def _month_first(text: str) -> bool | None:
    """None: the text does not say."""
    for found in re.finditer(r"(?<![\d/])(\d{1,2})[/-](\d{1,2})(?:[/-]\d{2,4})?(?![\d/])", text):
        first, second = int(found[1]), int(found[2])
        if 12 < first <= 31 and second <= 12 and found[0] != "24/7":
            return False
        if 12 < second <= 31 and first <= 12:
            return True
    if _OTHER.search(text) and len(_OTHER.findall(text)) > len(_ENGLISH.findall(text)):
        return False
    return None
